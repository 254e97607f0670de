"""``stretch-assistant reminders``: to list, set and remove them, as a calendar file, by the system's timer.

And ``remind``, which is what the timer runs.
"""

from __future__ import annotations

import re
import reprlib
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.audio.mixer import Mixer, SoundFinished
from assistant.audio.real import RealCard
from assistant.dialogue import reminder_lines
from assistant.dialogue.line import Line
from assistant.diary.files import put_in_place
from assistant.errors import AssistantError, SoundLibraryMissing, SpeakerUnavailable, UsageError
from assistant.home.settings import Settings
from assistant.keeping.only_session import AlreadyRunning, OnlySession
from assistant.loop.speaking import make_synthesiser
from assistant.reminders import timer
from assistant.reminders.meaning import DAY_NAMES
from assistant.reminders.reminder import DAILY, WEEKDAYS, WEEKEND, How, Reminder, Schedule
from assistant.reminders.store import Reminders, reminders_file
from assistant.voice.wording import Wording

Timer = Literal["speak", "notify", "off"]

_GROUPS = {"daily": DAILY, "weekdays": WEEKDAYS, "weekend": WEEKEND}
_SHORT = tuple(name[:3] for name in DAY_NAMES)
_FURTHEST_DAYS = 3_653
_LONGEST_WORDS_S = 60.0
_NOTIFY = "notify-send"


class NothingReminds(AssistantError):
    """A reminder is due, and can be neither spoken nor shown."""


def schedule_of(at: str, days: str, zone: str | None) -> Schedule:
    """A schedule as it is typed.

    Args:
        at: For instance ``8:00``.
        days: ``daily``, ``weekdays``, ``weekend``, names of days with commas, ``today``, ``tomorrow`` or a date.
        zone: IANA's name of a zone; None: wherever the user is.

    Raises:
        UsageError: One of them is none.
    """
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UsageError(
                f"{reprlib.repr(zone)} is no time zone.", "Zones have names.", "For instance: Europe/Berlin"
            ) from error
    once, weekly = _day(days), _days(days)
    if once is None and not weekly:
        raise UsageError(
            f"{reprlib.repr(days)} are no days.",
            "It takes daily, weekdays, weekend, names of days with commas, today, tomorrow, or a date.",
            "For instance: --days mon,wed,fri",
        )
    if once is not None and once > date.today() + timedelta(days=_FURTHEST_DAYS):
        raise UsageError(f"{once} is too far away.", "It takes days of the next ten years.", "Name an earlier one.")
    return Schedule(minute_of(at), weekly, once, zone)


def minute_of(at: str) -> int:
    """The minute of the day.

    Raises:
        UsageError: It is no time of day.
    """
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))?", at.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise UsageError(f"{reprlib.repr(at)} is no time of day.", "It takes 0:00 to 23:59.", "For instance: --at 8:00")
    return hour * 60 + minute


def _days(text: str) -> tuple[int, ...]:
    if text.lower() in _GROUPS:
        return _GROUPS[text.lower()]
    names = [name.strip().lower() for name in text.split(",")]
    known = {**{name: n for n, name in enumerate(DAY_NAMES)}, **{name: n for n, name in enumerate(_SHORT)}}
    return tuple(sorted({known[name] for name in names})) if set(names) <= known.keys() else ()


def _day(text: str) -> date | None:
    today = date.today()
    known = {"today": today, "tomorrow": today + timedelta(days=1)}
    with suppress(ValueError):
        return known.get(text.lower()) or (date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None)
    return None


def shown(reminders: Sequence[Reminder], now: datetime) -> Iterator[str]:
    """The reminders, a line each."""
    if not reminders:
        yield "There are no reminders. To set one: stretch-assistant reminders --at 8:00 --days mon,wed,fri"
    for reminder in reminders:
        schedule, coming = reminder.schedule, reminder.coming(now)
        comes = "is over" if coming is None else f"next {coming:%a %d %b}"
        zone = f" ({schedule.zone})" if schedule.zone else ""
        yield f"{schedule.at:%H:%M}{zone}  {days_in_words(schedule)}; {comes}; {_HOW[reminder.how]}"


_HOW = {"speak": "spoken", "notify": "shown on the desktop"}


def days_in_words(schedule: Schedule) -> str:
    """The days of a schedule, for a terminal."""
    if schedule.on is not None:
        return f"once, on {schedule.on}"
    groups = {days: name for name, days in _GROUPS.items()}
    return groups.get(schedule.days) or ", ".join(_SHORT[day].capitalize() for day in schedule.days)


def change(settings: Settings, wanted: Schedule | None, ics: Path | None, by_timer: Timer | None) -> Iterator[str]:
    """Set one, write the calendar file, set the timer: whatever of it is asked for; yields what the user is told.

    Raises:
        AssistantError: The reminders, a file or the timer can't be written.
    """
    now = datetime.now(UTC)
    with Reminders(reminders_file()) as kept:
        if kept.notice:
            yield kept.notice
        how: How | None = by_timer if by_timer != "off" else None
        before = [reminder.schedule for reminder in kept.all()] if wanted is None else [wanted]
        if wanted is not None and wanted.on is not None and gone_by(wanted, wanted.on, now):
            raise UsageError("That time has gone by.", f"It was {wanted.on} {wanted.at:%H:%M}.", "Name a later one.")
        for schedule in before:
            kept.add(schedule, now, how)
        reminders = kept.all()
    yield from shown(reminders, now)
    if ics is not None:
        with put_in_place(ics, "calendar") as part:
            from assistant.reminders.calendar_file import calendar_of  # noqa: PLC0415 - only here

            part.write_bytes(calendar_of(reminders, settings.reminder_summary, now))
        yield f"Written to {ics}. Take it into your calendar; a later one brings it up to date."
    yield from _with_timer(reminders, by_timer)


