"""A FHIR R4 server over real HTTP for the tests: strict, and with a memory.

It takes transactions only; checks every resource with fhir.resources; stores by identifier, for conditional creates and
updates; refuses references to what it does not have. What it answers first can be set: 503, 429, a redirection.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

JSON = "application/fhir+json"


class Refused(Exception):
    """A status with what an OperationOutcome says."""

    def __init__(self, status: int, said: str, where: str = "") -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        self.where = where


class FhirServer:
    """Runs while it is entered.

    Attributes:
        url: Its base address.
        stored: What it has, by type and id.
        token: The bearer token that it wants; None: none.
        most: So many entries of a transaction it takes.
        first: Answers that it gives first, a status and headers each.
        seen: The headers of each request.
    """

    def __init__(self) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.token: str | None = None
        self.most = 1000
        self.first: list[tuple[int, dict[str, str]]] = []
        self.seen: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, answer = server.answer(self.path, dict(self.headers), body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", JSON)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/fhir"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """What it has of a type."""
        return [resource for resource in self.stored.values() if resource["resourceType"] == kind]

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], dict[str, Any]]:
        """The answer to a request: status, headers, body."""
        self.seen.append(headers)
        if self.first:
            status, more = self.first.pop(0)
            return status, more, _outcome("transient", f"told to answer {status}")
        try:
            if self.token is not None and headers.get("Authorization") != f"Bearer {self.token}":
                raise Refused(401, "who are you?")
            if urlsplit(path).path.rstrip("/") != "/fhir":
                raise Refused(404, "there is nothing here")
            if headers.get("Content-Type") != JSON:
                raise Refused(415, "that is no FHIR")
            return 200, {}, self._transaction(json.loads(body))
        except Refused as refused:
            return refused.status, {}, _outcome("processing", refused.said, refused.where)

    def _transaction(self, bundle: dict[str, Any]) -> dict[str, Any]:
        if bundle.get("type") != "transaction":
            raise Refused(422, "only transactions are taken", "Bundle.type")
        if len(bundle["entry"]) > self.most:
            raise Refused(422, "too many entries", "Bundle.entry")
        before = dict(self.stored)
        try:
            ids, done = {}, []
            for n, entry in enumerate(bundle["entry"]):
                _checked(entry["resource"], f"Bundle.entry[{n}].resource")
                known, status = self._place(entry, n)
                ids[entry["fullUrl"]] = known
                done.append({"response": {"status": status, "location": known}})
            for entry in bundle["entry"]:
                known = ids[entry["fullUrl"]]
                if entry["request"]["method"] == "PUT" or known not in before:
                    self.stored[known] = {**self._resolved(entry["resource"], ids), "id": known.split("/")[1]}
        except Refused:
            self.stored = before
            raise
        return {"resourceType": "Bundle", "type": "transaction-response", "entry": done}

    def _place(self, entry: dict[str, Any], n: int) -> tuple[str, str]:
        """Where an entry goes, and with which status."""
        request, kind = entry["request"], entry["resource"]["resourceType"]
        address, _, query = request["url"].partition("?")
        if request["method"] == "POST":
            query = request["ifNoneExist"]
        if address != kind or (request["method"], bool(query)) not in {("POST", True), ("PUT", True)}:
            raise Refused(422, "only conditional creates and updates are taken", f"Bundle.entry[{n}].request")
        system, _, value = parse_qs(query, strict_parsing=True)["identifier"][0].partition("|")
        if {"system": system, "value": value} not in entry["resource"]["identifier"]:
            raise Refused(422, "its identifier is another one", f"Bundle.entry[{n}].resource.identifier")
        for known, resource in self.stored.items():
            if resource["resourceType"] == kind and {"system": system, "value": value} in resource["identifier"]:
                return known, "200 OK"
        known = f"{kind}/{len(self.stored) + 1}"
        self.stored[known] = entry["resource"]
        return known, "201 Created"

    def _resolved(self, value: Any, ids: dict[str, str]) -> Any:
        """A value with references to what was posted along as references to what is stored."""
        if isinstance(value, list):
            return [self._resolved(item, ids) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("reference"), str):
            there = ids.get(value["reference"], value["reference"])
            if there not in self.stored:
                raise Refused(422, f"there is no {there}")
            return {**value, "reference": there}
        return {name: self._resolved(item, ids) for name, item in value.items()}


def _checked(resource: dict[str, Any], where: str) -> None:
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except (ValidationError, KeyError) as error:
        raise Refused(422, str(error).splitlines()[0], where) from error


def _outcome(code: str, said: str, where: str = "") -> dict[str, Any]:
    issue: dict[str, Any] = {"severity": "error", "code": code, "diagnostics": said}
    if where:
        issue["expression"] = [where]
    return {"resourceType": "OperationOutcome", "issue": [issue]}
