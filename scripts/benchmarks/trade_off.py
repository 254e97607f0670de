"""The trade-off as a picture: what is understood against what is taken by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Picture

_STYLES = (
    ("#000000", "o", "-"),
    ("#0072b2", "s", "--"),
    ("#d55e00", "^", "-."),
    ("#999999", "D", ":"),
)
"""Told apart by marker and dash, so also in grey; the colours are those that the colour-blind can tell apart."""


@dataclass(frozen=True)
class WorkingPoint:
    """A working point: its knob, false accepts an hour, and recall in per cent."""

    knob: float
    an_hour: float
    recall: float


@dataclass(frozen=True)
class Curve:
    """An engine's working points along one knob."""

    name: str
    knob: str
    points: tuple[WorkingPoint, ...]

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        points = [[point.knob, round(point.an_hour, 1), round(point.recall, 1)] for point in self.points]
        return {"engine": self.name, "knob": self.knob, "points [knob, false accepts an hour, recall %]": points}


def draw(curves: Sequence[Curve], path: Path) -> None:
    """Draw the curves into a file, ``.svg`` or ``.png``; the last curve is the point that is used."""
    # The same figures give the same file: no date, no random names.
    with mpl.rc_context({"svg.hashsalt": "trade-off", "font.size": 10, "svg.fonttype": "none"}):
        picture = Picture(figsize=(7.2, 4.4), layout="constrained")
        axes = picture.add_subplot()
        for curve, (colour, marker, dash) in zip(curves[:-1], _STYLES, strict=False):
            points = sorted(curve.points, key=lambda point: point.an_hour)
            label = curve.name if len(points) < 2 else f"{curve.name} ({curve.knob})"
            x, y = [p.an_hour for p in points], [p.recall for p in points]
            axes.plot(x, y, dash, color=colour, marker=marker, markersize=6, markerfacecolor="white", label=label)
        used = curves[-1]
        for point in used.points:
            axes.plot([point.an_hour], [point.recall], "*", color="#000000", markersize=15, label=used.name)
        axes.set_xscale("symlog", linthresh=1.0, linscale=0.5)
        axes.set_xlim(left=-0.05)
        axes.set_ylim(0, 101)
        axes.set_xlabel("false accepts an hour, in a session")
        axes.set_ylabel("commands understood, %")
        axes.set_xticks([0, 1, 10, 100, 1000], ["0", "1", "10", "100", "1000"])
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(loc="lower right", frameon=False, fontsize=9)
        axes.set_title("AN4's commands, clean, in noise and from 3 m; towards the upper left is better", fontsize=10)
        metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
        picture.savefig(path, dpi=160, metadata=metadata)
