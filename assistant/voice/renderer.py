"""The assistant's end of the speech engine's process: starts it, keeps the time, and starts another when it fails."""

from __future__ import annotations

import io
import threading

import soundfile

from assistant.audio.formats import Sound
from assistant.errors import VoiceUnavailable
from assistant.voice.catalogue import EngineVoice
from assistant.voice.engine_process import EngineFailure, EngineProcess
from assistant.voice.natural import FALLBACK, UnusableVoiceError, identity, is_natural
from assistant.voice.protocol import Header
from assistant.voice.unavailable import no_engine, no_natural_engine, switched_off, unusable

START_DEADLINE_S = 20.0
"""For the engine to load; a first start from a slow disk takes seconds."""

RENDER_DEADLINE_S = 5.0
"""For one text, besides what it gets for its length; usual are 20 ms, of a natural voice a tenth of its length."""

TRIES = 3
"""How often a text is tried, each time with a new process."""

_SECONDS_A_LETTER, _SECONDS_A_NATURAL_LETTER = 0.02, 0.05


class Renderer:
    """Texts to sound, by a speech engine in a process of its own.

    Threads wait for each other; only `close` does not, and ends what another waits for.

    Args:
        start_deadline_s: How long the engine may take to start.
        render_deadline_s: How long it may take for a text, besides 20 ms a letter, 50 ms of a natural voice.
        tries: How often a text is tried before it is given up.
    """

    def __init__(
        self,
        *,
        start_deadline_s: float = START_DEADLINE_S,
        render_deadline_s: float = RENDER_DEADLINE_S,
        tries: int = TRIES,
    ) -> None:
        self._start_deadline_s = start_deadline_s
        self._render_deadline_s = render_deadline_s
        self._tries = tries
        self._process: EngineProcess | None = None
        self._engine: str | None = None
        self._natural = False
        self._spoken: str | None = None
        self._voices: list[EngineVoice] = []
        self._in_use = threading.Lock()
        self._starting = threading.Lock()
        self._closed = False
        self._gave_up = False

    @property
    def pid(self) -> int | None:
        """The engine's process, if one has been started."""
        return self._process.pid if self._process else None

    def engine(self, voice: str = FALLBACK) -> str:
        """Name and version of the engine that speaks with a voice. That of the system is started if need be.

        Raises:
            VoiceUnavailable: There is none, or it can't be started.
        """
        if is_natural(voice):
            try:
                return identity(voice)
            except UnusableVoiceError as error:
                raise unusable(voice, error.why) from error
        with self._in_use:
            if self._engine is None:
                self._choose(voice)
                self._insist(None)
            assert self._engine is not None
            return self._engine

    def voices(self) -> list[EngineVoice]:
        """The voices of the system's engine, which is started if need be.

        Raises:
            VoiceUnavailable: There is none, or it can't be started.
        """
        self.engine()
        return self._voices

    def render(self, text: str, voice: str, rate: int) -> tuple[Sound, int]:
        """The samples of a text, and their number a second.

        Args:
            text: What to say; not empty.
            voice: A voice as a user names it.
            rate: Words a minute.

        Raises:
            VoiceUnavailable: The voice is unknown, or the engine failed each time.
        """
        with self._in_use:
            self._choose(voice)
            file = self._insist({"text": text, "voice": voice, "rate": rate})
        return _decode(file)

    def close(self) -> None:
        """End the engine's process, whatever it is doing."""
        with self._starting:
            self._closed = True
            if self._process is not None:
                self._process.kill()
        with self._in_use:
            self._forget()

    def _choose(self, voice: str) -> None:
        """One engine at a time: another one takes the place of that which runs."""
        if is_natural(voice) != self._natural:
            self._natural = not self._natural
            self._gave_up = False
            with self._starting:
                self._forget()

    def _insist(self, request: Header | None) -> bytes:
        """Ask until there is an answer; None only starts the engine."""
        # An engine that never answered gets one chance a text from then on: nobody waits for it three times over.
        tries = 1 if self._gave_up else self._tries
        for _ in range(tries):
            try:
                process = self._running()
                body = process.ask(request, self._deadline_for(request)) if request else b""
            except EngineFailure as failure:
                self._forget()
                if self._closed:
                    raise switched_off() from failure
                if failure.hopeless:
                    raise (no_natural_engine if self._natural else no_engine)(failure.why) from failure
                cause = failure
            else:
                self._gave_up = False
                self._spoken = request["voice"] if request else None
                return body
        self._gave_up = True
        raise VoiceUnavailable(
            "The voice does not answer.",
            f"The speech engine was tried {tries} times. {cause.why}",
            "Start the assistant again; its commands work without the voice too.",
        ) from cause

    def _running(self) -> EngineProcess:
        if self._process is not None:
            return self._process
        with self._starting:
            if self._closed:
                raise switched_off()
            process = self._process = EngineProcess(natural=self._natural)
        name, voices = process.await_start(self._start_deadline_s)
        if not self._natural:
            self._engine, self._voices = name, voices
        return process

    def _deadline_for(self, request: Header) -> float:
        # A voice that speaks for the first time is loaded before, and if it is nobody's, measured.
        loading = self._start_deadline_s if self._natural and request["voice"] != self._spoken else 0.0
        a_letter = _SECONDS_A_NATURAL_LETTER if self._natural else _SECONDS_A_LETTER
        return loading + self._render_deadline_s + a_letter * len(request["text"])

    def _forget(self) -> None:
        self._spoken = None
        if self._process is not None:
            self._process.end()
            self._process = None


def _decode(file: bytes) -> tuple[Sound, int]:
    try:
        sound, rate = soundfile.read(io.BytesIO(file), dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise VoiceUnavailable(
            "The voice made no sound.",
            f"What the speech engine wrote is no sound file: {error}",
            "Choose another voice.",
        ) from error
    return sound.mean(axis=1), int(rate)
