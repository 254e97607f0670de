"""The engine of macOS and Windows, driven through the real pyttsx3 by a driver that behaves like theirs."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import pyttsx3
import soundfile

from assistant.voice.catalogue import UnknownVoiceError
from assistant.voice.engines import SystemEngine
from assistant.voice.renderer import _decode


class Driver:
    """As on macOS: the voice resets the rate, the file is AIFF, and the last command of the queue ends the loop."""

    def __init__(self, proxy: Any) -> None:
        self.proxy = proxy
        self.rate = 200
        self.voice = ""
        self.looping = False

    def getProperty(self, name: str) -> Any:
        assert name == "voices"
        voice = SimpleNamespace(id="com.apple.en-GB.Daniel", name="Daniel", languages=["en_GB"])
        return [SimpleNamespace(id="com.apple.fr-FR.Thomas", name="Thomas", languages=["fr_FR"]), voice]

    def setProperty(self, name: str, value: Any) -> None:
        if name == "voice":
            self.voice, self.rate = value, 200
        elif name == "rate":
            self.rate = value

    def save_to_file(self, text: str, path: str) -> None:
        self.proxy.setBusy(True)
        if text == "unsayable":
            self.proxy.setBusy(False)
            raise RuntimeError(text)
        sound = np.full(len(text) * 22_050 * 12 // self.rate, 0.25)
        with Path(path).open("wb") as file:
            soundfile.write(file, sound, 22_050, format="AIFF", subtype="PCM_16")
        self.proxy.notify("finished-utterance", completed=True)
        self.proxy.setBusy(False)

    def startLoop(self) -> None:
        self.looping = True
        self.proxy.setBusy(False)
        assert not self.looping, "the queue did not end the loop"

    def endLoop(self) -> None:
        self.looping = False

    def stop(self) -> None:
        pass

    def destroy(self) -> None:
        pass


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> SystemEngine:
    module = ModuleType("pyttsx3.drivers.like_macos")
    module.buildDriver = Driver  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return SystemEngine(pyttsx3.init("like_macos"))


def test_aiff_is_read_whatever_the_file_is_called(engine: SystemEngine) -> None:
    sound, rate = _decode(engine.render("Hello.", "Daniel", 160))
    assert rate == 22_050
    assert sound == pytest.approx(np.full(len(sound), 0.25))


def test_text_after_text_each_at_its_own_rate(engine: SystemEngine) -> None:
    lengths = [len(_decode(engine.render("Hello.", "en-gb", rate))[0]) for rate in (100, 200, 100)]
    assert lengths[0] == lengths[2] == 2 * lengths[1]


def test_an_unknown_voice_is_refused(engine: SystemEngine) -> None:
    with pytest.raises(UnknownVoiceError):
        engine.render("Hello.", "Zarvox", 160)


def test_an_error_of_the_driver_is_not_swallowed(engine: SystemEngine) -> None:
    with pytest.raises(RuntimeError, match="voice failed"):
        engine.render("unsayable", "Daniel", 160)


def test_the_name_tells_driver_and_system(engine: SystemEngine) -> None:
    assert engine.name.startswith("like_macos ")
