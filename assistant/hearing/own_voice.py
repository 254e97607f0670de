"""Telling the assistant's own voice from the user's, where the room brings it back to the microphone.

What is being said is known, word by word and when. An utterance whose words were spoken by the assistant at just
that time is its echo. A moment later the same words are the user's: a way to stop must survive everything.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from intents.letters import is_word, plain, runs

SLACK_S = 0.8
"""How far a word may lie from where it is expected: the voice doesn't read evenly, and sound takes its time."""

REMEMBERED_LINES = 12


@dataclass(frozen=True, slots=True)
class _SpokenLine:
    words: tuple[str, ...]
    starts_s: tuple[float, ...]
    end_s: float


class OwnVoice:
    """Remembers the lines spoken last, with the time of every word."""

    def __init__(self) -> None:
        self._lines: deque[_SpokenLine] = deque(maxlen=REMEMBERED_LINES)

    def say(self, text: str, start_s: float, length_s: float) -> None:
        """A line begins.

        Args:
            text: Its words.
            start_s: When its first sample is played, in seconds on the session's clock.
            length_s: How long it lasts if it isn't cut.
        """
        text = plain(text)
        words = [(at, piece) for at, piece in runs(text) if is_word(piece) or piece.isdecimal()]
        scale = length_s / max(1, len(text))
        self._lines.append(
            _SpokenLine(
                tuple(word for _, word in words),
                tuple(start_s + at * scale for at, _ in words),
                start_s + length_s,
            )
        )

    def explains(self, text: str, start_s: float) -> bool:
        """Whether these words, heard from that time on, are an echo of what was said.

        Args:
            text: The words heard.
            start_s: When the first of them began, in seconds on the session's clock.
        """
        heard = tuple(text.split())
        if not heard:
            return False
        return any(
            line.words[at : at + len(heard)] == heard and abs(line.starts_s[at] - start_s) <= SLACK_S
            for line in self._lines
            for at in range(len(line.words) - len(heard) + 1)
        )
