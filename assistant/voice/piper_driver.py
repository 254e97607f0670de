"""Piper as a driver of pyttsx3: natural voices, each a file.

pyttsx3 looks drivers up as modules of its own package; `install` puts this one there. Only the engine's process loads
it, for Piper is under the GPL and large.
"""

from __future__ import annotations

import json
import os
import sys
import wave
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.voice.natural import UnusableVoiceError, config_of

DRIVER = "stretch_piper"

SENTENCE_PAUSE_S = 0.4
"""Between two sentences, at the voice's own speed. A slower speaker pauses longer rather than drawling: the pause grows
with the square of what words are stretched by."""

_INPUTS = {"input", "input_lengths", "scales"}
_EDGE_S = 0.01
_SILENT_BELOW_PEAK = 0.01
_COUNTED_LETTERS = 12
"""So short a text is a count or a word: said evenly, without the chance that makes sentences lively."""

Samples = npt.NDArray[np.float32]


def install() -> str:
    """Make the driver known to pyttsx3.

    Returns:
        Its name for ``pyttsx3.init``.
    """
    sys.modules[f"pyttsx3.drivers.{DRIVER}"] = sys.modules[__name__]
    return DRIVER


def buildDriver(proxy: Any) -> PiperDriver:  # noqa: N802 - pyttsx3's name
    """The driver, as pyttsx3 asks for it."""
    return PiperDriver(proxy)


class PiperDriver:
    """What pyttsx3 expects of a driver, for texts that go to a file. Its names are pyttsx3's.

    Properties:
        voice: Path of the voice's file.
        rate: How many times as fast as the voice's own speed words are said.
        volume: 0 to 1.
    """

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._piper = import_module("piper")
        self._properties: dict[str, Any] = {"voice": "", "voices": [], "rate": 1.0, "volume": 1.0}
        self._loaded: Any = None
        self._looping = False

    def getProperty(self, name: str) -> Any:  # noqa: N802
        """A property's value; KeyError for an unknown one."""
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        """Set a property; KeyError for an unknown one, UnusableVoiceError for a file that is no voice."""
        if name == "voice" and value != self._properties["voice"]:
            self._loaded = _load(Path(value))
        self._properties[name] = type(self._properties[name])(value)

    def save_to_file(self, text: str, path: str) -> None:
        """Say a text into a WAV file."""
        self._proxy.setBusy(True)
        try:
            self._proxy.notify("started-utterance")
            self._write(self._sound(text), path)
            self._proxy.notify("finished-utterance", completed=True)
        finally:
            self._proxy.setBusy(False)

    def say(self, text: str) -> None:
        """Not offered: the assistant's own mixer plays."""
        raise NotImplementedError(f"only files can be spoken into: {text!r}")

    def startLoop(self) -> None:  # noqa: N802
        """Work through what was asked for; the last of it ends the loop."""
        self._looping = True
        while self._looping:
            self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802
        """End the loop."""
        self._looping = False

    def iterate(self) -> Any:
        """Work within a loop of others."""
        self._proxy.setBusy(False)
        yield

    def stop(self) -> None:
        """Nothing to break off: a file is written at once."""

    def destroy(self) -> None:
        """Nothing to free."""

    def _sound(self, text: str) -> Samples:
        stretch = 1 / self._properties["rate"]
        scale = self._loaded.config.length_scale * stretch
        even = {"noise_scale": 0.0, "noise_w_scale": 0.0} if len(text) <= _COUNTED_LETTERS else {}
        settings = self._piper.SynthesisConfig(length_scale=scale, normalize_audio=False, **even)
        rate = self._loaded.config.sample_rate
        pause = np.zeros(round(SENTENCE_PAUSE_S * stretch**2 * rate), np.float32)
        parts: list[Samples] = []
        for chunk in self._loaded.synthesize(text, settings):
            sound = np.atleast_1d(np.nan_to_num(chunk.audio_float_array))
            parts += [pause, _trimmed(sound, rate)] if parts else [_trimmed(sound, rate)]
        return np.concatenate(parts) if parts else pause

    def _write(self, sound: Samples, path: str) -> None:
        loudest = float(np.abs(sound).max(initial=0.0))
        level = self._properties["volume"] * 32767 / max(loudest, 1.0)
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._loaded.config.sample_rate)
            file.writeframes(np.rint(sound * level).astype("<i2").tobytes())


def _load(file: Path) -> Any:
    """A voice. One thread speaks: more are hardly faster, and the recogniser needs the processor, too.

    Raises:
        UnusableVoiceError: The file is no voice.
    """
    runtime, piper = import_module("onnxruntime"), import_module("piper")
    config_class = import_module("piper.config").PiperConfig
    try:
        config = config_class.from_dict(json.loads(config_of(file).read_text(encoding="utf-8")))
    except OSError as error:
        reason = f"{config_of(file).name} beside it can't be read: {error.strerror}."
        raise UnusableVoiceError(reason) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnusableVoiceError(f"{config_of(file).name} beside it is not that of a voice of Piper.") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_mem_pattern = False  # no two texts are as long: keeping to the first one's plan costs 40 MB
    try:
        session = runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise UnusableVoiceError("It is no ONNX file, or a damaged one.") from error
    inputs = {node.name for node in session.get_inputs()}
    if not inputs >= _INPUTS or not inputs <= {*_INPUTS, "sid"}:
        raise UnusableVoiceError("It is an ONNX file, but no voice of Piper.")
    return piper.PiperVoice(session=session, config=config, download_dir=Path(os.devnull))


def _trimmed(sound: Samples, rate: int) -> Samples:
    """Without the silence around it, whose length is left to chance."""
    heard = np.flatnonzero(np.abs(sound) > _SILENT_BELOW_PEAK * np.abs(sound).max(initial=0.0))
    if not len(heard):
        return sound[:0]
    edge = round(_EDGE_S * rate)
    return sound[max(0, heard[0] - edge) : heard[-1] + edge]
