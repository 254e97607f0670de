r"""Kaldi's binary stream: tokens, numbers, vectors and matrices.

Layout, all little endian: the file begins with ``\0B``; a token is ASCII and one space; an int32 or float is a byte
4 (its size) and its four bytes, a double has eight; a truth value is ``T`` or ``F``; a vector of int32 is a byte 4, a
bare count and the numbers; ``FV`` and ``FM`` are a vector and a row-major matrix of float32.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

BINARY_MARK = b"\0B"

_LONGEST_TOKEN = 200


class KaldiFormatError(ValueError):
    """The bytes are not the Kaldi object that was expected."""


class KaldiWriter:
    """Collects the bytes of a stream; every method returns the writer, so that calls can be chained.

    Args:
        mark: Whether the stream begins with the mark of a binary file.
    """

    def __init__(self, mark: bool = True) -> None:
        self.data = bytearray(BINARY_MARK if mark else b"")

    def token(self, token: str) -> KaldiWriter:
        """Write a token."""
        self.data += token.encode("ascii") + b" "
        return self

    def integer(self, value: int) -> KaldiWriter:
        """Write an int32."""
        self.data += b"\x04" + struct.pack("<i", value)
        return self

    def real(self, value: float) -> KaldiWriter:
        """Write a float32."""
        self.data += b"\x04" + struct.pack("<f", value)
        return self

    def integers(self, values: Sequence[int]) -> KaldiWriter:
        """Write a vector of int32."""
        self.data += b"\x04" + struct.pack(f"<i{len(values)}i", len(values), *values)
        return self

    def vector(self, values: FloatArray) -> KaldiWriter:
        """Write a vector of float32."""
        self.token("FV").integer(len(values))
        self.data += np.ascontiguousarray(values, "<f4").tobytes()
        return self

    def matrix(self, values: FloatArray) -> KaldiWriter:
        """Write a matrix of float32."""
        self.token("FM").integer(values.shape[0]).integer(values.shape[1])
        self.data += np.ascontiguousarray(values, "<f4").tobytes()
        return self

    def lines(self, lines: Sequence[str]) -> KaldiWriter:
        """Write lines of text, set off by an empty line."""
        self.data += ("\n" + "\n".join(lines) + "\n\n").encode("ascii")
        return self


class KaldiReader:
    """Steps through a stream; whatever is not there as asked for raises `KaldiFormatError`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        if not data.startswith(BINARY_MARK):
            raise KaldiFormatError("it doesn't begin like a binary Kaldi file")
        self._at = len(BINARY_MARK)

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self._at

    def token(self) -> str:
        """Read a token."""
        end = self._data.find(b" ", self._at, self._at + _LONGEST_TOKEN)
        if end < 0:
            raise KaldiFormatError(f"a token was expected at byte {self._at}")
        token = self._take(end - self._at)
        self._take(1)
        if not token.isascii():
            raise KaldiFormatError(f"a token was expected at byte {self._at}")
        return token.decode("ascii")

    def expect(self, *tokens: str) -> str:
        """Read a token that must be one of these."""
        token = self.token()
        if token not in tokens:
            raise KaldiFormatError(f"{tokens[0]} was expected, {token!r} found")
        return token

    def integer(self) -> int:
        """Read an int32."""
        value: int = struct.unpack("<i", self._sized())[0]
        return value

    def real(self) -> float:
        """Read a float32 or, as some components have it, a float64."""
        is_double = self._data[self._at : self._at + 1] == b"\x08"
        value: float = struct.unpack("<d", self._sized(8))[0] if is_double else struct.unpack("<f", self._sized())[0]
        return value

    def truth(self) -> bool:
        """Read a truth value."""
        sign = self._take(1)
        if sign not in (b"T", b"F"):
            raise KaldiFormatError(f"T or F was expected at byte {self._at - 1}")
        return sign == b"T"

    def integers(self) -> list[int]:
        """Read a vector of int32."""
        count: int = struct.unpack("<i", self._sized())[0]
        return list(struct.unpack(f"<{count}i", self._take(4 * count)))

    def vector(self) -> FloatArray:
        """Read a vector of float32."""
        self.expect("FV")
        return self._reals(self.integer())

    def matrix(self) -> FloatArray:
        """Read a matrix of float32."""
        self.expect("FM")
        rows, columns = self.integer(), self.integer()
        if rows < 0 or columns < 0:
            raise KaldiFormatError("a matrix has a negative size")
        return self._reals(rows * columns).reshape(rows, columns)

    def lines(self) -> list[str]:
        """Read lines of text up to the first empty one."""
        end = self._data.find(b"\n\n", self._at)
        if end < 0:
            raise KaldiFormatError("a piece of text has no end")
        return self._take(end + 2 - self._at).decode("ascii", "replace").strip().splitlines()

    def _take(self, size: int) -> bytes:
        if not 0 <= size <= self.left:
            raise KaldiFormatError(f"it ends at byte {len(self._data)}, in the middle of its contents")
        self._at += size
        return self._data[self._at - size : self._at]

    def _sized(self, size: int = 4) -> bytes:
        if self._take(1) != bytes([size]):
            raise KaldiFormatError(f"a number of {size} bytes was expected at byte {self._at - 1}")
        return self._take(size)

    def _reals(self, count: int) -> FloatArray:
        return np.frombuffer(self._take(4 * count), "<f4").astype(np.float32)
