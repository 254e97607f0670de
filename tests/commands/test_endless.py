"""A device or an endless line in place of a file ends in words, and not when the memory is full."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from assistant.commands.hear_words import read_written
from assistant.commands.report import default_file, write_report
from assistant.diary.csv_file import read_csv
from assistant.errors import AssistantError, FileUnwritable
from assistant.home.folders import HOME_VARIABLE
from assistant.loop.typed import LONGEST_LINE
from assistant.loop.vocabulary import users_sentences
from assistant.routines.loading import load_routine
from assistant.stage.simulated_session import read_script
from tests.commands.calling import call

READERS = [read_script, read_written, load_routine, users_sentences, read_csv]


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Half a gigabyte beyond what is in use: a reader without end fails, and not the machine."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 29), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="as Linux tells it")
@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("read", READERS)
def test_an_endless_file_is_refused(read: Callable[[Path], object]) -> None:
    with pytest.raises(AssistantError) as refused:
        read(Path("/dev/zero"))
    assert len(refused.value.lines()) == 3


def test_a_line_of_a_script_is_as_long_as_a_typed_one_at_most(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(f"1 {'stop ' * 100_000}\n2 goodbye\n")
    long, short = read_script(tmp_path / "long.txt")
    assert len(long.words) <= LONGEST_LINE
    assert short.words == "goodbye"


@pytest.mark.parametrize(
    "typed",
    [
        ("reminders", "--ics", "LONG"),
        ("routines", "show", "quick", "--html", "LONG"),
        ("hear", "LONG"),
        ("--config", "LONG", "paths"),
    ],
)
def test_a_name_that_is_too_long_is_told(typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*(word.replace("LONG", "x" * 300) for word in typed)) == (0 if typed[-1] == "paths" else 1)
    shown = capsys.readouterr().err.splitlines()
    assert not shown or (len(shown), shown[1]) == (3, "File name too long.")


def test_a_folder_whose_name_is_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, "/" + "x" * 300)
    assert call("paths") == 0
    assert call("diary") == 1
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_a_report_from_a_folder_that_has_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    try:
        with pytest.raises(FileUnwritable):
            write_report(default_file(datetime(2026, 3, 1)), [])
    finally:
        os.chdir(tmp_path)
