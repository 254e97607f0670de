"""What a number means beside those of the days before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.state.trend import TOO_MUCH, Trend, trend_of


@pytest.mark.parametrize(
    ("days", "today", "trend"),
    [
        ((), 5, "none"),
        ((), 6, "much"),
        ((2,), 6, "much"),
        ((6, 6), 6, "none"),
        ((7, 7, 7), 7, "none"),
        ((2, 3), 4, "rising"),
        ((3, 2, 3), 4, "rising"),
        ((3, 3, 3), 4, "none"),
        ((3, 3, 3), 5, "more than usual"),
        ((5, 4, 3), 2, "none"),
        ((8, 8, 8), 8, "much"),
        ((4, 4, 5, 5, 6), 6, "rising"),
        ((4, 5, 4, 5, 6), 6, "rising"),
        ((6, 6, 4, 5, 5), 5, "none"),
        ((4, 4, 6, 5, 6), 6, "none"),
    ],
)
def test_a_number_is_held_against_the_days_before(days: tuple[int, ...], today: int, trend: Trend) -> None:
    assert trend_of(days, today) == trend


@given(days=st.lists(st.integers(0, 10), min_size=2, max_size=5), today=st.integers(0, 10))
def test_who_feels_no_worse_than_on_any_day_before_is_offered_nothing(days: list[int], today: int) -> None:
    if today <= min(days) and today < TOO_MUCH:
        assert trend_of(days, today) == "none"
