"""Entries in plain words, for people who read them."""

from __future__ import annotations

from assistant.diary.entries import Entry

_PAIN = {
    "before": "before stretching",
    "after": "after stretching",
    "between": "as told in between",
    "leg before": "in the leg, before stretching",
    "leg after": "in the leg, after stretching",
    "leg between": "in the leg, as told in between",
    "exercise": "during {exercise}",
    "leg": "in the leg, during {exercise}",
}
_LEG = {
    "higher": "the leg pain moved up, towards the spine",
    "same": "the leg pain stayed the same",
    "lower": "the leg pain moved further down",
    "none": "no leg pain",
}

_MATTERS = {
    "saddle": "numbness between the legs, bladder or bowel",
    "chest": "chest pain",
    "accident": "a bad accident",
    "unwell": "fever, weight loss, a lump, or pain worst at night",
    "fall": "a fall, an accident, or pain on coughing",
    "surgery": "an operation on spine or hip",
    "spine_disease": "a broken bone, a tumour or an infection",
    "bladder": "bladder control",
    "not_all_right": "not all right",
}
"""Questions about health and signs whose key alone would not be understood."""


def told(entry: Entry) -> str:  # noqa: C901, PLR0911, PLR0912 - a table
    """An entry as a phrase, for instance ``hamstring stretch, left: held for 20 seconds``."""
    name = entry.exercise or "an exercise"
    if entry.side and entry.kind in {"held", "moved"}:
        name = f"{name}, {entry.side}"
    part = "" if entry.whole else " (not to the end)"
    match entry.kind:
        case "routine begun":
            return f"{in_words(entry.routine)} begun"
        case "routine done":
            return f"{in_words(entry.routine)} done to the end"
        case "held":
            return f"{name}: held for {seconds_of(entry.seconds)}{part}"
        case "moved":
            return f"{name}: {entry.reps} {'time' if entry.reps == 1 else 'times'}{part}"
        case "set done":
            return f"{name}: set done"
        case "skipped":
            return f"{name}: left out"
        case "form":
            return f"{name}: {'on a chair' if entry.detail == 'chair' else f'{entry.detail} form'}"
        case "pain":
            return f"pain {entry.level} of 10, {_PAIN.get(entry.detail or '', '').format(exercise=entry.exercise)}"
        case "pain not said":
            return "pain asked for, not said"
        case "since last":
            return f"since the last session: {entry.detail}"
        case "activity":
            return f"{entry.detail}: {entry.level} of 10 (0 not at all, 10 as well as ever)"
        case "note":
            return f"for the physio: {entry.detail}"
        case "leg":
            return f"after {name}: {_LEG.get(entry.detail or '', entry.detail)}"
        case "leg settled":
            return f"{name}: the leg has settled since"
        case "sore side":
            return f"the sore leg is the {entry.side} one"
        case "sign":
            taken_back = "a sign that was taken back" if entry.yes is False else "stopped for a sign"
            return f"{taken_back}: {matter(entry.detail)}"
        case "prescribed":
            return dose_of(entry)
        case "health answer":
            return f"asked about {matter(entry.detail)}: {'yes' if entry.yes else 'no'}"
        case "cleared":
            return f"a doctor agreed, in spite of {matter(entry.detail)}: {'yes' if entry.yes else 'no'}"
        case "screened":
            return "all questions about health answered"


def dose_of(entry: Entry) -> str:
    """A prescribed dose as a phrase."""
    dose = f"{entry.reps} times" if entry.reps is not None else f"hold for {seconds_of(entry.seconds)}"
    sets = f", {entry.a_day} {'set' if entry.a_day == 1 else 'sets'} a day" if entry.a_day else ""
    return f"set by the physio: {entry.exercise}, {dose}{sets}"


def seconds_of(seconds: float | None) -> str:
    """Seconds as a phrase, without decimals."""
    whole = round(seconds or 0.0)
    return f"{whole} {'second' if whole == 1 else 'seconds'}"


def matter(key: str | None) -> str:
    """What a question about health or a sign is about, as a phrase."""
    return _MATTERS.get(key or "", in_words(key))


def in_words(key: str | None) -> str:
    """A key as words: ``sciatic-nerve`` is sciatic nerve."""
    return (key or "").replace("-", " ").replace("_", " ")
