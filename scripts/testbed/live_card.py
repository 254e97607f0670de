"""A child process that owns a `RealCard` and does what it is told, a command a line, an answer in JSON each.

Run as ``python live_card.py [MICROPHONE [LOUDSPEAKER [LATENCY]]]`` in the environment of a sound server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np

from assistant.audio.formats import RATE, Samples
from assistant.audio.mixer import Mixer, SoundStarted
from assistant.audio.portaudio import devices
from assistant.audio.real import RealCard
from assistant.audio.reference import Reference
from assistant.audio.tones import tone
from assistant.errors import AssistantError
from scripts.testbed.sound_server import SoundServer, wait_until


class LiveCard:
    """Every public method is a command."""

    def __init__(self, microphone: str | None = None, loudspeaker: str | None = None, latency_s: str = "0.1") -> None:
        self.card = RealCard(microphone, loudspeaker, float(latency_s))
        self.mixer = Mixer()
        self.heard: list[Samples] = []
        self.sounding: list[float] = []
        self.reference = Reference(self.mixer.history)
        self.references: list[Samples] = []
        self.first = 0

    def open(self) -> dict[str, object]:
        self.card.open(self.mixer.render, self._hear)
        return {"latency_s": self.card.latency_s}

    def _hear(self, block: Samples, sounding: float) -> None:
        self.heard.append(block)
        self.sounding.append(sounding)
        self.references.append(self.reference.of(len(block), sounding))

    def ticks(self, count: str) -> list[int]:
        """Play ticks a second apart and wait for the last; where they started on the mixer's clock."""
        self.first = first = self.mixer.clock + RATE // 2
        for number in range(int(count)):
            self.mixer.play(tone("tick"), number, at=first + number * RATE)
        while self.mixer.clock < first + int(count) * RATE:
            time.sleep(0.02)
        return [notice.sample - first for notice in self.mixer.notices() if isinstance(notice, SoundStarted)]

    def sounds_at(self) -> float:
        """When the first of the ticks sounded, on the monotonic clock, by what the card says of the present."""
        return time.monotonic() - self.card.sounding_s + self.first / RATE

    def wait(self, seconds: str) -> None:
        """Let so much be played."""
        until = self.mixer.clock + float(seconds) * RATE
        while self.mixer.clock < until:
            time.sleep(0.02)

    def noise(self) -> None:
        rng = np.random.default_rng(1)
        self.mixer.play((rng.standard_normal(20 * RATE) * 3000).astype(np.int16), "noise")

    def hush(self) -> float:
        self.mixer.hush()
        return time.time()

    def save_heard(self, path: str) -> int:
        samples = np.concatenate(self.heard)
        np.save(path, samples)
        return len(samples)

    def save_echo(self, path: str) -> None:
        count = len(self.references)  # the callback goes on appending
        np.savez(
            path,
            microphone=np.concatenate(self.heard[:count]),
            reference=np.concatenate(self.references[:count]),
            sounding=np.array(self.sounding[:count]),
            block=np.array([len(block) for block in self.heard[:count]]),
        )

    def state(self) -> dict[str, object]:
        return {"lost": self.card.lost, "clock": self.mixer.clock, "glitches": self.card.glitches}

    def reopen(self, *how: str) -> None:
        self.card.reopen(interrupt="gently" not in how)

    def close(self) -> float:
        before = time.monotonic()
        self.card.close()
        return time.monotonic() - before

    def devices(self) -> list[dict[str, object]]:
        return [asdict(device) for device in devices()]


class LiveCardProcess:
    """A process with a `LiveCard`: `ask` it and it does."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, *command: object) -> Any:
        """Its answer to a command with its arguments."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(*command, file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def wait_until_lost(self, side: str | None) -> None:
        """Wait until it has noticed; None: until both sides are there."""
        try:
            wait_until(lambda: self.ask("state")["lost"] == side, f"lost is {side}")
        except TimeoutError as error:
            raise AssertionError(f"{error}; it is {self.ask('state')}") from error


@contextmanager
def live_card(server: SoundServer, *devices: str) -> Iterator[LiveCardProcess]:
    """Run one on these devices of a server."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, __file__, *devices],
        env=server.env,
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield LiveCardProcess(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        for end in (process.stdin, process.stdout):
            if end is not None:
                end.close()


def main() -> None:
    live = LiveCard(*sys.argv[1:])
    for line in sys.stdin:
        command, *arguments = line.split()
        try:
            answer = getattr(live, command)(*arguments)
        except AssistantError as error:
            answer = {"error": type(error).__name__, "lines": error.lines()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
