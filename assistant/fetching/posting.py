"""Handing a FHIR bundle over to a server by HTTP, when the user says so and names the server.

What is posted is a transaction whose entries are known by identifiers: posting it again changes nothing, so it is tried
again without fear. The secrets in the headers go to the named server alone: no redirection is followed, and no message
holds them.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, cast

from assistant.errors import AssistantError
from assistant.fetching.downloading import AnyStatus, cause, host_of, is_local, may_ask
from assistant.version import VERSION

TIMEOUT_S = 60.0
"""How long to wait for a server that sends nothing."""

MOST_TRIES = 5

LONGEST_WAIT_S = 60.0
"""How long is waited between two tries at most, whatever the server asks for."""

_FIRST_WAIT_S = 1.0
_LARGEST_ANSWER_BYTES = 8 << 20
_LONGEST_REASON = 300
_JSON = "application/fhir+json"
_AGAIN = "Nothing was lost. Type it again later: what is there already is recognised."


class PostFailed(AssistantError):
    """A server did not take what was handed over.

    Attributes:
        status: What it answered; None: nothing that has one.
    """

    status: int | None = None


class _TryAgain(Exception):
    """The server can't take it now.

    Args:
        why: In words.
        after_s: How long it wants to be left alone, if it said so.
    """

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.after_s = after_s


def post_bundle(
    url: str, bundle: str, headers: Mapping[str, str], wait: Callable[[float], object], timeout_s: float = TIMEOUT_S
) -> dict[str, Any]:
    """Post a transaction to the base address of a FHIR server.

    Args:
        url: The address; https, or http on this very machine.
        bundle: The bundle in JSON.
        headers: What the server wants besides; secrets.
        wait: Lets so many seconds pass before the next try.
        timeout_s: How long to wait for a server that sends nothing.

    Returns:
        The bundle that it answers with.

    Raises:
        PostFailed: There is no such server, it refuses, or it can't take it after several tries.
    """
    if not may_ask(url, local=is_local(url)):
        raise _failed(f"{host_of(url)} would be asked without encryption.", "Name an address that begins with https://")
    pause = _FIRST_WAIT_S
    for last in (*[False] * (MOST_TRIES - 1), True):
        try:
            return _post(url, bundle.encode(), headers, timeout_s)
        except _TryAgain as error:
            if last:
                raise _failed(f"{error.why} {MOST_TRIES} tries.", _AGAIN) from error
            wait(min(LONGEST_WAIT_S, pause if error.after_s is None else error.after_s))
            pause *= 2
    raise AssertionError("the last try returns or raises")


def _post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> dict[str, Any]:
    ours = {"User-Agent": f"stretch-assistant/{VERSION}", "Content-Type": _JSON, "Accept": _JSON}
    proxies = urllib.request.ProxyHandler({} if is_local(url) else None)
    opener = urllib.request.build_opener(proxies, AnyStatus)
    try:
        request = urllib.request.Request(url, body, {**headers, **ours}, method="POST")  # noqa: S310 - may_ask has judged
        with cast(http.client.HTTPResponse, opener.open(request, timeout=timeout_s)) as response:
            answer = response.read(_LARGEST_ANSWER_BYTES + 1)
            status, after = response.status, response.getheader("Retry-After")
    except (OSError, http.client.HTTPException, ValueError) as error:
        if "CERTIFICATE" in str(error):
            raise _failed(cause(error, url), "Check the address, and who answers there.") from error
        raise _TryAgain(cause(error, url)) from error
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _TryAgain(_said(status, url, answer), float(after) if after and after.isdecimal() else None)
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        refused = _refused(status, url, answer)
        refused.status = status
        raise refused
    return _bundle(answer, url)


def _bundle(answer: bytes, url: str) -> dict[str, Any]:
    """The answer, if it is one to a transaction: else something else than a FHIR server took it."""
    try:
        bundle = json.loads(answer)
    except ValueError:
        bundle = None
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise _failed(f"{host_of(url)} does not answer as a FHIR server does.", "Name the base address of the server.")
    return bundle


def _refused(status: int, url: str, answer: bytes) -> PostFailed:
    why = _said(status, url, answer)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _failed(why, "Check the token: --token env:NAME or --token file:PATH says where it is.")
    if status < HTTPStatus.BAD_REQUEST:
        return _failed(why, "It sends elsewhere, where nothing is handed over to. Name the right address.")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        return _failed(why, "Name the base address of the server, for instance https://example.org/fhir")
    return _failed(why, "Show this to whoever looks after the server. Nothing was taken of it.")


def _said(status: int, url: str, answer: bytes) -> str:
    phrase = next((known.phrase for known in HTTPStatus if known == status), "unknown")
    reason = _reason(answer)
    return f"{host_of(url)} answers: {status}, {phrase}{f': {reason}' if reason else ''}."


def _reason(answer: bytes) -> str:
    """What an OperationOutcome says of its first error, in a line that is safe to show."""
    try:
        issues = json.loads(answer)["issue"]
        told = [
            issue.get("diagnostics") or (issue.get("details") or {}).get("text") or issue["code"] for issue in issues
        ]
        where = [", ".join(issue.get("expression") or issue.get("location") or ()) for issue in issues]
        text = f"{told[0]}{f' ({where[0]})' if where[0] else ''}"
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    text = re.sub(r"\s+", " ", "".join(char if char.isprintable() else " " for char in text)).strip()
    return text[:_LONGEST_REASON].rstrip(".")


def _failed(why: str, fix: str) -> PostFailed:
    return PostFailed("The diary could not be handed over.", why, fix)
