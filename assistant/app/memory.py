"""The little that is remembered from one session to the next: the sore leg, and that the disclaimer was heard."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from assistant.app import folders
from assistant.dialogue.facts import DisclaimerHeard, Fact, SoreSide

_LARGEST_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known from before.

    Attributes:
        sore_side: The leg that hurts.
        disclaimer_heard: Whether it was said that this is general information.
    """

    sore_side: Literal["left", "right"] | None = None
    disclaimer_heard: bool = False


class Memory:
    """The file in which it is kept, for the user alone. A session never fails for want of it.

    Args:
        path: The file; None keeps nothing beyond this process.

    Attributes:
        known: What is known now.
        notice: What the user should be told: the file was damaged and set aside, or can't be read or written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.known, self.notice = (Remembered(), None) if path is None else load_remembered(path)

    def note(self, fact: Fact) -> None:
        """Keep a fact if it is of a kind that is remembered."""
        match fact:
            case SoreSide(side=side):
                self._keep(replace(self.known, sore_side=side))
            case DisclaimerHeard():
                self._keep(replace(self.known, disclaimer_heard=True))
            case _:
                pass

    def _keep(self, known: Remembered) -> None:
        if known == self.known:
            return
        self.known = known
        if self._path is not None:
            self.notice = save_remembered(known, self._path) or self.notice


def usual_memory() -> Memory:
    """The memory in the user's data folder."""
    return Memory(folders.data() / "remembered.json")


def load_remembered(path: Path) -> tuple[Remembered, str | None]:
    """Read what is known from before.

    Returns:
        What is known, nothing where there is no file; and a sentence for the user where something is wrong with it.
        A damaged file is set aside; one that can't be read stays where it is.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return Remembered(), None
    except OSError as error:
        return Remembered(), f"What was remembered can't be read: {path}: {error.strerror}."
    try:
        return _parse(content), None
    except (ValueError, RecursionError):
        return Remembered(), _set_aside(path)


def save_remembered(known: Remembered, path: Path) -> str | None:
    """Write it, all or nothing.

    Returns:
        A sentence for the user where it can't be written.
    """
    part: Path | None = None
    try:
        folders.make_private(path.parent)
        # Made for the user alone, and put in place as a whole: a power cut leaves the old file or the new one.
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=path.name, suffix=".part", delete=False, encoding="utf-8"
        ) as file:
            part = Path(file.name)
            json.dump(asdict(known), file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        if part is not None:
            with suppress(OSError):
                part.unlink()
        return f"It can't be remembered for the next time: {path}: {error.strerror}."
    return None


def _parse(content: bytes) -> Remembered:
    """What a file says; keys that are missing or not known come from another version, and do no harm.

    Raises:
        ValueError: It is damaged.
    """
    if len(content) > _LARGEST_BYTES:
        raise ValueError("too long")
    data = json.loads(content)
    if not isinstance(data, dict):
        raise ValueError("not an object")
    side, heard = data.get("sore_side"), data.get("disclaimer_heard", False)
    if side not in (None, "left", "right") or not isinstance(heard, bool):  # a set would need it hashable
        raise ValueError("values out of range")
    return Remembered(side, heard)


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged-{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        path.replace(aside)
    except OSError as error:
        return f"What was remembered is damaged, and can't be set aside: {path}: {error.strerror}."
    return f"What was remembered could not be read; it was set aside as {aside}."
