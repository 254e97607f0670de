"""One of libvosk's recognisers, on the clock of the stream that it is fed from."""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import vosk

from assistant.audio.formats import RATE, Samples
from assistant.errors import ModelCorrupt
from assistant.hearing.recogniser import Hypothesis, Word
from assistant.hearing.vosk_model.load_check import Folder
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD

_ERRORS_ONLY = -2  # at -1 libvosk still writes its warnings into the terminal
_NO_NUMBER = re.compile(r"(?<=[:])\s*-?(?:nan|inf)\b")


def load_model(folder: Path) -> Any:
    """Load a model that has been checked; gives ``vosk.Model``."""
    vosk.SetLogLevel(_ERRORS_ONLY)
    with translated(folder):
        return vosk.Model(Folder(folder))


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Make `ModelCorrupt` of what libvosk's binding raises."""
    try:
        yield
    except Exception as error:  # libvosk's binding raises nothing narrower
        raise ModelCorrupt(
            f"The model in {folder} can't be used.", f"libvosk says: {error}.", "Unpack the model anew."
        ) from error


class Decoder:
    """One of libvosk's recognisers, with its words on the stream's clock.

    Args:
        make: Makes one; gives ``vosk.KaldiRecognizer``.
        alternatives: How many things an utterance may have been at most. With 1 the probability is Vosk's own
            confidence in the words, the least of them; else it is a share of all of these together.
    """

    def __init__(self, make: Callable[[], Any], alternatives: int = 1) -> None:
        self._make = make
        self._alternatives = alternatives
        self._recogniser = self._made()
        self._fed = 0
        self._offset_s = 0.0
        self._in_utterance = False
        self._rests = False
        self._refreshing = threading.Lock()

    def by_itself(self, sound: Samples) -> list[Hypothesis]:
        """What a stretch of sound may be that nothing was before; what is in progress goes on as if this hadn't been.

        Returns:
            The likeliest first, in seconds from its beginning; silence is one without words.
        """
        recogniser = self._made()  # takes 4 ms
        recogniser.AcceptWaveform(sound.astype("<i2", copy=False).tobytes())
        return _shared(_read(recogniser.FinalResult()).get("alternatives", []), 0.0)

    def _made(self) -> Any:
        recogniser = self._make()
        recogniser.SetWords(True)
        if self._alternatives > 1:
            recogniser.SetMaxAlternatives(self._alternatives)
        return recogniser

    def begin(self, position: int) -> None:
        """The next sample fed is this one of the stream."""
        self.refresh()
        self._offset_s = (position - self._fed) / RATE

    def feed(self, sound: Samples) -> bool:
        """Decode; whether the utterance has ended."""
        self._fed += len(sound)
        self._in_utterance = True
        return bool(self._recogniser.AcceptWaveform(sound.astype("<i2", copy=False).tobytes()))

    def partial(self) -> list[str]:
        """The words of the utterance so far."""
        words: list[str] = json.loads(self._recogniser.PartialResult()).get("partial", "").split()
        return words

    def end(self) -> list[Hypothesis]:
        """What the utterance that has ended may have been, the likeliest first; nothing if it was silence."""
        self._in_utterance = False
        return hypotheses(self._recogniser.Result(), self._offset_s)

    def finish(self) -> list[Hypothesis]:
        """The same of the utterance in progress; what follows is decoded as if nothing had been before."""
        if self._fed and not self._in_utterance:
            # libvosk only forgets what it has in hand at the end of an utterance, so there must be one.
            self._recogniser.AcceptWaveform(bytes(2))
            self._fed += 1
            self._offset_s -= 1 / RATE
        self._in_utterance = False
        return hypotheses(self._recogniser.FinalResult(), self._offset_s)

    def rest(self) -> None:
        """Another decoder goes on. The utterance in progress is dropped when this one begins again, or before."""
        self._rests = self._fed > 0

    def refresh(self) -> None:
        """Drop what was in progress when this one came to rest; takes a few ms, from any thread."""
        with self._refreshing:
            if self._rests:
                self._rests = False
                self.finish()


def hypotheses(result: str, offset_s: float) -> list[Hypothesis]:
    """What one of libvosk's results says, which may hold numbers that are none.

    Args:
        result: As libvosk gives it, with alternatives or without.
        offset_s: What its times are short of the stream's clock.

    Returns:
        The likeliest first, the unknown word among their words; nothing where the likeliest has none at all.
    """
    found = _read(result)
    if "alternatives" not in found:
        words = found.get("result", [])
        return [_hypothesis(words, min(word["conf"] for word in words), offset_s)] if words else []
    shared = _shared(found["alternatives"], offset_s)
    return shared if shared[0].words else []


def _read(result: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_NO_NUMBER.sub(" 0", result))
    return found


def _shared(alternatives: Iterable[Mapping[str, Any]], offset_s: float) -> list[Hypothesis]:
    """Each has the logarithm of its likelihood; what is left out of the lattice has none of the probability."""
    by_likelihood = sorted(alternatives, key=lambda alternative: -alternative["confidence"])
    shares = [math.exp(one["confidence"] - by_likelihood[0]["confidence"]) for one in by_likelihood]
    return [
        replace(_hypothesis(one.get("result", []), share / sum(shares), offset_s), log_likelihood=one["confidence"])
        for one, share in zip(by_likelihood, shares, strict=True)
    ]


def _hypothesis(words: Sequence[Mapping[str, Any]], probability: float, offset_s: float) -> Hypothesis:
    heard = tuple(
        Word(word["word"], word["start"] + offset_s, word["end"] + offset_s, _share(word.get("conf", probability)))
        for word in words
    )
    return Hypothesis(heard, _share(probability), all(word.text != UNKNOWN_WORD for word in heard))


def _share(number: float) -> float:
    return min(1.0, max(0.0, number))
