"""Where the screen is found: this machine's address in the network, the link, and the link as a picture to scan."""

from __future__ import annotations

import io
import ipaddress
import socket
from contextlib import suppress

from assistant.errors import ScreenUnavailable

LOOPBACK = "127.0.0.1"
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that nobody has: what this machine would send there goes by way of its network. Nothing is sent."""


def own_address() -> str:
    """This machine's address in its network.

    Raises:
        ScreenUnavailable: It has none.
    """
    for family, elsewhere in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            if _is_of_network(found := str(probe.getsockname()[0])):
                return found
    with suppress(OSError):
        for _, _, _, _, place in socket.getaddrinfo(socket.gethostname(), None):
            if _is_of_network(found := str(place[0])):
                return found
    raise ScreenUnavailable(
        "The screen can't be shown in the network.",
        "This machine has no address in one.",
        'Connect it, or take screen = "here" for a browser on this machine.',
    )


def _is_of_network(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return not (parsed.is_loopback or parsed.is_unspecified or parsed.is_link_local)


def is_any(host: str) -> bool:
    """Whether this stands for all addresses of a machine, as ``0.0.0.0`` does: no browser finds it by that."""
    return host in {"0.0.0.0", "::"}  # noqa: S104 - who sets it means it


def own_names() -> frozenset[str]:
    """The names by which this machine may be called."""
    name = socket.gethostname().lower()
    return frozenset({name, name.partition(".")[0]} - {""})


def link(host: str, port: int, token: str, *, secure: bool) -> str:
    """What is opened on the other device."""
    name = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{name}:{port}/?t={token}"


def picture(text: str) -> str:
    """A text as a QR code of block characters, dark on light whatever the terminal's colours are."""
    drawn = io.StringIO()
    import segno  # noqa: PLC0415 - a session that is shown nowhere does without

    segno.make(text, error="l", micro=False).terminal(drawn, compact=True, border=2)
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" for line in drawn.getvalue().splitlines())
