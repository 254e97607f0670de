"""WAV files whose header was never finished, or says too little of how they are coded: read by a header put right.

A recorder that crashes, or that writes into a pipe, leaves a length of nothing, or of two or four gigabytes; the sound
goes to the end of the file. Small recorders leave out how many samples a block of ADPCM holds, which its size tells.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

_RIFF = struct.Struct("<4sI4s")
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_MS_ADPCM, _IMA_ADPCM = 2, 0x11
_MS_COEFFICIENTS = (256, 0, 512, -256, 0, 0, 192, 64, 240, 0, 460, -208, 392, -232)
_LENGTH_UNKNOWN = 0x7FFF_0000
"""Lengths from here on are what writers put there who don't know it."""

_MOST = 0xFFFF_FFFF
_MOST_CHUNKS = 1000
_MOST_CHANNELS = 1024


def unfinished(path: Path) -> Spliced | None:
    """A WAV file with its header put right, to be read in its place; None if that is not what it needs.

    Args:
        path: A file that is there.

    Raises:
        OSError: It can't be read.
    """
    file = path.open("rb")
    header = _header(file, os.fstat(file.fileno()).st_size)
    if header is None:
        file.close()
        return None
    return Spliced(header, file, file.tell())


def damaged(path: Path) -> bool:
    """Whether the header of a WAV file can't be: nothing says how it is coded, or no channels, or no samples a second.

    Args:
        path: A file that begins as one.

    Raises:
        OSError: It can't be read.
    """
    with path.open("rb") as file:
        file.seek(_RIFF.size)
        for _ in range(_MOST_CHUNKS):
            head = file.read(_CHUNK.size)
            if len(head) < _CHUNK.size:
                break
            name, length = _CHUNK.unpack(head)
            if name == b"fmt ":
                coding = file.read(min(length, _FORMAT.size))
                if len(coding) < _FORMAT.size:
                    break
                _, channels, rate, *_ = _FORMAT.unpack(coding)
                return not (0 < channels <= _MOST_CHANNELS and 0 < rate < _LENGTH_UNKNOWN)
            file.seek(length + length % 2, os.SEEK_CUR)
    return True


def _header(file: BinaryIO, size: int) -> bytes | None:
    """The header that a file should have, with the file at its sound; None if it is well, or no such file."""
    begin = file.read(_RIFF.size)
    if len(begin) < _RIFF.size or begin[:4] != b"RIFF" or begin[8:] != b"WAVE":
        return None
    coding = b""
    for _ in range(_MOST_CHUNKS):
        head = file.read(_CHUNK.size)
        if len(head) < _CHUNK.size:
            return None
        name, length = _CHUNK.unpack(head)
        if name == b"data":
            there = size - file.tell()
            whole = _goes_to_the_end(file, length, there)
            right = _coding_put_right(coding)
            if not coding or (right == coding and not whole):
                return None
            sound = there if whole else min(length, there)
            chunks = _CHUNK.pack(b"fmt ", len(right)) + right + _CHUNK.pack(b"data", min(sound, _MOST))
            return _RIFF.pack(b"RIFF", min(4 + len(chunks) + sound, _MOST), b"WAVE") + chunks
        if name == b"fmt " and length <= 1024:
            coding = file.read(length)
        elif length:
            file.seek(length, os.SEEK_CUR)
        file.seek(length % 2, os.SEEK_CUR)
    return None


def _goes_to_the_end(file: BinaryIO, length: int, there: int) -> bool:
    """Whether the sound goes on to the end of the file, whatever its length is said to be."""
    if length == 0 and there:
        head = file.read(_CHUNK.size)
        file.seek(-len(head), os.SEEK_CUR)
        named = len(head) == _CHUNK.size and head[:4].isalnum() and _CHUNK.unpack(head)[1] <= there - _CHUNK.size
        return not named  # else another chunk follows on no sound at all
    return length >= _LENGTH_UNKNOWN and length > there


def _coding_put_right(coding: bytes) -> bytes:
    """How the sound is coded, with what ADPCM needs beside it; as it is where nothing is missing."""
    if len(coding) < _FORMAT.size:
        return coding
    kind, channels, rate, _, block, _ = _FORMAT.unpack_from(coding)
    if kind not in {_MS_ADPCM, _IMA_ADPCM} or not 1 <= channels <= 8:
        return coding
    each = block // channels - (4 if kind == _IMA_ADPCM else 7)
    if each <= 0:
        return coding
    samples = 2 * each + (1 if kind == _IMA_ADPCM else 2)
    told = struct.unpack_from("<H", coding, 18)[0] if len(coding) >= 20 else 0
    if told == samples or samples > 0xFFFF:
        return coding
    more = struct.pack("<H", samples)
    if kind == _MS_ADPCM:
        more += struct.pack("<H14h", 7, *_MS_COEFFICIENTS)
    bytes_a_second = min(rate * block // samples, _MOST)
    return _FORMAT.pack(kind, channels, rate, bytes_a_second, block, 4) + struct.pack("<H", len(more)) + more


class Spliced:
    """A header, and the rest of a file behind it: as much of a file as libsndfile's binding asks for."""

    def __init__(self, header: bytes, file: BinaryIO, begins: int) -> None:
        self._header = header
        self._file = file
        self._begins = begins
        self._at = 0

    def tell(self) -> int:
        """Bytes from the beginning."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go there."""
        end = len(self._header) + os.fstat(self._file.fileno()).st_size - self._begins
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: end}[whence])
        return self._at

    def read(self, size: int) -> bytes:
        """The bytes from here on."""
        found = self._header[self._at : self._at + size]
        if len(found) < size:
            self._file.seek(self._begins + self._at + len(found) - len(self._header))
            found += self._file.read(size - len(found))
        self._at += len(found)
        return found

    def __del__(self) -> None:
        self._file.close()  # the binding closes only what it has opened
