"""The diary as a FHIR R4 bundle, for clinical software: built of models that check it as it is made.

* Pain: Observation, LOINC 72514-3, with a note on when it was told.
* Time in stretches: Observation, LOINC 55411-3, in minutes, one for each session.
* The session: Procedure, SNOMED CT 229065009, with what was done in its notes.
* A dose that the physiotherapist set, as the user told it: ServiceRequest, SNOMED CT 229065009.

The person is a Patient without name or number: whoever takes the bundle in knows whose it is. Answers about health
are left out. The models are those of R4B, which for these resources has the same elements as R4.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from assistant.diary.entries import DiarySession, Entry
from assistant.diary.files import put_in_place
from assistant.diary.wording import told

PAIN = ("http://loinc.org", "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
DURATION = ("http://loinc.org", "55411-3", "Exercise duration")
EXERCISE = ("http://snomed.info/sct", "229065009", "Exercise therapy")
_SURVEY = ("http://terminology.hl7.org/CodeSystem/observation-category", "survey", "Survey")
_ACTIVITY = ("http://terminology.hl7.org/CodeSystem/observation-category", "activity", "Activity")
_UNITS = "http://unitsofmeasure.org"
_NAMESPACE = uuid.UUID("6f2f6f0e-6f0b-5d0c-9c64-0a4d0f1f7f55")
_FARTHEST = timedelta(hours=14)
_PATIENT = f"urn:uuid:{uuid.uuid5(_NAMESPACE, 'patient')}"


def bundle_of(sessions: Sequence[DiarySession], now: datetime) -> Bundle:
    """A bundle of these sessions, checked.

    Args:
        sessions: At least one.
        now: When it is made.

    Raises:
        ValueError: It is no valid FHIR: a defect of ours.
    """
    resources = [(_PATIENT, {"resourceType": "Patient"})]
    resources += [entry for session in sessions for entry in _resources(session)]
    return Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": _written(now),
            "entry": [{"fullUrl": url, "resource": resource} for url, resource in resources],
        }
    )


def write_bundle(path: Path, sessions: Sequence[DiarySession], now: datetime) -> None:
    """Write a bundle of these sessions as JSON.

    Raises:
        FileUnwritable: The file can't be written.
    """
    text = bundle_of(sessions, now).model_dump_json(indent=1)
    with put_in_place(path) as part:
        part.write_text(text + "\n", encoding="utf-8")


def _resources(session: DiarySession) -> Iterator[tuple[str, dict[str, Any]]]:
    seconds = sum(entry.seconds or 0.0 for entry in session.entries if entry.kind in {"held", "moved"})
    if seconds:
        yield _named(session, "Procedure", 0, _procedure(session))
        yield _named(session, "Observation", 0, _duration(session, seconds))
    for n, entry in session.numbered:
        if entry.kind == "pain":
            yield _pain(session, n, entry)
        elif entry.kind == "prescribed":
            yield _request(session, n, entry)


def _procedure(session: DiarySession) -> dict[str, Any]:
    noted = {"held", "moved", "skipped", "form", "leg", "sign", "activity", "note"}
    return {
        "status": "completed" if _ended_well(session) else "stopped",
        "code": _concept(EXERCISE),
        "subject": {"reference": _PATIENT},
        "performedPeriod": _period(session),
        "note": [{"text": told(entry)} for entry in session.entries if entry.kind in noted],
    }


def _ended_well(session: DiarySession) -> bool:
    """Whether the last routine was done to its end."""
    kinds = [entry.kind for entry in session.entries if entry.kind in {"routine begun", "routine done"}]
    return bool(kinds) and kinds[-1] == "routine done"


def _duration(session: DiarySession, seconds: float) -> dict[str, Any]:
    return {
        "status": "final",
        "category": [_concept(_ACTIVITY)],
        "code": _concept(DURATION),
        "subject": {"reference": _PATIENT},
        "effectivePeriod": _period(session),
        "valueQuantity": {"value": round(seconds / 60, 2), "unit": "min", "system": _UNITS, "code": "min"},
    }


def _pain(session: DiarySession, n: int, entry: Entry) -> tuple[str, dict[str, Any]]:
    observation = {
        "status": "final",
        "category": [_concept(_SURVEY)],
        "code": _concept(PAIN),
        "subject": {"reference": _PATIENT},
        "effectiveDateTime": _at(session, entry),
        "valueQuantity": {"value": entry.level, "unit": "1", "system": _UNITS, "code": "1"},
        "note": [{"text": told(entry)}],
    }
    return _named(session, "Observation", n, observation)


def _request(session: DiarySession, n: int, entry: Entry) -> tuple[str, dict[str, Any]]:
    request: dict[str, Any] = {
        "status": "active",
        "intent": "plan",
        "code": _concept(EXERCISE),
        "subject": {"reference": _PATIENT},
        "authoredOn": _at(session, entry),
        "note": [{"text": told(entry)}],
    }
    if entry.a_day:
        request["occurrenceTiming"] = {"repeat": {"frequency": entry.a_day, "period": 1, "periodUnit": "d"}}
    return _named(session, "ServiceRequest", n, request)


def _named(session: DiarySession, kind: str, n: int, resource: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A resource with its address, the same in every export: who takes it in twice has it once."""
    url = f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{session.key.uid} {kind} {n}')}"
    return url, {"resourceType": kind, **resource}


def _concept(coding: tuple[str, str, str]) -> dict[str, Any]:
    system, code, display = coding
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _at(session: DiarySession, entry: Entry) -> str:
    return _written(session.key.started_at + timedelta(seconds=round(entry.at_s)))


def _written(time: datetime) -> str:
    """A time as FHIR writes one: its offset has no seconds and ends at 14 hours; others are told in UTC."""
    offset = time.utcoffset()
    if offset is None or abs(offset) > _FARTHEST or offset.seconds % 60:
        time = time.astimezone(UTC)
    return time.isoformat()


def _period(session: DiarySession) -> dict[str, str]:
    done = [entry for entry in session.entries if entry.kind in {"routine begun", "held", "moved", "routine done"}]
    return {"start": _at(session, done[0]), "end": _at(session, done[-1])}
