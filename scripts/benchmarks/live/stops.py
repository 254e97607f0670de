"""From the end of "stop" to silence for real: the command on a sound server, recorded where the room would be."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from assistant.audio.formats import RATE
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.keeping.journal import Row
from scripts.benchmarks.live.whole_session import ROUTINE, live_assistant
from scripts.benchmarks.stop_trials import LONG_LINE, WITHIN_S, CommandVoice, first_sound, until_silence
from scripts.testbed.live_sessions import LiveSession
from scripts.testbed.rooms import end_of_speech
from scripts.testbed.sound_server import SoundServer, SourceRecording, missing, sound_server

TRIALS = 12
_WITHIN_S = 30.0
_LOOKS_EVERY_S = 0.02
_TRIES = 3
_ENDS_IN_S = 8.0
_AFTERWARDS_S = 0.5
_BEFORE_IT_SOUNDS_S = 0.5
"""An event is written when its sound is made, not when it sounds; and by then nothing else has sounded for longer."""

_LATENCY = """
from assistant.audio.mixer import Mixer
from assistant.audio.real import RealCard
card = RealCard()
card.open(Mixer().render, lambda block, sounding: None)
print(card.latency_s)
card.close()
"""


@dataclass(frozen=True)
class LiveStops:
    """What came of it.

    Attributes:
        silences: Seconds from the end of "stop" to silence at the loudspeaker, where it was understood.
        trials: How often it was said.
        latency_s: The loudspeaker's, as PortAudio states it: for so long what was made before goes on sounding.
        note: Why nothing was measured.
    """

    silences: tuple[float, ...]
    trials: int
    latency_s: float
    note: str = ""

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        return {**vars(self), "silences": [round(silence, 3) for silence in self.silences]}


def measure(model: Path, voices: Sequence[CommandVoice], seed: int = 0) -> LiveStops:
    """Say "stop" into the long lines of a live session, by all voices in turn.

    Args:
        model: Our acoustic model's folder.
        voices: Who says it.
        seed: The same seed says it at the same places.
    """
    if note := missing():
        return LiveStops((), 0, 0.0, note)
    with tempfile.TemporaryDirectory(prefix="live-stops-") as name, ExitStack() as stack:
        folder = Path(name)
        (folder / "pulse").mkdir()
        server = stack.enter_context(sound_server(folder / "pulse"))
        latency_s = _latency_s(server)
        microphone = stack.enter_context(server.record("mic", RATE))
        loudspeaker = stack.enter_context(server.record("speaker.monitor", RATE))
        live = stack.enter_context(live_assistant(server, folder / "live", model))
        live.until_listening()
        user = _Interrupter(server, live, microphone, loudspeaker, folder)
        chance = random.Random(seed)  # noqa: S311 - the same places every time
        silences = [user.stop(voices[n % len(voices)], chance.uniform(0.05, 0.5)) for n in range(TRIALS)]
        return LiveStops(tuple(s for s in silences if s is not None), TRIALS, latency_s)


def _latency_s(server: SoundServer) -> float:
    call = [sys.executable, "-c", _LATENCY]
    environment = {**server.env, "PYTHONPATH": "."}
    return float(subprocess.run(call, env=environment, capture_output=True, text=True, check=True).stdout)


class _Interrupter:
    """Begins a routine by voice and stops it by voice."""

    def __init__(
        self,
        server: SoundServer,
        live: LiveSession,
        microphone: SourceRecording,
        loudspeaker: SourceRecording,
        folder: Path,
    ) -> None:
        self._server = server
        self._live = live
        self._microphone = microphone
        self._loudspeaker = loudspeaker
        self._folder = folder
        self._seen = 0
        self._wait_for(lambda row: row["kind"] == "said" and row["line"] == "greeting.welcome")

    def stop(self, voice: CommandVoice, place: float) -> float | None:
        """Begin a routine, and say "stop" into its first long line.

        Args:
            voice: Who says it.
            place: How far into the line: 0 its beginning, 1 its end.

        Returns:
            Seconds from its end to silence; None if it was not understood in time.
        """
        first_row, begun_at = self._begin()
        line = self._wait_for(lambda row: row["kind"] == "saying" and len(row["text"]) >= LONG_LINE)
        if line is None:
            self._rest()
            return None
        time.sleep(place * len(line["text"]) / LETTERS_A_SECOND)
        clip = self._folder / "stop.wav"
        soundfile.write(clip, voice.clip, RATE)
        said_from = len(self._microphone.samples)
        self._server.play_to_microphone(clip).wait()
        time.sleep(WITHIN_S)
        rows = self._live.rows
        # What is said when all is quiet tells where in the recording the session's time is.
        anchor = next(row for row in rows[first_row:] if row["kind"] == "said")
        heard = next((row for row in rows[self._seen :] if row["kind"] == "heard"), None)
        cut = next((row for row in rows[self._seen :] if row["kind"] == "said" and row["cut"]), None)
        self._rest()
        if heard is None or heard["intent"] != "Stop" or cut is None:
            return None
        end_at = self._microphone.begun_at + (said_from + end_of_speech(self._microphone.samples[said_from:])) / RATE
        played = self._loudspeaker.samples
        began = first_sound(played, self._place(begun_at))
        assert began is not None
        return until_silence(played, self._place(end_at), began + round((cut["end"] - anchor["start"]) * RATE))

    def _begin(self) -> tuple[int, float]:
        """Gives the row from which on it answers, and the time."""
        for _ in range(_TRIES):
            first_row = len(self._live.rows)
            self._live.say(f"start {ROUTINE}")
            begun_at = time.monotonic()
            heard = self._wait_for(lambda row: row["kind"] == "heard" and row["intent"] == "StartRoutine", WITHIN_S)
            if heard is None:
                continue
            phase = self._wait_for(lambda row: row["kind"] == "phase")
            if phase is not None and phase["phase"] == "screening":
                self._wait_for(lambda row: row["kind"] == "said")
                time.sleep(_AFTERWARDS_S)
                first_row = len(self._live.rows)
                self._live.say("no")
                begun_at = time.monotonic()
            return first_row, begun_at - _BEFORE_IT_SOUNDS_S
        raise TimeoutError(f"{_TRIES} times nobody understood: start {ROUTINE}.")

    def _rest(self) -> None:
        """Have it end, whatever it has understood."""
        for _ in range(_TRIES):
            if self._wait_for(lambda row: row["kind"] == "phase" and row["phase"] == "idle", _ENDS_IN_S) is not None:
                time.sleep(_AFTERWARDS_S)
                self._seen = len(self._live.rows)
                return
            self._live.say("stop")
        raise TimeoutError(f"It can't be brought to rest: {_TRIES} times nobody understood: stop.")

    def _place(self, at: float) -> int:
        """The sample of the loudspeaker's recording at a time of the monotonic clock."""
        return round((at - self._loudspeaker.begun_at) * RATE)

    def _wait_for(self, holds: Callable[[Row], bool], within_s: float = _WITHIN_S) -> Row | None:
        """The first row not yet seen of which it holds; all up to it count as seen. None if none comes in time."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            rows = self._live.rows
            for number in range(self._seen, len(rows)):
                if holds(rows[number]):
                    self._seen = number + 1
                    return rows[number]
            time.sleep(_LOOKS_EVERY_S)
        return None
