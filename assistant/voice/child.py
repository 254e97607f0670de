"""The text-to-speech engine in a process of its own: ``python -m assistant.voice.child``.

pyttsx3 may hang, and espeak-ng may take the process with it; neither must take the session. Requests come as lines of
JSON on standard input, answers go out on standard output: a line of JSON, then the sound as raw little-endian int16.
What pyttsx3 prints goes nowhere. The process ends when its standard input does.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

_LONGEST_DATA_PATH = 150  # espeak-ng keeps it in a buffer of 160 bytes, and runs over it
_IDLE_TIMEOUT_S = 10.0
_TRIES = 3
_USUAL_VOICE = "en" if sys.platform.startswith("linux") else None


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the life of the process
    engine: _Engine | None = None
    with tempfile.TemporaryDirectory(prefix="stretch-voice-") as folder:
        for line in sys.stdin:
            request = json.loads(line)
            try:
                engine = engine or _Engine(Path(folder))
                rate, pcm = engine.render(request["text"], request["voice"], request["rate"])
            except (RuntimeError, ValueError, OSError, ImportError, KeyError, EOFError) as error:
                known = engine.voices() if engine else []
                _answer(answers, {"error": f"{type(error).__name__}: {error}", "voices": known}, b"")
            else:
                _answer(answers, {"rate": rate, "bytes": len(pcm)}, pcm)


def _answer(answers: IO[bytes], header: dict[str, Any], pcm: bytes) -> None:
    answers.write(json.dumps(header).encode() + b"\n" + pcm)
    answers.flush()


class _Engine:
    """pyttsx3 with its faults worked around: one render at a time, properties set only while it is idle."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._set: dict[str, object] = {}
        self._finished = False
        self._espeak: Any = None
        if sys.platform.startswith("linux"):
            _use_bundled_espeak()
        import pyttsx3  # noqa: PLC0415 - after the library has been chosen

        self._engine = pyttsx3.init()
        if sys.platform.startswith("linux"):
            from pyttsx3.drivers import _espeak  # noqa: PLC0415

            self._espeak = _espeak
        self._engine.connect("finished-utterance", self._on_finished)
        self._save("a")  # the first render may come back before its file is there

    def render(self, text: str, voice: str | None, rate: int) -> tuple[int, bytes]:
        """Sound of a text.

        Raises:
            RuntimeError: Nothing came out.
            ValueError: The voice is not known.
        """
        self._property("voice", voice or _USUAL_VOICE)
        self._property("rate", rate)
        for _ in range(_TRIES):
            rendered = self._save(text)
            if rendered is not None:
                return rendered
        raise RuntimeError("the engine gave no sound")

    def voices(self) -> list[str]:
        """Identifiers of the voices, English ones first."""
        identifiers = [str(voice.id) for voice in self._engine.getProperty("voices")]
        return sorted(identifiers, key=lambda name: ("en" not in name.replace("/", "-").split("-"), name))[:100]

    def _property(self, name: str, value: object) -> None:
        if value is None or self._set.get(name) == value:
            return
        self._wait_until_idle()
        # Through the driver at once: the engine's queue drops settings while it is speaking.
        self._engine.proxy._driver.setProperty(name, value)  # noqa: SLF001
        self._wait_until_idle()
        self._set[name] = value

    def _save(self, text: str) -> tuple[int, bytes] | None:
        self._wait_until_idle()
        path = self._folder / "utterance.wav"
        path.unlink(missing_ok=True)
        self._finished = False
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        self._wait_until_idle()
        if not self._finished or not path.exists():
            return None
        return _read(path)

    def _on_finished(self, name: str | None = None, completed: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        self._finished = completed

    def _wait_until_idle(self) -> None:
        end = time.monotonic() + _IDLE_TIMEOUT_S
        while self._espeak is not None and self._espeak.IsPlaying():
            if time.monotonic() > end:
                raise RuntimeError("the engine does not come to rest")
            time.sleep(0.001)


def _read(path: Path) -> tuple[int, bytes] | None:
    import soundfile  # noqa: PLC0415 - macOS writes AIFF, whatever the name says

    pcm, rate = soundfile.read(path, dtype="int16", always_2d=True)
    if not len(pcm):
        return None
    return int(rate), pcm[:, 0].astype("<i2").tobytes()


def _use_bundled_espeak() -> None:
    """Load espeak-ng from its wheel, so that pyttsx3 finds it without apt; the system's serves where that is missing."""
    try:
        import espeakng_loader  # noqa: PLC0415
    except ImportError:
        return
    data = espeakng_loader.get_data_path()
    if len(data) > _LONGEST_DATA_PATH:
        link = Path(tempfile.mkdtemp()) / "d"
        link.symlink_to(data)
        data = str(link)
    os.environ.setdefault("ESPEAK_DATA_PATH", data)
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


if __name__ == "__main__":
    main()
