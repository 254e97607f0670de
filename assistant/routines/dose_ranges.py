"""Doses held against what the sources name for an exercise, and both of them in words.

Both ends of a range are limits. A dose that is marked as a short form may lie below the lower one, never above the
upper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.routines.model import BREATH_S, Dose, DoseRange, DoseUnit, Hold, Span

LONGEST_HOLD_S = 60
"""Static stretches of a minute and more before activity cost strength (doi 10.1139/apnm-2015-0235), and nobody was told
to hold longer."""

_NEEDED: frozenset[DoseUnit] = frozenset(["seconds", "breaths", "count"])


def amounts(dose: Dose) -> Mapping[DoseUnit, int]:
    """A dose by its units."""
    if not isinstance(dose, Hold):
        return {"count": dose.count, "pace": dose.pace}
    if dose.breaths is not None:
        return {"breaths": dose.breaths, "times": dose.times}
    return {"seconds": dose.seconds, "times": dose.times}


def misfit(dose: Dose, allowed: Sequence[DoseRange]) -> DoseUnit | None:
    """The unit in which a dose goes beyond every source; None where a source names the dose.

    Where each figure has a source and no source has them together, it is the first unit.
    """
    given = amounts(dose)
    short = dose.short_form
    if any(all(_fits(one, unit, amount, short=short) for unit, amount in given.items()) for one in allowed):
        return None
    off = [unit for unit, amount in given.items() if not any(_fits(one, unit, amount, short=short) for one in allowed)]
    return next(iter(off or given))


def _fits(one: DoseRange, unit: DoseUnit, amount: int, *, short: bool) -> bool:
    span: Span | None = getattr(one, unit)
    if span is None:
        return unit not in _NEEDED
    return (short or span[0] <= amount) and amount <= span[1]


def most_allowed(allowed: Sequence[DoseRange], unit: DoseUnit) -> int | None:
    """The most that any source names; None where none counts in that unit.

    Where all sources count a hold in breaths, its seconds are those of the breaths.
    """
    return max((most for _, most in _spans(allowed, unit)), default=None)


def least_allowed(allowed: Sequence[DoseRange], unit: DoseUnit) -> int | None:
    """The least that any source names, likewise."""
    return min((least for least, _ in _spans(allowed, unit)), default=None)


def _spans(allowed: Sequence[DoseRange], unit: DoseUnit) -> list[Span]:
    spans: list[Span] = [span for one in allowed if (span := getattr(one, unit)) is not None]
    if unit == "seconds" and not spans:
        return [(least * BREATH_S, most * BREATH_S) for least, most in _spans(allowed, "breaths")]
    return spans


def dose_in_words(dose: Dose) -> str:
    """A dose as written on paper."""
    return _amount_in_words(dose) + (", a short form" if dose.short_form else "")


def _amount_in_words(dose: Dose) -> str:
    if isinstance(dose, Hold):
        length = f"{dose.breaths} deep breaths" if dose.breaths else f"{dose.seconds} s"
        times = f", {dose.times} times, {dose.rest} s rest" if dose.times > 1 else ""
        return f"hold {length}{times}"
    return f"{dose.count} reps, {dose.pace} s each"


def ranges_in_words(allowed: Sequence[DoseRange]) -> str:
    """What the sources name, each with its key, as written on paper."""
    return "; ".join(f"{_range_in_words(one)} [{one.source}]" for one in allowed)


def _range_in_words(one: DoseRange) -> str:
    in_reps = one.count is not None
    parts = [
        _span_in_words(one.seconds, "s"),
        _span_in_words(one.breaths, "deep breath"),
        _span_in_words(one.pace, "s each"),
        _span_in_words(one.count if in_reps else one.times, "rep" if in_reps else "time"),
    ]
    return " × ".join(part for part in parts if part)


def _span_in_words(span: Span | None, unit: str) -> str:
    if span is None:
        return ""
    least, most = span
    many = "s" if most > 1 and unit in {"deep breath", "rep", "time"} else ""
    return f"{least}–{most} {unit}{many}" if least < most else f"{least} {unit}{many}"
