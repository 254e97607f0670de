"""A sentence file as it is read: what is of another shape than hassil's format is told by its name and its line.

Texts may be written without quotes, also where YAML reads a number; where it reads true or false they need them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from hassil.errors import HassilError
from hassil.intents import RangeFractionType, RangeType
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from intents.plain_yaml import (
    INTEGER,
    MERGE,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    compose,
    construct,
    line_of,
    size_written_out,
)
from intents.reading import read_at_most
from intents.types import SentencesError

COMMON = "_common"
"""Name of the file that serves all others of its folder."""

_MOST_BYTES = 2_000_000
_MOST_NODES = 500_000
_YAMLS_OWN_SLIPS = (RecursionError, ValueError, LookupError, TypeError, AttributeError)
"""What PyYAML lets through: ``!!int ''``, ``!!bool maybe``, a day that is not in the calendar."""

_BRACKETS = frozenset("[]()<>{}|")
_TEMPLATE_ERRORS = (ParseError, HassilError, AssertionError, ValueError, LookupError, RecursionError)


class _AnotherShapeError(Exception):
    def __init__(self, node: yaml.Node, name: str, expected: str, example: str) -> None:
        super().__init__(f"Line {line_of(node)}: {name} is of another shape: it needs to be {expected}.")
        self.fix = f"For instance: {example}"


class _ThereTwiceError(_AnotherShapeError):
    def __init__(self, node: yaml.ScalarNode) -> None:
        Exception.__init__(self, f"Line {line_of(node)}: the key {node.value!r} is there twice.")
        self.fix = "Keep one of the two, or put them together."


Shape: TypeAlias = Callable[[yaml.Node, str], None]
"""Looks at a node, called so; raises if it is of another shape. What YAML misreads in it is put right."""


def _anything(node: yaml.Node, name: str) -> None:
    """Nothing is wrong with it."""


def _text(node: yaml.Node, name: str) -> None:
    if not isinstance(node, yaml.ScalarNode) or node.tag == NOTHING or not node.value.strip():
        raise _AnotherShapeError(node, name, "a text", '"in quotes", if it holds brackets, braces or a colon')
    if node.tag == TRUTH:
        raise _AnotherShapeError(
            node, name, f"in quotes, or YAML reads {node.value} as true or false", f'"{node.value}"'
        )
    node.tag = TEXT


def _scalar(node: yaml.Node, name: str) -> None:
    if not isinstance(node, yaml.ScalarNode):
        raise _AnotherShapeError(node, name, "a text or a number", "kitchen")


def _template(node: yaml.Node, name: str) -> None:
    _text(node, name)
    try:
        parse_sentence(node.value)
    except _TEMPLATE_ERRORS as error:
        raise _AnotherShapeError(node, name, "a template with its brackets in order", '"(one|two) [three]"') from error


def _whole_number(node: yaml.Node, name: str) -> None:
    if not isinstance(node, yaml.ScalarNode) or node.tag != INTEGER:
        raise _AnotherShapeError(node, name, "a whole number", "10")


def _one_of(kinds: type[Enum]) -> Shape:
    names = [str(kind.value) for kind in kinds]

    def shape(node: yaml.Node, name: str) -> None:
        if node.value not in names:
            raise _AnotherShapeError(node, name, f"one of {', '.join(names)}", names[0])

    return shape


def _number(node: yaml.Node, name: str) -> None:
    if not isinstance(node, yaml.ScalarNode) or node.tag not in {INTEGER, NUMBER}:
        raise _AnotherShapeError(node, name, "a number", "0.5")


@dataclass(frozen=True)
class _List:
    """A list of what has a shape, called ``called``."""

    of: Shape
    called: str
    example: str
    may_be_empty: bool = False

    def __call__(self, node: yaml.Node, name: str) -> None:
        if not isinstance(node, yaml.SequenceNode) or not (node.value or self.may_be_empty):
            raise _AnotherShapeError(node, name, "a list that is not empty", self.example)
        for number, value in enumerate(node.value, 1):
            self.of(value, f"{self.called} {number} of {name}")


@dataclass(frozen=True)
class _Mapping:
    """Keys, each with what has a shape; each such thing is called ``called`` and its key."""

    of: Shape
    called: str
    example: str

    def __call__(self, node: yaml.Node, name: str) -> None:
        for key, value in _keys(node, name, self.example).items():
            self.of(value, f"{self.called} {key!r}" if self.called else f"{key!r} of {name}")


@dataclass(frozen=True)
class _Record:
    """Keys that are known, some of which have to be there, and others.

    Attributes:
        shapes: By key.
        example: What one looks like.
        needs: One of these keys has to be there.
    """

    shapes: Mapping[str, Shape]
    example: str
    needs: Collection[str] = ()
    also: Collection[str] = field(default=())

    def __call__(self, node: yaml.Node, name: str) -> None:
        values = _keys(node, name, self.example)
        node.value = [(key, value) for key, value in node.value if value.tag != NOTHING]  # as if they weren't there
        values = {key: value for key, value in values.items() if value.tag != NOTHING}
        if self.needs and not set(self.needs) & values.keys():
            raise _AnotherShapeError(node, name, f"something with the key {' or '.join(self.needs)}", self.example)
        for key in self.also:
            if key not in values:
                raise _AnotherShapeError(node, name, f"something with the key {key}", self.example)
        for key, shape in self.shapes.items():
            if key in values:
                shape(values[key], f"{key} of {name}")


def _keys(node: yaml.Node, name: str, example: str) -> dict[str, yaml.Node]:
    """The values by their keys, each on the line of its key."""
    if not isinstance(node, yaml.MappingNode):
        raise _AnotherShapeError(node, name, "keys and values", example)
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _AnotherShapeError(key, f"a key of {name}", "a word", example)
        if key.tag == MERGE and isinstance(value, yaml.MappingNode):
            found = {**_keys(value, name, example), **found}
            continue
        if key.tag != MERGE:
            _text(key, f"the key {key.value!r}")
            if key.value in found:
                raise _ThereTwiceError(key)
        value.start_mark = key.start_mark
        found[key.value] = value
    return found


def _value(node: yaml.Node, name: str) -> None:
    if isinstance(node, yaml.MappingNode):
        _VALUE(node, name)
    else:
        (_template if _BRACKETS & set(node.value) else _text)(node, name)


def _range(node: yaml.Node, name: str) -> None:
    _RANGE(node, name)
    values = _keys(node, name, _RANGE.example)
    first, last, step = (int(values[key].value) if key in values else 1 for key in ("from", "to", "step"))
    if last < first or step < 1:
        raise _AnotherShapeError(node, name, "from the least number to the greatest", _RANGE.example)


_VALUE = _Record({"in": _template, "context": _Mapping(_anything, "", "{}")}, "{in: one, out: 1}", also=("in",))
_RANGE = _Record(
    {
        **dict.fromkeys(("from", "to", "step"), _whole_number),
        "multiplier": _number,
        "type": _one_of(RangeType),
        "fractions": _one_of(RangeFractionType),
    },
    "{from: 1, to: 10}",
    also=("from", "to"),
)
_SLOTS = _Mapping(_scalar, "", "{room: kitchen}")
_KEYS = _Mapping(_anything, "", "{session: true}")
_LISTS = _Mapping(
    _Record(
        {"values": _List(_value, "value", "[one, two]"), "range": _range},
        "{values: [one, two]}",
        needs=("values", "range", "wildcard"),
    ),
    "the list",
    "{room: {values: [kitchen, bedroom]}}",
)
_RULES = _Mapping(_template, "the rule", '{the: "[the|my]"}')
_SENTENCES = _List(_text, "sentence", '["turn it on"]')
_INTENT = _Record(
    {
        "data": _List(
            _Record(
                {
                    "sentences": _SENTENCES,
                    **dict.fromkeys(("requires_context", "excludes_context", "metadata", "settings"), _KEYS),
                    "slots": _SLOTS,
                    "lists": _LISTS,
                    "expansion_rules": _RULES,
                },
                '{sentences: ["turn it on"]}',
                also=("sentences",),
            ),
            "entry",
            '[{sentences: ["turn it on"]}]',
        )
    },
    '{data: [{sentences: ["turn it on"]}]}',
    also=("data",),
)
_FILE = _Record(
    {
        "language": _text,
        "intents": _Mapping(_INTENT, "the intent", '{TurnOn: {data: [{sentences: ["turn it on"]}]}}'),
        "lists": _LISTS,
        "expansion_rules": _RULES,
        "skip_words": _List(_text, "phrase", '["please"]', may_be_empty=True),
        "settings": _KEYS,
        "carriers": _Record(
            {
                "before": _List(_template, "template", '["please"]', may_be_empty=True),
                "after": _List(_template, "template", '["please"]', may_be_empty=True),
                "again_words": _whole_number,
            },
            "{before: [please]}",
        ),
    },
    '{intents: {TurnOn: {data: [{sentences: ["turn it on"]}]}}}',
)


def read_sentence_file(path: Path) -> dict[str, Any]:
    """A sentence file's keys and values, all of them of the shape that hassil expects.

    Raises:
        SentencesError: It can't be read, is no YAML, or of another shape.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SentencesError(str(path), "It is far larger than a sentence file.", "Name a sentence file.")
        root = compose(read_at_most(path, _MOST_BYTES).decode("utf-8-sig"))
        if root is not None:
            if size_written_out(root, _MOST_NODES) == _MOST_NODES:
                raise SentencesError(str(path), "Its aliases (*name) have no end.", "Write out what they stand for.")
            _FILE(root, "the file")
        data = construct(root)
    except SentencesError:
        raise
    except _AnotherShapeError as error:
        raise SentencesError(str(path), str(error), error.fix) from error
    except OSError as error:
        raise SentencesError(str(path), f"It can't be read: {error.strerror or error}.", "Check the name.") from error
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise SentencesError(str(path), "It is not plain text in UTF-8.", "Save it as UTF-8 text.") from error
    except (yaml.YAMLError, *_YAMLS_OWN_SLIPS) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}: " if mark else ""
        raise SentencesError(
            str(path),
            f"{where}it is not valid YAML: {getattr(error, 'problem', None) or error}.",
            "Put templates in quotes, and check the indentation.",
        ) from error
    if path.stem == COMMON and isinstance(data, dict):
        return {"intents": {}, **data}
    if not isinstance(data, dict) or not isinstance(data.get("intents"), dict):
        raise SentencesError(
            str(path), "It has no key 'intents' with intents below it.", "See hassil's sentence format."
        )
    return data
