"""A long session: nothing grows, nothing drifts. `scripts/bench endurance` does eight hours."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from scripts.simulation.endurance import endure


def test_half_an_hour_leaves_no_thread_no_file_and_no_second_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path))
    # In a process of its own: beside all that other tests have left in this one, a few megabytes would say nothing.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        lasted = alone.submit(endure, 0.6, 3, tmp_path / "home").result()
    _, first, last = lasted.readings  # until the second nearly every line is said for the first time, and its clip kept
    assert lasted.routines >= 4
    assert lasted.ticks > 200
    assert lasted.worst_tick_s < 2e-6
    assert last.memory_mb - first.memory_mb < 7.0
    assert (last.threads, last.files) == (first.threads, first.files)
