"""``stretch-assistant reminders`` and ``remind``, as they are typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from assistant.commands.reminders import remind
from assistant.errors import SpeakerUnavailable
from assistant.home.settings import Settings
from assistant.home.user_units import unit_file
from assistant.keeping.only_session import OnlySession
from assistant.reminders import timer
from assistant.reminders.reminder import DAILY, How, Schedule
from assistant.reminders.store import Reminders, reminders_file
from tests.commands.calling import call


@pytest.fixture(autouse=True)
def _no_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def desktop(folder: Path, *, takes: bool = True) -> Path:
    """A desktop that notes what it is shown, or refuses it."""
    shown, program = folder / "shown", folder / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> {shown}\nexit {0 if takes else 1}\n')
    program.chmod(0o700)
    return shown


def missed(how: How = "speak") -> None:
    """One that was due an hour ago."""
    with Reminders(reminders_file()) as kept:
        now = datetime.now(UTC)
        due = now.astimezone() - timedelta(hours=1)
        schedule = Schedule(due.hour * 60 + due.minute, on=due.date())
        kept.add(schedule, now - timedelta(days=2), how)


def given() -> date | None:
    with Reminders(reminders_file()) as kept:
        return kept.all()[0].given


def test_it_is_set_listed_written_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("reminders") == 0
    assert "There are no reminders." in capsys.readouterr().out
    assert call("reminders", "--at", "8:00", "--days", "mon,Wednesday,fri", "--ics", "r.ics") == 0
    assert capsys.readouterr().out.startswith("08:00  Mon, Wed, Fri; next ")
    assert call("reminders", "--at", "19.30", "--zone", "Europe/Berlin", "--ics", "r.ics") == 0
    assert call("reminders", "--at", "8:00", "--days", "mon,wed,fri") == 0  # the same again
    events = Calendar.from_ical((tmp_path / "r.ics").read_bytes()).walk("VEVENT")
    assert [event["SUMMARY"] for event in events] == ["A few minutes for me"] * 2
    with Reminders(reminders_file()) as kept:
        assert [r.schedule for r in kept.all()] == [
            Schedule(480, (0, 2, 4)),
            Schedule(1170, DAILY, None, "Europe/Berlin"),
        ]
    capsys.readouterr()
    assert call("reminders", "--remove", "--at", "8:00") == 0
    assert capsys.readouterr().out.startswith("Removed: 08:00, Mon, Wed, Fri\n")
    assert call("reminders", "--remove") == 0
    assert call("reminders", "--remove") == 2


@pytest.mark.parametrize(
    "typed",
    [
        *(("--at", "8:00", "--days", day) for day in ("0001-01-01", "9999-12-31", "2199-01-01", "", ",")),
        *(("--at", "8:00", "--zone", zone) for zone in ("", "x" * 300, "../../etc/passwd", "\udcff", "a\0b")),
        *(("--at", at) for at in ("", "24:00", "8:60", "x" * 300)),
        *(("--remove", "--at", ""), ("--remove", "--days", "")),
    ],
)
def test_what_is_no_time_is_told(typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call("reminders", *typed) == 2
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 3
    assert len(shown) < 300
    with Reminders(reminders_file()) as kept:
        assert kept.all() == []


def test_the_setting_names_what_others_may_read(home: Path, tmp_path: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text('reminder-summary = "Tea"\n')
    assert call("reminders", "--at", "8:00", "--ics", "r.ics") == 0
    (event,) = Calendar.from_ical((tmp_path / "r.ics").read_bytes()).walk("VEVENT")
    assert event["SUMMARY"] == "Tea"


@pytest.mark.parametrize(
    "typed",
    [
        ("--at", "25"),
        ("--at", "8:60"),
        ("--at", "eight"),
        ("--at", "8:00", "--days", "someday"),
        ("--at", "8:00", "--zone", "Mars/Olympus"),
        ("--at", "8:00", "--zone", "../etc/passwd"),
        ("--at", "8:00", "--days", "2020-01-01"),
        ("--days", "mon"),
        ("--remove", "--ics", "r.ics"),
    ],
)
def test_what_it_does_not_take_is_told_in_three_lines(
    typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("reminders", *typed) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_the_timer_follows_what_changes_and_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("reminders", "--at", "8:00", "--timer", "speak") == 0
    shown = capsys.readouterr().out
    assert "  systemctl --user enable stretch-assistant-remind.timer\n" in shown
    file = unit_file(timer.TIMER)
    assert "OnCalendar=*-*-* 08:00:00\n" in file.read_text()
    assert {"Persistent=true", "WantedBy=timers.target"} <= set(file.read_text().splitlines())
    service = unit_file(timer.SERVICE).read_text()
    assert '"-m" "assistant" "remind"' in service
    assert "STRETCH_ASSISTANT_HOME=" in service
    assert call("reminders", "--at", "9:30", "--days", "weekdays") == 0
    assert "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 09:30:00\n" in file.read_text()
    assert call("reminders", "--remove", "--at", "8:00") == 0
    assert "08:00" not in file.read_text()
    assert call("reminders", "--timer", "off") == 0
    assert not file.exists()


def test_what_is_due_is_said_once_and_late(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []

    def say(settings: Settings, text: str) -> None:
        assert given() is None  # who is ended in the middle of it has not given it
        said.append(text)

    missed()
    assert len(list(remind(Settings(), say))) == 1
    assert len(said) == 1
    assert said[0].startswith("You wanted to be reminded to stretch: ")
    assert given() is not None
    assert list(remind(Settings(), say)) == ["No reminder is due."]
    assert len(said) == 1


def test_a_session_that_runs_says_it_itself() -> None:
    missed()
    with OnlySession():
        assert list(remind(Settings(), lambda *_: pytest.fail("two would speak"))) == [
            "A session is running: it says it."
        ]
    assert given() is None


def test_the_desktop_shows_it_without_a_word_of_health(bin_folder: Path) -> None:
    shown = desktop(bin_folder)
    missed("notify")
    assert list(remind(Settings(), lambda *_: pytest.fail("it is shown"))) == ["Shown on the desktop."]
    _, _, summary, when, _ = shown.read_text().split("|")
    assert summary == "A few minutes for me"
    assert " at " in when
    assert "stretch" not in when
    assert given() is not None


def test_without_a_loudspeaker_it_is_shown_and_without_either_it_stays_due(bin_folder: Path) -> None:
    def no_loudspeaker(settings: Settings, text: str) -> None:
        raise SpeakerUnavailable("There is no loudspeaker.", "None was found.", "Plug one in.")

    missed()
    desktop(bin_folder, takes=False)
    with pytest.raises(Exception, match="nothing can tell it"):
        list(remind(Settings(), no_loudspeaker))
    assert given() is None
    shown = desktop(bin_folder)
    assert len(list(remind(Settings(), no_loudspeaker))) == 1
    assert shown.exists()
    assert given() is not None
