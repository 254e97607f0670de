"""Measures beside what is aimed at, with their intervals, and the words that are often confused or rejected."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from scripts.benchmarks.hearing.measuring import NOTHING, Score
from scripts.benchmarks.hearing.natural import CONTRARY, FOREIGN, NATIVE, TAUGHT, TAUGHT_CLOSED, WITHIN_CARRIERS

TARGETS: Mapping[str, float | None] = {
    NATIVE: 0.97,
    f"{NATIVE}, 10 dB": 0.92,
    f"{NATIVE}, 3 m": 0.92,
    FOREIGN: 0.92,
    f"{FOREIGN}, 10 dB": None,
    f"{FOREIGN}, 3 m": None,
    "AN4 commands": 0.99,
    "AN4 commands, 10 dB": 0.97,
    "AN4 numbers": 0.97,
    "AN4 numbers, 10 dB": 0.85,
    "AN4 commands in their phases": None,
    "AN4 commands in their phases, 10 dB": None,
    "word clips": 0.97,
    "read phrases": 0.96,
    "wake words": 0.98,
    WITHIN_CARRIERS: 0.90,
    TAUGHT: 0.95,
    TAUGHT_CLOSED: None,
    CONTRARY: 0.0,
}
"""All measures in the order of the table, each with the share of what is said that is to be heard right; of what is
heard as its contrary, the share that may be."""

OFTEN_CONFUSED = ("why", "wait", "two", "four", "five", "eight", "no", "next", "back")
"""The words of which the table tells in any case; of other taught words, those that miss their target."""

_SURE = 1.96  # standard deviations on either side: 95 %


@dataclass(frozen=True)
class Measure:
    """One row.

    Attributes:
        name: One of `TARGETS`.
        what: On which part of the data.
        scores: By engine; those that were not measured are not in it.
    """

    name: str
    what: str
    scores: Mapping[str, Score]

    def counted(self, engine: str) -> tuple[int, int] | None:
        """How many of how many the share is; None where nothing was heard."""
        score = self.scores.get(engine)
        if score is None or not score.said:
            return None
        right, said = score.right.total(), score.said.total()
        return (said - right if self.name == CONTRARY else right), said

    def met_by(self, engine: str) -> bool | None:
        """Whether an engine reaches the target; None where there is none, or nothing was measured."""
        counted, target = self.counted(engine), TARGETS[self.name]
        if counted is None or target is None:
            return None
        share = counted[0] / counted[1]
        return share <= target if self.name == CONTRARY else share >= target

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        engines = {}
        for engine, score in self.scores.items():
            if (counted := self.counted(engine)) is not None:
                engines[engine] = {
                    "share": round(counted[0] / counted[1], 4),
                    "interval": [round(end, 4) for end in wilson(*counted)],
                    "counted": counted[0],
                    "said": counted[1],
                    "rejected": score.rejected,
                    "percent_of_a_core": round(100 * score.cpu_s / max(1e-9, score.audio_s), 2),
                    "confused": [[*pair, count] for pair, count in score.confused.most_common()],
                }
        return {"measure": self.name, "part": self.what, "target": TARGETS[self.name], "engines": engines}


def wilson(count: int, of: int) -> tuple[float, float]:
    """The interval in which a share lies with 95 % confidence (Wilson, 1927).

    Args:
        count: How often it was so.
        of: Of how many, at least one.
    """
    share, weight = count / of, _SURE**2 / of
    middle = (share + weight / 2) / (1 + weight)
    half = _SURE * math.sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))  # whatever rounding does


def show(console: Console, measures: Sequence[Measure], engines: Sequence[str], only: Sequence[str] = ("",)) -> None:
    """The table, or the rows whose names begin with `only`; interval and verdict are those of the first engine."""
    first, *others = engines
    table = Table("measure", "n", first, "95 %", "target", "", *others, "measured on", box=None, pad_edge=False)
    words = {True: "met", False: "missed", None: ""}
    known = {measure.name: measure for measure in measures}
    for name, target in TARGETS.items():
        if not name.startswith(tuple(only)):
            continue
        measure = known.get(name, Measure(name, "", {}))
        counted = measure.counted(first)
        interval = "" if counted is None else "–".join(f"{end:.2f}" for end in wilson(*counted))
        aim = "" if target is None else f"{'≤' if name == CONTRARY else '≥'} {target:.2f}"
        shares = (_share(measure.counted(engine)) for engine in others)
        told = (
            "" if counted is None else str(counted[1]),
            _share(counted),
            interval,
            aim,
            words[measure.met_by(first)],
        )
        table.add_row(name, *told, *shares, measure.what)
    console.print(table)


def show_words(console: Console, measures: Sequence[Measure], engines: Sequence[str]) -> None:
    """The words that are often confused or rejected: how often right in their phase and in a closed grammar."""
    known = {measure.name: measure.scores for measure in measures}
    for engine in engines:
        if engine not in known.get(TAUGHT, {}):
            continue
        headings = (f"word ({engine})", "n", "in its phase", "closed grammar", "rejected", "taken for")
        table = Table(*headings, box=None, pad_edge=False)
        closed = known.get(TAUGHT_CLOSED, {}).get(engine, Score())
        for row in word_rows(known[TAUGHT][engine], closed):
            table.add_row(*row)
        console.print(table)


def show_mistakes(console: Console, measures: Sequence[Measure], engines: Sequence[str]) -> None:
    """What was said within carriers, or to the contrary, and was not taken for what it is."""
    for measure in measures:
        for engine in engines if measure.name in {WITHIN_CARRIERS, CONTRARY} else ():
            table = Table(f"{measure.name} ({engine})", "not heard, or heard as", box=None, pad_edge=False)
            heard: dict[str, list[str]] = {}
            for (said, other), count in sorted(measure.scores[engine].confused.items()):
                heard.setdefault(said, []).append(f"{other} {count}")
            for said, others in heard.items():
                table.add_row(said, ", ".join(others))
            console.print(table)


def word_rows(in_phase: Score, closed: Score) -> Iterator[tuple[str, ...]]:
    """Of each word of interest: it, how often it was said, the share right either way, rejected, taken for what."""
    target = TARGETS[TAUGHT] or 0.0
    weak = [word for word, said in in_phase.said.items() if in_phase.right[word] < target * said]
    for word in dict.fromkeys([*OFTEN_CONFUSED, *weak]):
        if not (said := in_phase.said[word]):
            continue
        heard = Counter({other: count for (text, other), count in in_phase.confused.items() if text == word})
        rejected = {why: count for why, count in heard.items() if why.startswith(NOTHING)}
        taken = ", ".join(f"{other} {count}" for other, count in heard.most_common() if other not in rejected)
        why = ", ".join(f"{each.removeprefix(NOTHING).strip()} {count}".strip() for each, count in rejected.items())
        counts = ((score.right[word], score.said[word]) for score in (in_phase, closed))
        shares = (_share(count if count[1] else None) for count in counts)
        yield word, str(said), *shares, why, taken


def _share(counted: tuple[int, int] | None) -> str:
    return "–" if counted is None else f"{counted[0] / counted[1]:.2f}"
