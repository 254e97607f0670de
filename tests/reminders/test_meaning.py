"""What people mean by the times that they say, as they say them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.questions.reminding import meant_by
from assistant.dialogue.reminder_lines import told
from assistant.dialogue.state.phases import Idle
from assistant.dialogue.state.reminding import ConfirmingReminder
from assistant.reminders.meaning import DAY_NAMES, Meant, schedule_of
from assistant.reminders.reminder import Schedule
from tests.dialogues.world import VOCABULARY, World, new_session

NOW = datetime(2026, 11, 30, 10, 15)  # a Monday
SPOKEN = World(new_session())


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("remind me at eight", "today at eight in the evening"),
        ("remind me at eleven", "today at eleven in the morning"),
        ("remind me at eight in the morning", "tomorrow at eight in the morning"),
        ("remind me tomorrow at eight", "tomorrow at eight in the morning"),
        ("could you remind me tomorrow at eight o'clock please", "tomorrow at eight in the morning"),
        ("remind me to stretch tomorrow at five", "tomorrow at five in the afternoon"),
        ("remind me at nineteen thirty", "today at half past seven in the evening"),
        ("remind me tomorrow at 20:00", "tomorrow at eight in the evening"),
        ("remind me tomorrow at 8 p.m.", "tomorrow at eight in the evening"),
        ("set a reminder for tomorrow at 7am", "tomorrow at seven in the morning"),
        ("remind me on weekdays at 8:05", "every weekday at five past eight in the morning"),
        ("remind me tomorrow at seven forty five", "tomorrow at a quarter to eight in the morning"),
        ("remind me at a quarter to eight tomorrow evening", "tomorrow at a quarter to eight in the evening"),
        ("remind me at twenty five to nine", "today at twenty-five to nine in the evening"),
        ("remind me tomorrow at half eight", "tomorrow at half past eight in the morning"),
        ("remind me tomorrow at noon", "tomorrow at noon"),
        ("remind me at midnight", "today at midnight"),
        ("remind me tomorrow at a quarter to twelve", "tomorrow at a quarter to twelve in the morning"),
        ("remind me tomorrow at half past twelve at night", "tomorrow at half past twelve at night"),
        ("remind me tonight at eleven", "today at eleven at night"),
        ("remind me this evening", "today at seven in the evening"),
        ("remind me every morning", "every day at eight in the morning"),
        ("every day at half past seven in the evening", "every day at half past seven in the evening"),
        ("remind me every evening at six", "every day at six in the evening"),
        ("remind me on mondays at ten", "every Monday at ten in the morning"),
        ("remind me every tuesday and friday at nine", "every Tuesday and Friday at nine in the morning"),
        ("remind me at the weekend at ten", "every Saturday and Sunday at ten in the morning"),
        ("remind me on monday at eight", "on Monday in a week at eight in the morning"),
        ("remind me next thursday afternoon", "on Thursday at three in the afternoon"),
        ("remind me the day after tomorrow at ten past six", "on Wednesday at ten past six in the morning"),
        ("remind me in an hour", "today at a quarter past eleven in the morning"),
        ("remind me to do my exercises in twenty minutes", "today at twenty-five to eleven in the morning"),
        ("i'd like a reminder in two hours", "today at a quarter past twelve in the afternoon"),
    ],
)
def test_a_time_is_read_back_as_it_is_meant(said: str, understood: str) -> None:
    command = VOCABULARY.of_phase(Idle).match(said)
    assert command is not None
    assert command.intent == "SetReminder"
    schedule = schedule_of(meant_by(command.slots), NOW)
    assert schedule is not None
    assert SPOKEN.text(told(schedule, NOW.date())) == understood


@pytest.mark.parametrize("said", ["remind me how long it takes", "remind me to take my pills", "i was reminded of you"])
def test_what_is_no_wish_to_be_reminded_of_stretching_is_none(said: str) -> None:
    command = VOCABULARY.of_phase(Idle).match(said)
    assert command is None or command.intent != "SetReminder"


@given(
    minute=st.integers(0, 1439),
    days=st.one_of(
        st.just(("tomorrow",)), st.just(("daily",)), st.lists(st.sampled_from(DAY_NAMES), min_size=1, max_size=1)
    ),
)
def test_what_is_read_back_is_understood_as_the_same(minute: int, days: list[str]) -> None:
    hour, past = divmod(minute, 60)
    schedule = schedule_of(Meant(tuple(days), every=days[0] in DAY_NAMES, hour=hour or 24, minute=past), NOW)
    assert schedule is not None
    text = SPOKEN.text(told(schedule, NOW.date())).replace(" minutes", "").replace(" minute", "")
    command = VOCABULARY.of_phase(ConfirmingReminder).match(text)
    assert command is not None or past % 5, text  # nobody says "sixteen minutes past"
    if command is not None:
        assert schedule_of(meant_by(command.slots), NOW) == schedule, text


@given(
    wall=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    meant=st.builds(
        Meant,
        days=st.sampled_from([(), ("today",), ("tomorrow",), ("friday",)]),
        hour=st.integers(0, 24),
        minute=st.sampled_from([-25, -15, 0, 30, 59]),
        part=st.sampled_from([None, "morning", "afternoon", "evening", "night"]),
    ),
)
def test_what_comes_once_comes_later_and_within_eight_days(wall: datetime, meant: Meant) -> None:
    schedule = schedule_of(meant, wall)
    if schedule is None:
        assert meant.days == ("today",)
        return
    assert schedule.on is not None
    when = datetime.combine(schedule.on, schedule.at)
    assert wall.replace(second=0, microsecond=0) < when <= wall + timedelta(days=9)


def test_an_answer_takes_the_place_of_what_it_corrects() -> None:
    tomorrow = Meant(("tomorrow",), hour=8)
    assert schedule_of(tomorrow.with_answer(Meant(part="evening")), NOW) == schedule_of(
        Meant(("tomorrow",), hour=8, part="evening"), NOW
    )
    assert tomorrow.with_answer(Meant(("friday",))).hour == 8
    assert schedule_of(tomorrow.with_answer(Meant(in_minutes=15)), NOW) == Schedule(630, on=NOW.date())
