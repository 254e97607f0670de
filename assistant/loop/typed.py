"""What is typed, comes through a pipe, or is asked from elsewhere: lines in their order, but for what can't wait.

Lines of a script are all there at once, and each waits until the assistant has spoken. What comes by itself later and
must be quick (stop, pause, what hurts, a sign) waits for nothing, and what waited before it is no longer wanted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import IO

from assistant.dialogue.state.session import Session
from intents import Command

LONGEST_LINE = 2_000
"""Characters; what a line holds beyond is left out."""

AT_ONCE_S = 0.2
"""Lines that follow each other so quickly were not typed one by one: they are a script."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line from the keyboard or a pipe, or (None) its end.

    Attributes:
        text: The line.
        alone: Whether it came by itself, and not right after the one before.
    """

    text: str | None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of words that were asked from elsewhere.

    Attributes:
        command: What they mean; None: nothing, but a word that can't wait is among them.
        before: The session to which they were said.
        after: The session that came of it; what it says now is in its ``speaking``.
    """

    command: Command | None
    before: Session
    after: Session


@dataclass(frozen=True, slots=True)
class Asked:
    """Words from elsewhere in the house, where somebody waits for what becomes of them.

    Attributes:
        text: The words.
        answer: Is told; None: they are no command now, and nothing has happened.
    """

    text: str
    answer: Future[Answered | None]


def read_typed(keyboard: IO[str], put: Callable[[Typed], object], clock: Callable[[], float] = time.monotonic) -> None:
    """Read lines until there are no more.

    Args:
        keyboard: Where they come from.
        put: Takes each of them, and in the end that there are no more.
        clock: Seconds.
    """
    last = clock()
    try:
        for text in _lines(keyboard):
            now = clock()
            put(Typed(text, alone=now - last > AT_ONCE_S))
            last = now
    except (OSError, ValueError) as error:  # closed, or a folder
        print(f"The keyboard can no longer be read: {error}", file=sys.stderr)
    put(Typed(None))


def _lines(keyboard: IO[str]) -> Iterator[str]:
    while text := keyboard.readline(LONGEST_LINE):
        yield text
        while not text.endswith("\n") and text:
            text = keyboard.readline(LONGEST_LINE)


class WaitingLines:
    """Lines that were typed and not taken yet.

    Args:
        is_urgent: Whether a line can't wait.
        pass_over: Told of each line that is no longer wanted.
    """

    def __init__(self, is_urgent: Callable[[str], bool], pass_over: Callable[[str], object]) -> None:
        self._is_urgent = is_urgent
        self._pass_over = pass_over
        self._waiting: list[str] = []
        self._urgent = 0  # so many of them, the first ones, can't wait

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, line: Typed) -> None:
        """One more."""
        text = line.text or ""
        if not text.strip():
            return
        if line.alone and self._is_urgent(text):
            for overtaken in self._waiting[self._urgent :]:
                self._pass_over(overtaken)
            del self._waiting[self._urgent :]
            self._urgent += 1
        self._waiting.append(text)

    def take(self, *, patient: bool) -> str | None:
        """The next one, if there is one.

        Args:
            patient: Whether only what can't wait is taken now.
        """
        if not self._waiting or (patient and not self._urgent):
            return None
        self._urgent = max(0, self._urgent - 1)
        return self._waiting.pop(0)
