"""What is known of every model that was measured, for its card: a model measured anew takes its row's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.benchmarks.hearing.costs import ahead_ms, size_mb
from scripts.benchmarks.hearing.table import TARGETS, Measure

Row = dict[str, Any]
"""What is written of a model."""


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
            "ahead_ms": ahead_ms(folder),
            "size_mb": size_mb(folder),
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
