"""The tenth day is quicker than the first: measured with lines as long as their letters take at the calm rate."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.dialogue.state.plan import LETTERS_A_SECOND, USUAL_RATE
from assistant.voice.natural import CALM
from scripts.benchmarks.pace import MOST_SECOND_DAY_S, Day, measure


@pytest.fixture(scope="module")
def days() -> Mapping[tuple[str, int], Day]:
    letters_a_second = LETTERS_A_SECOND * CALM["rate"] / USUAL_RATE
    return {(day.routine, day.day): day for day in measure(lambda text: len(text) / letters_a_second)}


def test_all_seven_routines_keep_what_is_aimed_at(days: Mapping[tuple[str, int], Day]) -> None:
    assert len({routine for routine, _ in days}) == 7
    assert [day for day in days.values() if not day.met] == []


def test_it_goes_on_getting_shorter(days: Mapping[tuple[str, int], Day]) -> None:
    for routine, day in days:
        if day == 1:
            first, second, tenth = (days[routine, n] for n in (1, 2, 10))
            assert first.start_s > MOST_SECOND_DAY_S, "a first day that is as short has left something out"
            assert tenth.start_s < second.start_s + 1.0, "but for the wording, which takes turns"
            assert second.words_a_minute < first.words_a_minute
            assert tenth.words_a_minute < 1.05 * second.words_a_minute, "the same"
