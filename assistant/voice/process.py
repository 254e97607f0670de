"""The child process that speaks, from outside: started when needed, given a deadline, replaced when it fails."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from assistant.audio.formats import Samples
from assistant.errors import VoiceUnavailable

DEADLINE_S = 8.0
"""How long one text may take. A sentence takes a hundredth of that; a first one, with the engine's start, a tenth."""

TRIES = 3


@dataclass(frozen=True, slots=True)
class _Answer:
    header: dict[str, Any]
    pcm: bytes


class VoiceProcess:
    """Renders one text after the other; used by one thread.

    Args:
        deadline_s: How long one text may take before the child is replaced.
    """

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[_Answer | None] = queue.SimpleQueue()

    @property
    def pid(self) -> int | None:
        """The child's process number while there is one."""
        return self._child.pid if self._child else None

    def render(self, text: str, voice: str | None, rate: int) -> tuple[Samples, int]:
        """The sound of a text.

        Args:
            text: The words.
            voice: The engine's name of a voice; None for the usual one.
            rate: Words a minute.

        Returns:
            Samples of shape ``(n,)``, int16, and how many there are a second.

        Raises:
            VoiceUnavailable: The engine can't be started, doesn't know the voice, or fails again and again.
        """
        why = ""
        for _ in range(TRIES):
            answer = self._ask({"text": text, "voice": voice, "rate": rate})
            if answer is None:
                why = "The text-to-speech process died or did not answer in time"
                self.close()
                continue
            error = answer.header.get("error")
            if error is None:
                return np.frombuffer(answer.pcm, "<i2"), int(answer.header["rate"])
            if "SetVoiceByName" in error:
                raise _unknown_voice(str(voice), answer.header.get("voices", []))
            why = f"The text-to-speech engine says: {error}"
            self.close()
        raise VoiceUnavailable(
            "The assistant can't speak.",
            f"{why} ({TRIES} tries).",
            "Linux: sudo apt install libespeak-ng1; else see --verbose. What is said is shown meanwhile.",
        )

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, request: dict[str, object]) -> _Answer | None:
        child = self._child if self._child and self._child.poll() is None else self._start()
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
            return self._answers.get(timeout=self._deadline_s)
        except (OSError, queue.Empty):
            return None

    def _start(self) -> subprocess.Popen[bytes]:
        self.close()
        self._answers = queue.SimpleQueue()
        try:
            child = subprocess.Popen(
                [sys.executable, "-m", "assistant.voice.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise VoiceUnavailable(
                "The assistant can't speak.",
                f"Its voice process can't be started: {error.strerror or error}.",
                "Close other programs, and try once more.",
            ) from error
        assert child.stdout is not None
        threading.Thread(target=_read_answers, args=(child.stdout, self._answers), name="voice", daemon=True).start()
        self._child = child
        return child


def _read_answers(pipe: IO[bytes], answers: queue.SimpleQueue[_Answer | None]) -> None:
    """Pass on what the child answers; None at its end. A thread, since pipes can't be waited for everywhere."""
    try:
        while line := pipe.readline():
            header = json.loads(line)
            pcm = pipe.read(header.get("bytes", 0))
            answers.put(_Answer(header, pcm))
    except (OSError, ValueError):  # the pipe was closed, or its last line cut
        pass
    answers.put(None)


def _unknown_voice(voice: str, known: list[str]) -> VoiceUnavailable:
    some = ", ".join(known[:12]) or "none at all"
    return VoiceUnavailable(
        f"There is no voice {voice!r}.",
        "The text-to-speech engine does not know it.",
        f"Name another in the settings or with --voice. Some that there are: {some}.",
    )
