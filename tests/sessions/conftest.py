"""One home and one set of spoken words for all sessions: what was synthesised once is not made again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.testbed.live_sessions import Voice
from scripts.testbed.spoken_sessions import speak


@pytest.fixture(scope="session")
def spoken_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for program in ("espeak-ng", "flite"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed, and the user's part is spoken by it")
    return tmp_path_factory.mktemp("words")


@pytest.fixture
def voice(spoken_words: Path) -> Voice:
    """Somebody who speaks to a live session."""
    return lambda words: speak(words, "flite slt", spoken_words)


@pytest.fixture(scope="session")
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(session_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(session_home))
    yield session_home
