"""One of libvosk's recognisers, on the clock of the stream that it is fed from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vosk

from assistant.audio.formats import RATE, Samples
from assistant.errors import ModelCorrupt
from assistant.hearing.recogniser import Word

_ERRORS_ONLY = -2  # at -1 libvosk still writes its warnings into the terminal
_NO_NUMBER = re.compile(r"(?<=[:])\s*-?(?:nan|inf)\b")


def load_model(folder: Path) -> Any:
    """Load a model that has been checked; gives ``vosk.Model``."""
    vosk.SetLogLevel(_ERRORS_ONLY)
    with translated(folder):
        return vosk.Model(str(folder))


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
    """One of libvosk's recognisers, with its words on the stream's clock."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._recogniser.SetWords(True)
        self._fed = 0
        self._offset_s = 0.0
        self._in_utterance = False

    def begin(self, position: int) -> None:
        """The next sample fed is this one of the stream."""
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

    def end(self) -> list[Word]:
        """The words of the utterance that has ended."""
        self._in_utterance = False
        return timed_words(self._recogniser.Result(), self._offset_s)

    def finish(self) -> list[Word]:
        """The words of the utterance in progress; what follows is decoded as if nothing had been before."""
        if self._fed and not self._in_utterance:
            # libvosk only forgets what it has in hand at the end of an utterance, so there must be one.
            self._recogniser.AcceptWaveform(bytes(2))
            self._fed += 1
            self._offset_s -= 1 / RATE
        self._in_utterance = False
        return timed_words(self._recogniser.FinalResult(), self._offset_s)

    def rest(self) -> None:
        """Another decoder goes on; drop the utterance in progress."""
        if self._fed:
            self.finish()


def timed_words(result: str, offset_s: float) -> list[Word]:
    """The words of one of libvosk's results, which may hold numbers that are none."""
    found = json.loads(_NO_NUMBER.sub(" 0", result)).get("result", [])
    return [
        Word(word["word"], word["start"] + offset_s, word["end"] + offset_s, min(1.0, max(0.0, word["conf"])))
        for word in found
    ]
