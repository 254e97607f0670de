"""One process in which a speech engine runs, as the assistant sees it: started, asked within a time, ended."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator

from assistant.errors import VoiceUnavailable
from assistant.voice.catalogue import EngineVoice
from assistant.voice.protocol import NATURAL, Header, read_frame, write_frame
from assistant.voice.unavailable import unknown_voice, unusable


class EngineFailure(Exception):
    """The process did not answer, or no longer runs."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.hopeless = False
        """Whether another process would fare no better."""


class EngineProcess:
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
        """Its number."""
        return self._process.pid

    def await_start(self, deadline_s: float) -> tuple[str, list[EngineVoice]]:
        """The engine's name and its voices, once it is ready."""
        try:
            header, _ = self._exchange(None, deadline_s)
        except EngineFailure as failure:
            # Python ends with 1 after an exception: no library, no driver. The next process would find none either.
            failure.hopeless = self._process.returncode == 1
            raise
        return str(header["engine"]), [EngineVoice(*voice) for voice in header.get("voices", ())]

    def ask(self, request: Header, deadline_s: float) -> bytes:
        """The answer to a request: the contents of a sound file."""
        self._requests += 1
        header, body = self._exchange({"id": self._requests, **request}, deadline_s)
        if "available" in header:
            raise unknown_voice(request["voice"], header["available"])
        if "unusable" in header:
            raise unusable(request["voice"], header["unusable"])
        if header.get("id") != self._requests or not body:
            raise EngineFailure("It gave an answer that makes no sense.")
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
                raise EngineFailure(why) from error

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
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env=environment,
        creationflags=flags,
        start_new_session=sys.platform != "win32",
    )
