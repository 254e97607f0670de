"""The words of every line: ``lines/en.yaml`` with the slots filled in."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import yaml

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def number_in_words(number: int) -> str:
    """A whole number as it is spoken, up to 99; larger ones in digits."""
    if not 0 <= number < 100:
        return str(number)
    if number < 20:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f" {_SMALL[ones]}" if ones else "")


class Wording:
    """All lines; loading checks that they are texts and nothing else."""

    def __init__(self) -> None:
        source = resources.files("assistant.voice").joinpath("lines/en.yaml").read_text(encoding="utf-8")
        self._lines = dict(_flattened(yaml.safe_load(source)))

    def keys(self) -> frozenset[str]:
        """The keys of all lines, such as ``hold.get_ready``."""
        return frozenset(self._lines)

    def templates(self, key: str) -> tuple[str, ...]:
        """The wordings of a line, before anything is filled in."""
        return self._lines[key]

    def text(self, key: str, slots: Mapping[str, str | int] | None = None, turn: int = 0) -> str:
        """The words of a line.

        Args:
            key: The line.
            slots: What to fill in.
            turn: How often the line was said before: where there are several wordings, they take turns.

        Raises:
            KeyError: There is no such line, or a slot is missing.
        """
        templates = self._lines[key]
        return _FORMATTER.vformat(templates[turn % len(templates)], (), dict(slots or {})).strip()

    def listed(self, texts: Sequence[str]) -> str:
        """Several texts as one enumeration."""
        if len(texts) < 2:
            return "".join(texts)
        return "; ".join(texts[:-1]) + "; or " + texts[-1]


class _Formatter(string.Formatter):
    """Format specs of our own: ``{n:number}`` in words, ``{n:plural:second|seconds}`` by number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "number":
            return number_in_words(int(value))
        if format_spec.startswith("plural:"):
            one, many = format_spec.removeprefix("plural:").split("|")
            return one if value == 1 else many
        return str(super().format_field(value, format_spec))


_FORMATTER = _Formatter()


def _flattened(data: Mapping[str, Mapping[str, str | list[str]]]) -> Sequence[tuple[str, tuple[str, ...]]]:
    lines = []
    for group, entries in data.items():
        for key, wordings in entries.items():
            texts = (wordings,) if isinstance(wordings, str) else tuple(wordings)
            if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
                raise TypeError(f"lines/en.yaml: {group}.{key} is not a text, or a list of texts")
            lines.append((f"{group}.{key}", texts))
    return lines
