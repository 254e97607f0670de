"""The little that is remembered from one session to the next: the sore leg, and that the disclaimer was heard."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from assistant.app import folders
from assistant.dialogue.facts import DisclaimerHeard, Fact, SoreSide


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
    """The file in which it is kept, for the user alone; a damaged one is set aside.

    Args:
        path: The file; None keeps nothing beyond this process.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.notice: str | None = None
        self.known = self._load()

    def note(self, fact: Fact) -> None:
        """Keep a fact if it is of a kind that is remembered."""
        match fact:
            case SoreSide(side=side):
                self._keep(replace(self.known, sore_side=side))
            case DisclaimerHeard():
                self._keep(replace(self.known, disclaimer_heard=True))
            case _:
                pass

    def _load(self) -> Remembered:
        if self._path is None or not self._path.exists():
            return Remembered()
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            side, heard = data["sore_side"], data["disclaimer_heard"]
            if side not in {None, "left", "right"} or not isinstance(heard, bool):
                raise ValueError("values out of range")
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            self._set_aside(self._path)
            return Remembered()
        return Remembered(side, heard)

    def _set_aside(self, path: Path) -> None:
        aside = path.with_suffix(".damaged")
        try:
            path.replace(aside)
            self.notice = f"What was remembered could not be read; it was set aside as {aside}."
        except OSError:
            self.notice = f"What was remembered can't be read: {path}."

    def _keep(self, known: Remembered) -> None:
        self.known = known
        if self._path is None:
            return
        try:
            folders.make_private(self._path.parent)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._path.parent, suffix=".part", delete=False, encoding="utf-8"
            ) as file:
                json.dump(asdict(known), file)
            os.replace(file.name, self._path)  # noqa: PTH105
        except OSError as error:
            self.notice = f"It can't be remembered for the next time: {error.strerror or error}."


def usual_memory() -> Memory:
    """The memory in the user's data folder."""
    return Memory(folders.data() / "remembered.json")
