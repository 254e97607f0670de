"""What the recogniser is told to be ready for, against what comes in whole routines."""

from __future__ import annotations

from itertools import pairwise

from assistant.dialogue.foreseeing import foreseen
from assistant.dialogue.state.coming import coming
from assistant.dialogue.state.phases import Holding, Paused, Phase, Screening
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import HEARD_TOGETHER, TAKES
from scripts.testbed.watched_world import WatchedWorld
from tests.dialogues.world import World, new_session

READY_FOR = 2
"""So many stay loaded beside the one in use."""


class Watched(WatchedWorld, World):
    """The world of the dialogue scripts, watched."""


def course_of(*said: str) -> list[tuple[Session, float]]:
    """How each phase began in a session in which this is said, and everything takes its time."""
    world = Watched(new_session()).start()
    for words in said:
        world.pass_time(20.0)
        world.hear(words)
    world.pass_time(1500.0)
    pairs = pairwise(world.history)
    return [world.history[0], *(b for a, b in pairs if type(a[0].phase) is not type(b[0].phase))]


def listened_alike(one: type[Phase], other: type[Phase]) -> bool:
    return set(TAKES[one]) == set(TAKES[other]) or {one, other} <= set(HEARD_TOGETHER)


SESSIONS = (
    ("start sciatic stretch", "the left side", "ready"),
    ("start lower back", "two", "pause", "resume"),
    ("start cool down", "zero", "it hurts", "easier", "stop"),
)


def test_in_whole_routines_nearly_every_change_is_foreseen() -> None:
    changes = [
        (before, type(after[0].phase))
        for said in SESSIONS
        for before, after in pairwise(course_of(*said))
        if not listened_alike(type(before[0].phase), type(after[0].phase))
    ]
    surprising = [
        (type(session.phase).__name__, after.__name__)
        for (session, now), after in changes
        if not any(listened_alike(after, kind) for kind in foreseen(session, now)[:READY_FOR])
    ]
    assert len(changes) >= 10
    assert len(surprising) <= 2, surprising  # "it hurts" and "stop" come whenever they want


def test_the_end_of_an_exercise_is_foreseen_from_its_beginning() -> None:
    course = course_of("start cool down", "zero", "ready")
    held = next(pair for pair in course if isinstance(pair[0].phase, Holding))
    [after, *_] = [type(s.phase) for s, at in course if at > held[1] and type(s.phase) not in HEARD_TOGETHER]
    assert foreseen(*held)[0] is after


def test_what_was_interrupted_comes_first() -> None:
    assert coming(Paused(Screening(None, ("surgery",))))[0] is Screening


def test_what_is_heard_anyhow_is_not_foreseen() -> None:
    for session, now in (began for said in SESSIONS for began in course_of(*said)):
        here, soon = type(session.phase), foreseen(session, now)
        assert here not in soon
        assert here not in HEARD_TOGETHER or not any(listened_alike(here, other) for other in soon)
