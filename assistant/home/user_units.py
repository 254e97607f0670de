"""Units of systemd that belong to the user alone: what they hold, where they lie, and how systemd is told of them.

A unit of the system could reach neither the user's sound server nor their folders. Where systemd can't be reached, in a
container or on a machine without it, the file is written all the same, and the user is told what to type.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from assistant.errors import FileUnwritable
from assistant.home.folders import HOME_VARIABLE
from assistant.home.private_file import write_private
from assistant.home.settings import CONFIG_VARIABLE

SYSTEMCTL = ("systemctl", "--user")

_ANSWERS_WITHIN_S = 20.0


def unit_file(name: str) -> Path:
    """Where a unit of the user lies, for instance ``stretch-assistant.service``."""
    return platformdirs.user_config_path("systemd", appauthor=False) / "user" / name


def write_unit(name: str, text: str) -> Path:
    """Write a unit; one of that name that is there is replaced.

    Raises:
        FileUnwritable: The disk refuses it.
    """
    file = unit_file(name)
    try:
        write_private(file, text.encode("utf-8"))
    except OSError as error:
        raise FileUnwritable(
            f"The unit can't be written: {file}.", f"The disk says: {error.strerror}.", "Check that folder."
        ) from error
    except UnicodeEncodeError as error:
        raise FileUnwritable(
            f"The unit can't be written: {file}.",
            "The name of a folder that it should hold is not in UTF-8, and systemd takes no other.",
            "Give that folder another name.",
        ) from error
    return file


def remove_unit(name: str) -> bool:
    """Remove a unit.

    Returns:
        Whether there was one.

    Raises:
        FileUnwritable: The disk refuses it.
    """
    file = unit_file(name)
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise FileUnwritable(
            f"The unit can't be removed: {file}.", f"The disk says: {error.strerror}.", "Check that folder."
        ) from error
    return True


def systemctl(*arguments: str) -> str | None:
    """Tell the user's systemd something, or ask it.

    Returns:
        What it said; None if there is no systemd of the user's, or it refused.
    """
    if sys.platform != "linux" or shutil.which(SYSTEMCTL[0]) is None:
        return None
    try:
        done = subprocess.run(
            [*SYSTEMCTL, *arguments], check=False, capture_output=True, text=True, timeout=_ANSWERS_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def systemd_version() -> int:
    """The version of this machine's systemd; 0 where it can't be told."""
    found = re.match(r"systemd (\d+)", systemctl("--version") or "")
    return int(found.group(1)) if found else 0


def to_type(*arguments: str) -> str:
    """The same for the user to type."""
    return " ".join((*SYSTEMCTL, *arguments))


def command_line(arguments: Sequence[str]) -> str:
    """This very program with some arguments, as ``ExecStart=`` takes it."""
    return " ".join(_quoted(word) for word in (sys.executable, "-m", "assistant", *arguments))


def environment_lines() -> list[str]:
    """``Environment=`` of what says where the user's files are, as far as it is set now."""
    named = {name: os.environ.get(name) for name in (HOME_VARIABLE, CONFIG_VARIABLE)}
    there = {name: os.path.abspath(os.path.expanduser(value)) for name, value in named.items() if value}  # noqa: PTH100, PTH111
    return [f"Environment={_quoted(f'{name}={value}', dollar=False)}" for name, value in there.items()]


def _quoted(word: str, *, dollar: bool = True) -> str:
    """A word that systemd takes as it is, whatever is in it; ``$`` means something in commands only."""
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n")
    return f'"{word.replace("$", "$$") if dollar else word}"'
