"""Where recognition models lie: a package of data, found alike in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """The folder of this package; each model is a folder in it."""
    return Path(__file__).parent
