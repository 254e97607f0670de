"""The token is the user's alone, outlives a session, and can be forgotten; the link is found and scanned."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ScreenUnavailable
from assistant.home.folders import HOME_VARIABLE
from assistant.screen.address import link, own_address, picture
from assistant.screen.doors import Doors, erase_token, kept_token, token_file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_token_is_long_kept_for_the_user_alone_and_forgotten_when_erased() -> None:
    token = kept_token()
    assert len(token) == 22, "128 bits"
    assert kept_token() == token
    assert token_file().stat().st_mode & 0o777 == 0o600
    assert token_file().parent.stat().st_mode & 0o777 == 0o700
    assert erase_token() == 1
    assert erase_token() == 0
    assert kept_token() != token


@pytest.mark.parametrize("content", ["", "short", "ÿ", "x" * 500])
def test_a_token_that_is_none_is_made_anew(content: str) -> None:
    first = kept_token()
    token_file().write_text(content, encoding="utf-8")
    again = kept_token()
    assert again not in {first, content}
    assert kept_token() == again


def test_where_it_cannot_be_kept_it_holds_for_the_session(home: Path) -> None:
    home.write_text("no folder", encoding="ascii")
    assert len(kept_token()) == 22


def test_the_link_holds_what_the_doors_look_for() -> None:
    doors = Doors("secret", frozenset(), secure=False)
    assert link("192.168.1.5", 8470, "secret", secure=False) == "http://192.168.1.5:8470/?t=secret"
    assert link("fd00::2", 8470, "secret", secure=True) == "https://[fd00::2]:8470/?t=secret"
    assert doors.has_token("/?t=secret")
    assert doors.has_token("/?x=1&t=secret")
    assert not doors.has_token("/?t=Secret")
    assert not doors.has_token("/secret")


def test_the_picture_is_dark_on_light_in_any_terminal() -> None:
    lines = picture("http://192.168.178.45:8470/?t=AAAAAAAAAAAAAAAAAAAAAA").splitlines()
    assert all(line.startswith("\x1b[97;40m") and line.endswith("\x1b[0m") for line in lines)
    assert set("".join(lines)) <= set("█▀▄ \x1b[97;40m")
    assert len(lines) < 20
    assert len({len(line) for line in lines}) == 1


def test_without_a_network_it_is_said_so() -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespace may be made here: unshare --map-root-user --net")
    code = "from assistant.screen.address import own_address\nprint(own_address())"
    done = subprocess.run([*alone, sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{ScreenUnavailable.__name__}: The screen can't be shown in the network." in done.stderr


def test_in_a_network_its_address_is_none_of_this_machine_alone() -> None:
    try:
        found = own_address()
    except ScreenUnavailable:
        pytest.skip("this machine is in no network")
    assert not found.startswith(("127.", "169.254.", "::1", "fe80"))
