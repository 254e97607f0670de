"""Text as somebody reads it aloud: "10–15 reps/side" is "10 to 15 reps a side", whatever voice says it.

Numbers stay figures, which every voice can say; what is left out, cut short or meant by a sign becomes words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_FIGURES = r"\d+(?:[.,:]\d+)*"
_DASH = "[-‐‑–—−]"
_RANGE = re.compile(rf"(?<![\w.,/:-])({_FIGURES})(\s?){_DASH}\2({_FIGURES})(?![-–\d])")
_OUT_OF = re.compile(r"(?<![\w/.,])(\d+)/(\d+)(?![\w/])")
_PRODUCT = re.compile(rf"(?<![\w.])({_FIGURES})\s?[x×]\s?({_FIGURES})(?!\w)")
_SO_OFTEN = re.compile(rf"(?<![\w.])(?:({_FIGURES})\s?[x×]|[x×]\s?({_FIGURES}))(?!\w)")
_AMOUNT_OF = re.compile(r"(\d\s[^\W\d_]+)\s[x×]\s?(?=\d)")
_BETWEEN_NAMES = re.compile(rf"(?<=\d)(?:{_DASH}(?=[A-Z]?\d)|/(?=[A-Z]\d))")  # L4-L5, T12/L1, 4-7-8
_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])")
_NO_SPACE = re.compile(r"(?<=[^\W\d_])([,;:!?]+)(?=[^\W\d_])")
_BREAK = re.compile(r"\s*—\s*|\s+[-–]\s+")
_TRAILS_OFF = re.compile(r"\s*(?:…|\.{2,})(?=(\s+[^\W\d_])?)")
_ADDRESS = re.compile(r"://|\w@\w|[^\W\d_]{2}\.[^\W\d_]{2}")
_MARKS = frozenset(".,;:!?¡¿'’‘\"“”„«»()[]-‐‑–—…")
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Aloud:
    """What a language's short forms are in words. A rule whose words are missing is left out.

    Attributes:
        signs: What signs are called, also of more than one character, such as ``1/2``.
        scripts: The scripts, by the first word of a letter's Unicode name, that its voices read; empty for any.
        span: Between the least and the most: ``to``.
        times: What counts how often: for one, and for more.
        of: Between what is counted and how many there are in each: ``3 sets of 10``.
        either: Between two words of which one holds.
        out_of: Between a part and the whole.
        plus: Between a number and the fraction behind it.
        units: What may stand behind a number, for one and for more.
        short: Words cut short, with the dot; such as begin with a capital as written, all others in any spelling.
        before_numbers: The same before a number only.
        each: What stands behind a slash: ``day`` for ``a day``.
        dialled: Words before a telephone's number, whose digits are said one by one.
    """

    signs: Mapping[str, str] = field(default_factory=dict)
    scripts: Collection[str] = ()
    span: str = ""
    times: Sequence[str] = ()
    of: str = ""
    either: str = ""
    out_of: str = ""
    plus: str = ""
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    before_numbers: Mapping[str, str] = field(default_factory=dict)
    each: Mapping[str, str] = field(default_factory=dict)
    dialled: Collection[str] = ()

    def read(self, text: str) -> str:
        """A text as it is said; pictures and what can't be seen are left out."""
        return self._in_words(
            "".join(" " if unicodedata.category(c) == "So" and c not in self.signs else c for c in text)
        )

    def unreadable(self, text: str) -> str | None:
        """The first piece of a text that no voice says as it is meant: an address, a picture, a foreign letter."""
        for piece in self._in_words(text).split():
            if _ADDRESS.search(piece) or not all(map(self._is_readable, piece)):
                return piece
        return None

    def _is_readable(self, char: str) -> bool:
        if unicodedata.category(char)[0] in "LM":
            names = unicodedata.name(char, "").split()[:1]
            return not self.scripts or names[0] in {*self.scripts, "COMBINING", "FEMININE", "MASCULINE"}
        return char in _MARKS or char in self.signs or (char.isascii() and char.isdigit()) or char in "+−"

    def _in_words(self, text: str) -> str:
        said = "".join(c for c in text if unicodedata.category(c) != "Cf" or c in _JOINERS)
        said = self._cut_short.sub(lambda f: f"{self._meant(self.short, f[0])} ", said)
        said = self._cut_before_number.sub(lambda f: f"{self._meant(self.before_numbers, f[1])} ", said)
        said = self._number_to_call.sub(lambda f: f"{f[1]}{' '.join(c for c in f[2] if c.isdecimal())}", said)
        said = self._mixed.sub(lambda f: f"{f[1]} {self.plus} {self.signs[f[2]]}", said)
        if self.span:
            said = _RANGE.sub(self._ranged, said)
        if self.of:
            said = _AMOUNT_OF.sub(rf"\1 {self.of} ", said)
        if self.times:
            said = _PRODUCT.sub(rf"\1 {self.times[1]} \2", said)
            said = _SO_OFTEN.sub(lambda f: f"{f[1] or f[2]} {self.times[(f[1] or f[2]) != '1']}", said)
        said = self._measured.sub(lambda f: f"{f[1]} {self.units[f[3]][not (f[2] or f[1] == '1')]}", said)
        said = self._per.sub(lambda f: f" {self.each[f[1]]}", said)
        said = self._money.sub(lambda f: f"{f[2]} {self.signs[f[1]]}", said)
        said = self._signs.sub(lambda f: f" {self.signs[f[1]]} ", said)
        if self.out_of:
            said = _OUT_OF.sub(lambda f: f"{f[1]} {self.out_of} {f[2]}" if int(f[1]) <= int(f[2]) else f[0], said)
        said = _BETWEEN_NAMES.sub(" ", said)
        if self.either:
            said = _BETWEEN_WORDS.sub(f" {self.either} ", said)
        said = _TRAILS_OFF.sub(
            lambda f: "," if f[1] and f[1].strip().islower() else ".", _BREAK.sub(", ", _NO_SPACE.sub(r"\1 ", said))
        )
        return re.sub(r"\s+([.,;:!?])(?!\d)", r"\1", " ".join(said.split()))

    def _ranged(self, found: re.Match[str]) -> str:
        least, _, most = found.groups()
        smaller, larger = (float(re.sub("[:,]", "", figures)) for figures in (least, most))
        return f"{least} {self.span if smaller < larger else ''} {most}"

    @staticmethod
    def _meant(words: Mapping[str, str], given: str) -> str:
        return words.get(given) or words[given.lower()]

    @cached_property
    def _cut_short(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{_any_of(self.short)})")

    @cached_property
    def _cut_before_number(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)({_any_of(self.before_numbers)})\s*(?=\d)")

    @cached_property
    def _mixed(self) -> re.Pattern[str]:
        fractions = [sign for sign in self.signs if unicodedata.category(sign[0])[0] == "N"] if self.plus else []
        return re.compile(rf"(?<![\w/])(\d+)(?:\s|(?=\D))({_any_of(fractions)})(?![\w/])")

    @cached_property
    def _measured(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.])({_FIGURES})\s?({_DASH}?)({_any_of(self.units)})(?:\.(?=\s+[^\W\d_A-Z]))?")

    @cached_property
    def _per(self) -> re.Pattern[str]:
        return re.compile(rf"(?<=\w)\s?/\s?({_any_of(self.each)})")

    @cached_property
    def _number_to_call(self) -> re.Pattern[str]:
        return re.compile(rf"(?i)(?<!\w)((?:{_any_of(self.dialled)})\s)(\d[\d ]+\d)(?!\w)")

    @cached_property
    def _money(self) -> re.Pattern[str]:
        """Signs that stand before the number, and are said behind it."""
        return re.compile(rf"({_any_of(s for s in self.signs if unicodedata.category(s[0]) == 'Sc')})\s?({_FIGURES})")

    @cached_property
    def _signs(self) -> re.Pattern[str]:
        said = [sign for sign in self.signs if unicodedata.category(sign[0]) != "Sc"]
        whole = [rf"(?<![\w/]){re.escape(sign)}(?![\w/])" for sign in said if len(sign) > 1]
        return re.compile(rf"({'|'.join([*whole, *(re.escape(sign) for sign in said if len(sign) == 1)]) or '(?!)'})-?")


def _any_of(words: Iterable[str]) -> str:
    """A pattern of any of some words, the longest first: such as are in small letters in any spelling."""
    given = sorted(words, key=len, reverse=True)
    each = (re.escape(word) + (r"(?!\w)" if word[-1].isalnum() else "") for word in given)
    return (
        "|".join(f"(?i:{one})" if word == word.lower() else one for word, one in zip(given, each, strict=True))
        or r"(?!)"
    )