def gone_by(wanted: Schedule, day: date, now: datetime) -> bool:
    """Whether a day's reminder lies in the past; of the first days of all there are no instants."""
    return day < now.date() - timedelta(days=1) or wanted.instant(day) <= now


def remove(at: str | None, days: str | None) -> Iterator[str]:
    """Forget reminders: all, or those at a time, or on these days; yields what the user is told.

    Raises:
        AssistantError: There is no such one, or the disk refuses it.
    """
    minute = None if at is None else minute_of(at)
    only = None if days is None else schedule_of("0:00", days, None)
    with Reminders(reminders_file()) as kept:
        going = [
            reminder
            for reminder in kept.all()
            if minute in {None, reminder.schedule.minute}
            and (only is None or (only.days, only.on) == (reminder.schedule.days, reminder.schedule.on))
        ]
        kept.remove([reminder.schedule.uid for reminder in going])
        rest = kept.all()
    if not going:
        raise UsageError("Nothing was removed.", "There is no such reminder.", "Type: stretch-assistant reminders")
    for reminder in going:
        yield f"Removed: {reminder.schedule.at:%H:%M}, {days_in_words(reminder.schedule)}"
    yield from _with_timer(rest, None)
    yield "What you took into a calendar is to be removed there."


def _with_timer(reminders: Sequence[Reminder], wanted: Timer | None) -> Iterator[str]:
    """Set the timer or take it away; where it is set already, it follows what has changed."""
    if wanted == "off":
        to_type = timer.remove_timer()
        yield "There is no timer any more: a reminder comes while a session runs, or at its start."
    elif wanted is None and not timer.is_set():
        return
    else:
        file, to_type = timer.set_timer(reminders)
        if wanted is not None:
            yield f"The timer of your system reminds you: {file}"
    if to_type:
        yield "This machine's systemd could not be reached from here. Type:"
        yield from (f"  {line}" for line in to_type)
    if wanted == "notify" and shutil.which(_NOTIFY) is None:
        yield f"{_NOTIFY} is missing, so it will speak. To get it on Debian: apt install libnotify-bin"


def follow(reminders: list[Reminder]) -> None:
    """Have the timer follow what was said in a session, which does not wait for it."""
    if timer.is_set():
        threading.Thread(target=timer.set_timer, args=(reminders,), name="timer", daemon=True).start()


def remind(settings: Settings, say: Callable[[Settings, str], None] | None = None) -> Iterator[str]:
    """Give each reminder that is due, once; yields what was done.

    One that was missed, as the machine was off, is given late. Where a session runs, it says them itself.

    Args:
        settings: The user's.
        say: Says a text aloud; None: the voice, on the loudspeaker.

    Raises:
        AssistantError: One can be neither spoken nor shown; it stays due.
    """
    now = datetime.now(UTC)
    wall = now.astimezone().replace(tzinfo=None)
    with Reminders(reminders_file()) as kept:
        due = [(reminder, day) for reminder in kept.all() if (day := reminder.owed(now)) is not None]
        if not due:
            yield "No reminder is due."
        for reminder, day in due:
            line = reminder_lines.due(reminder.schedule, day, wall)
            if reminder.how == "notify" and _notified(settings.reminder_summary, _when(reminder.schedule, day, wall)):
                yield "Shown on the desktop."
            else:
                try:
                    with OnlySession():
                        (say or speak)(settings, text_of(line))
                except AlreadyRunning:
                    yield "A session is running: it says it."
                    continue
                except (SpeakerUnavailable, SoundLibraryMissing) as error:
                    if not _notified(settings.reminder_summary, _when(reminder.schedule, day, wall)):
                        raise NothingReminds(
                            "A reminder is due, and nothing can tell it.",
                            f"{error.what} And {_NOTIFY} is missing, or nobody is at the desktop.",
                            "The next session will say it.",
                        ) from error
                yield text_of(line)
            kept.give(reminder.schedule.uid, day)


def _when(schedule: Schedule, day: date, wall: datetime) -> str:
    return text_of(reminder_lines.told(Schedule(schedule.minute, on=day), wall.date()))


def _notified(summary: str, text: str) -> bool:
    """Show a notification; whether the desktop took it."""
    if shutil.which(_NOTIFY) is None:
        return False
    call = [_NOTIFY, "--app-name=stretch-assistant", "--", summary, text]
    return subprocess.run(call, check=False, capture_output=True).returncode == 0


def speak(settings: Settings, text: str) -> None:
    """Say a text on the loudspeaker.

    Raises:
        AssistantError: There is none, or the voice fails.
    """
    over = threading.Event()
    mixer = Mixer()
    with ExitStack() as stack:
        synthesiser = stack.enter_context(make_synthesiser(settings))
        clip = synthesiser.clip(text)
        card = RealCard(None, settings.loudspeaker, listen=False)
        card.open(mixer.render, lambda *_: None)
        stack.callback(card.close)
        mixer.gain = settings.volume
        mixer.play(clip.samples, text)
        waited = 0.0
        while waited < _LONGEST_WORDS_S and not any(isinstance(n, SoundFinished) for n in mixer.notices()):
            over.wait(_LOOK_EVERY_S)
            waited += _LOOK_EVERY_S
        over.wait(card.latency_s + _LOOK_EVERY_S)


_LOOK_EVERY_S = 0.05


def text_of(line: Line) -> str:
    """The words of a line."""
    wording = Wording()

    def filled(line: Line) -> str:
        slots = {name: filled(*value) if isinstance(value, tuple) else value for name, value in line.slots}
        return wording.text(line.key, slots)

    return filled(line)
