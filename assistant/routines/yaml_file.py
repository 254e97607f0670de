"""YAML files that a physiotherapist writes once a year: read with care, every mistake with its file, key and line."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.errors import RoutineInvalid
from intents.plain_yaml import INTEGER, NUMBER, TEXT, compose, construct, line_of
from intents.reading import read_at_most

_MAX_BYTES = 200_000
_UNKNOWN = {"unexpected_keyword_argument", "extra_forbidden"}

_INTEGER = "a whole number, such as 20"
_LIST = "a list, such as [one] or [one, two]"
_MAPPING = "keys and values in braces, such as {{seconds: 20}}"
_EXPECTED = {
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "less_than_equal": "{le} at most",
    "greater_than_equal": "{ge} at least",
    "string_type": "a text",
    "string_too_short": "a text of {min_length} letters at least",
    "string_too_long": "a text of {max_length} letters at most",
    "string_pattern_mismatch": "small letters and spaces, as it is spoken",
    "tuple_type": _LIST,
    "too_short": "a list that is not empty",
    "dataclass_type": _MAPPING,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
}
"""What a value should have been, by the kind of error."""

KeyPath = tuple[str | int, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file that was read.

    Attributes:
        path: Where it lies.
        root: Its nodes, which know their lines.
        data: What it says.
        words: The file with the words to it, where they stand apart.
    """

    path: Path
    root: yaml.Node
    data: dict[str, Any]
    words: YamlFile | None = None

    @property
    def spoken(self) -> YamlFile:
        """Where the words stand: apart, or in this file."""
        return self.words or self

    def line_of(self, where: KeyPath) -> int:
        """The line of a key path, or of the deepest key there is on the way."""
        return line_of(_node_at(self.root, where))

    def wrong(self, where: KeyPath, why: str, fix: str) -> RoutineInvalid:
        """The error for what stands at a key path."""
        return RoutineInvalid(self.path, _dotted(where), self.line_of(where), why, fix)

    def parse(self, adapter: TypeAdapter[T], data: dict[str, Any], known_keys: Sequence[str]) -> T:
        """Data as the type it has to be.

        Args:
            adapter: Of the type.
            data: What the file says, perhaps filled in.
            known_keys: Keys that a misspelt one may be meant for.

        Raises:
            RoutineInvalid: It is not of that type; the first mistake in the file's own order.
        """
        try:
            return adapter.validate_python(data)
        except ValidationError as error:
            raise _explain(self.path, self.root, error, known_keys) from error


def read_yaml(path: Path) -> YamlFile:
    """Read a file of keys and values.

    Raises:
        RoutineInvalid: It can't be read, is no YAML, or no keys and values.
    """
    root, data = _read(path)
    if root is None or not isinstance(data, dict):
        raise RoutineInvalid(
            path,
            "",
            1,
            "The file is empty or not a list of keys and values.",
            "Begin with a line like: title: my stretch",
        )
    return YamlFile(path, root, {str(key): value for key, value in data.items() if key != "key"})


YAMLS_OWN_SLIPS = (RecursionError, ValueError, LookupError, TypeError, AttributeError)
"""What PyYAML lets through: a day that isn't in the calendar, ``!!int ''``, ``!!bool maybe``."""


def _read(path: Path) -> tuple[yaml.Node | None, object]:
    """What the file says, as nodes with their lines and as data."""
    try:
        root = compose(read_at_most(path, _MAX_BYTES).decode("utf-8-sig"))
        if root is None:
            return None, None
        _refuse_traps(path, root)
        return root, construct(root)
    except OSError as error:
        raise RoutineInvalid(
            path, "", 1, f"It cannot be read: {error.strerror or error}.", "Check the name and who may read it."
        ) from error
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise RoutineInvalid(path, "", 1, "It is not plain text in UTF-8.", "Save it as UTF-8 text.") from error
    except (yaml.YAMLError, *YAMLS_OWN_SLIPS) as error:
        mark = getattr(error, "problem_mark", None)
        raise RoutineInvalid(
            path,
            "",
            mark.line + 1 if mark else 1,
            *_broken(getattr(error, "problem", None) or str(error)),
        ) from error


def _broken(problem: str) -> tuple[str, str]:
    """Why a file is no YAML, and what to do about it."""
    if "mapping values are not allowed" in problem:
        return "A colon stands where none can be.", "Put a text that holds a colon in quotes."
    if "'\\t'" in problem:
        return "A line is indented with a tab.", "Use spaces."
    return (
        f"It is not valid YAML: {problem}.",
        "Check the indentation, the brackets, the colons, and quotes round texts that hold a colon.",
    )


