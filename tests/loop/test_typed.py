"""Lines that are typed: a script keeps its order, and what can't wait overtakes what waits."""

from __future__ import annotations

import io

import pytest

from assistant.loop.typed import LONGEST_LINE, Typed, WaitingLines, read_typed


class Waiting(WaitingLines):
    """Stop and pause can't wait; what was passed over is kept."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        super().__init__(lambda text: text in {"stop", "pause"}, self.passed.append)

    def put(self, *texts: str, alone: bool = True) -> None:
        for text in texts:
            self.add(Typed(text, alone))

    def taken(self, *, patient: bool) -> list[str]:
        return [line for _ in range(9) if (line := self.take(patient=patient)) is not None]


def test_a_script_that_comes_at_once_waits_line_by_line() -> None:
    waiting = Waiting()
    waiting.put("start", "no", "stop", "goodbye", alone=False)
    assert waiting.taken(patient=True) == []
    assert waiting.taken(patient=False) == ["start", "no", "stop", "goodbye"]


@pytest.mark.parametrize("word", ["stop", "pause"])
def test_what_cant_wait_is_taken_at_once_and_what_waited_is_passed_over(word: str) -> None:
    waiting = Waiting()
    waiting.put("next", "how long left")
    assert waiting.taken(patient=True) == []
    waiting.put(word, "louder")
    assert waiting.passed == ["next", "how long left"]
    assert waiting.taken(patient=True) == [word]
    assert waiting.taken(patient=False) == ["louder"]


def test_of_two_that_cant_wait_neither_is_lost() -> None:
    waiting = Waiting()
    waiting.put("pause", "next", "stop")
    assert waiting.taken(patient=True) == ["pause", "stop"]
    assert waiting.passed == ["next"]


def read(text: str, times: list[float]) -> list[Typed]:
    found: list[Typed] = []
    read_typed(io.StringIO(text), found.append, iter([0.0, *times]).__next__)
    return found


def test_lines_that_follow_each_other_at_once_are_told_from_those_that_come_alone() -> None:
    assert read("a\nb\nc\n", [5.0, 5.001, 20.0]) == [
        Typed("a\n", alone=True),
        Typed("b\n"),
        Typed("c\n", alone=True),
        Typed(None),
    ]


def test_a_line_without_end_is_one_line_of_bounded_length() -> None:
    long, short, end = read("x" * (5 * LONGEST_LINE) + "\nstop", [1.0, 2.0])
    assert len(long.text or "") == LONGEST_LINE
    assert (short.text, end.text) == ("stop", None)


def test_a_keyboard_that_fails_is_its_end() -> None:
    closed = io.StringIO("stop")
    closed.close()
    found: list[Typed] = []
    read_typed(closed, found.append)
    assert found == [Typed(None)]
