"""What assistant and speech engine say to each other over the pipes between their processes.

A frame is two lengths, a header in JSON and a body of bytes. The engine's process opens with one that says which
engine it is; then every request gets one answer.

Imported by both processes, so nothing heavy may be imported here.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from io import RawIOBase
from typing import IO, Any

NATURAL = "natural"
"""What the engine's process is called with if it shall have natural voices."""

_LENGTHS = struct.Struct(">II")

Header = Mapping[str, Any]


def write_frame(pipe: RawIOBase | IO[bytes], header: Header, body: bytes = b"") -> None:
    """Send a frame.

    Raises:
        OSError: The other side has gone.
    """
    packed = json.dumps(header).encode()
    rest = memoryview(_LENGTHS.pack(len(packed), len(body)) + packed + body)
    while rest:
        rest = rest[pipe.write(rest) or 0 :]
    pipe.flush()


def read_frame(pipe: RawIOBase | IO[bytes]) -> tuple[Header, bytes]:
    """Wait for the next frame.

    Raises:
        EOFError: The other side has gone.
    """
    header_length, body_length = _LENGTHS.unpack(_read(pipe, _LENGTHS.size))
    header: Header = json.loads(_read(pipe, header_length))
    return header, _read(pipe, body_length)


def _read(pipe: RawIOBase | IO[bytes], length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = pipe.read(length - len(parts))
        if not part:
            raise EOFError("the pipe was closed")
        parts += part
    return bytes(parts)
