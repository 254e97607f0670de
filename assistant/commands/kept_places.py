"""Where on this machine everything lies that is kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.home import folders

if TYPE_CHECKING:
    from assistant.home.settings import Settings


def places() -> list[tuple[str, Path]]:
    """What is kept, and where; whether there is anything yet or not."""
    from assistant.home.settings import settings_file  # noqa: PLC0415 - pydantic takes its time
    from assistant.keeping.diary_keeper import diary_file  # noqa: PLC0415
    from assistant.keeping.kept_audio import audio_folder  # noqa: PLC0415
    from assistant.keeping.kept_events import events_files  # noqa: PLC0415
    from assistant.keeping.memory import memory_file  # noqa: PLC0415
    from assistant.keeping.progress import usual_path  # noqa: PLC0415
    from assistant.reminders.store import reminders_file  # noqa: PLC0415
    from assistant.screen.doors import token_file  # noqa: PLC0415
    from assistant.screen.own_certificate import certificate_file  # noqa: PLC0415

    return [
        ("settings", settings_file()),
        ("routines of your own", folders.data() / "routines"),
        ("Vosk models", folders.data() / "models"),
        ("your diary", diary_file()),
        ("what is remembered of you", memory_file()),
        ("your reminders", reminders_file()),
        ("how far a routine is", usual_path()),
        ("events of the last sessions", events_files()[-1]),
        ("sound that --keep-audio keeps", audio_folder()),
        ("the key to the screen", token_file()),
        ("the screen's certificate", certificate_file()),
        ("can be made again: speech and graphs", folders.cache()),
    ]


def named(settings: Callable[[], Settings]) -> list[tuple[str, Path]]:
    """What the settings name that is not in any of these folders of itself; nothing where they are not valid."""
    try:
        mqtt = settings().mqtt
    except AssistantError:  # every command that needs them tells what is wrong
        return []
    if mqtt is None:
        return []
    files = [("the broker's password", mqtt.password_file), ("the broker's certificates", mqtt.ca_certificate)]
    return [(what, path) for what, path in files if path is not None]


def lines(settings: Callable[[], Settings]) -> list[str]:
    """All of it for a person, a line each."""
    found = [*places(), *named(settings)]
    width = max(len(what) for what, _ in found)
    there = [os.path.exists(path) for _, path in found]  # noqa: PTH110 - Path.exists raises for a name that is too long
    shown = [
        f"{what:{width}}  {path}{'' if is_there else '  (nothing yet)'}"
        for (what, path), is_there in zip(found, there, strict=True)
    ]
    return [*shown, "", f"{folders.HOME_VARIABLE}=FOLDER keeps all of it in a folder of yours."]


def in_short() -> str:
    """The same as a sentence for the help."""
    home = folders.data()
    return f"What is kept lies on this machine, most of it in {home}; stretch-assistant paths says where each thing is."
