"""Reading routine files: YAML in, `Routine` out, every mistake with its file, key and line.

A routine is written by a physiotherapist once a year. So a wrong file says what was found and what was expected,
and the other files still load.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.errors import RoutineInvalid
from assistant.routines.model import Caution, Hold, Reps, Routine, Step

_ADAPTER = TypeAdapter(Routine)
_KNOWN_KEYS = sorted({f.name for cls in (Routine, Step, Caution, Hold, Reps) for f in fields(cls)} - {"key"})
_MAX_BYTES = 200_000
_UNKNOWN = {"unexpected_keyword_argument", "extra_forbidden"}

KeyPath = tuple[str | int, ...]


def own_routine_files() -> list[Path]:
    """The routine files that come with the assistant."""
    with resources.as_file(resources.files("assistant.routines") / "library") as folder:
        return sorted(folder.glob("*.yaml"))


def load_routines(paths: Iterable[Path]) -> tuple[dict[str, Routine], list[RoutineInvalid]]:
    """Load all files that can be loaded.

    Args:
        paths: Routine files; of two with the same name the later one counts.

    Returns:
        The routines by key (the file's name without its ending), and the errors of the files that are wrong.
    """
    routines: dict[str, Routine] = {}
    errors: list[RoutineInvalid] = []
    for path in paths:
        try:
            routine = load_routine(path)
            _refuse_taken_names(path, routine, [r for r in routines.values() if r.key != routine.key])
        except RoutineInvalid as error:
            errors.append(error)
        else:
            routines[routine.key] = routine
    return routines, errors


def load_routine(path: Path) -> Routine:
    """Load and check one routine file.

    Raises:
        RoutineInvalid: The file cannot be read, is no YAML, or breaks the format; names key and line.
    """
    root = _compose(path)
    data = yaml.constructor.SafeConstructor().construct_document(root) if root is not None else None
    if root is None or not isinstance(data, dict):
        raise RoutineInvalid(
            path,
            "",
            1,
            "The file is empty or not a list of keys and values.",
            "Begin with a line like: title: my stretch",
        )
    try:
        routine = _ADAPTER.validate_python({str(key): value for key, value in data.items() if key != "key"})
    except ValidationError as error:
        raise _explain(path, root, error) from error
    routine = replace(routine, key=path.stem)
    _check_meaning(path, root, routine)
    return routine


def _compose(path: Path) -> yaml.Node | None:
    try:
        content = path.read_bytes()
        if len(content) > _MAX_BYTES:
            raise RoutineInvalid(path, "", 1, "The file is far larger than a routine.", "Give a routine file.")
        root = yaml.compose(content.decode("utf-8"), yaml.SafeLoader)
    except OSError as error:
        raise RoutineInvalid(
            path, "", 1, f"It cannot be read: {error.strerror or error}.", "Check the name and who may read it."
        ) from error
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise RoutineInvalid(path, "", 1, "It is not plain text in UTF-8.", "Save it as UTF-8 text.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise RoutineInvalid(
            path,
            "",
            mark.line + 1 if mark else 1,
            f"It is not valid YAML: {getattr(error, 'problem', None) or error}.",
            "Check the indentation, the colons, and quotes round texts that hold a colon.",
        ) from error
    if root is not None:
        _refuse_traps(path, root)
    return root


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
                _line(node),
                "An alias (*name) is used.",
                "Write the text out; aliases are not taken.",
            )
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise RoutineInvalid(
                        path, _dotted(where), _line(key), "A key is not a plain word.", "Use plain keys."
                    )
                if key.value in keys:
                    raise RoutineInvalid(
                        path,
                        _dotted((*where, key.value)),
                        _line(key),
                        "The key is there twice.",
                        "Keep one of the two.",
                    )
                keys.add(key.value)
                todo.append((value, (*where, key.value)))
        elif isinstance(node, yaml.SequenceNode):
            todo.extend((value, (*where, index)) for index, value in enumerate(node.value))


def _explain(path: Path, root: yaml.Node, error: ValidationError) -> RoutineInvalid:
    """The first mistake in the file's own order, in a physiotherapist's words."""
    # A misspelt key shows up twice, as unknown and as missing: the misspelling is what helps. A wrong entry shows up
    # once more as a list that is too short without it.
    found = min(
        error.errors(),
        key=lambda e: (e["type"] not in _UNKNOWN, e["type"] == "too_short", _line(_node_at(root, e["loc"]))),
    )
    where: KeyPath = found["loc"]
    line = _line(_node_at(root, where))
    kind, given = found["type"], found["input"]
    name = str(where[-1]) if where else ""
    if kind in _UNKNOWN:
        close = difflib.get_close_matches(name, _KNOWN_KEYS, n=1)
        known = "Keys that are known: " + ", ".join(_KNOWN_KEYS) + "."
        return RoutineInvalid(
            path,
            _dotted(where),
            line,
            f"The key {name!r} is not known.",
            f"Did you mean {close[0]!r}?" if close else known,
        )
    if kind in {"missing", "missing_argument"}:
        return RoutineInvalid(
            path, _dotted(where), line, f"The key {name!r} is missing.", f"Add a line {name}: … there."
        )
    if isinstance(given, bool) and "string" in kind:
        fix = 'Put the text in quotes: YAML reads yes, no, on and off as true or false. For instance "no".'
    else:
        fix = f"Expected: {found['msg'].removeprefix('Input should be ').removeprefix('Value error, ')}."
    return RoutineInvalid(path, _dotted(where), line, f"Found {_shown(given)}.", fix)


def _check_meaning(path: Path, root: yaml.Node, routine: Routine) -> None:
    def refuse(where: KeyPath, why: str, fix: str) -> RoutineInvalid:
        return RoutineInvalid(path, _dotted(where), _line(_node_at(root, where)), why, fix)

    for index, step in enumerate(routine.steps):
        here: KeyPath = ("steps", index)
        if (step.hold is None) == (step.reps is None):
            many = "both a hold and reps" if step.hold else "neither a hold nor reps"
            raise refuse(here, f"The step {step.name!r} has {many}.", "Give it exactly one: hold: or reps:.")
        if step.source != "unverified" and step.source not in routine.sources:
            raise _unknown_source(refuse, (*here, "source"), step.source, routine)
    for index, caution in enumerate(routine.cautions):
        if caution.source != "unverified" and caution.source not in routine.sources:
            raise _unknown_source(refuse, ("cautions", index, "source"), caution.source, routine)
    for index, spoken in enumerate(routine.names):
        if not spoken.strip() or not set(spoken) <= set("abcdefghijklmnopqrstuvwxyz' []()|"):
            raise refuse(
                ("names", index),
                f"{spoken!r} cannot be spoken.",
                "Use small letters and spaces; [x] for a word that may be left out, (a|b) for a choice.",
            )


def _unknown_source(refuse: Any, where: KeyPath, source: str, routine: Routine) -> RoutineInvalid:
    known = ", ".join(sorted(routine.sources)) or "none yet"
    error: RoutineInvalid = refuse(
        where,
        f"The source {source!r} is not listed under sources.",
        f"List it there, use one that is ({known}), or write: source: unverified",
    )
    return error


def _refuse_taken_names(path: Path, routine: Routine, others: Sequence[Routine]) -> None:
    for other in others:
        taken = set(routine.names) & set(other.names)
        if taken:
            raise RoutineInvalid(
                path,
                "names",
                1,
                f"The routine {other.title!r} is already called {min(taken)!r}.",
                "Give this one a name of its own.",
            )


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


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _dotted(where: Sequence[str | int]) -> str:
    """A key path as shown to a person: list entries are counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in where)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
