"""The reminders as a calendar file (RFC 5545), for phones and whatever else rings.

A wall time without a zone is "floating": eight wherever the phone is. Each reminder has the same UID in every export:
one that is taken in again is brought up to date and never doubled. What it says is the user's to choose, by default
nothing of health.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from assistant.reminders.reminder import DAILY, Reminder, Schedule

_LASTS = timedelta(minutes=15)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar_of(reminders: Iterable[Reminder], summary: str, now: datetime) -> bytes:
    """A calendar of these reminders.

    Args:
        reminders: Which.
        summary: What each of them is called.
        now: When it is made, in UTC: who takes it in sees that it is newer.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//stretch-assistant//reminders//EN")
    calendar.add("version", "2.0")
    for reminder in reminders:
        calendar.add_component(_event(reminder, summary, now))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(reminder: Reminder, summary: str, now: datetime) -> Event:
    schedule = reminder.schedule
    event = Event()
    event.add("uid", f"{schedule.uid}@stretch-assistant")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # nobody is busy for it
    event.add("dtstart", _first(schedule, reminder.made_at))
    event.add("duration", _LASTS)
    if schedule.days == DAILY:
        event.add("rrule", {"freq": "daily"})
    elif schedule.days:
        event.add("rrule", {"freq": "weekly", "byday": [_DAYS[day] for day in schedule.days]})
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta())
    event.add_component(alarm)
    return event


def _first(schedule: Schedule, made_at: datetime) -> datetime:
    """Its first wall time: a series begins with one of its own days, and always with the same."""
    zone = ZoneInfo(schedule.zone) if schedule.zone else None
    begins = schedule.on or made_at.astimezone(zone).date()
    day = next(day for day in _from(begins) if schedule.comes_on(day))
    return datetime.combine(day, schedule.at, zone)


def _from(day: date) -> Iterable[date]:
    return (day + timedelta(days=n) for n in range(8))
