"""What is known of every model that was measured, for its card: a model measured anew takes its row's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.hearing.vosk.compiled_sentences import ACOUSTIC
from assistant.hearing.vosk_model.kaldi_nnet3 import read_nnet3
from assistant.hearing.vosk_model.kaldi_stream import KaldiReader
from assistant.hearing.vosk_model.kaldi_transitions import read_transitions
from scripts.benchmarks.hearing.table import TARGETS, Measure

Row = dict[str, Any]
"""What is written of a model."""

_FRAME_MS = 10


def rows_of(
    models: Mapping[str, Path], measures: Sequence[Measure], related_to: str, about: Mapping[str, str]
) -> list[Row]:
    """A row for each model.

    Args:
        models: Their folders by name.
        measures: What was measured.
        related_to: The model whose processor time the others' is related to.
        about: Data, layers, minutes: what makes each different; what was said before stays where it says nothing.
    """

    def cpu_s(name: str) -> float:
        return sum(measure.scores[name].cpu_s for measure in measures if name in measure.scores)

    return [
        {
            "name": name,
            "about": about.get(name, ""),
            "ahead_ms": _FRAME_MS * frames_ahead((folder / ACOUSTIC).read_bytes()),
            "size_mb": round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1),
            "relative_cpu": round(cpu_s(name) / cpu_s(related_to), 2),
            "figures": {each.name: counted for each in measures if (counted := each.counted(name)) is not None},
        }
        for name, folder in models.items()
    ]


def kept_and_new(before: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """What is to be written: what is known of other models, and of these by other measures, stays."""
    known = {row["name"]: {**row, "figures": _current(row["figures"])} for row in before}
    for row in rows:
        old = known.get(row["name"], {"about": "", "figures": {}})
        figures = {**old["figures"], **row["figures"]}
        known[row["name"]] = {**old, **row, "about": row["about"] or old["about"], "figures": figures}
    return list(known.values())


def _current(figures: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
    """Without measures that are not taken any more."""
    return {name: counted for name, counted in figures.items() if name in TARGETS}


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
