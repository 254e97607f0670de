"""The words of every line: ``lines.yaml`` in the folder of a language.

The file groups lines by moment. A line is one template, or a list of alternatives that take turns::

    hold:
      halfway: Halfway.
      get_ready: ["Get ready.", "Here it comes."]
      left: "{n:words} {n:second|seconds} to go."

``{n}`` puts in the slot *n*, ``{n:words}`` its number in words, ``{n:digits}`` its digits one by one, and
``{n:second|seconds}`` the first form where it is 1, else the second. Likewise ``{side:left|right}`` is the first where
the side is the left one, also within a text that is put in. All else behind the colon is Python's own.
"""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import yaml

from intents.language import ENGLISH, Language
from intents.sided import for_side

Slot: TypeAlias = str | int | float

_PARTS_OF_SENTENCES = ("listing.", "when.", "note.", "note_of.")
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?] )[^\W\d_]")


class Wording:
    """Words by key: group and name with a dot between, for instance ``hold.halfway``.

    Args:
        source: Lines in YAML; None takes those of the language.
        language: Which, also for the words of numbers.

    Attributes:
        language: The same.

    Raises:
        ValueError: The lines are not of this form: a defect in the file.
    """

    def __init__(self, source: str | None = None, language: Language = ENGLISH) -> None:
        if source is None:
            source = language.file("lines.yaml").read_text(encoding="utf-8")
        self.language = language
        self._formatter = _Formatter(language)
        self._templates = dict(_templates(source))
        self._slots = {
            key: frozenset(s for t in alternatives for s in _slots(key, t))
            for key, alternatives in self._templates.items()
        }

    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._templates)

    def templates(self, key: str) -> tuple[str, ...]:
        """The alternatives of a line, at least one.

        Raises:
            KeyError: There is no such line.
        """
        try:
            return self._templates[key]
        except KeyError:
            near = difflib.get_close_matches(key, self._templates, n=3)
            hint = f"; there is {', '.join(near)}" if near else ""
            raise KeyError(f"no line {key!r} in the wording{hint}") from None

    def slots(self, key: str) -> frozenset[str]:
        """The names of all slots that any alternative of a line has.

        Raises:
            KeyError: There is no such line.
        """
        self.templates(key)
        return self._slots[key]

    def text(self, key: str, slots: Mapping[str, Slot], turn: int = 0) -> str:
        """The words of a line.

        Args:
            key: Which line.
            slots: What is put in; more than is needed does no harm. Texts may name the side: see `for_side`.
            turn: How often the line was spoken before: the alternatives take turns.

        Raises:
            KeyError: There is no such line, or one of its alternatives has a slot that is not given.
        """
        alternatives = self.templates(key)
        missing = sorted(self._slots[key] - slots.keys())
        if missing:
            raise KeyError(
                f"line {key!r} needs the slots {', '.join(missing)}, given were: {', '.join(slots) or 'none'}"
            )
        told = {n: for_side(v, slots.get("side")) if isinstance(v, str) else v for n, v in slots.items()}
        said = self._formatter.vformat(alternatives[turn % len(alternatives)], (), told)
        return said if key.startswith(_PARTS_OF_SENTENCES) else _in_sentences(said)

    def listed(self, items: Sequence[str]) -> str:
        """Items read out one after the other: ``next, repeat and stop``; empty for none.

        Raises:
            KeyError: The wording lacks the two lines for it, ``listing.comma`` and ``listing.and``.
        """
        if not items:
            return ""
        text = items[0]
        for number, item in enumerate(items[1:], start=2):
            text = self.text("listing.and" if number == len(items) else "listing.comma", {"before": text, "item": item})
        return text


def _in_sentences(text: str) -> str:
    """Each sentence with a capital, also where it begins with a name or a number; a word alone is no sentence."""
    return _BEGINS_SENTENCE.sub(lambda found: found[0].upper(), text) if " " in text else text


class _Formatter(string.Formatter):
    """Adds numbers in words, and the choice between singular and plural, left and right."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "words":
            return self._language.in_words(value)
        if format_spec == "digits":
            groups = str(value).replace("-", " ").split()
            return ", ".join(" ".join(self._language.in_words(int(digit)) for digit in group) for group in groups)
        if "|" in format_spec:
            first, second = format_spec.split("|")
            return first if value in {1, "left"} else second
        return str(super().format_field(value, format_spec))


def _slots(key: str, template: str) -> Iterator[str]:
    try:
        fields = [field for field in string.Formatter().parse(template) if field[1] is not None]
    except ValueError as error:
        raise ValueError(f"line {key!r}: {error}: {template!r}") from error
    for _, name, format_spec, conversion in fields:
        if (
            not str(name).isidentifier()
            or conversion
            or (format_spec or "").count("|") > 1
            or "{" in (format_spec or "")
        ):
            raise ValueError(f"line {key!r}: a slot is {{name}}, {{name:words}} or {{name:one|other}}: {template!r}")
        yield str(name)


@lru_cache(maxsize=2)
def _templates(source: str) -> Mapping[str, tuple[str, ...]]:
    """The templates of a source; read once, as reading takes longer than a whole greeting should."""
    return dict(_read(source))


def _read(source: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        groups = yaml.load(source, _Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ValueError(f"the lines are not valid YAML: {error}") from error
    if not isinstance(groups, dict):
        raise ValueError("the lines are not groups of lines")
    for group, lines in groups.items():
        if not isinstance(group, str) or not isinstance(lines, dict):
            raise ValueError(f"group {group!r} is not a name with lines below it; quote yes, no, on and off")
        for name, words in lines.items():
            alternatives = words if isinstance(words, list) else [words]
            said = all(isinstance(template, str) and template.strip() for template in alternatives)
            if not isinstance(name, str) or not alternatives or not said:
                raise ValueError(f"line {group}.{name} is not words, or a list of alternatives in words")
            yield f"{group}.{name}", tuple(alternatives)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml, ten times as fast
    """Refuses a key that stands twice, of which YAML would quietly take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping
