"""A long session: nothing grows, nothing drifts. `scripts/bench endurance` does eight hours."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from scripts.simulation.endurance import endure


def test_half_an_hour_leaves_no_thread_no_file_and_no_second_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path))
    gc.collect()
    lasted = endure(0.6, 3, tmp_path / "home")
    first, *_, last = lasted.readings
    assert lasted.routines >= 4
    assert lasted.ticks > 200
    assert lasted.worst_tick_s < 2e-6
    assert last.memory_mb - first.memory_mb < 10.0  # beside all that the tests before it have left in this process
    assert (last.threads, last.files) == (first.threads, first.files)
