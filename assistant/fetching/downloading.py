"""Downloading a file by HTTP. Besides this only `posting` connects to the outside, which a test makes sure of."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import cast
from urllib.parse import urljoin, urlsplit

from assistant.errors import DownloadFailed, ModelCorrupt
from assistant.fetching.part_file import PartFile
from assistant.version import VERSION
from models import Download

Progress = Callable[[int, int], None]
"""Told how many bytes are here, and how many it has. The first number falls if it starts again."""

TIMEOUT_S = 30.0
"""How long to wait for a server that sends nothing."""

_CHUNK_BYTES = 1 << 16
_MOST_REDIRECTS = 5
_REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)
_NO_SUCH_REST = (HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
_RETRY = "Type it again: it goes on where it stopped. Until then all works as before."
_NO_NEED = "Nothing is lost: all works without it. Try again another day."


def download(wanted: Download, part: PartFile, progress: Progress, timeout_s: float) -> None:
    """Bring a part file to its full length, going on where it ends as far as the server can.

    Args:
        wanted: What to download.
        part: Where to; what is in it survives every failure but that of being the wrong file.
        progress: Told how far it is.
        timeout_s: How long to wait for a server that sends nothing.

    Raises:
        DownloadFailed: No connection, no such file, an address that is not asked, or the connection ended early.
        ModelCorrupt: The server sends a file of another length.
        FileUnwritable: The disk is full or refuses.
    """
    kept = part.kept()
    if kept == wanted.size_bytes:
        progress(kept, wanted.size_bytes)
        return
    with _open(wanted.url, part.range_headers(), timeout_s) as response:
        goes_on = kept > 0 and _goes_on(response, kept, wanted.size_bytes)
        if goes_on or response.status == HTTPStatus.OK:
            _receive(response, wanted, part, progress, start_at=kept if goes_on else 0)
            return
    if not kept or response.status not in _NO_SUCH_REST:
        raise not_fetched(f"The server's answer makes no sense (status {response.status}).", _NO_NEED)
    part.discard()
    download(wanted, part, progress, timeout_s)


def _goes_on(response: http.client.HTTPResponse, kept: int, size_bytes: int) -> bool:
    """Whether the answer begins with the first byte that is missing, of an archive of the right length."""
    if response.status != HTTPStatus.PARTIAL_CONTENT:
        return False
    content_range = (response.getheader("Content-Range") or "").replace(" ", "").lower()
    return content_range in {f"bytes{kept}-{size_bytes - 1}/{total}" for total in (size_bytes, "*")}


def _receive(
    response: http.client.HTTPResponse, wanted: Download, part: PartFile, progress: Progress, *, start_at: int
) -> None:
    offered = response.getheader("Content-Length")
    if offered is not None and offered != str(wanted.size_bytes - start_at):
        missing = wanted.size_bytes - start_at
        raise not_the_file(wanted, f"The server sends {offered[:20]!a} bytes instead of {missing}: another file.")
    file = part.go_on() if start_at else part.begin(response.getheader("ETag"))
    done = start_at
    with file:
        progress(done, wanted.size_bytes)
        while piece := _read(response):
            done += len(piece)
            if done > wanted.size_bytes:
                break
            part.append(file, piece)
            progress(done, wanted.size_bytes)
    if done > wanted.size_bytes:
        part.discard()
        raise not_the_file(wanted, f"The server sends more than its {wanted.size_bytes} bytes: another file.")
    if done < wanted.size_bytes:
        raise not_fetched(f"The connection ended after {done:,} of {wanted.size_bytes:,} bytes.", _RETRY)


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read1(_CHUNK_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise not_fetched(cause(error, response.url), _RETRY) from error


@contextmanager
def _open(url: str, headers: Mapping[str, str], timeout_s: float) -> Iterator[http.client.HTTPResponse]:
    """Ask for a file, following redirections; whatever is not a refusal is the caller's to judge."""
    local = is_local(url)
    for _ in range(_MOST_REDIRECTS + 1):
        if not may_ask(url, local=local):
            raise not_fetched(
                f"It leads to {host_of(url)} without encryption (https); does the network want a login?", _RETRY
            )
        with _ask(url, headers, timeout_s) as response:
            if response.status not in _REDIRECTS:
                if response.status >= 400 and response.status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    raise _refused(response.status, url)
                yield response
                return
            try:
                url = urljoin(url, response.getheader("Location") or "")
            except ValueError as error:
                raise not_fetched(f"{host_of(url)} points to an address that makes no sense.", _NO_NEED) from error
    raise not_fetched("The server sends from one address to the next without end.", _NO_NEED)


def _ask(url: str, headers: Mapping[str, str], timeout_s: float) -> http.client.HTTPResponse:
    # A proxy of the user's is used, but never for this machine itself.
    proxies = urllib.request.ProxyHandler({} if is_local(url) else None)
    opener = urllib.request.build_opener(proxies, AnyStatus)
    agent = {"User-Agent": f"stretch-assistant/{VERSION}", "Accept-Encoding": "identity"}
    try:
        request = urllib.request.Request(url, headers={**agent, **headers})  # noqa: S310 - may_ask has judged it
        return cast(http.client.HTTPResponse, opener.open(request, timeout=timeout_s))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise not_fetched(cause(error, url), _RETRY) from error


class AnyStatus(urllib.request.HTTPErrorProcessor):
    """Hand over every answer as it is: by itself, urllib follows redirections to anywhere."""

    def http_response(
        self, request: urllib.request.Request, response: http.client.HTTPResponse
    ) -> http.client.HTTPResponse:
        """The answer as it is."""
        del request
        return response

    https_response = http_response


def may_ask(url: str, *, local: bool) -> bool:
    """Only https; http to this very machine where that was asked for from the first, as tests do."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return False
    return scheme == "https" or (scheme == "http" and local and is_local(url))


def is_local(url: str) -> bool:
    """Whether it is this very machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host's name, safe to show."""
    try:
        return ascii(urlsplit(url).hostname or "the server").strip("'")
    except ValueError:
        return "the server"


def cause(error: Exception, url: str) -> str:
    """Why there is no connection, in plain words."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    match reason:
        case socket.gaierror():
            return f"{host_of(url)} is not found: there seems to be no connection to the internet."
        case ssl.SSLCertVerificationError():
            return f"{host_of(url)} can't prove who it is: {reason.verify_message}."
        case TimeoutError():
            return f"{host_of(url)} sends nothing."
        case ConnectionRefusedError():
            return f"{host_of(url)} takes no connection."
        case OSError() | str():  # a proxy's refusal has no number and no strerror, a missing host's name no exception
            text = ascii(getattr(reason, "strerror", None) or str(reason))[1:-1]
            return f"The connection to {host_of(url)} failed: {text}."
        case _:
            return f"The answer of {host_of(url)} can't be read ({type(reason).__name__})."


def _refused(status: int, url: str) -> DownloadFailed:
    phrase = next((known.phrase for known in HTTPStatus if known == status), "unknown")
    why = f"{host_of(url)} answers: {status}, {phrase}."
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return not_fetched(why, "Look for a newer stretch-assistant. All works without it.")
    return not_fetched(why, _RETRY)


def not_fetched(why: str, fix: str) -> DownloadFailed:
    """The error of a download that did not come to its end."""
    return DownloadFailed("It could not be fetched.", why, fix)


def not_the_file(wanted: Download, why: str) -> ModelCorrupt:
    """The error of a file that is not the one it should be."""
    return ModelCorrupt(f"What was sent is not {wanted.name}.", why, _NO_NEED)