def _refuse_traps(path: Path, root: yaml.Node) -> None:
    """Refuse what YAML accepts silently and nobody means: doubled keys, anchors that loop."""
    seen: set[int] = set()
    todo: list[tuple[yaml.Node, KeyPath]] = [(root, ())]
    while todo:
        node, where = todo.pop()
        if id(node) in seen:
            raise RoutineInvalid(
                path,
                _dotted(where),
                line_of(node),
                "An alias (*name) is used.",
                "Write the text out; aliases are not taken.",
            )
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys: dict[str, None] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise RoutineInvalid(
                        path, _dotted(where), line_of(key), "A key is not a plain word.", "Use plain keys."
                    )
                if key.value in keys:
                    raise RoutineInvalid(
                        path,
                        _dotted((*where, key.value)),
                        line_of(key),
                        "The key is there twice.",
                        "Keep one of the two.",
                    )
                if key.tag in {INTEGER, NUMBER}:
                    raise _number_as_key(path, where, key, keys)
                key.tag = TEXT
                keys[key.value] = None
                todo.append((value, (*where, key.value)))
        elif isinstance(node, yaml.SequenceNode):
            todo.extend((value, (*where, index)) for index, value in enumerate(node.value))


def _number_as_key(path: Path, where: KeyPath, key: yaml.ScalarNode, before: Collection[str]) -> RoutineInvalid:
    """The error for a number that stands where a key should: ``{seconds: 5,5}`` are two entries."""
    last = list(before)[-1:]
    if not last:
        return RoutineInvalid(
            path, _dotted(where), line_of(key), f"The key {key.value} is a number.", "Use plain words."
        )
    return RoutineInvalid(
        path,
        _dotted((*where, *last)),
        line_of(key),
        f"Behind a comma stands the number {key.value}: in braces a comma ends what was said of {last[0]!r}.",
        "Write a whole number, such as 5.",
    )


def _explain(path: Path, root: yaml.Node, error: ValidationError, known_keys: Sequence[str]) -> RoutineInvalid:
    """The first mistake in the file's own order, in a physiotherapist's words."""
    # A misspelt key shows up twice, as unknown and as missing: the misspelling is what helps. A wrong entry shows up
    # once more as a list that is too short without it.
    found = min(
        error.errors(),
        key=lambda e: (e["type"] not in _UNKNOWN, e["type"] == "too_short", line_of(_node_at(root, e["loc"]))),
    )
    where: KeyPath = found["loc"]
    line = line_of(_node_at(root, where))
    kind, given = found["type"], found["input"]
    name = str(where[-1]) if where else ""
    if kind in _UNKNOWN:
        if name in known_keys:
            why, fix = f"The key {name!r} does not belong here.", "Look at the indentation and at the brackets."
        else:
            close = difflib.get_close_matches(name, known_keys, n=1)
            why = f"The key {name!r} is not known."
            fix = f"Did you mean {close[0]!r}?" if close else f"Keys that are known: {', '.join(known_keys)}."
        return RoutineInvalid(path, _dotted(where), line, why, fix)
    if kind in {"missing", "missing_argument"}:
        return RoutineInvalid(
            path, _dotted(where), line, f"The key {name!r} is missing.", f"Add a line {name}: … there."
        )
    if isinstance(given, bool) and "string" in kind:
        fix = 'Put the text in quotes: YAML reads yes, no, on and off as true or false. For instance "no".'
    else:
        fix = f"Expected: {_expected(kind, found.get('ctx', {}), found['msg'])}."
    return RoutineInvalid(path, _dotted(where), line, f"Found {_shown(given)}.", fix)


def _expected(kind: str, limits: Mapping[str, Any], message: str) -> str:
    """What a value should have been, as somebody would say it who writes no programs."""
    if kind in _EXPECTED:
        return _EXPECTED[kind].format(**limits)
    return message.removeprefix("Input should be ").removeprefix("Value error, ")


def _node_at(root: yaml.Node, where: Sequence[str | int]) -> yaml.Node:
    """The node at a key path, or the deepest one there is on the way."""
    node = root
    for part in where:
        if isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            inner = node.value[part]
        else:
            inner = None
        if inner is None:
            break
        node = inner
    return node


def _dotted(where: Sequence[str | int]) -> str:
    """A key path as shown to a person: list entries are counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in where)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
