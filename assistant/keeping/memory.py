"""What is remembered from one session to the next.

The sore leg, the answers about health, what leg and physiotherapist said of exercises, and which were met before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path

from pydantic import TypeAdapter

from assistant.dialogue.facts import (
    Fact,
)
from assistant.home import folders
from assistant.home.private_file import write_private
from assistant.keeping.progress import FactNumber
from assistant.keeping.remembered import Remembered, with_fact
from intents.reading import opened

_LARGEST_BYTES = 64 << 10


_ADAPTER = TypeAdapter(Remembered)


class Memory:
    """The file in which it is kept, for the user alone. A session never fails for want of it.

    Args:
        path: The file; None keeps nothing beyond this process.
        today: The user's local day.

    Attributes:
        known: What is known now.
        notice: What the user should be told: the file was damaged and set aside, or can't be read or written.
        tell: Called with a sentence for the user, once, when it can no longer be written.
    """

    def __init__(self, path: Path | None, today: Callable[[], date] = date.today) -> None:
        self._path = path
        self.today = today
        self.tell: Callable[[str], None] = lambda _: None
        self.known, self.notice = (Remembered(), None) if path is None else load_remembered(path)

    def note(self, fact: Fact, number: FactNumber | None = None) -> None:
        """Keep a fact if it is of a kind that is remembered.

        Args:
            fact: The fact.
            number: What it is known by: one that was kept before is ignored.
        """
        known = self.known
        if number is not None and number.run == known.run and number.number <= known.noted:
            return
        then = with_fact(known, fact, self.today())
        if number is not None and then != known:
            then = replace(then, run=number.run, noted=number.number)
        self._keep(then)

    def _keep(self, known: Remembered) -> None:
        if known == self.known:
            return
        self.known = known
        if self._path is not None:
            refused = save_remembered(known, self._path)
            if refused and refused != self.notice:
                self.tell(refused)
            self.notice = refused or self.notice


def usual_memory(today: Callable[[], date] = date.today) -> Memory:
    """The memory in the user's data folder.

    Args:
        today: The user's local day.
    """
    return Memory(memory_file(), today)


def memory_file() -> Path:
    """Where it is kept."""
    return folders.data() / "remembered.json"


def forget_all() -> int:
    """Delete what is remembered, with what was set aside of it.

    Returns:
        How many files there were.

    Raises:
        OSError: One can't be deleted.
    """
    path = memory_file()
    found = [file for file in (path, *path.parent.glob(f"{path.name}*")) if file.is_file()]
    for file in found:
        file.unlink(missing_ok=True)
    return len(set(found))


def load_remembered(path: Path) -> tuple[Remembered, str | None]:
    """Read what is known from before.

    Returns:
        What is known, nothing where there is no file; and a sentence for the user where something is wrong with it.
        A damaged file is set aside; one that can't be read stays where it is.
    """
    try:
        with opened(path) as file:
            content = file.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return Remembered(), None
    except OSError as error:
        return Remembered(), f"What was remembered can't be read: {path}: {error.strerror}."
    try:
        return _parse(content), None
    except ValueError:
        return Remembered(), _set_aside(path)


def save_remembered(known: Remembered, path: Path) -> str | None:
    """Write it, all or nothing.

    Returns:
        A sentence for the user where it can't be written.
    """
    try:
        write_private(path, json.dumps(asdict(known), default=date.isoformat).encode())
    except OSError as error:
        return f"It can't be remembered for the next time: {path}: {error.strerror}."
    return None


def _parse(content: bytes) -> Remembered:
    """What a file says; keys that are missing or not known come from another version, and do no harm.

    Raises:
        ValueError: It is damaged.
    """
    if len(content) > _LARGEST_BYTES:
        raise ValueError("too long")
    return _ADAPTER.validate_json(content, strict=True)


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged-{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        path.replace(aside)
    except OSError as error:
        return f"What was remembered is damaged, and can't be set aside: {path}: {error.strerror}."
    return f"What was remembered could not be read; it was set aside as {aside}."
