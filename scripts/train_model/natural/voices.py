"""Which of Kokoro's voices speak, alone and in blends, and which are kept for judging.

A voice's name begins with its language and its sex: ``af_bella`` is an American woman, ``jm_kumo`` a Japanese man,
who speaks English with an accent.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from scripts.train_model.natural.downloads import Style

HELD_OUT = frozenset(
    {
        "af_bella", "af_nova", "am_fenrir", "am_puck", "bf_lily", "bm_daniel",
        "hf_beta", "jm_kumo", "zf_xiaoyi", "im_nicola", "em_alex",
    }
)  # fmt: skip
"""Never trained on nor tuned on, alone or in a blend: what the model does with these is what is measured."""

_NATIVE = "ab"  # American and British
_NATIVE_SHARE = 0.65
_BLENDED_SHARE = 0.55
_WEIGHTS = (0.3, 0.7)
_SPEEDS = (0.8, 1.2)


@dataclass(frozen=True)
class Speaker:
    """A voice, or two voices blended into a new one.

    Attributes:
        parts: The voices' names with their shares, which add up to 1.
        speed: Relative to the voice's own pace.
    """

    parts: tuple[tuple[str, float], ...]
    speed: float = 1.0

    @property
    def name(self) -> str:
        """The names joined by ``+``: a blend of the same two counts as one speaker, whatever their shares."""
        return "+".join(name for name, _ in self.parts)

    @property
    def native(self) -> bool:
        """Whether the (first) voice was made from a native speaker's recordings."""
        return is_native(self.parts[0][0])

    @property
    def language(self) -> str:
        """The variety of English that the text's sounds are taken from."""
        return "en-gb" if self.parts[0][0].startswith("b") else "en-us"

    def style(self, voices: Mapping[str, Style]) -> Style:
        """The weighted sum of the voices; shape (510, 1, 256)."""
        return np.asarray(sum(share * voices[name] for name, share in self.parts), np.float32)


def is_native(voice: str) -> bool:
    """Whether a voice is American or British."""
    return voice[0] in _NATIVE


def to_train_on(voices: Iterable[str]) -> list[str]:
    """The voices that may speak for training, sorted."""
    return sorted(set(voices) - HELD_OUT)


def drawn_speaker(voices: Iterable[str], chance: random.Random) -> Speaker:
    """Somebody who may be trained on: about two thirds native, about half of all a blend.

    A foreign voice is blended with a native one as often as with a foreign one: that gives weaker accents.
    """
    allowed = to_train_on(voices)
    native = [voice for voice in allowed if is_native(voice)]
    foreign = [voice for voice in allowed if not is_native(voice)]
    pool = native if chance.random() < _NATIVE_SHARE or not foreign else foreign
    first = chance.choice(pool)
    speed = chance.uniform(*_SPEEDS)
    others = [voice for voice in (pool if chance.random() < 0.5 else native) if voice != first]
    if chance.random() >= _BLENDED_SHARE or not others:
        return Speaker(((first, 1.0),), speed)
    share = chance.uniform(*_WEIGHTS)
    return Speaker(((first, share), (chance.choice(others), 1.0 - share)), speed)
