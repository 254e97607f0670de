"""Hundreds of routines of one's own: read out in groups, called by their first words, and soon there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from assistant.dialogue.announcing import GROUP
from assistant.dialogue.events import NotUnderstood
from assistant.dialogue.state.phases import Choosing, Idle
from assistant.loop.vocabulary import Vocabulary
from assistant.routines import Routine
from assistant.routines.naming import MOST_AT_ONCE, keys_beginning, names_of_routines
from assistant.stage.soundless import SoundlessWorld
from tests.dialogues.world import EXERCISES, ROUTINES, new_session

TIMES = ("morning", "evening", "noon", "early")
PLACES = ("back", "leg", "hip", "neck", "calf", "spine", "foot", "knee", "thigh", "core", "desk", "sofa")


def many() -> dict[str, Routine]:
    model = ROUTINES["five-minutes"]
    titles = [f"{time} {place} stretch" for time in TIMES for place in PLACES] + ["garden shed stretch"]
    made = [replace(model, title=title, names=(title,), key=title.replace(" ", "-")) for title in titles]
    return ROUTINES | {routine.key: routine for routine in made}


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(many().values(), EXERCISES.values())


class Stretching(SoundlessWorld):
    """Somebody with all of these routines."""

    def listen(self) -> None:
        """Until nothing is being said."""
        while self.speaking:
            self.pass_time(0.5)

    def hear(self, text: str) -> list[str]:
        """Words are heard; what is said until it waits for more of them."""
        before = len(self.spoken)
        command = vocabulary().of_phase(type(self.session.phase)).match(text)
        if command is None:
            self.feed(NotUnderstood("not a phrase", None, near=True))
        else:
            self.obey(command)
        self.listen()
        return [spoken.text for spoken in self.spoken[before:]]


@pytest.fixture
def world() -> Stretching:
    world = Stretching(new_session(routines=many())).start()
    world.listen()
    return world


def test_they_are_read_out_in_groups_and_more_reads_on(world: Stretching) -> None:
    said = world.hear("which routines")
    assert sum(": " in text for text in said) == GROUP
    assert said[1].startswith("One: sciatic nerve stretch")
    assert said[-1].startswith(f"There are {'forty-eight'} more.")
    assert len(many()) == 48 + GROUP
    assert world.now < 60.0, "and not twenty-five minutes"
    groups = [world.hear(words) for words in ("more", "go on", "tell me more", "the others", "some more", "more")]
    assert groups[0][0] == "Here are others."
    assert groups[0][1].startswith("One: morning leg stretch")
    titles = [text.split(": ")[1] for group in [said, *groups] for text in group if ": " in text]
    assert len(titles) == len(many()), "every one of them, once"
    assert groups[-1][-1] == "Say the number that you want."
    assert world.hear("more")[1] == said[1], "and from the beginning"


def test_a_number_is_that_of_the_group_which_was_read_out(world: Stretching) -> None:
    world.hear("which routines")
    assert world.hear("nine")[0].startswith("There are eight of them")
    world.hear("more")
    world.hear("two")
    assert world.session.under_way is not None
    assert world.session.under_way.routine.key == "morning-hip-stretch"


def test_first_words_are_a_name_where_they_are_those_of_one(world: Stretching) -> None:
    world.hear("start garden")
    assert world.session.under_way is not None
    assert world.session.under_way.routine.key == "garden-shed-stretch"


def test_first_words_of_several_read_these_out(world: Stretching) -> None:
    said = world.hear("start noon")
    assert said[1].startswith("One: noon back stretch")
    assert said[-1].startswith("There are four more.")
    assert world.hear("more")[-2].startswith("Four: noon sofa stretch")
    world.hear("three")
    assert world.session.under_way is not None
    assert world.session.under_way.routine.key == "noon-desk-stretch"


def test_with_a_few_nothing_of_this_is_listened_for() -> None:
    few = list(ROUTINES.values())
    assert len(few) <= MOST_AT_ONCE
    assert names_of_routines(few) == [(name, routine.key) for routine in few for name in routine.names]
    own = Vocabulary(few, EXERCISES.values())
    assert own.of_phase(Choosing).match("more") is None
    assert own.of_phase(Idle).match("start five") is None
    assert keys_beginning(few, "five-minutes") == ()
