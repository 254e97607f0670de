"""``scripts/bench models``: side by side, on people, voices, noises and rooms that none of them was trained with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio.files import read_recording
from assistant.audio.formats import Samples
from assistant.hearing.vosk.compiled_sentences import ACOUSTIC, CompiledSentences
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk_model.kaldi_nnet3 import read_nnet3
from assistant.hearing.vosk_model.kaldi_stream import KaldiReader
from assistant.hearing.vosk_model.kaldi_transitions import read_transitions
from intents.graph import WordGraph
from scripts.benchmarks.hearing import Score, measure
from scripts.benchmarks.recordings import Item, RecordingSet, recording_sets, temporary_folder
from scripts.train_model.augmentation import convolved
from scripts.train_model.corpora import HoldOut, judging_noises
from scripts.train_model.natural.speaking import Clip, read_clips
from scripts.train_model.natural.voices import is_native
from scripts.train_model.rooms import direct_first, image_response
from scripts.train_model.texts import command_graphs

_PEOPLE = ("AN4", "word clips", "read phrases")
"""Recordings of held-out people; wake words and machines' voices are for ``scripts/bench hearing``."""

_SNR_DB = 10.0
_ROOM = ((5.0, 4.0, 2.5), (1.0, 1.2, 0.3), (3.9, 1.9, 0.05), 0.8)  # somebody who lies 3 m from a phone on the floor
_FRAME_MS = 10

Row = dict[str, Any]
"""What is written of a model."""


@dataclass(frozen=True)
class Compared:
    """A model and what is to be said of it.

    Attributes:
        folder: Its folder.
        about: Data, layers, minutes: what makes it different; where it is empty, what was said before stays.
    """

    folder: Path
    about: str


def main(
    models: Sequence[Compared], speech: Path, voices: Path, hold_out: HoldOut, out: Path, only: Sequence[str] = ("",)
) -> None:
    """Measure models, show what came out, and write it.

    Args:
        models: The first one's CPU time is what the others' is related to.
        speech: The folder with the recordings.
        voices: Where the step ``voices --held-out-voices`` wrote.
        hold_out: Who was not trained on.
        out: Where the rows go; what is there of other models and of other sets stays.
        only: What the names of the sets to measure begin with.
    """
    scores: list[dict[str, Score]] = [{} for _ in models]
    with temporary_folder() as name:
        folder = Path(name)
        noises = [read_recording(path) for path in judging_noises(speech)]
        people = (found for found in recording_sets(speech, folder, hold_out) if found.name.startswith(_PEOPLE))
        for found in [*natural_sets(voices, noises), *people]:
            if not found.name.startswith(tuple(only)):
                continue
            sounds = [item.sound() for item in found.items]
            for place, model in enumerate(models):
                cache = folder / f"graphs-{place}"
                score = measure(_maker(model.folder, cache), found, sounds)
                scores[place][found.name] = _together(scores[place].get(found.name), score)
            print(f"{found.name}: {', '.join(str(each[found.name].right) for each in scores)}", flush=True)
        rows = [_row(model, score, scores[0]) for model, score in zip(models, scores, strict=True)]
    if len(models) == 1:
        del rows[0]["relative_cpu"]  # there is nothing that it is relative to
    rows_before = json.loads(out.read_text(encoding="utf-8")) if out.is_file() else []
    out.write_text(json.dumps(kept_and_new(rows_before, rows), indent=1) + "\n", encoding="utf-8")
    for name in scores[0]:
        print(f"{name}: {', '.join('{} of {}'.format(*row['figures'][name]) for row in rows)}", flush=True)
    print(f"a core's share: {', '.join(str(row.get('relative_cpu', '–')) for row in rows)}", flush=True)


def natural_sets(voices: Path, noises: Sequence[Samples]) -> Iterator[RecordingSet]:
    """Our commands by the voices that are kept for judging, each with the grammar of the widest phase that takes it."""
    for native in (True, False):
        by_graph: dict[WordGraph, list[Clip]] = {}
        for clip in read_clips(voices):
            if is_native(clip.speaker) == native:
                by_graph.setdefault(_widest(clip.parts[0]), []).append(clip)
        name = "natural, native" if native else "natural, foreign accents"
        for graph, clips in by_graph.items():
            items = [Item(partial(read_recording, clip.path), clip.parts[0]) for clip in clips]
            clean = RecordingSet(name, "voices kept for judging", graph, items)
            in_room = [replace(item, sound=partial(_in_room, item.sound)) for item in items]
            yield from (clean, clean.in_noise(noises, _SNR_DB), replace(clean, name=f"{name}, 3 m", items=in_room))


def frames_ahead(data: bytes) -> int:
    """How many frames of what is still to come any model's network looks at: so long every word waits.

    Raises:
        KaldiFormatError: The bytes are cut or altered, or hold a component that is not known here.
    """
    reader = KaldiReader(data)
    read_transitions(reader)
    nodes = {node.name: node for node in read_nnet3(reader).nodes}

    @cache
    def ahead(name: str) -> int:
        terms = [term for part in nodes[name].source for term in part if not term.once]
        return max((term.offset + ahead(term.node) for term in terms), default=0)

    return ahead("output")


def _widest(text: str) -> WordGraph:
    taking = [graph for graph in command_graphs() if graph.accepts(text.split())]
    return max(taking, key=lambda graph: len(graph.arcs))


def _in_room(sound: Callable[[], Samples]) -> Samples:
    heard = convolved(sound().astype(np.float32), direct_first(image_response(*_ROOM)))
    return (heard * min(1.0, 30_000 / max(1.0, float(np.abs(heard).max())))).astype(np.int16)


def _maker(model: Path, cache: Path) -> partial[VoskRecogniser]:
    return partial(VoskRecogniser, CompiledSentences(model, cache))


def _together(one: Score | None, other: Score) -> Score:
    if one is None:
        return other
    return Score(
        one.right + other.right,
        one.said + other.said,
        one.rejected + other.rejected,
        one.cpu_s + other.cpu_s,
        one.audio_s + other.audio_s,
        one.confused + other.confused,
    )


def _row(model: Compared, scores: dict[str, Score], first: dict[str, Score]) -> Row:
    size = sum(path.stat().st_size for path in model.folder.rglob("*") if path.is_file())
    cpu_s, first_cpu_s = (sum(score.cpu_s for score in each.values()) for each in (scores, first))
    return {
        "name": model.folder.name,
        "about": model.about,
        "ahead_ms": _FRAME_MS * frames_ahead((model.folder / ACOUSTIC).read_bytes()),
        "size_mb": round(size / 1e6, 1),
        "relative_cpu": round(cpu_s / first_cpu_s, 2),
        "figures": {name: [score.right, score.said] for name, score in scores.items()},
        "confused": {name: score.row()["confused"] for name, score in scores.items() if score.confused},
    }


def kept_and_new(before: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """What is to be written: what is known of other models, and of these on other sets, stays."""
    known = {row["name"]: row for row in before}
    for row in rows:
        old = known.get(row["name"], {})
        known[row["name"]] = {
            **old,
            **row,
            "about": row["about"] or old.get("about", ""),
            **{part: {**old.get(part, {}), **row[part]} for part in ("figures", "confused")},
        }
    return list(known.values())
