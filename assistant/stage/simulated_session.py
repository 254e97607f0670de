"""A whole session under the simulated sound card, as fast as the processor allows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.simulated import SimulatedCard
from assistant.errors import ScriptInvalid
from assistant.hearing.front_end.front_end import DeafFrontEnd, FrontEnd
from assistant.loop.builder import Assembled
from assistant.loop.typed import LONGEST_LINE
from intents.reading import read_at_most

LISTEN_ON_S = 1.5
"""How long it listens on after the last sound: an utterance at the very end must still reach its endpoint."""

LONGEST_SESSION_S = 8 * 3600.0


@dataclass(frozen=True, slots=True)
class Cue:
    """Words said at a time, in seconds on the sample clock."""

    at: float
    words: str


class SimulatedSession:
    """Drives a conversation on a simulated card.

    Args:
        parts: The conversation and its mixer.
        card: The card; its microphone's source says what is spoken.
        front_end: Hears the microphone; None where words come as text only.
        script: Words that are taken as heard, in order of time; taken out as they are, and more may be put in.
        pace: Called before each block of time with the clock; whoever waits in it lets time pass as it really does.
        longest_s: When it ends, whatever is waited for.
    """

    def __init__(
        self,
        parts: Assembled,
        card: SimulatedCard,
        front_end: FrontEnd | None = None,
        script: list[Cue] | None = None,
        pace: Callable[[float], None] = lambda _: None,
        longest_s: float = LONGEST_SESSION_S,
    ) -> None:
        self._conversation = parts.conversation
        self._mixer = parts.mixer
        self._card = card
        self._front_end = front_end or DeafFrontEnd()
        self._script = [] if script is None else script
        self._pace = pace
        self._longest_s = longest_s

    def run(self) -> None:
        """Go on until the assistant was switched off, or all was said and it waits for somebody to speak."""
        conversation = self._conversation
        self.start()
        quiet_blocks = 0
        enough = math.ceil(LISTEN_ON_S * RATE / BLOCK)
        while not conversation.finished and quiet_blocks < enough and conversation.now < self._longest_s:
            self.step()
            over = self._card.microphone.exhausted and not self._script and conversation.waits
            quiet_blocks = quiet_blocks + 1 if over else 0
            if quiet_blocks == enough:
                self._front_end.listen_for(conversation.sentences)
                for utterance in self._front_end.flush():
                    conversation.hear(utterance)
                    quiet_blocks = 0
        self._card.close()

    def start(self) -> None:
        """Open the card and greet."""
        self._card.open(self._mixer.render, self._hear)
        self._conversation.start()

    def step(self) -> None:
        """One block of time."""
        conversation = self._conversation
        self._pace(conversation.now)
        while self._script and self._script[0].at <= conversation.now:
            conversation.hear_text(self._script.pop(0).words)
        self._card.advance()
        conversation.advance()

    def _hear(self, block: Samples, sounding: float) -> None:
        self._front_end.listen_for(self._conversation.sentences)
        for utterance in self._front_end.accept(block, sounding):
            self._conversation.hear(utterance)


_LARGEST_SCRIPT_BYTES = 1 << 20


def read_script(path: Path) -> tuple[Cue, ...]:
    """Read a script: lines ``SECONDS words``; empty lines and those that begin with ``#`` are left out.

    Raises:
        ScriptInvalid: The file can't be read, or a line is not of this form, or times go backwards.
    """
    try:
        text = read_at_most(path, _LARGEST_SCRIPT_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "It is not plain text in UTF-8"
        raise ScriptInvalid(f"The script {path} can't be read.", f"{why}.", "Name a text file.") from error
    cues: list[Cue] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        cues.append(_cue(path, number, stripped[:LONGEST_LINE]))
        if len(cues) > 1 and cues[-1].at < cues[-2].at:
            raise ScriptInvalid(
                f"The script {path} is not valid: line {number}.",
                f"Its time, {cues[-1].at:g} s, is earlier than that of the line before, {cues[-2].at:g} s.",
                "Put the lines in the order of their times.",
            )
    return tuple(cues)


def _cue(path: Path, number: int, line: str) -> Cue:
    time, _, words = line.partition(" ")
    try:
        at = float(time)
    except ValueError:
        at = math.nan
    if not (0.0 <= at <= LONGEST_SESSION_S) or not words.strip():
        raise ScriptInvalid(
            f"The script {path} is not valid: line {number}.",
            f"Found {line[:60]!r}.",
            "Expected seconds from the beginning, a space, and the words: 12.5 start sciatic stretch",
        )
    return Cue(at, words.strip())
