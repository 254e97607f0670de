"""A line before it has words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Slot: TypeAlias = "str | int | tuple[Line, ...]"


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say, before it has words: the core speaks no English.

    Attributes:
        key: Where the words stand in ``lines.yaml``, for instance ``hold.get_ready``.
        slots: What is filled in, by name. A tuple of lines is read out as a list.
    """

    key: str
    slots: tuple[tuple[str, Slot], ...] = ()


def line(key: str, **slots: Slot) -> Line:
    """A line with its slots."""
    return Line(key, tuple(sorted(slots.items())))
