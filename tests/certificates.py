"""Certificates that tests make for themselves."""

from __future__ import annotations

import subprocess
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def make_certificate(folder: Path, name: str, also: str) -> tuple[Path, Path]:
    """One that vouches for itself for two days, by openssl: its file, and that of its key.

    Args:
        folder: Where both are written.
        name: Whose it is.
        also: Its other names, as openssl writes them: ``IP:127.0.0.1,DNS:mat.local``.
    """
    certificate, key = folder / "cert.pem", folder / "key.pem"
    whose = ("-subj", f"/CN={name}", "-addext", f"subjectAltName={also}")
    made = ("openssl", "req", "-x509", *_KEY, "-days", "2", *whose, "-keyout", key, "-out", certificate)
    subprocess.run(made, check=True, capture_output=True)
    return certificate, key
