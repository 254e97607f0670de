"""Posting to a FHIR server: tried again where that helps, told in three lines where not, and secrets stay secret."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.fetching.posting import LONGEST_WAIT_S, MOST_TRIES, PostFailed, post_bundle
from scripts.testbed.fhir_server import FhirServer

BUNDLE = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": []})
SECRET = {"Authorization": "Bearer very-secret"}


@pytest.fixture
def server() -> Iterator[FhirServer]:
    with FhirServer() as running:
        yield running


def refused(url: str, waited: list[float] | None = None, bundle: str = BUNDLE) -> PostFailed:
    with pytest.raises(PostFailed) as told:
        post_bundle(url, bundle, SECRET, (waited if waited is not None else []).append, timeout_s=5.0)
    assert all(told.value.lines())
    assert not any("\n" in line or "very-secret" in line for line in told.value.lines())
    return told.value


def test_what_is_busy_or_down_is_tried_again_with_longer_and_longer_pauses(server: FhirServer) -> None:
    server.first = [(503, {}), (500, {}), (429, {"Retry-After": "7"}), (429, {"Retry-After": "86400"})]
    waited: list[float] = []
    assert post_bundle(server.url, BUNDLE, {}, waited.append)["type"] == "transaction-response"
    assert waited == [1.0, 2.0, 7.0, LONGEST_WAIT_S]
    assert len(server.seen) == MOST_TRIES


def test_it_does_not_try_for_ever(server: FhirServer) -> None:
    server.first = [(503, {})] * 50
    waited: list[float] = []
    assert "503, Service Unavailable: told to answer 503" in refused(server.url, waited).why
    assert waited == [1.0, 2.0, 4.0, 8.0]
    assert len(server.seen) == MOST_TRIES


def test_where_nobody_answers_it_says_so_after_several_tries() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/fhir"
    waited: list[float] = []
    assert "takes no connection" in refused(url, waited).why
    assert len(waited) == MOST_TRIES - 1


def test_a_wrong_token_is_told_at_once(server: FhirServer) -> None:
    server.token = "another"
    error = refused(server.url)
    assert "401, Unauthorized: who are you?" in error.why
    assert "token" in error.fix
    assert len(server.seen) == 1


def test_what_the_server_finds_wrong_is_told_in_a_line(server: FhirServer) -> None:
    wrong = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": []})
    assert "only transactions are taken (Bundle.type)" in refused(server.url, bundle=wrong).why
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_secrets_are_taken_to_no_other_address(server: FhirServer, status: int) -> None:
    with FhirServer() as other:
        server.first = [(status, {"Location": other.url})]
        assert "sends elsewhere" in refused(server.url).fix
        assert other.seen == []


@pytest.mark.parametrize(
    "url", ["http://example.org/fhir", "ftp://example.org", "example.org/fhir", "https://[", "http://"]
)
def test_nothing_is_sent_without_encryption(url: str) -> None:
    assert "https://" in refused(url).fix


def test_a_page_in_the_place_of_a_server_is_told(server: FhirServer) -> None:
    server.first = [(200, {})]
    assert "does not answer as a FHIR server does" in refused(server.url).why
    assert "404" in refused(server.url.replace("/fhir", "/other")).why


def test_an_answer_that_would_upset_a_terminal_is_made_harmless(server: FhirServer) -> None:
    nasty = "\x1b[31mred\n\n" + "long " * 1000
    server.answer = lambda *_: (422, {}, {"resourceType": "OperationOutcome", "issue": [{"diagnostics": nasty}]})  # type: ignore[method-assign]
    why = refused(server.url).why
    assert "[31mred long" in why
    assert "\x1b" not in why
    assert len(why) < 400


def test_who_cannot_prove_who_they_are_gets_nothing(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    call = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*call, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate with")
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(1))

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        http.socket = context.wrap_socket(http.socket, server_side=True)
        http.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        waited: list[float] = []
        assert "can't prove who it is" in refused(f"https://localhost:{http.server_port}/fhir", waited).why
        http.shutdown()
    assert waited == []
    assert got == []
