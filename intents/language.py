"""A language is a folder: all that is heard and said in it, and what holds of it as a whole.

``intents/en`` is the one that comes along. Whoever loads words takes a `Language`; nothing else here, and nothing in
`assistant`, knows one::

    en/
      language.yaml        how numbers are said, how hard a text may be, what the linter looks for
      sentences/*.yaml     what a user may say
      lines.yaml           what the assistant says, by moment
      teaching.yaml        which of those lines say a command word on purpose
      urgent.yaml          words that are never passed over, whatever they are said with
      gist.yaml            what is written and meant where certain words stand in it, in whatever order
      costs.yaml           how easily single sentences are taken for what was said
      pronunciations.yaml  words that no dictionary has
      exercises/*.yaml     the words of each exercise; the facts stand in assistant/routines/exercises
      routines/*.yaml      the words of each routine; the facts stand in assistant/routines/library
      page.yaml            what stands on the page beside the mat
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from hassil.numbers import get_rbnf_engine

from intents import plain_yaml
from intents.aloud import Aloud
from intents.loose import Gist, Gists, Loose

_SOFT_HYPHEN = "\u00ad"  # German and others mark with it where a long number may be broken


@dataclass(frozen=True, slots=True)
class ReadingFormula:
    """How hard a text is to read, as a school grade: a sum of the lengths of its sentences and of its words.

    Attributes:
        words_a_sentence: What each word of the average sentence adds.
        syllables_a_word: What each syllable of the average word adds.
        base: What is added whatever the text.
        hardest_grade: The hardest that anything said may be.
    """

    words_a_sentence: float
    syllables_a_word: float
    base: float
    hardest_grade: float


@dataclass(frozen=True)
class Writing:
    """How a language writes what is spoken as words.

    Attributes:
        signs: What signs are called, by the sign.
        decimal: What stands before decimals.
        thousands: What may stand between thousands; empty if nothing.
        ordinals: What may stand behind a figure that is an ordinal.
        ordinal_rules: Unicode's rules for ordinals.
        number_rules: Unicode's rules by which numbers are said, where there are several; None: those for plain numbers.
        also: What may be said for the beginning of a number: ``one hundred`` and ``a hundred``.
    """

    signs: Mapping[str, str] = field(default_factory=dict)
    decimal: str = "."
    thousands: str = ""
    ordinals: tuple[str, ...] = ()
    ordinal_rules: str = "spellout-ordinal"
    number_rules: tuple[str | None, ...] = (None,)
    also: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.decimal, self.thousands, self.ordinals))


@dataclass(frozen=True)
class Language:
    """A language, by its folder. Its files are read when they are first asked for.

    Attributes:
        folder: The folder; its name is the language's tag, for instance ``en``.
    """

    folder: Path

    @property
    def tag(self) -> str:
        """The language's tag."""
        return self.folder.name

    def file(self, *names: str) -> Path:
        """A file or folder in it, whether it exists or not."""
        return self.folder.joinpath(*names)

    def in_words(self, number: int) -> str:
        """A number from 0 to 999 as it is counted aloud: ``thirty-two``, ``one hundred and five``.

        Raises:
            ValueError: The number lies outside: a defect in the caller.
        """
        if not 0 <= number <= 999:
            raise ValueError(f"only 0 to 999 are counted aloud, not {number}")
        return spelled_out(self.tag, number, self._fact("numbers"))

    @cached_property
    def reading(self) -> ReadingFormula | None:
        """How hard a text is; None if nobody has said for this language."""
        formula = self._facts.get("reading")
        return ReadingFormula(**formula) if formula else None

    def exercise_called(self, name: str) -> str:
        """What a user may call an exercise of that name, one of it or several: a template."""
        return str(self._facts.get("exercise_called", "{name}")).replace("{name}", name)

    def to_start(self, title: str) -> str:
        """What a user says to begin the routine of that title."""
        return self._fact("to_start").replace("{title}", title)

    def looks_for(self, what: str) -> frozenset[str]:
        """Words by which the linter knows what a text is about: for instance ``nerve_glide``.

        Raises:
            ValueError: The language has none: its texts would pass unchecked.
        """
        found = self._facts.get("looks_for", {}).get(what)
        if not found:
            raise ValueError(f"{self.file('language.yaml')} lacks words under the key 'looks_for.{what}'")
        return frozenset(found)

    def costs(self, when: Literal["session", "idle"]) -> Mapping[str, float]:
        """How much harder single sentences are to trigger, in nats, by template; see `Sentences.weighted`."""
        return self._costs.get(when, {})

    @cached_property
    def writing(self) -> Writing:
        """How numbers and signs are written in it."""
        given: dict[str, Any] = dict(self._facts.get("writing", {}))
        given |= {key: tuple(given[key]) for key in ("ordinals", "number_rules") if key in given}
        return Writing(**given)

    @cached_property
    def aloud(self) -> Aloud:
        """How what is written short in it is read aloud."""
        given = dict(self._facts.get("aloud", {}))
        return Aloud(**{**given, "signs": {**self.writing.signs, **given.get("signs", {})}})

    @cached_property
    def loose(self) -> Loose:
        """How what is written in it may be taken apart."""
        return Loose(**self._facts.get("loose", {}))

    @cached_property
    def gists(self) -> Gists:
        """What is meant by what is written, by the words in it; none where the language has no such file."""
        if not self.file("gist.yaml").is_file():
            return Gists()
        data = self._read("gist.yaml")
        groups: Mapping[str, list[str]] = data.get("groups", {})
        gists = []
        for facts in data["gists"]:
            named = str(facts.pop("in", "")).split()
            phases = [phase for name in named for phase in groups.get(name, [name])]
            gists.append(Gist(**facts, phases=frozenset(phases)))
        return Gists(gists, data["negations"], data["doubts"])

    @cached_property
    def _costs(self) -> dict[str, dict[str, float]]:
        return self._read("costs.yaml")

    @cached_property
    def urgent(self) -> Mapping[str, str]:
        """Words that are never passed over, with the intent that each belongs to; the weightiest intent first."""
        return {word: intent for intent, words in self._read("urgent.yaml").items() for word in words}

    def urgent_intent(self, words: Collection[str]) -> str | None:
        """The weightiest intent that one of these words belongs to; None if none is urgent."""
        return next((intent for word, intent in self.urgent.items() if word in words), None)

    @cached_property
    def teaching(self) -> Mapping[str, frozenset[str]]:
        """The command words that a line says on purpose, by the line's key."""
        return {key: frozenset(words) for key, words in self._taught["lines"].items()}

    @cached_property
    def teaching_groups(self) -> frozenset[str]:
        """Groups of lines that are commands, or stand for one."""
        return frozenset(self._taught["groups"])

    @cached_property
    def natural(self) -> frozenset[str]:
        """Command words that any line may say behind another word: what is being said tells them from the user's."""
        return frozenset(self._taught.get("natural", ()))

    @cached_property
    def _taught(self) -> dict[str, Any]:
        return self._read("teaching.yaml")

    @cached_property
    def page(self) -> Mapping[str, Any]:
        """What stands on the page beside the mat, by key; some keys hold a text for each of several cases."""
        return self._read("page.yaml")

    def _fact(self, key: str) -> str:
        if not isinstance(self._facts.get(key), str):
            raise ValueError(f"{self.file('language.yaml')} lacks a text under the key {key!r}")
        return str(self._facts[key])

    @cached_property
    def _facts(self) -> dict[str, Any]:
        return self._read("language.yaml")

    def _read(self, name: str) -> dict[str, Any]:
        data = plain_yaml.load(self.file(name).read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError(f"{self.file(name)} holds no keys and values")
        return data


@lru_cache(maxsize=4096)  # every phase's grammar has the same numbers
def spelled_out(tag: str, number: float, rules: str | None = None) -> str:
    """A number in words, by Unicode's rules for the language.

    Args:
        tag: The language's tag.
        number: The number.
        rules: Which of the language's sets of rules; None takes the one for plain numbers.
    """
    text: str = get_rbnf_engine(tag).format_number(number, ruleset_names=[rules] if rules else None).text
    return text.replace(_SOFT_HYPHEN, "")


def ways_to_say(tag: str, number: float) -> tuple[str, ...]:
    """How a number may be said, each way as words with spaces between them."""
    writing = writing_of(tag)
    ways = [spelled_out(tag, number, rules).replace("-", " ") for rules in writing.number_rules]
    for begin, other in writing.also.items():
        ways += [other + way.removeprefix(begin) for way in ways if f"{way} ".startswith(f"{begin} ")]
    return tuple(dict.fromkeys(ways))


@cache
def writing_of(tag: str) -> Writing:
    """How the language of that tag is written, if it is one that comes along; else what holds of most."""
    known = {folder.name: folder for folder in ENGLISH.folder.parent.iterdir() if (folder / "language.yaml").is_file()}
    folder = known.get(tag) or known.get(re.split("[-_]", tag)[0])
    return Language(folder).writing if folder else Writing()


with resources.as_file(resources.files("intents") / "en") as _folder:
    ENGLISH = Language(_folder)
