"""Written text as the words that are spoken: numbers and signs become words.

In one place for templates and for what is typed, so that both are compared as the same words.

What a sign is called, and how numbers are written, stands in the language's ``language.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from intents.language import Language, Writing, spelled_out, writing_of
from intents.letters import APOSTROPHE, is_word, plain, runs

LARGEST_NUMBER = 999_999_999
_SILENT = frozenset('.,!?;:…"“”„«»()[]{}<>¡¿')
_HYPHENS = frozenset("-_/–—‐‑")
_MINUS = frozenset("-−")


class NotSpoken(ValueError):
    """A text holds a sign that has no word."""


def typed_words(text: str, tag: str) -> list[str]:
    """The words of what somebody typed; what has no word is left out.

    Args:
        text: The text.
        tag: The language's tag.
    """
    words = [word for piece in plain(text).split() for word in _said(piece, tag, strict=False).split()]
    return [word for word in (word.strip(APOSTROPHE) for word in words) if word]


def written_piece(piece: str, tag: str) -> str:
    """A piece of a template, without spaces, as spoken words, with spaces where there is more than one.

    Raises:
        NotSpoken: It holds what cannot be spoken.
    """
    return _said(piece, tag, strict=True)


def read_aloud(text: str, language: Language) -> str:
    """A text as a voice says it: what is written short, and numbers, in words."""
    said = " ".join(_with_words_for_figures(piece, language) for piece in language.aloud.read(text).split())
    return said or text


def _with_words_for_figures(piece: str, language: Language) -> str:
    def in_words(found: re.Match[str]) -> str:
        figure = found.group()
        if re.search(r"\A0\d|:0[1-9]", figure) or len(figure) > len(str(LARGEST_NUMBER)):  # digit by digit
            return figure
        joins = piece[: found.start()][-1:]
        before = " " if joins.isalnum() or joins == "," else ""
        after = " " if piece[found.end() :][:1].isalnum() else ""
        return before + _number(found, language.tag, language.writing, strict=False) + after

    return _figures(language.writing).sub(in_words, piece)


def _said(piece: str, tag: str, *, strict: bool) -> str:
    writing = writing_of(tag)
    if piece in writing.signs:
        return writing.signs[piece]
    return "".join(_parts(piece, tag, writing, strict=strict))


def _parts(piece: str, tag: str, writing: Writing, *, strict: bool) -> Iterator[str]:
    at = 0
    for found in _figures(writing).finditer(piece):
        yield from _letters(piece[at : found.start()], writing, strict=strict)
        yield f" {_number(found, tag, writing, strict=strict)} "
        at = found.end()
    yield from _letters(piece[at:], writing, strict=strict)


def _letters(text: str, writing: Writing, *, strict: bool) -> Iterator[str]:
    for place, part in runs(text):
        if part in writing.signs:
            yield f" {writing.signs[part]} "
        elif is_word(part):
            yield part
        elif part in _HYPHENS or (not strict and _parts_words(text, place)):
            yield " "
        elif part not in _SILENT:
            if strict:
                raise NotSpoken(f"{part!r} cannot be spoken; write it as a word")
            yield " "


def _parts_words(text: str, place: int) -> bool:
    """Whether a sign stands between two words though there is no space: "ten…more"; the dots of "p.m." do not."""
    return text[place] in _SILENT - {"."} or ".." in text[place : place + 2]


def _number(found: re.Match[str], tag: str, writing: Writing, *, strict: bool) -> str:
    figure, rules = found.group(), None
    if not strict and (clock := re.fullmatch(_clock(writing), figure)):
        hour, minute = (spelled_out(tag, int(part)).replace("-", " ") for part in clock.groups())
        return hour if int(clock[2]) == 0 else f"{hour} {minute}"
    if found["ordinal"]:
        figure, rules = figure.removesuffix(found["ordinal"]), writing.ordinal_rules
    if writing.thousands:
        figure = figure.replace(writing.thousands, "")
    figure = figure.replace(writing.decimal, ".").replace("−", "-")
    number = float(figure) if "." in figure else int(figure)
    if abs(number) > LARGEST_NUMBER:
        if strict:
            raise NotSpoken(f"{number} is too large a number to be spoken")
        return ""
    return spelled_out(tag, number, rules).replace("-", " ")


@cache
def _clock(writing: Writing) -> re.Pattern[str]:
    """Times of day as they are written: "8:30", and "8.30", as nobody types a number with two decimals here."""
    return re.compile(rf"([01]?\d|2[0-3])(?::|{re.escape(writing.decimal)})([0-5]\d)")


@cache
def _figures(writing: Writing) -> re.Pattern[str]:
    """Numbers as they are written: with a sign, with thousands, with decimals, as ordinals."""
    decimal, thousands = re.escape(writing.decimal), re.escape(writing.thousands)
    whole = rf"(?:\d{{1,3}}(?:{thousands}\d{{3}})+(?!\d)|\d+)" if thousands else r"\d+"
    ordinal = "|".join(map(re.escape, writing.ordinals)) or r"(?!)"
    return re.compile(rf"(?:\A[-−])?{whole}(?:{decimal}\d+|:[0-5]\d(?!\d))?(?P<ordinal>{ordinal})?(?!\w)|\d+")
