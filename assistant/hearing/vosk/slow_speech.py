"""Slow speech: what began like a sentence and ended in a pause is tried as one with what follows.

"Start … lower back", with a second in between, ends in an endpoint after "start". Its sound is kept for a moment; what
is said next, if that is no sentence, is decoded once more behind it, with a short pause instead of the long one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.formats import RATE, Samples
from assistant.hearing.recogniser import Final, Hypothesis

WITHIN_S = 1.5
"""What begins later than this after the last word belongs to another sentence."""

KNOWN_AFTER_S = 0.5
"""How much later it is known whether a word has begun within that time."""

LONGEST_PIECE_S = 2.0
"""A longer stretch of speech without a pause is no beginning of a sentence that is said slowly."""

PIECES_AT_MOST = 3

_MARGIN_S = 0.15  # what is left of the pause on both sides


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence, or parts of it in a row.

    Attributes:
        sound: Its sound, with a little silence around it.
        start_s: Where its first word begins, in seconds on the stream clock.
        end_s: Where its last word ends.
        number: How many parts it is made of.
    """

    sound: Samples
    start_s: float
    end_s: float
    number: int = 1

    def then(self, other: Piece) -> Piece | None:
        """Both as one; None where they don't belong together."""
        number = self.number + other.number
        if other.start_s - self.end_s > WITHIN_S or number > PIECES_AT_MOST:
            return None
        return Piece(np.concatenate([self.sound, other.sound]), self.start_s, other.end_s, number)


@dataclass(frozen=True, slots=True)
class Kept:
    """The beginning of a sentence, and the final that its caller gets if nothing follows."""

    piece: Piece
    final: Final


def piece_of(heard: Hypothesis, sound: Sequence[Samples], begins: int) -> Piece | None:
    """The speech in an utterance; None where it is too long.

    Args:
        heard: What it may have been, with all its words.
        sound: The utterance's sound.
        begins: The place of its first sample in the stream.
    """
    start_s, end_s = heard.words[0].start_s, heard.words[-1].end_s
    if end_s - start_s > LONGEST_PIECE_S:
        return None
    whole = np.concatenate(sound)
    first, last = (round(at * RATE) - begins for at in (start_s - _MARGIN_S, end_s + _MARGIN_S))
    return Piece(whole[max(0, first) : max(0, last)], start_s, end_s)
