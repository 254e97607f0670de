"""Dependencies: each is used, pinned with hashes, and under a licence that lets this project be passed on."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions
from pathlib import Path

import pytest

from scripts.licences import licence_of

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAMES = sorted({re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0].lower() for line in PROJECT["dependencies"]})
NATURAL = [re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0] for line in PROJECT["optional-dependencies"]["natural"]]
FREE = re.compile(r"apache|mit|bsd|isc|psf|python software|mpl|lgpl|public domain|unlicense|gpl", re.IGNORECASE)


def imported() -> set[str]:
    found: set[str] = set()
    for path in (path for room in ("assistant", "intents", "models") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
            elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in {"import_module", "__import__"}:
                    found.add(str(node.args[0].value).split(".")[0])
    return found


def test_every_dependency_is_used() -> None:
    used = imported()
    modules = packages_distributions()
    unused = []
    for name in NAMES:
        own = {module for module, owners in modules.items() if name in {owner.lower() for owner in owners}}
        if own and not own & used:
            unused.append(name)
    assert not unused


def test_everything_pinned_has_a_hash() -> None:
    for file in (ROOT / "scripts").glob("requirements*.txt"):
        blocks = re.split(r"\n(?=\S)", file.read_text("utf-8"))
        bare = [
            block.split()[0] for block in blocks if re.match(r"[A-Za-z0-9_.-]+==", block) and "--hash=" not in block
        ]
        assert not bare, file.name


def pins(file: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    text = (ROOT / "scripts" / file).read_text("utf-8")
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_the_natural_voice_is_pinned_at_versions_that_go_with_the_rest() -> None:
    natural, rest = pins("requirements-natural.txt"), pins("requirements-dev.txt")
    assert set(NATURAL) <= natural.keys()
    assert {name for name in natural if name in rest and natural[name] != rest[name]} == set()
    assert {name for name in natural if name in rest}


@pytest.mark.parametrize("name", [*NAMES, *NATURAL])
def test_a_licence_is_known(name: str) -> None:
    try:
        stated = licence_of(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not for {sys.platform}, or is an extra that is not installed")
    assert FREE.search(stated), stated
