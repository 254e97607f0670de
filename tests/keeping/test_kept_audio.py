"""Kept sound: never more than was asked for, for the user alone, and never at the cost of a session."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.mixer import Mixer
from assistant.audio.simulated import Recording, SimulatedCard
from assistant.keeping.kept_audio import (
    SEGMENT_S,
    AudioKeeper,
    AudioRing,
    KeepingCard,
    erase_audio,
    kept_files,
    kept_seconds,
)

BEGIN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def clock() -> datetime:
    return BEGIN


def sound(seconds: float, value: int = 1_000) -> Samples:
    return np.full((round(seconds * RATE), 2), value, np.int16)


def kept(folder: Path) -> Samples:
    return np.concatenate([soundfile.read(path, dtype="int16")[0] for path in kept_files(folder)])


def no_complaints(sentence: str) -> None:
    raise AssertionError(sentence)


def test_it_is_for_the_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "audio"
    AudioRing(folder, 5, clock).add(sound(0.1))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "audio"
    folder.mkdir(mode=0o755)
    AudioRing(folder, 5, clock).add(sound(0.1))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_newest_stay_also_when_the_older_are_another_sessions(tmp_path: Path) -> None:
    for session in range(3):
        ring = AudioRing(tmp_path, 0.5, partial(BEGIN.__add__, timedelta(hours=session)))
        for piece in range(2):
            ring.add(sound(SEGMENT_S, 10 * session + piece))
    values = [int(soundfile.read(path, dtype="int16")[0][0, 0]) for path in kept_files(tmp_path)]
    assert values == [11, 20, 21]


@given(st.lists(st.floats(0.01, 2.0), min_size=1, max_size=12), st.floats(0.02, 0.1))
@hypothesis_settings(max_examples=15, deadline=None)
def test_there_is_never_more_than_was_asked_for(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[float], minutes: float
) -> None:
    folder = tmp_path_factory.mktemp("ring")
    ring = AudioRing(folder, minutes, clock)
    for length in lengths:
        ring.add(sound(length)[: int(minutes * 60 * RATE)])
        assert sum(map(kept_seconds, kept_files(folder))) <= minutes * 60 + 1e-6
    assert kept_files(folder)


def test_what_is_damaged_goes_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "2026-01-01T00-00-00Z-0000.flac").write_bytes(b"no sound")
    (tmp_path / "song.flac").write_bytes(b"the user's own")
    AudioRing(tmp_path, 1, clock).add(sound(1.0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-03-04T05-06-07Z-0000.flac", "song.flac"]
    assert erase_audio(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["song.flac"]
    assert erase_audio(tmp_path / "missing") == 0


def test_both_sides_of_a_session_are_kept_side_by_side(tmp_path: Path) -> None:
    heard = np.random.default_rng(1).integers(-20_000, 20_000, 25 * RATE).astype(np.int16)
    spoken = np.random.default_rng(2).integers(-9_000, 9_000, 3 * RATE).astype(np.int16)
    mixer, listened = Mixer(), list[Samples]()
    mixer.play(spoken, "line", at=5 * RATE)
    with AudioKeeper(AudioRing(tmp_path, 1), no_complaints) as keeper:
        simulated = SimulatedCard(Recording(heard))
        card = KeepingCard(simulated, keeper)
        card.open(mixer.render, lambda block, _: listened.append(block))
        for _ in range(len(heard) // BLOCK):
            simulated.advance()
            while keeper.backlog > 100:  # the simulated card is faster than any disk
                pass
        card.close()
    np.testing.assert_array_equal(np.concatenate(listened), heard)
    both = kept(tmp_path)
    np.testing.assert_array_equal(both[:, 0], heard)
    np.testing.assert_array_equal(both[5 * RATE : 8 * RATE, 1], spoken)
    assert not both[: 5 * RATE, 1].any()
    assert [round(kept_seconds(path)) for path in kept_files(tmp_path)] == [10, 10, 5]
    assert keeper.dropped == 0


def test_blocks_of_any_length_become_files_of_ten_seconds(tmp_path: Path) -> None:
    heard = np.arange(23 * RATE).astype(np.int16)
    with AudioKeeper(AudioRing(tmp_path, 1), no_complaints) as keeper:
        for part in np.split(heard, [1, 9 * RATE, 22 * RATE]):
            keeper.heard(part)
    np.testing.assert_array_equal(kept(tmp_path)[:, 0], heard)
    assert max(kept_seconds(path) for path in kept_files(tmp_path)) == SEGMENT_S


def test_a_full_disk_is_told_once_and_the_session_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    real_open = os.open
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")

    def on_a_full_disk(path: Path, flags: int, mode: int = 0o777) -> int:
        return real_open(full, os.O_WRONLY) if str(path).endswith(".flac") else real_open(path, flags, mode)

    monkeypatch.setattr(os, "open", on_a_full_disk)
    with AudioKeeper(AudioRing(tmp_path, 1), told.append) as keeper:
        keeper.heard(sound(35.0)[:, 0])
    assert told == [f"The sound can't be kept: {os.strerror(errno.ENOSPC)}. The session goes on without."]
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    told: list[str] = []
    with AudioKeeper(AudioRing(tmp_path / "file" / "audio", 1), told.append) as keeper:
        keeper.heard(sound(25.0)[:, 0])
    assert len(told) == 1


def test_a_session_without_sound_leaves_no_file(tmp_path: Path) -> None:
    with AudioKeeper(AudioRing(tmp_path, 1), no_complaints) as keeper:
        keeper.played(sound(3.0)[:, 0])
    assert not kept_files(tmp_path)
