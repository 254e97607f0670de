"""Who gets in: only whoever was given the link, in a browser, at this machine's own address.

The link holds a token; it becomes a cookie that scripts can't read and that other sites' pages don't send. A page of
another site that has its name lead to this machine (DNS rebinding) is known by that name, one that lets the browser
send something here by what the browser says of its origin.
"""

from __future__ import annotations

import ipaddress
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from assistant.home import folders
from assistant.home.private_file import erase, write_private
from intents.reading import read_at_most

COOKIE = "stretch-assistant-screen"
COOKIE_LASTS_S = 90 * 24 * 3600
_TOKEN_BYTES = 16
_LARGEST_BYTES = 1 << 10


def token_file() -> Path:
    """Where the token lies, so that a screen that was let in once is let in the next day."""
    return folders.state() / "screen-token"


def kept_token() -> str:
    """The token; a new one where there is none yet. One that can't be kept holds for this session."""
    path = token_file()
    with suppress(OSError, ValueError):
        if len(kept := read_at_most(path, _LARGEST_BYTES).decode("ascii").strip()) == len(
            secrets.token_urlsafe(_TOKEN_BYTES)
        ):
            return kept
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with suppress(OSError):
        write_private(path, token.encode("ascii"))
    return token


def erase_token() -> int:
    """Forget the token: no screen is let in any more that was before.

    Returns:
        How many files there were.

    Raises:
        OSError: It can't be deleted.
    """
    return erase(token_file())


class Doors:
    """Looks at what a request says of itself.

    Args:
        token: What the link holds.
        own_names: Names of this machine, beside those that end in ``.local``.
        secure: Whether it is reached by https.
    """

    def __init__(self, token: str, own_names: frozenset[str], *, secure: bool) -> None:
        self._token = token
        self._own_names = own_names
        self._scheme = "https" if secure else "http"

    def is_own_address(self, host: str | None) -> bool:
        """Whether the name that the browser was led here by is one of this machine."""
        if host is None:
            return False
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        with suppress(ValueError):
            ipaddress.ip_address(name)
            return True
        return name == "localhost" or name in self._own_names or (name.endswith(".local") and name != ".local")

    def has_token(self, path: str) -> bool:
        """Whether a request's path holds the token."""
        return any(self._is_token(given) for given in parse_qs(path.partition("?")[2]).get("t", ()))

    def has_cookie(self, cookies: str | None) -> bool:
        """Whether a request brings the cookie."""
        brought = (each.partition("=") for each in (cookies or "").split(";"))
        return any(name.strip() == COOKIE and self._is_token(value.strip()) for name, _, value in brought)

    def cookie(self) -> str:
        """The cookie, as it is set."""
        secure = "; Secure" if self._scheme == "https" else ""
        return f"{COOKIE}={self._token}; Max-Age={COOKIE_LASTS_S}; Path=/; HttpOnly; SameSite=Strict{secure}"

    def comes_from_own_page(self, host: str | None, site: str | None, origin: str | None) -> bool:
        """Whether what is asked for, or sent, comes from our own page or from no page at all.

        Args:
            host: The name that the browser was led here by.
            site: What it says of the page's site: ``Sec-Fetch-Site``.
            origin: Where it says that the page is from.
        """
        if site is not None and site not in {"same-origin", "none"}:
            return False
        return origin is None or origin == f"{self._scheme}://{host}"

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._token.encode())
