"""What the recogniser is told to be ready for, against what comes in whole routines."""

from __future__ import annotations

from itertools import pairwise

from assistant.dialogue.state.coming import coming
from assistant.dialogue.state.phases import Paused, Phase, Screening
from assistant.dialogue.state.takes import HEARD_TOGETHER, TAKES
from scripts.testbed.watched_world import WatchedWorld
from tests.dialogues.world import World, new_session

READY_FOR = 2
"""So many stay loaded beside the one in use."""


class Watched(WatchedWorld, World):
    """The world of the dialogue scripts, watched."""


def phases_of(*said: str) -> list[Phase]:
    """The phases of a session in which this is said, and everything takes its time."""
    world = Watched(new_session()).start()
    for words in said:
        world.pass_time(20.0)
        world.hear(words)
    world.pass_time(1500.0)
    return world.seen


def listened_alike(one: type[Phase], other: type[Phase]) -> bool:
    return set(TAKES[one]) == set(TAKES[other]) or {one, other} <= set(HEARD_TOGETHER)


SESSIONS = (
    ("start sciatic stretch", "the left side", "ready"),
    ("start lower back", "two", "pause", "resume"),
    ("start cool down", "zero", "it hurts", "easier", "stop"),
)


def test_in_whole_routines_nearly_every_change_is_foreseen() -> None:
    changes = [
        (before, type(after))
        for said in SESSIONS
        for before, after in pairwise(phases_of(*said))
        if not listened_alike(type(before), type(after))
    ]
    surprising = [
        (type(before).__name__, after.__name__)
        for before, after in changes
        if not any(listened_alike(after, foreseen) for foreseen in coming(before)[:READY_FOR])
    ]
    assert len(changes) >= 10
    assert len(surprising) <= len(changes) // 4, (surprising, changes)


def test_what_was_interrupted_comes_first() -> None:
    assert coming(Paused(Screening(None, ("surgery",))))[0] is Screening


def test_what_is_heard_anyhow_is_not_foreseen() -> None:
    for before in (phase for said in SESSIONS for phase in phases_of(*said)):
        assert not any(
            listened_alike(type(before), other) for other in coming(before) if type(before) in HEARD_TOGETHER
        )
        assert type(before) not in coming(before)
