"""Seeded sessions in a world that misbehaves: nothing that must hold is ever violated."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from assistant.audio.mixer import Mixer
from assistant.dialogue import sound
from assistant.dialogue.exercising import flow, going_on
from assistant.dialogue.state.phases import ChangingSides, Holding, Resting
from assistant.dialogue.turn import Turn
from assistant.diary.entries import Entry, SessionKey
from assistant.diary.store import Diary, WrittenLast
from assistant.keeping.diary_keeper import DiaryKeeper
from assistant.keeping.progress import Progress
from assistant.loop import live
from scripts.simulation.run import Simulation, simulation, told
from scripts.simulation.seeds import FAULTS, plan_of

SEEDS, OF_SOUND = 300, 10
CHUNK = 20
REPLAYED = 3


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with simulation(tmp_path_factory.mktemp("clips")) as made:
        yield made


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", "set by each seed, and put back after the test")


@pytest.mark.parametrize("first", range(0, SEEDS - OF_SOUND, CHUNK))
def test_sessions_of_words(running: Simulation, first: int) -> None:
    for seed in range(first, min(first + CHUNK, SEEDS - OF_SOUND)):
        outcome = running.run(seed, sound=False)
        assert outcome.violated is None, told(outcome)


@pytest.mark.parametrize("first", range(0, OF_SOUND, 2))
def test_sessions_of_real_sound_over_noise_and_echo(running: Simulation, first: int) -> None:
    for seed in range(first, first + 2):
        outcome = running.run(seed, sound=True)
        assert outcome.violated is None, told(outcome)


@pytest.mark.parametrize("sound", [False, True])
def test_where_nothing_is_said_for_long_the_ear_rests(running: Simulation, sound: bool) -> None:
    outcome = running.run(8, sound=sound)
    assert outcome.seconds > outcome.rested_s > 5.0


def test_a_seed_is_replayed_exactly_also_in_another_process(running: Simulation) -> None:
    outcome = running.run(REPLAYED, sound=False)
    assert outcome.kills
    assert len(outcome.plan.faults) >= 2
    run = f"print(s.run({REPLAYED}, sound=False).digest)"
    code = f"from scripts.simulation.run import simulation\nwith simulation() as s: {run}"
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == outcome.digest == running.run(REPLAYED, sound=False).digest


def test_every_kind_of_fault_comes_up() -> None:
    drawn = {fault.kind for seed in range(SEEDS) for fault in plan_of(seed).faults}
    assert drawn == set(FAULTS)


def _found(running: Simulation, seeds: range = range(60)) -> str:
    """What the first seed that is violated says."""
    return next((told(outcome) for outcome in map(running.run_words, seeds) if outcome.violated), "")


def test_the_judge_sees_a_hold_that_is_cut_short(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    real = flow.begin

    def hasty(turn: Turn, phase: object) -> None:
        real(turn, phase)  # type: ignore[arg-type]
        begun = turn.session.phase
        if isinstance(begun, Holding | Resting | ChangingSides):
            turn.change(phase=replace(begun, ends_at=begun.ends_at - 1.0))

    monkeypatch.setattr(flow, "begin", hasty)
    found = _found(running)
    assert any(seen in found for seen in ("planned", "recorded", "apart")), found


def test_the_judge_sees_a_voice_that_talks_on(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mixer, "hush", lambda self, layer=None: None)
    found = _found(running)
    assert "two voices" in found or "late" in found


def test_the_judge_sees_progress_that_is_not_kept(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Progress.keep, [0]

    def seldom(self: Progress, *arguments: object) -> None:
        calls[0] += 1
        if calls[0] % 9 == 0:
            real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Progress, "keep", seldom)
    assert _found(running)


def test_the_judge_sees_sound_that_is_back_and_nobody_goes_on(
    running: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "back", lambda turn, away_s: None)
    assert "sound was back" in _found(running)


def test_the_judge_sees_a_device_that_is_never_looked_for(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "REOPEN_EVERY_S", 1e9)
    assert _found(running)


def test_the_judge_sees_a_step_that_is_skipped(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    real = flow.go_to
    monkeypatch.setattr(flow, "go_to", lambda turn, at, task: real(turn, at, task + 1 if task else 0))
    assert "skipped" in _found(running)


def test_the_judge_sees_a_diary_that_misses_something(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Diary.write_all, [0]

    def seldom(self: Diary, rows: Iterable[tuple[SessionKey, int, Entry]], last: WrittenLast | None = None) -> None:
        calls[0] += 1
        if calls[0] % 9:
            real(self, rows, last)

    monkeypatch.setattr(Diary, "write_all", seldom)
    assert "missing in the diary" in _found(running)


def test_the_judge_sees_what_is_in_the_diary_twice(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Diary.write_all

    def twice(self: Diary, rows: Iterable[tuple[SessionKey, int, Entry]], last: WrittenLast | None = None) -> None:
        written = list(rows)
        real(self, [*written, *((session, n + 100, entry) for session, n, entry in written)], last)

    monkeypatch.setattr(Diary, "write_all", twice)
    assert "too much in it [Entry" in _found(running)


def test_the_judge_sees_a_hold_that_is_counted_twice_for_a_kill_in_its_middle(
    running: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DiaryKeeper, "_begun_of", lambda self, coming: None)
    assert "too much in it [Entry(kind=" in _found(running)


def test_the_judge_sees_that_nothing_is_offered(running: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_on, "greet", flow.greet)
    assert "offer" in _found(running)
