"""Memory that is free goes back to the system: measured in processes of their own."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.libc_ver()[0] != "glibc", reason="it is glibc that keeps what was freed"
)

_PIECES_MB = 40.0

_PROGRAM = """
import ctypes, resource
from pathlib import Path
from assistant.allocator import give_back, give_large_pieces_back

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes, libc.memset.argtypes = ctypes.c_void_p, [ctypes.c_void_p], None

def piece(size):
    address = libc.malloc(ctypes.c_size_t(size))
    libc.memset(ctypes.c_void_p(address), 1, ctypes.c_size_t(size))
    return address

{first}
libc.free(piece(4_000_000))  # a first one that is freed
before = resident_mb()
pieces = []
for _ in range(20):
    pieces.append(piece(2_000_000))
    piece(100_000)  # a small one that stays, behind each
for one in pieces:
    libc.free(one)
{last}
print(resident_mb() - before)
"""


def _kept_mb(first: str = "", last: str = "") -> float:
    program = _PROGRAM.format(first=first, last=last)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)


def test_large_pieces_stay_unless_they_are_to_go_back() -> None:
    assert _kept_mb() > 0.8 * _PIECES_MB
    assert _kept_mb("give_large_pieces_back()") < 0.2 * _PIECES_MB


def test_what_stayed_is_given_back_on_request() -> None:
    assert _kept_mb(last="give_back()") < 0.2 * _PIECES_MB
