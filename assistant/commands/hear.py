"""What is made of recordings: utterances with its times, its meaning, or why it was rejected; and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import typer

from assistant.audio.files import stream_recording
from assistant.audio.formats import RATE, silence
from assistant.commands.hear_words import hear_words, read_written
from assistant.hearing.listener import Listener, Utterance
from assistant.home.settings import Settings
from assistant.keeping.journal import Row, json_line, row_of
from assistant.loop.engines import EngineName, load_recogniser
from assistant.loop.library import load_library
from assistant.loop.vocabulary import Vocabulary, kept_sentences, phase_named, users_sentences
from assistant.routines.loading import load_exercises
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


def run_hear(
    settings: Settings,
    files: Sequence[Path],
    words: Path | None,
    phase: str | None,
    theirs: Path | None,
    *,
    as_json: bool,
) -> None:
    """Hear recordings and read words, and print what is made of them.

    Args:
        settings: The user's settings.
        files: The recordings.
        words: A file of utterances, if there is one.
        phase: Whose sentences; None takes those of all phases.
        theirs: A sentence file of the user's own, instead of ours.
        as_json: Whether rows are printed as JSON.

    Raises:
        AssistantError: A file can't be read, or there is no such phase.
    """
    if phase is not None and phase != "session":
        phase_named(phase)
    for file in files:
        stream_recording(file)  # what can't be opened is told before anything is loaded, which takes a while
    if theirs is not None:
        own = users_sentences(theirs)
        taken: Callable[[str | None], Sentences] = lambda _: own  # noqa: E731
    else:
        routines, exercises = load_library(settings).routines.values(), load_exercises().values()
        taken = Vocabulary(routines, exercises, kept=kept_sentences()).named
    rows = hear_files(files, taken(phase), settings.engine, settings.model) if files else iter(())
    if words is not None:
        rows = chain(rows, hear_words(read_written(words), words, lambda own_phase: taken(own_phase or phase)))
    _show(rows, as_json=as_json)


def _show(rows: Iterable[Row], *, as_json: bool) -> None:
    """Print what was heard, a line each; and at the end, aside, how much of it is as the file says it should be."""
    right: list[bool] = []
    for row in rows:
        typer.echo(json_line(row) if as_json else _line_of(row))
        right += [row["right"]] if "right" in row else []
    if right:
        typer.echo(f"{sum(right)} of {len(right)} as the file says: {sum(right) / len(right):.3f}", err=True)


def _line_of(row: Row) -> str:
    slots = "".join(f" {name}={value}" for name, value in row["slots"].items())
    meaning = f"{row['intent']}{slots}" if row["intent"] else f"({row['rejected']})"
    if row["end_s"]:
        return f"{row['file']}  {row['start_s']:8.2f} – {row['end_s']:.2f} s  {row['text'] or '…'}  → {meaning}"
    where = f"{row['phase']}  " if "phase" in row else ""  # it was in writing
    return f"{row['file']}  {where}{row['text']}  → {meaning}{'' if row.get('right', True) else '  (wrong)'}"
