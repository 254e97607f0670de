"""Reading what may have no end, or no beginning."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from intents import reading
from intents.reading import read_at_most


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_pipe_that_nobody_writes_into_is_not_waited_for(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PIPE_WAITS_MS", 20)
    with pytest.raises(OSError, match="nobody writes"):
        read_at_most(pipe, 100)


def test_what_a_pipe_brings_is_read_to_its_end(pipe: Path) -> None:
    content = b"rate = 120\n" * 20_000
    writer = threading.Thread(target=pipe.write_bytes, args=[content])
    writer.start()
    assert read_at_most(pipe, len(content)) == content
    writer.join()


def test_a_device_has_no_end() -> None:
    with pytest.raises(OSError, match="far larger"):
        read_at_most(Path("/dev/zero"), 100)
