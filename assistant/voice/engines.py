"""pyttsx3 as it must be handled: one text in, one sound file out.

Runs in a process of its own (`assistant.voice.child`), since an engine may hang, leak into standard output or take the
process down with it. So nothing here has a time limit: whoever waits for the answer keeps the time.

Imported by the engine's process, so nothing heavy may be imported here.
"""

from __future__ import annotations

import ctypes
import importlib
import io
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from assistant.voice.catalogue import EngineVoice, find_voice
from assistant.voice.natural import piper_version
from assistant.voice.pace import espeak_rate, piper_speed

_POLL_S = 0.001


class VoiceEngine(Protocol):
    """A speech engine that is ready to speak."""

    @property
    def name(self) -> str:
        """Name and version: where they are the same, the same text sounds the same."""

    def voices(self) -> list[EngineVoice]:
        """The voices that it has, its favourites first."""

    def render(self, text: str, voice: str, rate: int) -> bytes:
        """The contents of a sound file (WAV, AIFF or AIFC) in which the text is said.

        Args:
            text: What to say; not empty.
            voice: A voice as a user names it.
            rate: Words a minute, as a listener counts them over many lines.

        Raises:
            UnknownVoiceError: The engine has no such voice.
            UnusableVoiceError: The voice is a file that can't be used.
        """


def start_natural_engine() -> VoiceEngine:
    """Piper through pyttsx3."""
    driver = importlib.import_module("assistant.voice.piper_driver")
    return PiperEngine(importlib.import_module("pyttsx3").init(driver.install()))


def start_engine() -> VoiceEngine:
    """The engine that pyttsx3 uses on this system: espeak-ng, or the system's own on macOS and Windows."""
    if sys.platform == "linux":
        _use_bundled_espeak()
    pyttsx3 = importlib.import_module("pyttsx3")
    engine = pyttsx3.init()
    return EspeakEngine(engine) if engine.driver_name == "espeak" else SystemEngine(engine)


def _use_bundled_espeak() -> None:
    """Have pyttsx3 load the espeak-ng library that pip installed; without it, it looks for that of the system.

    The name under which pyttsx3 asks for the library is the one that the loaded one bears, so that it gets the same.
    espeak-ng keeps the path of its data in 160 bytes and runs over them, and packages can lie in deep folders.
    A path relative to the working folder, which is this process's own, stays short.
    """
    try:
        loader = importlib.import_module("espeakng_loader")
        data = Path(loader.get_data_path())
        ctypes.CDLL(loader.get_library_path())
    except (ImportError, OSError, RuntimeError):
        return
    os.chdir(data.parent)
    os.environ["ESPEAK_DATA_PATH"] = "."


