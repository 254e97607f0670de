"""What is likely but unsure gets one short question, never two in a row; what is no command gets none."""

from __future__ import annotations

import pytest

from assistant.dialogue.events import NotUnderstood
from tests.dialogues.world import World, new_session

ASKED = "Sorry, I did not get that."


def at_the_first_position() -> World:
    world = World(new_session()).start()
    world.until_quiet()
    world.hear("start lower back stretch")
    world.until_quiet()
    return world


def asked(world: World, reason: str) -> int:
    """How often it asks after that, until it is quiet."""
    before = len([line for line in world.spoken if line.text == ASKED])
    world.feed(NotUnderstood(reason))
    world.pass_time(2.0)
    return len([line for line in world.spoken if line.text == ASKED]) - before


def test_unsure_is_asked_about_once_and_again_after_something_was_understood() -> None:
    world = at_the_first_position()
    assert asked(world, "unsure") == 1
    assert asked(world, "unsure") == 0
    world.hear("repeat")
    world.until_quiet()
    assert asked(world, "unsure") == 1


@pytest.mark.parametrize("reason", ["noise", "too short", "not a phrase", "own voice"])
def test_what_is_surely_no_command_is_passed_over(reason: str) -> None:
    assert asked(at_the_first_position(), reason) == 0


def test_while_nothing_is_under_way_nobody_is_asked() -> None:
    world = World(new_session()).start()
    world.until_quiet()
    assert asked(world, "unsure") == 0
