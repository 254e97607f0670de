"""A question is a phase and a row: nothing else has to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from assistant.dialogue.commands import HANDLERS
from assistant.dialogue.events import Heard, NotUnderstood, SoundBack, SoundLost
from assistant.dialogue.line import line
from assistant.dialogue.questions.all_right import MATTERS
from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.phases import AskingAllRight, Introducing, Paused, Phase
from assistant.dialogue.state.takes import TAKES
from assistant.dialogue.turn import Question, Turn
from intents import Command
from tests.dialogues.world import World, new_session


@dataclass(frozen=True, slots=True)
class AskingForMusic:
    """Whether there shall be music; its words are borrowed from other questions."""

    loud: bool


def _ask(turn: Turn, _: Command) -> None:
    turn.ask(cast(Phase, AskingForMusic(loud=True)))


def _take(turn: Turn, phase: AskingForMusic, command: Command) -> None:
    turn.hush()
    turn.enter(Introducing())
    turn.say(line("rating.noted" if phase.loud and command.intent == "Yes" else "rating.let_be"))


ASKED, AGAIN, WHY = "rating.ask", "rating.ask_after", "rating.why"
ROW: Question[Any] = Question(
    cast(type[Phase], AskingForMusic),
    asks=lambda *_: (line(ASKED),),
    asks_again=lambda *_: (line(AGAIN),),
    answers={"Yes": _take, "No": _take},
    reprompts=lambda *_: ((line("again_side.missed"),), (line("again_side.options"),), (line("again_side.then"),)),
    silence=MATTERS,
    why=WHY,
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A session in which the new question has just been asked."""
    monkeypatch.setitem(cast(dict[Any, Any], QUESTIONS), AskingForMusic, ROW)
    taken = ("Yes", "No", "Why", "Pause", "Repeat", "Stop")
    monkeypatch.setitem(cast(dict[Any, Any], TAKES), AskingForMusic, taken)
    monkeypatch.setitem(cast(dict[Any, Any], HANDLERS), "RatePain", _ask)
    world = World(new_session())
    world.feed(Heard(Command("RatePain"), 1.0, 0.0, 0.0))
    return world


def _say(world: World, intent: str) -> None:
    world.feed(Heard(Command(intent), 1.0, world.now, world.now))
    world.until_quiet()


def _said(world: World) -> list[str]:
    return [spoken.line.key for spoken in world.spoken]


@pytest.mark.parametrize(("intent", "told"), [("Yes", "rating.noted"), ("No", "rating.let_be")])
def test_a_new_question_takes_its_answers(world: World, intent: str, told: str) -> None:
    world.until_quiet()
    _say(world, intent)
    assert _said(world) == [ASKED, told]


def test_a_new_question_says_why_repeats_itself_and_asks_back(world: World) -> None:
    world.until_quiet()
    _say(world, "Why")
    _say(world, "Repeat")
    world.feed(NotUnderstood("not a phrase"))
    world.until_quiet()
    assert _said(world) == [ASKED, WHY, WHY, "unsure.ask", "again_side.missed"]
    assert isinstance(world.session.phase, AskingForMusic)


def test_a_new_question_that_matters_helps_three_times_then_asks_whether_all_is_right_then_rests(world: World) -> None:
    world.until_waiting()
    helps = [f"again_side.{part}" for part in ("missed", "options", "then")]
    assert _said(world) == [ASKED, *helps, "silence.all_right", "silence.paused"]
    assert world.session.phase == Paused(cast(Phase, AskingForMusic(loud=True)))
    _say(world, "Resume")
    assert _said(world)[6:] == [AGAIN]
    _say(world, "Yes")
    assert _said(world)[7:] == ["rating.noted"]


def test_a_new_question_is_gone_back_to_by_who_is_fine(world: World) -> None:
    while not isinstance(world.session.phase, AskingAllRight):
        world.pass_time(1.0)
    _say(world, "ImFine")
    assert _said(world)[-1] == AGAIN


def test_a_new_question_outlives_a_lost_microphone(world: World) -> None:
    world.until_quiet()
    world.feed(SoundLost("microphone"))
    world.until_quiet()
    world.feed(SoundBack(1.0))
    world.until_quiet()
    assert _said(world)[-2:] == ["sound.back", AGAIN]


def test_every_row_says_what_it_asks_and_takes_an_answer() -> None:
    for phase, row in QUESTIONS.items():
        assert row.phase is phase
        assert row.answers
        assert set(row.answers) <= set(TAKES[phase]), "a phase takes all answers to its question"
        assert {"Repeat", "Stop", "Help", "Symptom", "Goodbye"} <= set(TAKES[phase]), "every question can be left"
