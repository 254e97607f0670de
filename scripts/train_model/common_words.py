"""What people say, from the language model that comes with PocketSphinx: common words, and which follow which."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from assistant.hearing.dictionary import cmudict
from assistant.hearing.vosk_model import END, START, WordPairs

COUNT = 6_000
_LOG_BASE = 1.0001  # of PocketSphinx's logarithms, unless it is told another
_UNHEARD_OF = 100.0
_WORD = re.compile(r"[a-z][a-z']+|[ai]")


UNKNOWN_COST = 9.0
"""What a word costs that is none of those known, beside its phones."""

LEAST_GAIN = 1.5e-6
"""A pair of words is told of if it makes as much of a difference to a word's average cost, in nats."""


def common_words_text(count: int = COUNT) -> str:
    """The text of a model's ``common-words.txt``: a word and its probability's natural logarithm a line."""
    cost = _Costs()
    listed = cmudict().path.read_text("utf-8").splitlines()
    words = {line.split()[0] for line in listed}
    scored = [(cost(word), word) for word in words if _WORD.fullmatch(word)]
    likeliest = sorted(scored)[:count]
    return "".join(f"{word} {-log_prob:.2f}\n" for log_prob, word in likeliest)


def word_pairs(words: Iterable[str], least_gain: float = LEAST_GAIN) -> WordPairs:
    """Which of these words follow each other; takes a minute for several thousand.

    Args:
        words: Those that may be heard.
        least_gain: See `LEAST_GAIN`; the smaller, the more pairs.
    """
    cost = _Costs()
    known = [*sorted(word for word in words if cost.knows(word)), END]
    alone = np.array([cost(word) for word in known])
    pairs: dict[str, dict[str, float]] = {}
    otherwise: dict[str, float] = {}
    for word in [START, *known[:-1]]:
        after = np.array([cost(second, word) for second in known])
        # Nearly all pairs were never seen: they cost what the second word does, and what the first one sets for all.
        backing_off = float(np.median(after - alone))
        usualness = math.exp(-cost(word)) if word != START else math.exp(-cost(END))
        gain = usualness * np.exp(-after) * (alone + backing_off - after)
        if (kept := np.flatnonzero(gain > least_gain)).size:
            pairs[word] = {known[place]: float(after[place]) for place in kept}
            otherwise[word] = backing_off
    return WordPairs(dict(zip(known, alone.tolist(), strict=True)), pairs, otherwise, UNKNOWN_COST)


class _Costs:
    """Negative natural logarithms of the probabilities of words, alone or after another one."""

    def __init__(self) -> None:
        import pocketsphinx  # noqa: PLC0415 - an extra

        self._model: Any = pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))

    def __call__(self, *latest_first: str) -> float:
        return -float(self._model.prob(list(latest_first)) * math.log(_LOG_BASE))

    def knows(self, word: str) -> bool:
        return self(word) < _UNHEARD_OF
