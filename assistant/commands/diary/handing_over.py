"""``diary export --fhir --to URL``: the diary to a FHIR server, when the user types it; nothing else ever sends it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.commands.diary.actions import empty, first_uid, many, users_diary
from assistant.diary.naming import Names
from assistant.errors import UsageError
from assistant.fetching.posting import PostFailed, post_bundle

TOKEN_VARIABLE = "STRETCH_ASSISTANT_FHIR_TOKEN"  # noqa: S105 - the variable's name
"""Holds the token where no other place is named."""

MOST_AT_ONCE = 50
"""Lists of entries in a transaction; many servers take no more than a hundred or so entries."""

_TOO_MUCH = frozenset({400, 413, 422})
"""What servers answer to a transaction that is too large, or that holds something wrong."""

_HISTORY = re.compile(r"/_history/.*")
_LARGEST_SECRET = 16 << 10
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SECRET = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_PERSON = re.compile(r"(?:https?://\S+/)?Patient/[A-Za-z0-9.-]{1,64}")


def hand_over(
    url: str,
    names: Names,
    *,
    first: date | None = None,
    headers: Mapping[str, str] | None = None,
    patient: str | None = None,
    wait: Callable[[float], object] = time.sleep,
) -> str:
    """Post the diary to a FHIR server; gives a sentence about it.

    Args:
        url: The server's base address.
        names: What exercises and routines are called.
        first: The first day of it; None: all.
        headers: What the server wants besides.
        patient: The server's reference to the user; None: somebody without a name.
        wait: Lets seconds pass before another try.

    Raises:
        DiaryEmpty: There is nothing to hand over.
        PostFailed: The server did not take all of it.
        UsageError: It is no server's address, or nobody's reference.
    """
    from assistant.diary.fhir import entries_of, person_by_identifier, person_of  # noqa: PLC0415 - its models take their time

    check_address(url)
    if patient is not None and not _PERSON.fullmatch(patient):
        raise UsageError(
            f"{patient!r} names nobody.", "It takes the server's reference to a person.", "For instance: Patient/17"
        )
    with users_diary(names) as diary:
        sessions = names.all_named(diary.sessions(first))
        if not sessions:
            raise empty(first)
        whose = first_uid(diary)
    posting = _Posting(url, headers or {}, wait)
    if patient is None:
        patient = posting.post(person_of(whose))[0] or person_by_identifier(whose)
    posting.post_all(list(entries_of(sessions, patient)))
    days = len({session.key.day for session in sessions})
    whose_days = f"{many(len(sessions), 'session')} on {many(days, 'day')}"
    return f"{whose_days} handed over: {posting.new} entries new, {posting.known} known there."


def check_address(url: str) -> None:
    """Make sure that it may be the base address of a server.

    Raises:
        UsageError: It can't be. It is not in the message: a password may be in it.
    """
    try:
        parts = urlsplit(url)
        fits = parts.port != 0 and bool((parts.hostname or "").encode("idna"))
    except ValueError:
        fits = False
    plain = not re.search(r"[\s@?#\x00-\x1f]", url)
    if not (fits and plain and parts.scheme in {"http", "https"}):
        raise UsageError(
            "--to names no server.",
            "It takes the base address: https:// and a name, perhaps a port and a path; no password, no question mark.",
            "For instance: --to https://example.org/fhir",
        )


class _Posting:
    """One server, and how much it has taken.

    Attributes:
        new: Entries that it did not have before.
        known: Entries that it had.
    """

    def __init__(self, url: str, headers: Mapping[str, str], wait: Callable[[float], object]) -> None:
        self.new = self.known = 0
        self._to = (url, headers, wait)

    def post_all(self, entries: Sequence[list[dict[str, Any]]]) -> None:
        """Post lists of entries, as many at once as the server takes: each has its own idea of that."""
        at, most = 0, MOST_AT_ONCE
        while at < len(entries):
            piece = entries[at : at + most]
            try:
                self.post([entry for together in piece for entry in together])
            except PostFailed as error:
                if error.status not in _TOO_MUCH or len(piece) == 1:
                    raise
                most = len(piece) // 2
            else:
                at += len(piece)

    def post(self, entries: list[dict[str, Any]]) -> list[str]:
        """Post entries, all or none; what the server calls each of them."""
        from assistant.diary.fhir import transaction_of  # noqa: PLC0415

        url, headers, wait = self._to
        answer = post_bundle(url, transaction_of(entries), headers, wait)
        responses = [entry.get("response", {}) for entry in answer.get("entry", [])]
        new = sum(str(response.get("status", "")).startswith("201") for response in responses)
        self.new, self.known = self.new + new, self.known + len(entries) - new
        return [_HISTORY.sub("", str(response.get("location", ""))) for response in responses]


def headers_of(token: str | None, others: Sequence[str]) -> dict[str, str]:
    """The headers that a server wants, with the secrets from where they are kept.

    Args:
        token: Where the token is, ``env:NAME`` or ``file:PATH``; None: in `TOKEN_VARIABLE`, if that is set.
        others: Further headers, a name and a place each: ``X-Api-Key: env:NAME``.

    Raises:
        UsageError: A place is none, or what is there can't be sent. No secret is in the message.
    """
    headers = {}
    if token is not None or os.environ.get(TOKEN_VARIABLE):
        headers["Authorization"] = f"Bearer {_secret(token or f'env:{TOKEN_VARIABLE}')}"
    for other in others:
        name, _, place = other.partition(":")
        if not _NAME.fullmatch(name.strip()):
            raise UsageError(
                "A header has no name.", "It takes a name and a place.", 'For instance: "X-Api-Key: env:KEY"'
            )
        headers[name.strip()] = _secret(place.strip())
    return headers


def _secret(place: str) -> str:
    kind, _, name = place.partition(":")
    if kind not in {"env", "file"} or not name:  # it may be the secret itself, which is not shown
        raise UsageError(
            "A secret is not typed, as others may see what is typed.",
            "It takes the place where it is kept.",
            "Write env:NAME for a variable, or file:PATH for a file.",
        )
    try:
        secret = os.environ[name] if kind == "env" else _read(Path(name).expanduser())
    except KeyError as error:
        raise UsageError(f"There is no variable {name}.", "The secret should be in it.", f"Set {name}.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "It is no text"
        raise UsageError(f"The secret can't be read: {name}.", f"{why}.", "Check the file.") from error
    if not _SECRET.fullmatch(secret.strip()):
        raise UsageError(
            f"What is in {name} can't be sent.", "A header is one line of plain characters.", "Check what is in it."
        )
    return secret.strip()


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_LARGEST_SECRET).decode("ascii")
