"""What the C library keeps of memory that was given back to it."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_M_MMAP_THRESHOLD = -3  # glibc's malloc.h

LARGE_BYTES = 1 << 20
"""A piece as large as this goes back to the system as soon as it is free."""


def give_large_pieces_back() -> None:
    """Let no large piece stay with the process once it is free.

    glibc takes a first large piece that is freed for a sign that more will be wanted, and keeps as much from then on,
    in each thread's heap. Here it was the compiling of a graph: 15 MB of 150, for the rest of the session.
    """
    _call("mallopt", _M_MMAP_THRESHOLD, LARGE_BYTES)


def give_back() -> None:
    """Give back what has been freed in smaller pieces."""
    _call("malloc_trim", 0)


def _call(function: str, *arguments: int) -> None:
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library than the usual one
            getattr(ctypes.CDLL(None), function)(*arguments)
