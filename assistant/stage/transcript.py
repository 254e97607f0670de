"""A session as people read it: who said what, when, and what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.dialogue.exercising.counting import COUNTS
from assistant.keeping.journal import Row


def transcript(rows: Iterable[Row]) -> str:
    """The session as text: a line for everything said and understood, in order of time; counts in one line."""
    lines = [*_spoken(rows)]
    return "\n".join(text for _, text in sorted(lines, key=lambda line: line[0])) + "\n"


def _spoken(rows: Iterable[Row]) -> Iterator[tuple[float, str]]:
    counted: list[tuple[float, str]] = []
    for row in rows:
        if row["kind"] == "said" and row["line"] in COUNTS:
            counted.append((row["start"], row["text"]))
            continue
        if counted and row["kind"] in {"phase", "heard"}:
            yield _counts(counted)
            counted = []
        if (line := _line_of(row)) is not None:
            yield line
    if counted:
        yield _counts(counted)


def _counts(counted: list[tuple[float, str]]) -> tuple[float, str]:
    words = " … ".join(text for _, text in counted)
    return counted[0][0], _stamped(counted[0][0], "assistant", words)


def _line_of(row: Row) -> tuple[float, str] | None:
    match row["kind"]:
        case "said":
            return row["start"], _stamped(row["start"], "assistant", row["text"] + (" —" if row["cut"] else ""))
        case "heard":
            return row["start_s"], _stamped(row["start_s"], "you", f"{row['text']}   → {row['intent']}{_slots(row)}")
        case "rejected":
            heard = row["text"] or "(no words)"
            return row["start_s"], _stamped(row["start_s"], "", f"{heard}   ({row['rejected']}: not taken)")
        case "chime" if row["tone"] in {"start", "end"}:
            return row["t"], _stamped(row["t"], "", "♪ begins" if row["tone"] == "start" else "♪ over")
        case "voice-failed":
            return row["t"], _stamped(row["t"], "", f"(could not be spoken: {row['text']})")
        case "lost":
            return row["t"], _stamped(row["t"], "", f"(the {row['device']} has gone)")
        case "back":
            return row["t"], _stamped(row["t"], "", "(the sound is back)")
        case _:
            return None


def _slots(row: Row) -> str:
    return "".join(f" {name}={value}" for name, value in row["slots"].items())


def _stamped(t: float, who: str, what: str) -> str:
    minutes, tenths = divmod(max(0, round(t * 10)), 600)
    return f"{minutes:3d}:{tenths / 10:04.1f}  {who:<9}  {what}"
