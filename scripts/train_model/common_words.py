"""The words that people say most, from the language model that comes with PocketSphinx; see `COMMON_WORDS`."""

from __future__ import annotations

import math
import re

from assistant.hearing.dictionary import cmudict

COUNT = 6_000
_LOG_BASE = 1.0001  # of PocketSphinx's logarithms, unless it is told another
_WORD = re.compile(r"[a-z][a-z']+|[ai]")


def common_words_text(count: int = COUNT) -> str:
    """The text of a model's ``common-words.txt``: a word and its probability's natural logarithm a line."""
    import pocketsphinx  # noqa: PLC0415 - an extra

    model = pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))
    listed = cmudict().path.read_text("utf-8").splitlines()
    words = {line.split()[0] for line in listed}
    scored = [(model.prob([word]) * math.log(_LOG_BASE), word) for word in words if _WORD.fullmatch(word)]
    likeliest = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:count]
    return "".join(f"{word} {log_prob:.2f}\n" for log_prob, word in likeliest)
