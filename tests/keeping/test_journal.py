"""The record of a session: rows as they happen, a file that survives, a transcript people can read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assistant.dialogue.facts import DisclaimerHeard, Held, Moved, SoreSide
from assistant.errors import FileUnwritable
from assistant.hearing.listener import Utterance
from assistant.home import folders
from assistant.keeping.journal import EventFile, Journal, Row
from assistant.stage.transcript import transcript
from intents import Command


def heard(text: str, intent: str | None, start_s: float, rejected: str | None = None) -> Utterance:
    command = Command(intent, {"routine": "sciatic-nerve"}) if intent else None
    return Utterance(start_s, start_s + 1.0, text, 0.9, command, rejected)


def written(journal_of: list[Row]) -> Journal:
    return Journal(journal_of.append)


def test_a_row_is_on_disk_as_soon_as_it_has_happened(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with EventFile(path) as file:
        journal = Journal(file)
        journal.tick(1.25, 4)
        assert json.loads(path.read_text(encoding="utf-8")) == {"t": 1.25, "kind": "tick", "remaining": 4}
        journal.fact(2.0, Held("mine", "clam", "left", 30.0, whole=True))
        journal.fact(3.0, Moved("mine", "clam", None, 10, whole=False))
        journal.fact(4.0, SoreSide("left"))
        journal.fact(5.0, DisclaimerHeard())
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["kind"] for row in rows] == ["tick", "done", "done", "noted", "noted"]
    assert rows[1] | {"t": 0} == {
        "t": 0, "kind": "done", "what": "held", "step": "clam", "side": "left", "seconds": 30.0, "whole": True,
    }  # fmt: skip


def test_a_file_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritable) as failure, EventFile(tmp_path):
        pass
    assert str(tmp_path) in failure.value.what


def test_a_file_of_another_kind_is_not_written_over(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear aunt,\n", encoding="utf-8")
    with pytest.raises(FileUnwritable, match=r"letter\.txt"), EventFile(letter):
        pass
    assert letter.read_text(encoding="utf-8") == "Dear aunt,\n"
    for _ in range(2):  # its own kind is
        with EventFile(tmp_path / "events.jsonl") as file:
            Journal(file).tick(0.0, 1)


def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileUnwritable) as failure, EventFile(tmp_path / "pipe"):
        pass
    assert "Nobody reads" in failure.value.why


def test_a_full_disk_is_an_error_of_ours() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(FileUnwritable) as failure, EventFile(full) as file:
        Journal(file).tick(0.0, 1)
    assert "No space" in failure.value.why


def test_a_transcript_is_in_order_with_counts_in_one_line() -> None:
    rows: list[Row] = []
    journal = written(rows)
    journal.said("hold.count", "five", 10.0, 10.4, cut=False)
    journal.said("hold.count", "four", 11.0, 11.4, cut=False)
    journal.heard(12.9, heard("stop", "Stop", 11.9))
    journal.said("bye", "Well done", 13.0, 14.0, cut=True)
    journal.heard(16.0, heard("", None, 15.0, "unsure"))
    journal.chime(61.0, "start")
    journal.lost(62.0, "microphone")
    journal.back(65.0)
    assert transcript(rows).splitlines() == [
        "  0:10.0  assistant  five … four",
        "  0:11.9  you        stop   → Stop routine=sciatic-nerve",
        "  0:13.0  assistant  Well done —",
        "  0:15.0             (no words)   (unsure: not taken)",
        "  1:01.0             ♪ begins",
        "  1:02.0             (the microphone has gone)",
        "  1:05.0             (the sound is back)",
    ]


def test_one_variable_moves_all_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path / "stick"))
    found = {folders.config(), folders.data(), folders.cache(), folders.state()}
    assert found == {tmp_path / "stick" / kind for kind in ("config", "data", "cache", "state")}
    monkeypatch.delenv(folders.HOME_VARIABLE)
    assert all("stretch-assistant" in str(folder) for folder in (folders.config(), folders.data(), folders.cache()))


def test_folders_are_made_for_the_user_alone(tmp_path: Path) -> None:
    made = folders.make_private(tmp_path / "a" / "b")
    assert made.stat().st_mode & 0o777 == (tmp_path / "a").stat().st_mode & 0o777 == 0o700
    open_to_all = tmp_path / "open"
    open_to_all.mkdir(mode=0o755)
    assert folders.make_private(open_to_all).stat().st_mode & 0o777 == 0o755
