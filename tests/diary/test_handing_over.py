"""What is handed over: a valid FHIR bundle, a picture and a page that say what the diary says."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle
from PIL import Image
from pydantic import ValidationError

from assistant.diary.entries import KINDS, DiarySession, Entry, SessionKey
from assistant.diary.fhir import bundle_of, write_bundle
from assistant.diary.page import draw_page, notes_of
from assistant.diary.plot import course_of, draw_course
from assistant.diary.store import Diary
from assistant.diary.summary import DaySummary, day_summaries, exercise_summaries, session_summaries
from assistant.diary.wording import told
from assistant.errors import FileUnwritable
from assistant.figures.axes import drawings_of
from scripts.testbed.made_diary import BEGUN, NAMES, key, made_diary

SESSIONS = NAMES.all_named(made_diary(30))
NOW = BEGUN + timedelta(days=30)
PRESCRIBED_KEYED = DiarySession(
    key("doses", BEGUN + timedelta(days=29, hours=5)),
    (
        (1, Entry("prescribed", 1.0, exercise="press-up", reps=10, a_day=3)),
        (2, Entry("prescribed", 2.0, exercise="hamstring", seconds=30.0)),
        (3, Entry("sign", 3.0, exercise="press-up", detail="chest_pain")),
        (4, Entry("leg", 4.0, exercise="press-up", detail="lower")),
        (5, Entry("pain", 5.0, exercise="press-up", level=7, detail="leg")),
        (6, Entry("health answer", 6.0, yes=True, detail="pregnancy")),
        (7, Entry("skipped", 7.0, exercise="press-up")),
    ),
)
(PRESCRIBED,) = NAMES.all_named([PRESCRIBED_KEYED])


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    return json.loads(bundle_of((*SESSIONS, PRESCRIBED), NOW).model_dump_json())  # type: ignore[no-any-return]


def of_type(bundle: dict[str, Any], kind: str, code: str | None = None) -> list[dict[str, Any]]:
    found = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]
    return [r for r in found if code is None or r["code"]["coding"][0]["code"] == code]


def test_the_bundle_is_valid_and_every_code_is_one_that_r4_requires(bundle: dict[str, Any]) -> None:
    Bundle.model_validate(bundle)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    for entry in bundle["entry"]:
        resource = entry["resource"]
        model = get_fhir_model_class(resource["resourceType"])
        model.model_validate(resource)
        for name in ("status", "intent"):
            if name in resource:
                described = model.model_fields[name].json_schema_extra
                assert isinstance(described, dict)
                allowed = described["enum_values"]
                assert isinstance(allowed, list)
                assert resource[name] in allowed
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(urls) == len(set(urls))
    patient = urls[[e["resource"]["resourceType"] for e in bundle["entry"]].index("Patient")]
    assert all(e["resource"].get("subject", {"reference": patient})["reference"] == patient for e in bundle["entry"])


def test_the_models_do_refuse_what_is_no_fhir(bundle: dict[str, Any]) -> None:
    pain = of_type(bundle, "Observation", "72514-3")[0]
    model = get_fhir_model_class("Observation")
    without_code = {name: value for name, value in pain.items() if name != "code"}
    for broken in ({**pain, "valueString": "bad"}, {**pain, "level": 4}, without_code):
        with pytest.raises(ValidationError):
            model.model_validate(broken)


def test_the_bundle_says_what_the_diary_says(bundle: dict[str, Any]) -> None:
    entries = [entry for session in (*SESSIONS, PRESCRIBED) for entry in session.entries]
    pain = of_type(bundle, "Observation", "72514-3")
    assert [o["valueQuantity"]["value"] for o in pain] == [e.level for e in entries if e.kind == "pain"]
    assert {o["valueQuantity"]["code"] for o in pain} == {"1"}
    assert pain[0]["effectiveDateTime"].endswith("+01:00")
    minutes = sum(o["valueQuantity"]["value"] for o in of_type(bundle, "Observation", "55411-3"))
    assert minutes * 60 == pytest.approx(
        sum(e.seconds or 0.0 for e in entries if e.kind in {"held", "moved"}), rel=0.01
    )
    done = of_type(bundle, "Procedure", "229065009")
    assert len(done) == len(SESSIONS)
    ended = sum(any(e.kind == "routine done" for e in s.entries) for s in SESSIONS)
    assert [p["status"] for p in done].count("completed") == ended < len(SESSIONS)
    by_reps, by_seconds = of_type(bundle, "ServiceRequest", "229065009")
    assert by_reps["occurrenceTiming"]["repeat"] == {"frequency": 3, "period": 1, "periodUnit": "d"}
    assert by_reps["note"][0]["text"] == "set by the physio: press up, 10 times, 3 sets a day"
    assert "occurrenceTiming" not in by_seconds


def test_answers_about_health_and_names_are_not_handed_over(bundle: dict[str, Any]) -> None:
    assert "pregnan" not in json.dumps(bundle)
    (patient,) = of_type(bundle, "Patient")
    assert patient.keys() == {"resourceType", "identifier"}
    assert patient["identifier"][0]["value"].startswith("urn:uuid:")


def test_a_session_is_a_group_of_its_measures_as_the_physical_activity_guide_has_it(bundle: dict[str, Any]) -> None:
    resources = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    groups = of_type(bundle, "Observation", "PAPanel")
    assert len(groups) == len(of_type(bundle, "Procedure"))
    for group in groups:
        members = [resources[member["reference"]] for member in group["hasMember"]]
        assert [member["code"]["coding"][0]["code"] for member in members] == ["73985-4", "55411-3"]
        assert {(m["effectivePeriod"]["start"], m["effectivePeriod"]["end"]) for m in (group, *members)} == {
            (group["effectivePeriod"]["start"], group["effectivePeriod"]["end"])
        }
        assert all("PhysicalActivity" in json.dumps(one["category"]) for one in (group, *members))
        assert "valueQuantity" not in group


def test_whose_diary_it_is_is_the_same_from_whatever_day_on_it_is_exported_and_never_another_persons() -> None:
    def patients(*sessions: DiarySession, first: str | None = None) -> list[dict[str, Any]]:
        return of_type(json.loads(bundle_of(sessions, NOW, first).model_dump_json()), "Patient")

    whole = patients(*SESSIONS)
    assert whole == patients(*SESSIONS[3:], first=SESSIONS[0].key.uid)
    assert whole != patients(PRESCRIBED)


@pytest.mark.parametrize("offset_s", [86_340, -86_340, 12, -1, 3_612, 50_400, -50_400, 50_460, -50_460, 45_900])
def test_whatever_offset_a_time_has_it_is_one_that_fhir_has(offset_s: int) -> None:
    started_at = BEGUN.astimezone(timezone(timedelta(seconds=offset_s)))
    numbered = ((1, Entry("pain", 5.0, level=4)), (2, Entry("prescribed", 6.0, exercise="press-up", reps=10)))
    made = bundle_of([DiarySession(SessionKey("one", started_at), numbered)], started_at)
    pain = json.loads(made.model_dump_json())["entry"][1]["resource"]
    assert datetime.fromisoformat(pain["effectiveDateTime"]) == BEGUN + timedelta(seconds=5)


def test_the_same_diary_gives_the_same_addresses(bundle: dict[str, Any], tmp_path: Path) -> None:
    write_bundle(tmp_path / "b.json", (*SESSIONS, PRESCRIBED), NOW)
    again = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert again == bundle
    with pytest.raises(FileUnwritable):
        write_bundle(tmp_path / "missing" / "b.json", SESSIONS, NOW)


def summaries(folder: Path, sessions: Sequence[DiarySession]) -> tuple[list[DaySummary], Diary]:
    diary = Diary(folder / "d" / "diary.sqlite3")
    diary.write_all((s.key, n, entry) for s in sessions for n, entry in s.numbered)
    return day_summaries(session_summaries(diary)), diary


def test_the_picture_has_both_courses_apart_in_grey_and_words_that_stay_words(tmp_path: Path) -> None:
    days, _ = summaries(tmp_path, SESSIONS)
    draw_course(tmp_path / "p.png", days)
    pixels = np.asarray(Image.open(tmp_path / "p.png").convert("RGB")).reshape(-1, 3)
    before, after = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in ("#0b3c5d", "#d17a00"))
    for colour in (before, after):
        assert (np.abs(pixels.astype(int) - colour).max(axis=1) < 8).sum() > 300
    grey = np.array([0.299, 0.587, 0.114])
    assert abs(before @ grey - after @ grey) > 60
    draw_course(tmp_path / "p.svg", days)
    svg = (tmp_path / "p.svg").read_text(encoding="utf-8")
    for words in ("Pain and stretching, 2 Mar 2026 to 31 Mar 2026", "before stretching", "after stretching"):
        assert words in svg


def test_many_days_are_drawn_by_week_and_many_years_by_month(tmp_path: Path) -> None:
    days, diary = summaries(tmp_path, tuple(made_diary(1500)))
    short = days[:40]
    assert len(course_of(short)[0]) == 40
    for part, most in ((days[:300], 60), (days, 50)):
        points, unit = course_of(part)
        assert len(points) <= most, unit
        assert sum(p.minutes for p in points) == pytest.approx(sum(d.seconds for d in part) / 60)
        assert sum(p.days for p in points) == sum(d.sessions > 0 for d in part)
        assert max(p.before or 0 for p in points) <= 10
    draw_course(tmp_path / "p.svg", days)
    assert diary.span().sessions > 1000


@pytest.mark.parametrize(
    "session",
    [
        DiarySession(key(), ((1, Entry("held", 1.0, exercise="hamstring stretch", seconds=20.0, whole=True)),)),
        DiarySession(key(), ((1, Entry("pain", 1.0, level=4, detail="between")),)),
        DiarySession(key(), ((1, Entry("screened", 1.0)),)),
    ],
    ids=["one hold", "pain only", "nothing to draw"],
)
def test_a_diary_of_one_day_is_drawn_too(tmp_path: Path, session: DiarySession) -> None:
    days, diary = summaries(tmp_path, [session])
    draw_page(tmp_path / "p.pdf", days, exercise_summaries(diary), session.entries, BEGUN.date())
    bundle_of([session], NOW)


def test_the_page_is_one_page_and_the_same_every_time(tmp_path: Path) -> None:
    sessions = (*SESSIONS, PRESCRIBED)
    days, diary = summaries(tmp_path, sessions)
    entries = [entry for session in sessions for entry in session.entries]
    pages = []
    for _ in range(2):
        drawings = drawings_of(["hamstring stretch", "a wiggle of my own", *["press up"] * 9])
        assert len(drawings) == 10
        draw_page(tmp_path / "p.pdf", days, exercise_summaries(diary), entries, NOW.date(), drawings)
        pages.append((tmp_path / "p.pdf").read_bytes())
    assert pages[0] == pages[1]
    assert len(re.findall(rb"/Type /Page\b", pages[0])) == 1


def test_a_name_with_dollars_and_backslashes_is_a_name(tmp_path: Path) -> None:
    named = Entry("prescribed", 1.0, "$x^$", "$\\frac$ press \\bad{ %s", seconds=5.0)
    held = replace(named, kind="held", whole=True)
    with Diary(tmp_path / "d.sqlite3") as diary:
        diary.write_all([(key(), 1, named), (key(), 2, held)])
        draw_page(
            tmp_path / "d.pdf",
            day_summaries(session_summaries(diary)),
            exercise_summaries(diary),
            [named, held],
            BEGUN.date(),
        )
    assert (tmp_path / "d.pdf").stat().st_size > 1000


def test_the_notes_name_what_a_physio_has_to_know_the_gravest_first() -> None:
    notes = notes_of(PRESCRIBED.entries)
    assert notes[:2] == [
        "A session was ended by a sign: chest pain, once.",
        "Leg pain moved further down after press up, once.",
    ]
    assert "Set by the physio: press up, 10 times, 3 sets a day." in notes
    assert "Left out: press up, once." in notes
    assert not any("pregnan" in note for note in notes)


def test_the_notes_tell_what_the_user_wants_known_and_how_what_is_hard_has_changed() -> None:
    entries = (
        Entry("activity", 1.0, level=4, detail="walking"),
        Entry("activity", 2.0, level=2, detail="socks"),
        Entry("note", 3.0, detail="worse in the morning"),
        Entry("activity", 4.0, level=6, detail="walking"),
    )
    assert notes_of(entries) == [
        "For you: worse in the morning.",
        "Patient-Specific Functional Scale, walking: 4, lately 6 of 10 (10: as well as ever).",
        "Patient-Specific Functional Scale, socks: 2 of 10 (10: as well as ever).",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_entry_has_its_words(kind: str) -> None:
    entry = Entry(kind, 1.0, "cool down", "press up", "left", 20.0, 8, 4, 2, whole=True, yes=False, detail="before")  # type: ignore[arg-type]
    assert re.fullmatch(r"[\w' ,.:()]+", told(entry))