class EspeakEngine:
    """espeak-ng through pyttsx3.

    The library synthesises in a thread of its own, of which pyttsx3 takes no notice: its `runAndWait` returns too
    early, and what is set while the thread is at work is lost. So everything waits for that thread to be idle. The
    sound goes to memory: pyttsx3 hangs on a file that can't be written.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._driver = engine.proxy._driver
        self._library = importlib.import_module("pyttsx3.drivers._espeak")
        self._finished = threading.Event()
        self._failures: list[BaseException] = []
        engine.connect("finished-utterance", self._on_finished)
        engine.connect("error", self._on_error)
        self._voices = self._list_voices(None)
        self._variants = [
            voice.identifier.rpartition("/")[2]
            for voice in self._list_voices(ctypes.pointer(self._library.VOICE(languages=b"variant")))
        ]

    @property
    def name(self) -> str:
        """Name and version of the library."""
        return f"espeak-ng {self._library.Info(None).decode()}"

    def voices(self) -> list[EngineVoice]:
        """See `VoiceEngine`."""
        return self._voices

    def render(self, text: str, voice: str, rate: int) -> bytes:
        """See `VoiceEngine`."""
        # Told an unknown variant, the library would speak without it and say nothing.
        self._set("voice", find_voice(voice, self._voices, self._variants))
        self._set("rate", espeak_rate(rate))
        self._set("volume", 1.0)
        file = io.BytesIO()
        self._finished.clear()
        self._failures.clear()
        self._engine.save_to_file(text, file)
        self._engine.runAndWait()
        if self._failures:
            raise RuntimeError("espeak-ng failed") from self._failures[0]
        self._finished.wait()
        self._wait_until_idle()
        return file.getvalue()

    def _list_voices(self, specification: Any) -> list[EngineVoice]:
        return [
            EngineVoice(voice.identifier.decode(), voice.name.decode(), (voice.languages or b"")[1:].decode())
            for voice in self._library.ListVoices(specification)
        ]

    def _set(self, name: str, value: str | float) -> None:
        self._wait_until_idle()
        self._driver.setProperty(name, value)
        self._wait_until_idle()

    def _wait_until_idle(self) -> None:
        while self._library.IsPlaying():
            time.sleep(_POLL_S)

    def _on_finished(self, name: str | None, completed: bool) -> None:  # noqa: ARG002 - pyttsx3 passes them by name
        self._finished.set()

    def _on_error(self, name: str | None, exception: BaseException) -> None:  # noqa: ARG002
        self._failures.append(exception)


class _FileEngine:
    """An engine whose driver writes files.

    From its second call on, pyttsx3 begins with a text before its loop runs, and the loop then either cuts the text
    short or never ends. As long as it believes itself busy it keeps to the order: loop, text, end of the loop.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._driver = engine.proxy._driver
        self._failures: list[BaseException] = []
        engine.connect("error", self._on_error)

    def _spoken(self, text: str) -> bytes:
        self._failures.clear()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "speech.wav")
            self._engine.proxy.setBusy(True)
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()
            if self._failures:
                raise RuntimeError(f"the voice failed: {self._failures[0]}") from self._failures[0]
            _wait_until(_settled(path))
            return path.read_bytes()

    def _on_error(self, name: str | None, exception: BaseException) -> None:  # noqa: ARG002 - passed by name
        self._failures.append(exception)


class PiperEngine(_FileEngine):
    """Natural voices, each a file of Piper's; the driver is `assistant.voice.piper_driver`."""

    name = f"piper {piper_version()}"

    def voices(self) -> list[EngineVoice]:
        """None by itself: each is a file."""
        return []

    def render(self, text: str, voice: str, rate: int) -> bytes:
        """See `VoiceEngine`."""
        self._driver.setProperty("voice", voice)
        self._driver.setProperty("volume", 1.0)
        self._driver.setProperty("rate", piper_speed(voice, rate, self._seconds_of))
        return self._spoken(text)

    def _seconds_of(self, text: str, speed: float) -> float:
        self._driver.setProperty("rate", speed)
        with importlib.import_module("wave").open(io.BytesIO(self._spoken(text))) as file:
            return float(file.getnframes() / file.getframerate())


class SystemEngine(_FileEngine):
    """The voices of macOS or Windows through pyttsx3; macOS writes AIFF, whatever the file is called."""

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._voices = [_listed(voice) for voice in self._driver.getProperty("voices")]

    @property
    def name(self) -> str:
        """Name of the driver and version of the system, whose voices come and go with it."""
        import platform  # noqa: PLC0415 - not needed on Linux

        return f"{self._engine.driver_name} {platform.platform()}"

    def voices(self) -> list[EngineVoice]:
        """See `VoiceEngine`."""
        return self._voices

    def render(self, text: str, voice: str, rate: int) -> bytes:
        """See `VoiceEngine`."""
        # First the voice: each has a rate of its own.
        self._driver.setProperty("voice", find_voice(voice, self._voices, or_same_language=True))
        self._driver.setProperty("rate", rate)
        self._driver.setProperty("volume", 1.0)
        return self._spoken(text)


def _listed(voice: Any) -> EngineVoice:
    languages = [str(language) for language in voice.languages or () if language]
    return EngineVoice(str(voice.id), str(voice.name), languages[0] if languages else "")


def _settled(path: Path) -> Callable[[], bool]:
    """Whether the file is there and no longer grows: macOS finishes it after it said that it had."""
    size = 0

    def settled() -> bool:
        nonlocal size
        before, size = size, path.stat().st_size if path.exists() else 0
        return size > 0 and size == before

    return settled


def _wait_until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(10 * _POLL_S)
