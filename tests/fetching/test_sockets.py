import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(str(files("assistant"))).parent
THE_ONE = "assistant/fetching/downloading.py"
HANDS_OVER = "assistant/fetching/posting.py"
"""Posts the diary to the server that somebody names with ``diary export --to``; nothing else loads it."""
WHERE_SWITCHED_ON = {
    *("assistant/home_hub/broker.py", "assistant/home_hub/wyoming_server.py"),
    *("assistant/commands/screen.py", "assistant/screen/address.py", "assistant/screen/handler.py"),
    "assistant/screen/server.py",
}
"""Reach the local network for somebody who has switched that on."""
NETWORK = """
    socket _socket ssl _ssl socketserver http urllib.request urllib.robotparser xmlrpc asyncio ftplib smtplib poplib
    imaplib nntplib telnetlib webbrowser multiprocessing.connection multiprocessing.managers logging.handlers
    logging.config wsgiref requests urllib3 httpx httpcore aiohttp websocket websockets tornado trio anyio curio twisted
    zmq grpc paramiko pycurl paho wyoming zeroconf
"""


def imported(source: str) -> Iterator[str]:
    """The full names of all that a module imports, anywhere in it, also by a call with the name spelled out."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(level=0, module=str(module)):
                yield from (f"{module}.{alias.name}" for alias in node.names)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def networked(source: str) -> set[str]:
    return {name for name in imported(source) if any(f"{name}.".startswith(f"{each}.") for each in NETWORK.split())}


def modules() -> list[Path]:
    return sorted(path for package in ("assistant", "intents", "models") for path in (ROOT / package).rglob("*.py"))


def test_only_the_download_and_what_is_switched_on_open_a_socket() -> None:
    reaching = {path.relative_to(ROOT).as_posix() for path in modules() if networked(path.read_text(encoding="utf-8"))}
    assert reaching == {THE_ONE, HANDS_OVER} | WHERE_SWITCHED_ON


def test_only_the_command_that_hands_the_diary_over_loads_what_posts_it() -> None:
    loading = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.startswith("assistant.fetching.posting") for name in imported(path.read_text(encoding="utf-8")))
    }
    assert loading == {"assistant/commands/diary/handing_over.py"}


def test_all_modules_were_looked_at() -> None:
    seen = {path.relative_to(ROOT).as_posix() for path in modules()}
    assert {THE_ONE, "assistant/commands/command_line.py", "intents/__init__.py", "models/__init__.py"} <= seen
    assert len(seen) > 50


@pytest.mark.parametrize(
    "source",
    [
        "import socket",
        "import os, ssl as locks",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import http.client",
        "from http import HTTPStatus",
        "def f():\n    try:\n        from asyncio import run\n    except ImportError:\n        pass",
        "import importlib\nimportlib.import_module('requests')",
        "__import__('socket')",
    ],
)
def test_an_import_of_the_network_is_seen_wherever_it_is(source: str) -> None:
    assert networked(source)


@pytest.mark.parametrize(
    "source", ["from urllib.parse import urljoin", "import sockets_of_a_lamp", "from .socket import lamp", "import os"]
)
def test_other_imports_are_left_alone(source: str) -> None:
    assert not networked(source)
