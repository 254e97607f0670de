"""A wall time stays a wall time: over both changes of the clocks, in several zones, and over what is given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reminders.reminder import DAILY, Reminder, Schedule

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"]


def wall(schedule: Schedule, day: date, zone: str) -> datetime:
    return schedule.instant(day, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "day", "minute", "comes"),
    [
        # 02:30 is left out as the clocks go forward: it comes at what the offset before makes of it.
        ("Europe/Berlin", date(2027, 3, 28), 150, "03:30"),
        ("America/New_York", date(2027, 3, 14), 150, "03:30"),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", date(2026, 10, 4), 135, "02:45"),
        # Where midnight itself is left out.
        ("Africa/Cairo", date(2027, 4, 30), 15, "01:15"),
        ("Europe/Berlin", date(2027, 3, 28), 480, "08:00"),
    ],
)
def test_an_hour_that_a_day_does_not_have_comes_after_it(zone: str, day: date, minute: int, comes: str) -> None:
    assert f"{wall(Schedule(minute, DAILY), day, zone):%H:%M}" == comes


@pytest.mark.parametrize(
    ("zone", "day", "minute"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 150),
        ("America/New_York", date(2026, 11, 1), 90),
        ("Australia/Lord_Howe", date(2027, 4, 4), 105),
    ],
)
def test_an_hour_that_a_day_has_twice_comes_the_first_time_and_once(zone: str, day: date, minute: int) -> None:
    here, schedule = ZoneInfo(zone), Schedule(minute, DAILY)
    first = schedule.instant(day, here)
    local = datetime.combine(day, schedule.at, here)
    assert local.replace(fold=1).astimezone(UTC) - first in {timedelta(hours=1), timedelta(minutes=30)}
    reminder = Reminder(schedule, LONG_AGO, given=day - timedelta(days=1))
    given_for = []
    for minutes in range(-30, 200, 5):
        owed = reminder.owed(first + timedelta(minutes=minutes), here)
        if owed:
            given_for.append((minutes, owed))
            reminder = Reminder(schedule, LONG_AGO, given=owed)
    assert given_for == [(0, day)]


@given(
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 1439),
    begins=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    steps=st.lists(st.integers(1, 3000), min_size=5, max_size=60),
    days=st.sets(st.integers(0, 6), min_size=1),
)
def test_whenever_it_is_looked_at_each_day_is_given_once_at_its_time_or_later(
    zone: str, minute: int, begins: datetime, steps: list[int], days: set[int]
) -> None:
    here, now = ZoneInfo(zone), begins.replace(tzinfo=UTC)
    made, reminder = now, Reminder(Schedule(minute, tuple(sorted(days))), now)
    given_for: list[date] = []
    for step in steps:
        now += timedelta(minutes=step)
        coming = reminder.coming(now, here)
        assert coming is not None
        assert reminder.schedule.instant(coming, here) > now
        owed = reminder.owed(now, here)
        if owed is None:
            continue
        assert made < reminder.schedule.instant(owed, here) <= now
        assert owed.weekday() in days
        # Nothing that came later is left out for it.
        later = [owed + timedelta(days=n) for n in range(1, 9) if (owed + timedelta(days=n)).weekday() in days]
        assert reminder.schedule.instant(later[0], here) > now
        given_for.append(owed)
        reminder = Reminder(reminder.schedule, made, given=owed)
    assert given_for == sorted(set(given_for))


def test_one_with_a_zone_of_its_own_comes_by_the_clocks_there() -> None:
    schedule = Schedule(480, DAILY, zone="Asia/Tokyo")
    assert schedule.instant(date(2027, 3, 28), ZoneInfo("Europe/Berlin")) == datetime(2027, 3, 27, 23, tzinfo=UTC)


def test_who_travels_is_reminded_at_eight_where_they_are_and_not_twice_for_a_day() -> None:
    reminder = Reminder(Schedule(480, DAILY), LONG_AGO)
    at_home, there = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
    day = date(2026, 12, 1)
    assert reminder.owed(reminder.schedule.instant(day, at_home), at_home) == day
    moved = Reminder(reminder.schedule, LONG_AGO, given=day)
    assert moved.owed(reminder.schedule.instant(day, there), there) is None
    assert moved.owed(reminder.schedule.instant(day + timedelta(days=1), there), there) == day + timedelta(days=1)


def test_once_is_late_however_long_the_machine_was_off_and_then_over() -> None:
    made = datetime(2026, 12, 1, 10, tzinfo=UTC)
    reminder = Reminder(Schedule(480, on=date(2026, 12, 2)), made)
    late = datetime(2027, 2, 1, tzinfo=UTC)
    assert reminder.owed(made, UTC) is None
    assert reminder.owed(late, UTC) == date(2026, 12, 2)
    assert Reminder(reminder.schedule, made, given=date(2026, 12, 2)).owed(late, UTC) is None
    assert reminder.coming(late, UTC) is None


def test_what_lay_before_it_was_made_is_never_late() -> None:
    made = datetime(2026, 12, 1, 10, tzinfo=UTC)
    reminder = Reminder(Schedule(480, DAILY), made)
    assert reminder.owed(made + timedelta(hours=20), UTC) is None
    assert reminder.owed(made + timedelta(hours=22), UTC) == date(2026, 12, 2)


def test_what_was_noted_by_a_clock_far_ahead_silences_nothing() -> None:
    ahead, day = datetime(2031, 1, 1, 9, tzinfo=UTC), date(2026, 12, 2)
    reminder = Reminder(Schedule(480, DAILY), made_at=ahead, given=ahead.date())
    at_eight = reminder.schedule.instant(day, UTC)
    assert reminder.coming(at_eight - timedelta(minutes=1), UTC) == day
    assert reminder.owed(at_eight, UTC) == day
    assert Reminder(reminder.schedule, made_at=ahead, given=day).owed(at_eight, UTC) is None
