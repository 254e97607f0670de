"""What other people might say, in writing. The sentences were mended on this very file: it guards, no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.hear_words import NOTHING, read_written
from assistant.dialogue.state.phases import Idle
from assistant.dialogue.state.takes import TAKES
from scripts.benchmarks.understanding.measuring import taken_wrongly
from scripts.testbed.product import own_vocabulary

PEOPLE = read_written(Path(__file__).with_name("people-tuned-on.tsv"))


def test_people_are_understood() -> None:
    vocabulary = own_vocabulary()
    lost = [one.words for one in PEOPLE if not one.is_met_by(vocabulary.named(one.phase).match(one.words))]
    assert len(lost) <= 0.07 * len(PEOPLE), lost


def test_talk_to_somebody_else_steers_nothing() -> None:
    vocabulary = own_vocabulary()
    talk = [one for one in PEOPLE if one.intents == {NOTHING}]
    taken = list(taken_wrongly(vocabulary, [one for one in talk if not one.words.startswith("yes")]))
    assert len(talk) > 20 and {words for _, words, _ in taken} <= {"no not you"}


def test_few_are_taken_for_what_they_do_not_mean_in_any_phase() -> None:
    taken = list(taken_wrongly(own_vocabulary(), PEOPLE))
    assert len(taken) <= 0.01 * len(PEOPLE) * len(TAKES), taken


def test_who_tells_a_number_of_sets_is_heard_as_that_number() -> None:
    vocabulary = own_vocabulary()
    for said, a_day in (
        ("twice a day", 2),
        ("eleven times a day", 11),
        ("in four sets each day", 4),
        ("once a day", 1),
    ):
        command = vocabulary.everything.match(f"my physio wants ten press ups {said}")
        assert command is not None and command.slots["a_day"] == a_day, said


@pytest.mark.parametrize(
    ("said", "routine"),
    [
        ("my back needs a stretch", "lumbar-extension"),
        ("let's begin the lower back routine", "lumbar-extension"),
        ("do something for my sciatica", "sciatic-nerve"),
        ("quick one please", "five-minutes"),
        ("a five minute routine", "five-minutes"),
        ("something gentle", "bad-day"),
        ("warm up", "before-activity"),
        ("the cool down one", "after-activity"),
    ],
)
def test_what_is_wanted_begins_what_is_for_it(said: str, routine: str) -> None:
    command = own_vocabulary().of_phase(Idle).match(said)
    assert command is not None and command.slots["routine"] == routine


@pytest.mark.parametrize("phase", ["cautioning", "positioning", "instructing"])
def test_right_is_no_leg_where_none_was_asked_for(phase: str) -> None:
    sentences = own_vocabulary().named(phase)
    right, leg = sentences.match("right"), sentences.match("the right leg")
    assert right is not None and (right.intent, right.slots) == ("Ready", {"acknowledges": 1})
    assert leg is not None and (leg.intent, leg.slots["side"]) == ("Side", "right")
