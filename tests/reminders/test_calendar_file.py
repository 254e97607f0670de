"""The calendar file: RFC 5545 as another reader takes it, and never a doubled entry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from icalendar import Calendar

from assistant.reminders.calendar_file import calendar_of
from assistant.reminders.reminder import DAILY, Reminder, Schedule

MADE = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)  # a Monday
REMINDERS = [
    Reminder(Schedule(480, (0, 2, 4)), MADE),
    Reminder(Schedule(450, DAILY, zone="Europe/Berlin"), MADE),
    Reminder(Schedule(1185, on=date(2026, 12, 24)), MADE),
    Reminder(Schedule(600, (1,)), MADE),
]


def written(summary: str = "A few minutes for me", now: datetime = MADE) -> bytes:
    return calendar_of(REMINDERS, summary, now)


def events_of(calendar: bytes) -> list[Any]:
    return list(Calendar.from_ical(calendar).walk("VEVENT"))


def test_it_is_written_as_the_standard_wants_it() -> None:
    lines = written("Für mich, " + "ganz in Ruhe; " * 9).split(b"\r\n")
    assert lines[-1] == b""
    assert all(b"\n" not in line and len(line) <= 75 for line in lines)
    calendar = Calendar.from_ical(written())
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    events = events_of(written())
    assert len(events) == len(REMINDERS)
    for event in events:
        assert event.errors == []
        assert event["DTSTAMP"].dt.tzinfo is not None
        (alarm,) = event.walk("VALARM")
        assert alarm["ACTION"] == "DISPLAY"
        assert alarm["TRIGGER"].dt == timedelta()
        assert alarm["DESCRIPTION"]


def test_times_float_but_for_those_with_a_zone_whose_definition_comes_along() -> None:
    calendar = Calendar.from_ical(written())
    starts = [event["DTSTART"] for event in events_of(written())]
    assert [start.dt.tzinfo is None for start in starts] == [True, False, True, True]
    assert starts[1].params["TZID"] == "Europe/Berlin"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_another_reader_of_its_rules_finds_the_days_that_are_meant() -> None:
    for event, reminder in zip(events_of(written()), REMINDERS, strict=True):
        schedule, start = reminder.schedule, event["DTSTART"].dt.replace(tzinfo=None)
        if schedule.on is not None:
            assert "RRULE" not in event
            assert start == datetime.combine(schedule.on, schedule.at)
            continue
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
        found = rule.between(start, start + timedelta(days=21), inc=True)
        assert found[0] == start  # a series begins with one of its own days
        wanted = [start + timedelta(days=n) for n in range(22) if schedule.comes_on((start + timedelta(days=n)).date())]
        assert found == wanted


def test_a_second_export_has_the_same_entries_and_is_newer() -> None:
    first = events_of(written())
    later = events_of(written("Another name", MADE + timedelta(days=9)))
    assert [event["UID"] for event in first] == [event["UID"] for event in later]
    assert len({event["UID"] for event in first}) == len(REMINDERS)
    assert [event["DTSTART"].dt for event in first] == [event["DTSTART"].dt for event in later]
    assert all(a["DTSTAMP"].dt < b["DTSTAMP"].dt for a, b in zip(first, later, strict=True))


@pytest.mark.parametrize("word", ["stretch", "pain", "back", "leg", "exercise", "physio", "sciatic", "health"])
def test_nothing_of_health_is_in_it(word: str) -> None:
    text = written().decode().lower().replace("stretch-assistant", "")
    assert word not in text
