"""A certificate that this machine makes for itself, so that its page comes by https: only then may it keep a screen on.

Nobody else vouches for it, and a browser says so once. It is kept for the user alone, for as long as the address stays.
"""

from __future__ import annotations

import ipaddress
import subprocess
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from assistant.errors import ScreenUnavailable
from assistant.home import folders
from assistant.home.private_file import erase, write_private
from intents.reading import read_at_most

_LASTS_DAYS, _RENEWED_AFTER_DAYS = 365, 300
_LARGEST_BYTES = 64 << 10
_DAY_S = 24 * 3600
_LONGEST_S = 20.0
_KIND = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(_LASTS_DAYS))


def certificate_file() -> Path:
    """Where it lies, with its key."""
    return folders.state() / "screen-certificate.pem"


def own_certificate(host: str, names: Collection[str]) -> Path:
    """The certificate in PEM, with its key in the same file; a new one where there is none yet for this address.

    Args:
        host: The address by which the page is reached.
        names: Other names of this machine.

    Raises:
        ScreenUnavailable: It can't be made or kept here.
    """
    path, whose = certificate_file(), ",".join(_also(host, names))
    with suppress(OSError, UnicodeDecodeError):
        kept = read_at_most(path, _LARGEST_BYTES).decode("ascii")
        if kept.partition("\n")[0] == whose and time.time() - path.stat().st_mtime < _RENEWED_AFTER_DAYS * _DAY_S:
            return path
    try:
        write_private(path, f"{whose}\n{_made(whose)}".encode("ascii"))
    except (OSError, subprocess.SubprocessError) as error:
        missing = isinstance(error, FileNotFoundError)
        raise ScreenUnavailable(
            "No certificate can be made for the screen.",
            "The program openssl is not installed." if missing else f"{str(error).rstrip('.')}.",
            "Install openssl, name a certificate of your own with screen_certificate, or set screen_https = false.",
        ) from error
    return path


def erase_certificate() -> int:
    """Forget it.

    Returns:
        How many files there were.

    Raises:
        OSError: It can't be deleted.
    """
    return erase(certificate_file())


def _also(host: str, names: Collection[str]) -> list[str]:
    """Every name and address that it is for, as openssl writes them."""
    try:
        ipaddress.ip_address(host)
        first = f"IP:{host}"
    except ValueError:
        first = f"DNS:{host}"
    return [first, *(f"DNS:{name}{end}" for name in sorted({*names} - {host}) for end in ("", ".local"))]


def _made(whose: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        key, made = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        about = ("-subj", "/CN=stretch-assistant", "-addext", f"subjectAltName={whose}")
        command = ("openssl", "req", "-x509", *_KIND, *about, "-keyout", key, "-out", made)
        subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST_S)
        return made.read_text(encoding="ascii") + key.read_text(encoding="ascii")
