"""What is said around a command changes nothing of it, means nothing by itself, and makes nobody wait."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.state.phases import (
    AskingLeg,
    CheckingIn,
    Holding,
    Idle,
    Moving,
    Paused,
    Phase,
    Screening,
    name_of,
)
from intents.loading import load_sentences
from intents.sentences import Sentences
from tests.dialogues.world import VOCABULARY
from tests.intents.test_sentences import one, places_to_wait_at

CARRIERS = "carriers: {again_words: 2, before: ['(um|please|can you) [um]'], after: ['please', 'now']}\n"
BEFORE = [
    "",
    "um",
    "okay",
    "please",
    "can you",
    "can you can you",
    "well right could you please",
    "i want to",
    "hey coach",
]
AFTER = ["", "please", "now", "thank you", "for me", "please now", "if you can"]
PHASES: list[type[Phase]] = [Idle, Holding, Moving, Paused, Screening, AskingLeg, CheckingIn]


def drawn(sentences: Sentences, seed: int) -> str:
    rng = random.Random(seed)

    def choose(weights: Sequence[float]) -> int:
        return rng.choices(range(len(weights)), weights)[0]

    return " ".join(sentences.graph().sample(choose))


@cache
def forms_of(phase: str) -> tuple[Sentences, Sentences, Sentences]:
    """What is taken in a phase, the same with nothing around it, and the usual ways to say it."""
    taken = VOCABULARY.named(phase)
    return taken, taken.unframed(), taken.alone().usual()


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    phase=st.sampled_from(PHASES),
    before=st.sampled_from(BEFORE),
    after=st.sampled_from(AFTER),
)
def test_any_sentence_inside_any_carriers_means_the_same(
    seed: int, phase: type[Phase], before: str, after: str
) -> None:
    taken, bare, usual = forms_of(name_of(phase))
    said = drawn(usual, seed)
    around = " ".join(filter(None, (before, said, after)))
    alone, within = bare.match(said), taken.match(around)
    assert alone is not None
    assert within is not None, around
    if bare.match(around) is None:  # all of it may be a sentence of its own
        again = [taken.match(f"{before} {said}"), taken.match(f"{said} {after}")]
        meant = [(c.intent, c.slots) for c in (alone, *again) if c is not None]
        assert (within.intent, within.slots) in meant, around
        assert taken.graph().accepts(around.split())


@pytest.mark.parametrize("phase", [Idle, Holding, Moving], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("said", ["um", "please", "can you", "um please", "hey computer", "well now"])
def test_a_carrier_alone_means_nothing(phase: type[Phase], said: str) -> None:
    assert VOCABULARY.of_phase(phase).match(said) is None


@pytest.mark.parametrize("said", ["stop", "stop stop", "stop stop stop", "um stop", "can you stop please"])
def test_a_short_command_may_be_said_again(tmp_path: Path, said: str) -> None:
    sentences = one(tmp_path, "stop", CARRIERS)
    assert sentences.match(said) is not None
    assert sentences.graph().accepts(said.split())


@pytest.mark.parametrize("said", ["stop go", "stop stop stop stop", "stop um stop", "please", "now stop now now now"])
def test_what_is_no_command_with_something_around_it_is_none(tmp_path: Path, said: str) -> None:
    assert one(tmp_path, "stop", CARRIERS).match(said) is None


@pytest.mark.parametrize("said", ["stop", "please stop", "stop stop"])
def test_nobody_waits_for_what_would_change_nothing(tmp_path: Path, said: str) -> None:
    assert places_to_wait_at(one(tmp_path, "stop", CARRIERS), said) is False


IN_ORDER = (
    "carriers: {before: [um, please, (can you|could you)], after: [now, thanks], "
    "before_form: ['would you mind'], forms: {going: go}}\n"
)


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("go back", True),
        ("um please could you go back now thanks", True),
        ("um could you go back thanks", True),
        ("would you mind going back", True),
        ("um would you mind going back thanks", True),
        ("could you um go back", False),
        ("would you mind go back", False),
        ("could you going back", False),
        ("um please", False),
    ],
)
def test_carriers_stand_in_their_order_and_may_ask_for_another_form(
    tmp_path: Path, said: str, *, understood: bool
) -> None:
    sentences = one(tmp_path, "go back", IN_ORDER)
    assert (sentences.match(said) is not None) is understood
    assert sentences.graph().accepts(said.split()) is understood


@pytest.mark.parametrize(
    ("phase", "said", "intent"),
    [
        (Holding, "can we have a break", "Pause"),
        (Holding, "could i possibly have ten more seconds", "More"),
        (Holding, "may i have the chair version", "ChairVersion"),
        (Holding, "to be honest this is far too hard could we do something easier", "Easier"),
        (Holding, "you know what let's stop there", "Stop"),
        (Holding, "sorry to interrupt but can you tell me how long is left", "HowLong"),
        (Holding, "i was just wondering how much longer i've got to hold this", "HowLong"),
        (Holding, "can you um no wait could you go back", "Back"),
        (Holding, "would you mind going back", "Back"),
        (Holding, "could you speak up a bit i'm rather deaf", "Louder"),
        (Holding, "i know all this already skip it", "Next"),
        (Idle, "good morning dear would you be so kind as to start the lower back stretch", "StartRoutine"),
    ],
)
def test_what_people_put_around_a_command_is_heard_as_that(phase: type[Phase], said: str, intent: str) -> None:
    command = VOCABULARY.of_phase(phase).match(said)
    assert command is not None
    assert command.intent == intent


@pytest.mark.parametrize(("said", "intents"), [("wait a", {"Pause"}), ("that really", {"Hurts"})])
def test_what_begins_a_command_is_not_waited_with_for_another_one_behind_it(said: str, intents: set[str]) -> None:
    assert VOCABULARY.of_phase(Holding).leads_to(said) == intents


@pytest.mark.parametrize(("said", "sure"), [("can you stop", True), ("i'd like to go", False)])
def test_what_may_be_said_around_another_command_is_told_from_what_may_not(said: str, *, sure: bool) -> None:
    holding = VOCABULARY.of_phase(Holding)
    command = holding.match(said)
    assert command is not None and command.intent == "Stop"
    assert (holding.leads_to(said, around=True) == holding.leads_to(said)) is sure


def test_a_sentence_of_which_every_part_may_be_left_out_is_no_silence(tmp_path: Path) -> None:
    sentences = one(tmp_path, "[left|right] [one|two]", CARRIERS)
    assert sentences.match("um") is None
    assert not sentences.graph().accepts([])
    assert all(sentences.match(said) is not None for said in ("um left", "two please", "left two"))


def test_plain_commands_stay_the_likeliest(tmp_path: Path) -> None:
    plain, framed = one(tmp_path, "stop"), one(tmp_path, "stop", CARRIERS)
    assert plain.graph().words == {"stop"}
    rng = random.Random(0)
    said = [drawn(framed, rng.randrange(2**32)) for _ in range(1000)]
    assert said.count("stop") > 800


def test_carriers_are_in_the_graph_once() -> None:
    taken = VOCABULARY.of_phase(Holding)
    more = len(taken.alone().graph().arcs) - len(taken.unframed().graph().arcs)
    assert 0 < more < 8000


def test_a_decoy_is_heard_and_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "sentences.yaml"
    file.write_text(
        "intents:\n  Hurts: {data: [{sentences: [it hurts]}]}\n"
        "  NotMeant: {data: [{sentences: [it never hurts], metadata: {decoy: true}}]}\n",
        encoding="utf-8",
    )
    sentences = load_sentences([file])
    assert sentences.match("it hurts") is not None
    assert sentences.match("it never hurts") is None
    assert sentences.graph().accepts(["it", "never", "hurts"])
    assert sentences.intents == ("Hurts",)
    assert sentences.only(["Hurts"]).graph().accepts(["it", "never", "hurts"])


@pytest.mark.parametrize("said", ["don't stop", "it doesn't hurt", "i'm not dizzy", "i don't need a break"])
def test_the_contrary_of_a_command_is_in_the_grammar_and_not_taken(said: str) -> None:
    holding = VOCABULARY.of_phase(Holding)
    assert holding.match(said) is None
    assert holding.graph().accepts(said.split())


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("i have leg pain", "Hurts"),
        ("i have no leg pain", "LegPain"),
        ("it's in my back now", "LegPain"),
        ("it's in my thigh now", None),
    ],
)
def test_contraries_about_the_leg_are_told_apart(said: str, intent: str | None) -> None:
    command = VOCABULARY.of_phase(AskingLeg).match(said)
    assert (command.intent if command else None) == intent
    assert VOCABULARY.of_phase(AskingLeg).graph().accepts(said.split())
