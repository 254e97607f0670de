"""YAML as people mean it: ``012`` is twelve, and ``1:30``, ``0x1F``, ``1_000`` and a date are texts, no numbers.

Parsed by libyaml where PyYAML has it, which is ten times as fast. What it can't make out, and what may be nested so
deep that it would not come back, goes to PyYAML's own parser.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
TEXT, INTEGER, NUMBER, TRUTH, NOTHING, MERGE = (
    _TAG + kind for kind in ("str", "int", "float", "bool", "null", "merge")
)

_MOST_BRANCHES = 3_000
"""Signs that may open something: libyaml's binding calls itself for each level, and must not run out of stack."""


class _Constructor(yaml.constructor.SafeConstructor):
    """Numbers are decimal, whatever they begin with."""


def _whole_number(constructor: Any, node: yaml.ScalarNode) -> int:
    return int(constructor.construct_scalar(node))


_Constructor.add_constructor(INTEGER, _whole_number)

_RESOLVERS = (
    (TRUTH, r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF", "yYnNtTfFoO"),
    (INTEGER, r"[-+]?[0-9]+", "-+0123456789"),
    (NUMBER, r"[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
    (MERGE, r"<<", "<"),
    (NOTHING, r"~|null|Null|NULL|", ["~", "n", "N", ""]),
)


def _plain(base: type) -> Any:
    loader: Any = type("PlainLoader", (base,), {"yaml_implicit_resolvers": {}})
    for tag, pattern, first in _RESOLVERS:
        loader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), list(first))
    return loader


_PURE = _plain(yaml.SafeLoader)
_FAST = _plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def compose(text: str) -> yaml.Node | None:
    """A text's one document as nodes, which know their lines; None if it is empty.

    Raises:
        YAMLError: It is none, or several; and what PyYAML lets through, such as RecursionError.
    """
    if sum(map(text.count, "[{-?:")) <= _MOST_BRANCHES:
        try:
            return _composed(_FAST, text)
        except yaml.YAMLError:  # the other one says better where and why
            pass
    return _composed(_PURE, text)


def construct(root: yaml.Node | None) -> Any:
    """What nodes say.

    Raises:
        YAMLError: They can't be made out; and what PyYAML lets through: ``!!bool maybe`` is a KeyError.
    """
    return None if root is None else _Constructor().construct_document(root)


def size_written_out(root: yaml.Node, most: int) -> int:
    """How many nodes there are with every alias (``*name``) written out; ``most`` if there are more, or no end."""
    sizes: dict[int, int] = {}
    todo: list[tuple[yaml.Node, bool]] = [(root, False)]
    while todo:
        node, entered = todo.pop()
        if isinstance(node, yaml.MappingNode):
            inner = [one for pair in node.value for one in pair]
        else:
            inner = list(node.value) if isinstance(node, yaml.SequenceNode) else []
        if entered:
            sizes[id(node)] = min(most, 1 + sum(sizes[id(one)] for one in inner))
        elif id(node) not in sizes:
            sizes[id(node)] = most  # as long as it is open: what holds itself has no end
            todo.append((node, True))
            todo += [(one, False) for one in inner]
    return sizes[id(root)]


def load(text: str) -> Any:
    """What a text says. Raises what `compose` and `construct` do."""
    return construct(compose(text))


def line_of(node: yaml.Node) -> int:
    """The line on which a node begins, from 1."""
    return int(node.start_mark.line) + 1


def _composed(loader: Any, text: str) -> yaml.Node | None:
    parser = loader(text)
    try:
        node: yaml.Node | None = parser.get_single_node()
        return node
    finally:
        parser.dispose()
