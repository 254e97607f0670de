"""Processes that are really killed: what was done before is neither missing nor double."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.dialogue.facts import Fact, Held, SetDone
from assistant.dialogue.state.phases import Done, Holding
from assistant.dialogue.state.plan import Task
from assistant.dialogue.state.under_way import StepSoFar
from assistant.dialogue.state.unfinished import HoldLeft, Moment, RepsLeft, Unfinished
from assistant.dialogue.state.user import Health
from assistant.home.private_file import write_private
from assistant.keeping.memory import Memory
from assistant.keeping.progress import Progress
from scripts.simulation.kills import kill_again_and_again, kill_in_mid_hold
from tests.dialogues.world import World, new_session

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_session_that_is_killed_again_and_again_comes_to_the_same_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path))
    lives = kill_again_and_again(6, tmp_path / "home")
    assert lives.wrong == []
    assert lives.kills == 6
    assert lives.offers > 0
    assert lives.rounds > 0


def test_a_hold_that_is_gone_on_with_after_a_kill_is_in_the_diary_once_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path))
    killed, over = kill_in_mid_hold(tmp_path / "home", remaining=2)
    part = killed[-1]
    assert (part.kind, part.whole) == ("held", False)
    assert part.seconds == pytest.approx(3.0, abs=1.0)
    first = over[len(killed) - 1]
    assert first == replace(part, seconds=5.0, whole=True)
    assert over[: len(killed) - 1] == killed[:-1]
    assert all(entry.whole for entry in over if entry.kind == "held"), "the part of it was replaced"
    sides = [entry.side for entry in over if entry.kind == "held" and entry.exercise == part.exercise]
    assert sides == 3 * ["left"] + 3 * ["right"]


def in_a_hold() -> World:
    world = World(new_session(sore_side="left")).start()
    for words in ("start sciatic stretch", "next", "ready"):
        world.until_quiet()
        world.hear(words)
    for _ in range(600):
        if isinstance(world.session.phase, Holding):
            break
        world.pass_time(0.1)
    world.pass_time(8.3)
    return world


def kept(path: Path, world: World, facts: tuple[Fact, ...] = (), at: datetime = NOON) -> Progress:
    progress = Progress(path, now=lambda: at)
    progress.keep(world.session, world.now, facts)
    return progress


def test_what_is_kept_is_taken_up_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "state" / "progress.json"
    world = in_a_hold()
    held = world.session.phase
    assert isinstance(held, Holding)
    kept(path, world)
    session = Progress(path, now=lambda: NOON).taken_up(new_session(screened=False))
    assert session.unfinished is not None
    here, moment = session.unfinished.here, session.unfinished.moment
    assert here is not None and isinstance(moment, HoldLeft)
    assert (session.unfinished.routine, here.step, here.side) == ("sciatic-nerve", 1, "left")
    assert 0 < moment.remaining < held.seconds
    assert moment.remaining == pytest.approx(held.ends_at - world.now, abs=1e-3)
    assert session.user.screened, "whoever comes back within the hour is not asked the same again"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["progress.json"]


@pytest.mark.parametrize(
    ("later", "stale", "screened"),
    [
        (timedelta(minutes=50), False, True),
        (timedelta(hours=3), False, False),
        (timedelta(hours=13), True, False),
        (timedelta(hours=-3), False, False),  # the clock was set back
        (timedelta(days=-40), True, False),
    ],
)
def test_how_long_it_is_offered(tmp_path: Path, later: timedelta, stale: bool, screened: bool) -> None:
    path = tmp_path / "progress.json"
    kept(path, in_a_hold())
    session = Progress(path, now=lambda: NOON + later).taken_up(new_session(screened=False))
    assert session.unfinished is not None
    assert (session.unfinished.stale, session.user.screened) == (stale, screened)


def test_who_was_never_asked_about_health_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    kept(path, in_a_hold())
    session = Progress(path, now=lambda: NOON).taken_up(new_session(screened=False, health=Health()))
    assert not session.user.screened


def test_facts_are_handed_over_again_and_kept_once(tmp_path: Path) -> None:
    path, world = tmp_path / "progress.json", in_a_hold()
    facts: tuple[Fact, ...] = (Held("sciatic-nerve", "knee", "left", 20.0, whole=True), SetDone("knee"))
    memory = Memory(tmp_path / "remembered.json")
    progress = kept(path, world, facts)
    for fact in facts:
        memory.note(fact, progress.number())
    again = Progress(path)
    assert [fact for _, fact in again.owed()] == list(facts)
    after = Memory(tmp_path / "remembered.json")
    for number, fact in again.owed():
        after.note(fact, number)
    assert after.known.done == {"knee": 1}
    # killed before they were handed over: they are now
    never = Memory(tmp_path / "other.json")
    for number, fact in Progress(path).owed():
        never.note(fact, number)
    assert never.known.done == {"knee": 1}


def test_facts_without_numbers_would_be_kept_twice(tmp_path: Path) -> None:
    memory = Memory(None)
    memory.note(SetDone("knee"))
    memory.note(SetDone("knee"))
    assert memory.known.done == {"knee": 2}


def test_goodbye_leaves_nothing_behind(tmp_path: Path) -> None:
    path, world = tmp_path / "progress.json", in_a_hold()
    progress = kept(path, world)
    world.hear("goodbye")  # leads up from the floor
    world.hear("goodbye")
    assert isinstance(world.session.phase, Done)
    progress.keep(world.session, world.now, ())
    assert Progress(path).taken_up(new_session()).unfinished is None


@pytest.mark.parametrize(
    "change",
    [
        {"moment": {"seconds": 20.0, "remaining": -1.0}},
        {"moment": {"seconds": 20.0, "remaining": 21.0}},
        {"moment": {"rep": 0}},
        {"moment": "asleep"},
        {"here": {"step": 9, "side": "left", "round": 1, "rounds": 1}},
        {"moment": {"seconds": 1e9, "remaining": 1e8}},
        {"so_far": {"extra_seconds": 10**9}},
    ],
)
def test_what_cannot_be_is_told_and_left(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "progress.json"
    kept(path, in_a_hold())
    content = json.loads(path.read_text("utf-8"))
    content["unfinished"] |= change
    write_private(path, json.dumps(content).encode())
    told: list[str] = []
    assert Progress(path, told.append).taken_up(new_session()).unfinished is None
    assert len(told) == 1


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ({"moment": "hold", "seconds": 20.0, "remaining": 12.5}, HoldLeft(20.0, 12.5)),
        ({"moment": "reps", "rep": 4}, RepsLeft(4)),
        ({"moment": "leg"}, "leg"),
        ({"moment": "before"}, "before"),
    ],
)
def test_what_was_written_before_it_had_parts_is_taken_up(
    tmp_path: Path, written: dict[str, object], moment: Moment
) -> None:
    path = tmp_path / "progress.json"
    kept(path, in_a_hold())
    content = json.loads(path.read_text("utf-8"))
    content["unfinished"] = {
        "routine": "sciatic-nerve",
        "steps": ["knee", "piriformis"],
        "step": 1,
        "name": "Piriformis stretch",
        "side": "left",
        "round": 2,
        "seconds": 0.0,
        "remaining": 0.0,
        "rep": 1,
        "form": "easier",
        "evens": None,
        "extra_seconds": 5,
        "extra_reps": 0,
        "extra_pace": 0,
        "given": [["left", 20]],
        "stale": False,
        **written,
    }
    write_private(path, json.dumps(content).encode())
    left = Progress(path, now=lambda: NOON).taken_up(new_session()).unfinished
    so_far = StepSoFar("easier", (("left", 20),), extra_seconds=5)
    here = Task(1, "left", 2, 2)
    assert left == Unfinished("sciatic-nerve", ("knee", "piriformis"), here, so_far, moment)


def test_cautions_that_were_written_before_are_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    kept(path, in_a_hold())
    content = json.loads(path.read_text("utf-8"))
    content["unfinished"] = {"routine": "sciatic-nerve", "steps": ["knee"], "step": 0, "moment": "cautions"}
    write_private(path, json.dumps(content).encode())
    left = Progress(path, now=lambda: NOON).taken_up(new_session()).unfinished
    assert left == Unfinished("sciatic-nerve", ("knee",))


def test_a_disk_that_refuses_is_told_once_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    told: list[str] = []
    world = in_a_hold()
    progress = Progress(tmp_path / "state" / "progress.json", told.append)
    told.clear()  # that it can't be read
    progress.keep(world.session, world.now, ())
    progress.keep(world.session, world.now + 1, ())
    assert len(told) == 1
    (tmp_path / "state").unlink()
    progress.keep(world.session, world.now + 1, ())
    assert Progress(progress.path).taken_up(new_session()).unfinished is not None
