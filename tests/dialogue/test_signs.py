"""Signs of danger: how the words are said, how often, and what takes them back."""

from __future__ import annotations

import pytest

from assistant.dialogue.actions import Tune
from assistant.dialogue.events import Heard
from assistant.dialogue.facts import ScreeningComplete, SignTakenBack
from assistant.dialogue.state.care_phases import Alerted, Alerting
from assistant.dialogue.state.session import VoiceSteps
from assistant.keeping.diary_facts import entry_of
from assistant.keeping.memory import Memory
from assistant.routines.safety import own_safety
from intents import Command
from tests.dialogues.world import WORDING, World, new_session


class Listening(World):
    """A session of which the changes of pace are noted."""

    paces: list[int]

    def _perform(self, action: object) -> None:
        if isinstance(action, Tune):
            self.__dict__.setdefault("paces", []).append(action.pace)
        super()._perform(action)  # type: ignore[arg-type]


def with_sign(symptom: str, **known: object) -> Listening:
    world = Listening(new_session(**known)).start()
    world.until_quiet()
    world.paces = []
    world.feed(Heard(Command("Symptom", {"symptom": symptom}), 1.0, world.now, world.now))
    return world


@pytest.mark.parametrize("symptom", ["fallen", "cannot_rise", "help_wanted"])
def test_who_calls_for_help_is_told_slowly_three_times(symptom: str) -> None:
    world = with_sign(symptom, voice=VoiceSteps(pace=1))
    world.until_waiting(600.0)
    assert [s.line.key for s in world.spoken].count("alert.help") == 3
    assert world.paces == [-1, 1] * 3, "slower by two steps, and each time back to the user's own pace"
    assert isinstance(world.session.phase, Alerted)


@pytest.mark.parametrize("symptom", [s.key for s in own_safety().symptoms if s.response in {"emergency", "rest"}])
def test_silence_after_a_sign_is_told_whom_to_call_slowly_and_again(symptom: str) -> None:
    world = with_sign(symptom)
    world.until_waiting(600.0)
    assert [s.line.key for s in world.spoken].count("alert.nobody") == 2
    assert world.paces == [-2, 0] * 2


def test_the_slowest_voice_is_not_slowed_down_further() -> None:
    world = with_sign("fallen", voice=VoiceSteps(pace=-3))
    assert world.paces == [-3]


@pytest.mark.parametrize("symptom", [s.key for s in own_safety().symptoms if s.response != "change"])
def test_every_sign_can_be_taken_back_by_its_name(symptom: str) -> None:
    world = with_sign(symptom)
    memory = Memory(None)
    assert isinstance(world.session.phase, Alerting)
    assert WORDING.text(f"taking_back.{symptom}", {})
    while not isinstance(world.session.phase, Alerted):
        world.pass_time(1.0)
    world.obey(Command("FalseAlarm"))
    world.until_quiet()
    world.obey(Command("Yes"))
    assert world.session.user.barred_by is None
    assert world.session.user.health.complete
    for fact in world.facts:
        memory.note(fact)
    assert SignTakenBack(symptom) in world.facts
    assert ScreeningComplete() in world.facts
    assert memory.known.screened
    entry = entry_of(SignTakenBack(symptom))
    assert entry is not None
    assert (entry.kind, entry.yes, entry.detail) == ("sign", False, symptom)
