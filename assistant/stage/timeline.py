"""A session as a picture: both voices as waveforms, what was heard and said, holds with their ticks."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.formats import FULL_SCALE, RATE, Samples
from assistant.errors import FileUnwritable
from assistant.keeping.journal import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW_S = 30.0
_POINTS_A_SECOND = 100
_YOU, _ASSISTANT, _HOLD, _WARN = "#0b6e4f", "#1f4e8c", "#f2c14e", "#a63d40"


def draw_timeline(path: Path, rows: Sequence[Row], user: Samples, assistant: Samples) -> None:
    """Draw a session into a PNG file.

    Args:
        path: Where to.
        rows: The journal's rows.
        user: What the microphone brought, int16, 16 kHz.
        assistant: What the loudspeaker was given, of the same length.

    Raises:
        FileUnwritable: The picture can't be written there.
    """
    import matplotlib as mpl  # noqa: PLC0415 - half a second of import that only this picture needs

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    length = max(len(user), 1) / RATE
    panels = max(1, math.ceil(length / _ROW_S))
    figure, all_axes = plt.subplots(panels, 1, figsize=(16, 2.7 * panels), squeeze=False, layout="constrained")
    for index, axes in enumerate(all_axes[:, 0]):
        _draw_panel(axes, index * _ROW_S, rows, user, assistant)
    figure.suptitle("A session: you above, the assistant below; yellow: holds and counted reps", fontsize=12)
    try:
        figure.savefig(path, dpi=80)
    except OSError as error:
        raise FileUnwritable(
            f"The picture can't be written to {path}.", f"{error.strerror or error}.", "Choose another folder."
        ) from error
    finally:
        plt.close(figure)


def _draw_panel(axes: Axes, start: float, rows: Sequence[Row], user: Samples, assistant: Samples) -> None:
    end = start + _ROW_S
    for samples, middle, colour in ((user, 1.0, _YOU), (assistant, -1.0, _ASSISTANT)):
        times, low, high = _envelope(samples, start, end)
        axes.fill_between(times, middle + low, middle + high, color=colour, linewidth=0)
    _draw_exercise(axes, start, end, rows)
    _draw_words(axes, start, end, rows)
    axes.set(xlim=(start, end), ylim=(-3.4, 3.2), yticks=[])
    axes.set_xticks(np.arange(start, end + 1, 5.0), [_clock(t) for t in np.arange(start, end + 1, 5.0)], fontsize=8)
    for edge in ("left", "right", "top"):
        axes.spines[edge].set_visible(False)


def _envelope(samples: Samples, start: float, end: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    part = samples[round(start * RATE) : round(end * RATE)].astype(np.float32) / FULL_SCALE
    size = RATE // _POINTS_A_SECOND
    part = part[: len(part) // size * size].reshape(-1, size)
    times = start + np.arange(len(part)) / _POINTS_A_SECOND
    return times, part.min(axis=1, initial=0.0), part.max(axis=1, initial=0.0)


def _draw_exercise(axes: Axes, start: float, end: float, rows: Sequence[Row]) -> None:
    for begin, finish in exercise_spans(rows):
        if begin < end and finish > start:
            axes.axvspan(max(begin, start), min(finish, end), color=_HOLD, alpha=0.35, linewidth=0)
    for row in rows:
        if row["kind"] == "tick" and start <= row["t"] < end:
            axes.plot([row["t"], row["t"]], [-0.12, 0.12], color="black", linewidth=0.8)
            axes.text(row["t"], 0.16, str(row["remaining"]), fontsize=6, ha="center", va="bottom")


def exercise_spans(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Start and end of every hold and set of reps, in seconds."""
    spans: list[tuple[float, float]] = []
    begun: float | None = None
    for row in rows:
        if row["kind"] == "phase":
            if begun is not None:
                spans.append((begun, row["t"]))
            begun = row["t"] if row["phase"] in {"holding", "moving"} else None
    return spans


def _draw_words(axes: Axes, start: float, end: float, rows: Sequence[Row]) -> None:
    level = 0
    for row in rows:
        if row["kind"] == "heard" and start <= row["start_s"] < end:
            label = f"“{row['text']}”\n{row['intent']}"
            axes.text(row["start_s"], 2.0, label, fontsize=8, color=_YOU, va="bottom", weight="bold", clip_on=True)
        elif row["kind"] == "rejected" and start <= row["start_s"] < end:
            label = f"{row['text'] or '…'}\n({row['rejected']})"
            axes.text(row["start_s"], 2.0, label, fontsize=7, color=_WARN, va="bottom", clip_on=True)
        elif row["kind"] == "said" and start <= row["start"] < end and row["end"] - row["start"] > 0.8:
            words = textwrap.shorten(row["text"], width=max(8, int((row["end"] - row["start"]) * 9)), placeholder="…")
            axes.text(row["start"], -2.1 - 0.55 * level, words, fontsize=7, color=_ASSISTANT, va="top", clip_on=True)
            level = 1 - level


def _clock(t: float) -> str:
    return f"{int(t) // 60}:{int(t) % 60:02d}"
