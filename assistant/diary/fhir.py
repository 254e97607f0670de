"""The diary as a FHIR R4 bundle, for clinical software: built of models that check it as it is made.

* Pain: Observation, LOINC 72514-3, with a note on when it was told.
* What was done in a session, as HL7's Physical Activity guide (STU 1) groups it: an Observation that has as members the
  activity, LOINC 73985-4, and the time in stretches, LOINC 55411-3, in minutes.
* The session: Procedure, SNOMED CT 229065009, with what was done in its notes.
* A dose that the physiotherapist set, as the user told it: ServiceRequest, SNOMED CT 229065009.

The person is a Patient without name or number: whoever takes the bundle in knows whose it is. Answers about health
are left out. Every resource has an identifier that is the same in every export, so that a server to which a bundle is
posted as a transaction has each of them once. The models are those of R4B, which for these resources has the same
elements as R4.
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
ACTIVITY = ("http://loinc.org", "73985-4", "Exercise activity")
DURATION = ("http://loinc.org", "55411-3", "Exercise duration")
EXERCISE = ("http://snomed.info/sct", "229065009", "Exercise therapy")
_SURVEY = ("http://terminology.hl7.org/CodeSystem/observation-category", "survey", "Survey")
_ACTIVITY_CATEGORY = ("http://terminology.hl7.org/CodeSystem/observation-category", "activity", "Activity")
_PHYSICAL_ACTIVITY_CODES = "http://hl7.org/fhir/us/physical-activity/CodeSystem/pa-temporary-codes"
_PHYSICAL = (_PHYSICAL_ACTIVITY_CODES, "PhysicalActivity", "Physical Activity")
GROUP = (_PHYSICAL_ACTIVITY_CODES, "PAPanel", "Physical Activity Panel")
_IDENTIFIERS = "urn:ietf:rfc:3986"
"""The system of identifiers that are addresses, as each of ours is."""
_UNITS = "http://unitsofmeasure.org"
_ACTIVITY, _GROUP = "Observation of the activity", "Observation of the group"
_NAMESPACE = uuid.UUID("6f2f6f0e-6f0b-5d0c-9c64-0a4d0f1f7f55")
_FARTHEST = timedelta(hours=14)


def bundle_of(sessions: Sequence[DiarySession], now: datetime, first: str | None = None) -> Bundle:
    """A bundle of these sessions, checked.

    Args:
        sessions: At least one.
        now: When it is made.
        first: What tells whose diary it is: the uid of its first session; None: the first one here.

    Raises:
        ValueError: It is no valid FHIR: a defect of ours.
    """
    patient = patient_of(first or sessions[0].key.uid)
    resources = [(patient, {"resourceType": "Patient", "identifier": [_identifier(patient)]})]
    resources += [entry for session in sessions for entry in _resources(session, patient)]
    return Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": _written(now),
            "entry": [{"fullUrl": url, "resource": resource} for url, resource in resources],
        }
    )


def person_of(first: str) -> list[dict[str, Any]]:
    """The entry of a transaction that makes the person, once.

    Args:
        first: As for `bundle_of`.
    """
    patient = patient_of(first)
    resource = {"resourceType": "Patient", "identifier": [_identifier(patient)]}
    request = {"method": "POST", "url": "Patient", "ifNoneExist": _query(patient)}
    return [{"fullUrl": patient, "resource": resource, "request": request}]


def person_by_identifier(first: str) -> str:
    """A reference to that person for a server that does not tell what it calls them."""
    return f"Patient?{_query(patient_of(first))}"


def entries_of(sessions: Sequence[DiarySession], patient: str) -> Iterator[list[dict[str, Any]]]:
    """Entries of transactions: what is in one list refers to each other. Posting them again changes nothing.

    Args:
        sessions: The sessions.
        patient: The server's reference to the person, for instance ``Patient/17``.
    """
    for session in sessions:
        together = []
        for url, resource in _resources(session, patient):
            request = {"method": "PUT", "url": f"{resource['resourceType']}?{_query(url)}"}
            entry = {"fullUrl": url, "resource": resource, "request": request}
            if "hasMember" in resource or "effectivePeriod" in resource:
                together.append(entry)
            else:
                yield [entry]
        if together:
            yield together


def transaction_of(entries: Sequence[dict[str, Any]]) -> str:
    """A transaction in JSON, checked.

    Raises:
        ValueError: It is no valid FHIR: a defect of ours.
    """
    return Bundle.model_validate(
        {"resourceType": "Bundle", "type": "transaction", "entry": list(entries)}
    ).model_dump_json()


def patient_of(first: str) -> str:
    """The address of the person whose diary begins with that session."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'patient {first}')}"


