"""Slow speech: what began like a sentence and ended in a pause is tried as one with what follows.

"Start … lower back", with a second in between, ends in an endpoint after "start". Its sound is kept for a moment; what
is said next, if that is no sentence, is decoded once more behind it, with a short pause instead of the long one. A
sentence that may say more ("ten more … seconds", "three … or four") is kept likewise, for a shorter time: who waits for
its answer has said it all already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.formats import RATE, Samples
from assistant.hearing.recogniser import Final, Hypothesis

WITHIN_S = 1.5
"""What begins later than this after the last word belongs to another sentence."""

SAYS_MORE_WITHIN_S = 1.0
"""The same after what is a sentence already, and may say more."""

KNOWN_AFTER_S = 0.5
"""How much later it is known whether a word has begun within that time."""

ONE_WORD_S = 0.8
"""What is no longer than this, between pauses, is a word or two: it may begin a sentence though it sounds like none."""

STIRS_DB = -8.0
"""Sound that is no more than so much softer than the piece before it may be the next piece."""

STIRS_FOR_S = 0.3
"""While something has stirred within this time, it may still be said."""

LONGEST_WORD_S = 1.0
"""After so long without a word, what stirs is none."""

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
    """The beginning of a sentence, and the final that its caller gets if nothing follows.

    Attributes:
        piece: It.
        final: Its final.
        whole: Whether it is a sentence already.
    """

    piece: Piece
    final: Final
    whole: bool

    def waits_at(self, now_s: float, latest: Sequence[Samples]) -> bool:
        """Whether what is said now may still belong to it.

        Args:
            now_s: The time on the stream clock.
            latest: The sound of the last `STIRS_FOR_S`, in pieces.
        """
        after_s = now_s - self.piece.end_s
        if not self.whole:
            return after_s <= WITHIN_S + KNOWN_AFTER_S
        if after_s <= SAYS_MORE_WITHIN_S:
            return True
        loud = _power(self.piece.sound) * 10 ** (STIRS_DB / 10)
        return after_s <= SAYS_MORE_WITHIN_S + LONGEST_WORD_S and any(_power(sound) > loud for sound in latest)


def _power(sound: Samples) -> float:
    return float(np.mean(np.square(sound, dtype=np.float32))) if len(sound) else 0.0


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
    return Piece(speech_in(sound, begins, start_s - _MARGIN_S, end_s + _MARGIN_S), start_s, end_s)


def speech_in(sound: Sequence[Samples], begins: int, start_s: float, end_s: float) -> Samples:
    """A stretch of an utterance's sound, as far as it was kept.

    Args:
        sound: The utterance's sound.
        begins: The place of its first sample in the stream.
        start_s: Where the stretch begins, in seconds on the stream clock.
        end_s: Where it ends.
    """
    first, last = (max(0, round(at * RATE) - begins) for at in (start_s, end_s))
    return np.concatenate(sound)[first:last]
