from __future__ import annotations

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.portaudio import Direction
from assistant.audio.sound_server import Placed, Placement

HEADSET, LAPTOP, MONITOR = 1, 2, 3


def placement(*, monitors_are_wanted: bool = False) -> Placement:
    there = Placement(monitors_are_wanted=monitors_are_wanted)
    there.note({"input": [Placed(7, HEADSET)], "output": [Placed(7, HEADSET)]}, devices(HEADSET, LAPTOP))
    assert not there.misplaced
    return there


def devices(*numbers: int) -> dict[Direction, list[int]]:
    return {"input": list(numbers), "output": list(numbers)}


def test_a_stream_whose_device_has_gone_is_misplaced_until_it_is_opened_again() -> None:
    there = placement()
    for _ in range(2):
        there.note({"input": [Placed(7, LAPTOP)], "output": [Placed(7, HEADSET)]}, {"input": [LAPTOP], "output": [1]})
        assert there.misplaced == {"input"}
    there.note({"input": [Placed(8, LAPTOP)], "output": [Placed(7, HEADSET)]}, {"input": [LAPTOP], "output": [1]})
    assert not there.misplaced


def test_what_the_user_moves_is_where_it_should_be() -> None:
    there = placement()
    there.note({"output": [Placed(7, LAPTOP)]}, devices(HEADSET, LAPTOP))
    there.note({"output": [Placed(7, LAPTOP)]}, devices(LAPTOP))
    assert not there.misplaced


def test_where_a_stream_belongs_is_known_still_after_a_moment_on_no_device_that_was_listed() -> None:
    there = placement()
    there.note({"input": [Placed(7, 2**32 - 1)]}, devices(HEADSET, LAPTOP))
    assert not there.misplaced
    there.note({"input": [Placed(7, LAPTOP)]}, devices(LAPTOP))
    assert there.misplaced == {"input"}


def test_a_monitor_is_no_microphone_unless_it_was_named() -> None:
    heard: dict[Literal["input", "output"], list[Placed]] = {"input": [Placed(9, MONITOR, is_monitor=True)]}
    there = placement()
    there.note(heard, devices(HEADSET, LAPTOP, MONITOR))
    assert there.misplaced == {"input"}
    there.forget()
    assert not there.misplaced
    named = placement(monitors_are_wanted=True)
    named.note(heard, devices(MONITOR))
    assert not named.misplaced


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.sets(st.sampled_from([1, 2, 3]), min_size=1)), max_size=8))
def test_a_stream_that_stays_on_its_device_is_never_misplaced(changes: list[tuple[int, set[int]]]) -> None:
    there = placement()
    for elsewhere, known in changes:
        there.note({"input": [Placed(7, HEADSET)], "output": [Placed(5, elsewhere)]}, devices(HEADSET, *known))
        assert "input" not in there.misplaced
