"""Recordings on disk: any sound file in, WAV out.

Reading and writing stream, so a recording of hours takes no more memory than one of seconds.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import stat
import sys
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from assistant.audio.formats import BLOCK, FULL_SCALE, RATE, Samples, silence, to_int16
from assistant.audio.wav_header import damaged, unfinished
from assistant.errors import FileUnwritable, RecordingUnreadable

_LOUDEST = 8.0  # times full scale
_CHUNK_FRAMES = 16_384
"""Frames decoded at a time."""

_RATES = range(1_000, 768_001)
"""Sample rates that a recording may plausibly have; a damaged header must not blow one up a thousandfold."""

_WAV_LIMIT_BYTES = 2**32 - 1024
"""What the 32 bit lengths in a WAV header can say."""

_FIX_FORMAT = "Use a WAV, FLAC, OGG or MP3 file; `ffmpeg -i FILE out.wav` makes a WAV file of most others."
_OTHERS: Mapping[str, tuple[int, bytes]] = {
    "an M4A, MP4 or 3GP file": (4, b"ftyp"),
    "an AMR file": (0, b"#!AMR"),
    "a WebM or Matroska file": (0, b"\x1aE\xdf\xa3"),
    "a WMA file": (0, b"0&\xb2u"),
    "an AAC file": (0, b"\xff\xf1"),
    "an AAC file, of MPEG-2": (0, b"\xff\xf9"),
    "a WavPack file": (0, b"wvpk"),
    "a Monkey's Audio file": (0, b"MAC "),
    "a WAV file of a coding of its own": (0, b"RIFF"),
}
"""What phones and recorders write and libsndfile doesn't read: by what stands where."""

_FIX_PATH = "Check the path."


def read_recording(path: Path) -> Samples:
    """The whole recording at 16 kHz, mono: shape ``(n,)`` with n = frames · 16000 / rate, rounded.

    Channels are averaged; what exceeds full scale is clipped. A 16 bit mono file at 16 kHz comes back bit for bit.

    Raises:
        RecordingUnreadable: It is missing, a folder, empty, damaged or no sound file.
    """
    return np.concatenate([silence(0), *stream_recording(path, _CHUNK_FRAMES)])


def stream_recording(path: Path, block: int = BLOCK) -> Iterator[Samples]:
    """The same samples as `read_recording` in blocks of exactly ``block``, the last one shorter.

    Raises:
        RecordingUnreadable: At the call if it cannot be opened; on a later block if the damage lies further in.
    """
    return _cut(_decode(path, _open(path)), block)


