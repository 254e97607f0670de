"""What was measured beside what is aimed at."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measure.

    Attributes:
        measure: What it is.
        value: What came out; None where nothing could be measured.
        target: What is aimed at, in the same unit; None for what is only told.
        unit: For people.
        at_least: Whether more is better.
        peers: What the peers came to in the same run.
        of: From how many trials or how much sound, for people.
    """

    measure: str
    value: float | None
    target: float | None
    unit: str
    at_least: bool
    peers: dict[str, float | None]
    of: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or nothing could be measured."""
        if self.value is None or self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def row(self) -> dict[str, object]:
        """As a JSON object."""
        return {**asdict(self), "met": self.met}


def wide_console() -> Console:
    """The terminal, or a wide page where there is none."""
    return Console(width=None if sys.stdout.isatty() else 150)


def show(console: Console, figures: Sequence[Figure]) -> None:
    """A table of figures beside their targets, with the peers that any of them has."""
    peers = list(dict.fromkeys(name for figure in figures for name in figure.peers))
    table = Table("measure", "ours", "target", "", *peers, "of", box=None, pad_edge=False)
    words = {True: "met", False: "missed", None: ""}
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        others = (written(figure.peers.get(name), figure.unit) for name in peers)
        table.add_row(
            figure.measure,
            written(figure.value, figure.unit),
            "–" if figure.target is None else f"{sign} {written(figure.target, figure.unit)}",
            "not measured" if figure.value is None else words[figure.met],
            *others,
            figure.of,
        )
    console.print(table)


def written(value: float | None, unit: str) -> str:
    """A value with its unit."""
    if value is None:
        return "–"
    digits = 0 if float(value).is_integer() or abs(value) >= 100 else 1
    return f"{value:.{digits}f} {unit}".rstrip()
