"""What the voice says comes back from the room: no line holds a word that is a command, unless it teaches it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.commands.routines.check import INTERRUPTING, words_alone
from assistant.dialogue.state.care_phases import AskingPain, RatingActivity
from assistant.dialogue.state.phases import AskingHowBad, AskingLeg, CheckingIn, Choosing, Idle
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.dialogue.state.takes import TAKES
from assistant.hearing.front_end.own_voice import OwnVoice
from assistant.loop.vocabulary import Vocabulary
from assistant.routines import Routine
from assistant.routines.loading import load_routines, own_routine_files
from assistant.voice.wording import Wording
from intents.language import ENGLISH

ROUTINES, _ = load_routines(own_routine_files())
VOCABULARY = Vocabulary(ROUTINES.values())
MANY = Vocabulary([replace(one, key=f"{one.key}-{n}") for n in range(2) for one in ROUTINES.values()])
WORDING = Wording()
TEACHES = ENGLISH.teaching
PLACES = {"third", "fourth", "fifth"}  # of a list, which only choosing takes
NUMBERS = {ENGLISH.in_words(number) for number in range(11)}


def single_words() -> dict[str, set[str]]:
    """Words that are a command by themselves in any phase of a session, with what they mean."""
    found: dict[str, set[str]] = {}
    for phase in TAKES:
        taken = VOCABULARY.of_phase(phase)
        for sentences in (taken.usual(), taken.unframed().only(INTERRUPTING)):
            for word in {arc.word for arc in sentences.graph().arcs if arc.word}:
                command = sentences.match(word)
                if phase is not Idle and command is not None:
                    found.setdefault(word, set()).add(command.intent)
    return found


SINGLE_WORDS = single_words()


def without_slots(text: str) -> str:
    return re.sub(r"\{[^}]*\}", " a ", text)


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", re.sub(r"\{[^}]*\}", " ", text.lower())))


def lines() -> Iterator[tuple[str, str]]:
    for key in sorted(WORDING.keys()):
        for template in WORDING.templates(key):
            yield key, template


def texts_of_routines() -> Iterator[tuple[str, str]]:
    for routine in ROUTINES.values():
        yield routine.key, routine.purpose
        yield routine.key, routine.closing
        yield from ((routine.key, caution.say) for caution in routine.cautions)
        for step in routine.steps:
            for text in (step.name, step.getting_there, step.caution, step.movement, step.cue, step.easier):
                yield routine.key, text


def test_the_words_are_those_of_the_sentences() -> None:
    assert {"stop", "pause", "next", "back", "yes", "no", "left", "ready", "help"} <= SINGLE_WORDS.keys()
    assert {word for word, meant in SINGLE_WORDS.items() if "Number" in meant} == NUMBERS | PLACES
    takers = {phase for phase in TAKES if "Number" in TAKES[phase]}
    assert takers == {Choosing, CheckingIn, AskingHowBad, AskingLeg, AskingPain, RatingActivity}, (
        "numbers may be said wherever else no number is a command"
    )
    idle = VOCABULARY.of_phase(Idle)
    assert not [word for word in SINGLE_WORDS if idle.match(word)], "idle takes whole phrases only"


@pytest.mark.parametrize(("key", "template"), tuple(lines()))
def test_no_line_says_a_command_word_unless_it_teaches_it(key: str, template: str) -> None:
    group = key.partition(".")[0]
    if group in ENGLISH.teaching_groups:
        return
    commands = SINGLE_WORDS.keys() - (frozenset() if group in {"choosing", "hurts", "rating"} else NUMBERS | PLACES)
    assert words_alone(without_slots(template)) & commands <= TEACHES.get(key, frozenset()), template


@pytest.mark.parametrize(("routine", "text"), tuple(texts_of_routines()))
def test_no_routine_says_a_command_word(routine: str, text: str) -> None:
    assert not words_alone(without_slots(text)) & (SINGLE_WORDS.keys() - NUMBERS - PLACES), text


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=list(ROUTINES))
def test_a_title_says_what_the_user_says_to_begin_it_and_is_no_command_where_it_is_said(routine: Routine) -> None:
    title = routine.title
    assert VOCABULARY.of_phase(Idle).match(f"start {title}") is not None
    said_in = [phase for phase in TAKES if phase.__name__ in {"Choosing", "Confirming", "Cautioning", "Introducing"}]
    for phase in said_in:
        assert not [word for word in title.split() if VOCABULARY.of_phase(phase).match(word)]


def test_what_is_marked_as_teaching_does_teach() -> None:
    for key, taught in TEACHES.items():
        said = set().union(*(words_of(template) for template in WORDING.templates(key)))
        others = {word for word in said if MANY.of_phase(Choosing).match(word)}
        assert taught <= said & (SINGLE_WORDS.keys() | others), key


@pytest.mark.parametrize("key", TEACHES)
def test_a_word_that_is_taught_is_the_voices_own_while_it_is_said_and_the_users_afterwards(key: str) -> None:
    counted = {name for template in WORDING.templates(key) for name in re.findall(r"\{(\w+):", template)}
    slots = {name: 3 if name in counted else "sciatic nerve stretch" for name in WORDING.slots(key)}
    text = WORDING.text(key, slots)
    length_s = len(text) / LETTERS_A_SECOND
    own_voice = OwnVoice()
    own_voice.say(text, 100.0, length_s)
    for word in TEACHES[key]:
        place = re.search(rf"\b{word}\b", text.lower())
        assert place is not None
        said_at = 100.0 + length_s * place.start() / len(text)
        for late in (-0.3, 0.0, 0.3):
            assert own_voice.explains(word, said_at + late)
        assert not own_voice.explains(word, 100.0 + length_s + 1.5)
