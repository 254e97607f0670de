"""What is made of recordings: each utterance with its times, its meaning, or why it was rejected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

from assistant.audio.files import stream_recording
from assistant.audio.formats import RATE, silence
from assistant.hearing.listener import Listener, Utterance
from assistant.keeping.journal import Row, row_of
from assistant.loop.engines import EngineName, load_recogniser
from intents.sentences import Sentences

_BLOCK = RATE // 10
_AFTER_S = 1.0
"""Silence after each file, so that its last utterance reaches its endpoint and files don't run into each other."""


def hear_files(files: Sequence[Path], sentences: Sentences, engine: EngineName, model: Path | None) -> Iterator[Row]:
    """Hear recordings of any length, one after the other.

    Args:
        files: The recordings.
        sentences: What may be said.
        engine: The recogniser.
        model: A Vosk model's folder, or None.

    Yields:
        A row an utterance: ``file``, ``start_s``, ``end_s``, ``text``, ``intent``, ``slots``, ``confidence``,
        ``rejected``.

    Raises:
        AssistantError: A recording can't be read, or the recogniser can't be loaded.
    """
    with closing(load_recogniser(engine, model)) as recogniser:
        # Recordings are heard with care: nothing is decided before an utterance has ended.
        listener = Listener(recogniser, sentences, quick=())
        heard_s = 0.0
        for file in files:
            begin_s = heard_s
            for block in chain(stream_recording(file, _BLOCK), [silence(_AFTER_S)]):
                heard_s += len(block) / RATE
                for utterance in listener.accept(block):
                    yield _row(file, utterance, begin_s)
            for utterance in listener.flush():
                yield _row(file, utterance, begin_s)


def _row(file: Path, utterance: Utterance, begin_s: float) -> Row:
    shifted = replace(
        utterance, start_s=max(0.0, utterance.start_s - begin_s), end_s=max(0.0, utterance.end_s - begin_s)
    )
    return {"file": str(file), **row_of(shifted)}