def _query(url: str) -> str:
    identifier = _identifier(url)
    return f"identifier={identifier['system']}|{identifier['value']}"  # the bar as it is, as in the standard's examples


def _identifier(url: str) -> dict[str, str]:
    """The identifier of the resource with that address.

    It differs from the address: where a server takes a transaction, it puts its own references in the place of the
    addresses, and some do so in all texts.
    """
    return {"system": _IDENTIFIERS, "value": f"urn:uuid:{uuid.uuid5(_NAMESPACE, url)}"}


def write_bundle(path: Path, sessions: Sequence[DiarySession], now: datetime, first: str | None = None) -> None:
    """Write a bundle of these sessions as JSON.

    Raises:
        FileUnwritable: The file can't be written.
    """
    text = bundle_of(sessions, now, first).model_dump_json(indent=1)
    with put_in_place(path) as part:
        part.write_text(text + "\n", encoding="utf-8")


def _resources(session: DiarySession, patient: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources of a session with their addresses, which are the same in every export."""
    for kind, n, resource in _told(session):
        url = _address(session, kind, n)
        name, whose = kind.split()[0], {"reference": patient}
        told = {"subject": whose, **({"performer": [whose]} if name == "Observation" else {})}
        yield url, {"resourceType": name, "identifier": [_identifier(url)], **told, **resource}


def _told(session: DiarySession) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """What there is of a session: kind, number, and all but for whose it is."""
    seconds = sum(entry.seconds or 0.0 for entry in session.entries if entry.kind in {"held", "moved"})
    if seconds:
        yield "Procedure", 0, _procedure(session)
        yield "Observation", 0, _duration(session, seconds)
        yield _ACTIVITY, 0, _activity(session)
        yield _GROUP, 0, _group(session)
    for n, entry in session.numbered:
        if entry.kind == "pain":
            yield "Observation", n, _pain(session, entry)
        elif entry.kind == "prescribed":
            yield "ServiceRequest", n, _request(session, entry)


def _procedure(session: DiarySession) -> dict[str, Any]:
    noted = {"held", "moved", "skipped", "form", "leg", "sign", "activity", "note"}
    return {
        "status": "completed" if _ended_well(session) else "stopped",
        "code": _concept(EXERCISE),
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
        "category": [_concept(_ACTIVITY_CATEGORY), _concept(_PHYSICAL)],
        "code": _concept(DURATION),
        "effectivePeriod": _period(session),
        "valueQuantity": {"value": round(seconds / 60, 2), "unit": "min", "system": _UNITS, "code": "min"},
    }


def _activity(session: DiarySession) -> dict[str, Any]:
    routines = dict.fromkeys(e.routine for e in session.entries if e.kind == "routine begun" and e.routine)
    return {
        "status": "final",
        "category": [_concept(_ACTIVITY_CATEGORY), _concept(_PHYSICAL)],
        "code": _concept(ACTIVITY),
        "effectivePeriod": _period(session),
        "valueCodeableConcept": {**_concept(EXERCISE), "text": ", ".join(("stretching", *routines))},
    }


def _group(session: DiarySession) -> dict[str, Any]:
    """What holds the measures of one session together."""
    return {
        "status": "final",
        "category": [_concept(_ACTIVITY_CATEGORY), _concept(_PHYSICAL)],
        "code": _concept(GROUP),
        "effectivePeriod": _period(session),
        "hasMember": [{"reference": _address(session, kind, 0)} for kind in (_ACTIVITY, "Observation")],
    }


def _pain(session: DiarySession, entry: Entry) -> dict[str, Any]:
    return {
        "status": "final",
        "category": [_concept(_SURVEY)],
        "code": _concept(PAIN),
        "effectiveDateTime": _at(session, entry),
        "valueQuantity": {"value": entry.level, "unit": "1", "system": _UNITS, "code": "1"},
        "note": [{"text": told(entry)}],
    }


def _request(session: DiarySession, entry: Entry) -> dict[str, Any]:
    request: dict[str, Any] = {
        "status": "active",
        "intent": "plan",
        "code": _concept(EXERCISE),
        "authoredOn": _at(session, entry),
        "note": [{"text": told(entry)}],
    }
    if entry.a_day:
        request["occurrenceTiming"] = {"repeat": {"frequency": entry.a_day, "period": 1, "periodUnit": "d"}}
    return request


def _address(session: DiarySession, kind: str, n: int) -> str:
    """The address of a resource, the same in every export: who takes it in twice has it once."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{session.key.uid} {kind} {n}')}"


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
