"""The user's own timer in systemd: it rings when a reminder comes, without a session, too, and late for what it missed.

One timer for all reminders, written anew when they change. It is there if the user has asked for it. What it starts,
``stretch-assistant remind``, looks by itself which reminder is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant.home.user_units import (
    command_line,
    environment_lines,
    remove_unit,
    systemctl,
    to_type,
    unit_file,
    write_unit,
)
from assistant.reminders.reminder import DAILY, Reminder, Schedule

SERVICE = "stretch-assistant-remind.service"
TIMER = "stretch-assistant-remind.timer"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LAST_SKIPPED_HOUR = 4
"""Clocks go forward in the night, and systemd leaves out what comes in the hour that is skipped."""

_NEVER = "1970-01-01"

_SERVICE = """\
[Unit]
Description=Stretch assistant: a reminder
After=pipewire.service wireplumber.service pipewire-pulse.service pulseaudio.service

[Service]
Type=oneshot
{environment}ExecStart={command}
"""
_TIMER = """\
[Unit]
Description=Stretch assistant: when to remind

[Timer]
{times}
AccuracySec=1s
Persistent=true

[Install]
WantedBy=timers.target
"""


def is_set() -> bool:
    """Whether the user has asked for it."""
    return unit_file(TIMER).exists()


def set_timer(reminders: Sequence[Reminder]) -> tuple[Path, list[str]]:
    """Write the timer for these reminders, and have systemd take it in; without any it waits for more.

    Returns:
        The file, and what the user has to type, as systemd could not be told; nothing where it was.

    Raises:
        FileUnwritable: The disk refuses it.
    """
    environment = "".join(f"{line}\n" for line in environment_lines())
    write_unit(SERVICE, _SERVICE.format(environment=environment, command=command_line(["remind"])))
    times = [time for reminder in reminders for time in calendar_times(reminder.schedule)] or [_NEVER]
    file = write_unit(TIMER, _TIMER.format(times="\n".join(f"OnCalendar={time}" for time in times)))
    return file, _told(("daemon-reload",), ("enable", TIMER), ("restart", TIMER))


def remove_timer() -> list[str]:
    """Stop the timer, and remove it.

    Returns:
        As for `set_timer`.

    Raises:
        FileUnwritable: The disk refuses it.
    """
    if not is_set():
        return []
    stopped = _told(("disable", "--now", TIMER))
    remove_unit(TIMER)
    remove_unit(SERVICE)
    return stopped + _told(("daemon-reload",))


def calendar_times(schedule: Schedule) -> list[str]:
    """A schedule as systemd writes one; in the night an hour later, too, for when its own hour is left out."""
    day = "*-*-*" if schedule.on is None else date.isoformat(schedule.on)
    if schedule.days and schedule.days != DAILY:
        day = f"{','.join(_DAYS[day] for day in schedule.days)} {day}"
    zone = f" {schedule.zone}" if schedule.zone else ""
    hour, minute = divmod(schedule.minute, 60)
    hours = [hour, hour + 1] if hour < _LAST_SKIPPED_HOUR else [hour]
    return [f"{day} {each:02}:{minute:02}:00{zone}" for each in hours]


def _told(*steps: tuple[str, ...]) -> list[str]:
    """Tell systemd; what is to be typed instead where it can't be."""
    if all(systemctl(*step) is not None for step in steps):
        return []
    return [to_type(*step) for step in steps]