def _open(path: Path) -> soundfile.SoundFile:
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, f"{error.strerror}.", _FIX_PATH) from error
    if stat.S_ISDIR(status.st_mode):
        raise _unreadable(path, "It is a folder.", "Name a sound file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise _unreadable(path, "It is a device or a pipe, not a file.", _FIX_PATH)
    if status.st_size == 0:
        raise _unreadable(path, "The file is empty.", "Record it again.")
    try:
        path.open("rb").close()  # libsndfile says "system error" for a file that may not be read
        # Where its header is well it is opened by name, as bytes: they may be no text.
        file = soundfile.SoundFile(unfinished(path) or os.fsencode(path))
    except OSError as error:
        raise _unreadable(path, f"{error.strerror}.", "Allow yourself to read it.") from error
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: a .raw file, which says nothing of its format
        raise _of_another_kind(path) from error
    if file.samplerate not in _RATES:
        why = f"It claims to hold {file.samplerate} samples a second, so it is damaged."
        file.close()
        raise _unreadable(path, why, "Record it again, at 8000 to 192000 samples a second.")
    return file


def _of_another_kind(path: Path) -> RecordingUnreadable:
    with path.open("rb") as file:
        begin = file.read(12)
    if begin.startswith(b"RIFF") and damaged(path):
        return _unreadable(path, "It is a WAV file, and the beginning of it is damaged.", "Record it again.")
    for kind, (at, sign) in _OTHERS.items():
        if begin[at:].startswith(sign):
            return _unreadable(
                path, f"It is {kind}, which is not read here.", f"Type: ffmpeg -i {shlex.quote(str(path))} out.wav"
            )
    return _unreadable(path, "It is no sound file of a known kind, or its beginning is damaged.", _FIX_FORMAT)


def _decode(path: Path, file: soundfile.SoundFile) -> Iterator[Samples]:
    """The file's sound at 16 kHz mono, in blocks of any length."""
    resampler = None if file.samplerate == RATE else soxr.ResampleStream(file.samplerate, RATE, 1, dtype="float32")
    heard = 0
    with file:
        while True:
            frames = _read_chunk(path, file)
            heard += len(frames)
            # Files of floats may hold anything: no number, or one that is too large to be added up.
            sane = np.clip(np.nan_to_num(frames, nan=0.0, posinf=1.0, neginf=-1.0), -_LOUDEST, _LOUDEST)
            mono = sane.mean(axis=1, dtype=np.float32)
            if resampler is not None:
                mono = resampler.resample_chunk(mono, last=not len(frames))
            if len(mono):
                yield to_int16(mono * FULL_SCALE)
            if not len(frames):
                break
        if not heard:
            raise _unreadable(path, "It holds no sound: its length is zero.", "Record it again.")
        _check_length(path, file, heard)


def _read_chunk(path: Path, file: soundfile.SoundFile) -> npt.NDArray[np.float32]:
    """The next frames, shape ``(n, channels)``; n = 0 at the end."""
    try:
        frames: npt.NDArray[np.float32] = file.read(_CHUNK_FRAMES, dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        why = f"It is damaged after {file.tell() / file.samplerate:.1f} s."
        raise _unreadable(path, why, "Copy or record it again.") from error
    return frames


def _check_length(path: Path, file: soundfile.SoundFile, heard: int) -> None:
    """A file that ends early is damaged; but lengths can be estimates (MP3 without an index) or unknown (streams)."""
    known = file.format != "MP3" and file.frames < sys.maxsize
    if known and heard < file.frames:
        why = f"It ends after {heard / file.samplerate:.1f} s and should hold {file.frames / file.samplerate:.1f} s."
        raise _unreadable(path, why, "Copy or record it again.")


def _cut(parts: Iterator[Samples], block: int) -> Iterator[Samples]:
    """The same samples in blocks of exactly ``block``, the last one shorter."""
    rest = silence(0)
    for part in parts:
        rest = np.concatenate([rest, part])
        whole = len(rest) - len(rest) % block
        for first in range(0, whole, block):
            yield rest[first : first + block]
        rest = rest[whole:]
    if len(rest):
        yield rest


def _unreadable(path: Path, why: str, fix: str) -> RecordingUnreadable:
    return RecordingUnreadable(f"The recording {path} cannot be read.", why, fix)


def _is_wav(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"RIFF"


class WavWriter:
    """A 16 bit WAV file at 16 kHz, written as it comes: ``with WavWriter(path) as file: file.write(samples)``.

    It is written beside its place and moved there on a clean exit; after an exception nothing is left behind and
    what was there before is untouched.

    Args:
        path: Where it shall lie. Its folder must exist.
        channels: 1, or 2 for both sides of a session.

    Raises:
        FileUnwritable: On entering, writing or leaving, if it cannot be written there.
    """

    def __init__(self, path: Path, channels: Literal[1, 2] = 1) -> None:
        self._path = path
        self._target = Path(os.path.realpath(path))  # behind a link the file is replaced, not the link
        self._partial = self._target.with_name(f".{secrets.token_hex(6)}.partial")
        self._channels = channels
        self._handle: BinaryIO
        self._file: wave.Wave_write | None = None
        self._bytes = 0

    def __enter__(self) -> Self:
        try:
            if self._target.is_dir():
                raise self._unwritable("It is a folder.", "Name a file in it.")
            if self._target.exists() and not self._target.is_file():
                raise self._unwritable("It is a device or a pipe, not a file.", "Name a file.")
            if self._target.exists() and self._target.stat().st_size and not _is_wav(self._target):
                raise self._unwritable("There is a file of another kind, which would be lost.", "Name another file.")
            self._handle = self._partial.open("xb")
        except OSError as error:
            raise self._unwritable(f"{self._target.parent}: {error.strerror}.", "Name another place.") from error
        file = wave.open(self._handle, "wb")
        file.setnchannels(self._channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        self._file = file
        return self

    def write(self, samples: Samples) -> None:
        """Append int16 samples of shape ``(n,)``, or ``(n, 2)`` in a file of two channels.

        Raises:
            FileUnwritable: The disk is full, or the file would exceed the 4 GiB of a WAV file.
            ValueError: The shape or the type is another.
        """
        shape = (len(samples),) if self._channels == 1 else (len(samples), self._channels)
        if samples.shape != shape or samples.dtype != np.int16:
            raise ValueError(f"int16 of shape {shape} is written, not {samples.dtype} of shape {samples.shape}")
        if self._file is None:
            raise ValueError("the file is not open")
        self._bytes += samples.nbytes
        if self._bytes > _WAV_LIMIT_BYTES:
            raise self._unwritable("A WAV file holds 4 GiB at the most.", "Record a shorter session.")
        try:
            self._file.writeframesraw(samples.astype("<i2").tobytes())
        except OSError as error:
            raise self._unwritable(f"{error.strerror}.", "Make room on the disk, or name another place.") from error

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        try:
            if kind is None:
                self._finish(file)
        finally:
            for leftover in (file, self._handle):  # the second close of either does nothing
                with contextlib.suppress(OSError):  # a full disk was reported above
                    leftover.close()
            self._partial.unlink(missing_ok=True)

    def _finish(self, file: wave.Wave_write) -> None:
        try:
            file.close()
            self._handle.close()
            self._partial.replace(self._target)
        except OSError as error:
            raise self._unwritable(f"{error.strerror}.", "Make room on the disk, or name another place.") from error

    def _unwritable(self, why: str, fix: str) -> FileUnwritable:
        return FileUnwritable(f"The sound file {self._path} cannot be written.", why, fix)
