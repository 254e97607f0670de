"""Texts that name the leg: ``Straighten your {side:left|right} knee.``, in whatever language."""

from __future__ import annotations

import re

_SIDE = re.compile(r"\{side:([^{}|]*)\|([^{}|]*)\}( ?)")


def for_side(text: str, side: object) -> str:
    """A text with the side put in, ``left`` or ``right``; with neither, as on paper, it is left out."""
    if side not in {"left", "right"}:
        return _SIDE.sub("", text)
    return _SIDE.sub(lambda found: found[1 if side == "left" else 2] + found[3], text)


def names_side(text: str) -> bool:
    """Whether a text names the leg."""
    return _SIDE.search(text) is not None


def checked(text: str) -> str:
    """The text.

    Raises:
        ValueError: It holds braces that are none of a side.
    """
    if {"{", "}"} & set(for_side(text, None)):
        raise ValueError("a text in which braces are only those of a side, such as: your {side:left|right} knee")
    return text
