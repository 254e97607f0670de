"""Telling the assistant's own voice from the user's, where the room brings it back to the microphone.

What is being said is known, word by word and when. An utterance whose words were spoken by the assistant at just
that time is its echo. A moment later the same words are the user's: a way to stop must survive everything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from assistant.hearing.listener import Utterance
from intents.letters import is_word, plain, runs

SLACK_S = 0.8
"""How far a word may lie from where it is expected: the voice doesn't read evenly, and sound takes its time."""

REMEMBERED_LINES = 12


OWN_VOICE = "own voice"
"""Why an utterance is rejected that was the assistant's own."""

Whose: TypeAlias = Literal["somebody", "assistant", "unknown"]
"""Whose voice the sound is known to be: not the assistant's, or nobody else's."""


@dataclass(frozen=True, slots=True)
class _SpokenLine:
    words: tuple[str, ...]
    starts_s: tuple[float, ...]
    end_s: float


class OwnVoice:
    """Remembers the lines spoken last, with the time of every word, and decides what was heard of them.

    Lines come from the thread that speaks, utterances from the one that hears.
    """

    def __init__(self) -> None:
        self._lines: tuple[_SpokenLine, ...] = ()  # replaced, never changed: another thread reads it

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
        starts_s = tuple(start_s + at * scale for at, _ in words)
        line = _SpokenLine(tuple(piece for _, piece in words), starts_s, start_s + length_s)
        self._lines = (*self._lines, line)[-REMEMBERED_LINES:]

    def judge(self, utterance: Utterance, whose: Whose = "unknown") -> Utterance:
        """The utterance, or the same rejected as ``own voice``.

        Args:
            utterance: What was heard, on the session's clock.
            whose: What the sound tells. Words that were just being said are the assistant's unless somebody else is
                known to have spoken; other words that came from the loudspeaker alone are at least no command.
        """
        echoes = whose != "somebody" and self.explains(utterance.text, utterance.start_s)
        if echoes or (whose == "assistant" and utterance.command is not None):
            return replace(utterance, command=None, rejected=OWN_VOICE)
        return replace(utterance, hint=None, near=False) if whose == "assistant" else utterance

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
