"""A real sound server without sound hardware: PulseAudio with a virtual loudspeaker and a virtual microphone.

    with sound_server(tmp_path) as server:
        child = subprocess.Popen([sys.executable, "-m", "assistant"], env=server.env)
        server.play_to_microphone(wav)             # what the user says
        with server.record_speaker() as recording:  # what the assistant says
            ...

The default devices in ``server.env`` are the virtual ones; they are also called ``vmic``, ``vspk`` and, to record
what is played, ``vspkmon``. PortAudio and ALSA read the environment when they are first used, so code under test runs
in a child process with ``env=server.env``. Nothing of the developer's is touched: the server has its own runtime
folder and socket, and ALSA its own configuration.
"""

from __future__ import annotations

import ctypes.util
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

RATE = 48_000
"""Samples a second of the virtual loudspeaker and so of its recordings."""

_READY_WITHIN_S = 15.0

_MODULES = (
    "module-native-protocol-unix auth-anonymous=1 socket={folder}/native",
    f"module-null-sink sink_name=speaker rate={RATE} channels=1 norewinds=1",
    "module-null-sink sink_name=mic_feed rate=16000 channels=1 norewinds=1",
    "module-remap-source source_name=mic master=mic_feed.monitor",
)

_ALSA = """\
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse hint { show on description "Default" } }
ctl.!default { type pulse }
pcm.vmic { type pulse device "mic" hint { show on description "Virtual microphone" } }
pcm.vspk { type pulse device "speaker" hint { show on description "Virtual loudspeaker" } }
pcm.vspkmon { type pulse device "speaker.monitor" hint { show on description "What the loudspeaker plays" } }
"""


def missing() -> str | None:
    """What this machine lacks for the sound server, as the reason of a skipped test; None if nothing."""
    if sys.platform != "linux":
        return "the sound server is PulseAudio on Linux"
    for program, package in (("pulseaudio", "pulseaudio"), ("pactl", "pulseaudio-utils")):
        if shutil.which(program) is None:
            return f"{program} is not installed: apt install {package}"
    if not any(Path("/usr").glob("lib*/**/alsa-lib/libasound_module_pcm_pulse.so")):
        return "ALSA has no pulse plugin: apt install libasound2-plugins"
    if ctypes.util.find_library("portaudio") is None:
        return "PortAudio is not installed: apt install libportaudio2"
    return None


class SourceRecording:
    """What a source of the server gives while it is recorded: int16, mono.

    Args:
        pipe: Where it comes from.
        rate: Samples a second.
    """

    def __init__(self, pipe: subprocess.Popen[bytes], rate: int) -> None:
        self._pipe = pipe
        self._rate = rate
        self._parts: list[bytes] = []
        self._bytes = 0
        self.begun_at = math.inf
        """When its first sample came, on the monotonic clock: told by the piece that was waited for the least. What is
        recorded at the same time is as late, so two recordings are told apart to some milliseconds."""
        self._thread = threading.Thread(target=self._read, name="recording", daemon=True)
        self._thread.start()

    @property
    def samples(self) -> np.ndarray:
        """All so far, shape ``(n,)``."""
        return np.frombuffer(b"".join(self._parts), "<i2")

    def wait_until(self, holds: Callable[[np.ndarray], bool], within_s: float = _READY_WITHIN_S) -> np.ndarray:
        """The samples, as soon as something holds of them."""
        wait_until(lambda: holds(self.samples), "the recording is complete", within_s)
        return self.samples

    def close(self) -> None:
        """End the recorder."""
        self._pipe.terminate()
        self._thread.join()
        assert self._pipe.stdout is not None
        self._pipe.stdout.close()

    def _read(self) -> None:
        assert self._pipe.stdout is not None
        while part := os.read(self._pipe.stdout.fileno(), self._rate // 50 * 2):
            self._bytes += len(part)
            self.begun_at = min(self.begun_at, time.monotonic() - self._bytes / 2 / self._rate)
            self._parts.append(part)


class SoundServer:
    """A running server. Children see it through `env`; `daemon` is its process, to be killed or frozen."""

    daemon: subprocess.Popen[bytes]

    def __init__(self, folder: Path) -> None:
        config = folder / "asound.conf"
        config.write_text(_ALSA, "utf-8")
        self.folder = folder
        self.env = {
            **os.environ,
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_SERVER": f"unix:{folder}/native",
            "ALSA_CONFIG_PATH": str(config),
        }
        self.env.pop("DBUS_SESSION_BUS_ADDRESS", None)

    def pactl(self, *arguments: str) -> str:
        """Ask the server something, for instance ``pactl("suspend-source", "mic", "1")``."""
        command = ["pactl", *arguments]
        done = subprocess.run(command, check=False, env=self.env, capture_output=True, text=True, timeout=10)
        if done.returncode:
            raise RuntimeError(f"pactl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def play_to_microphone(self, wav: Path) -> subprocess.Popen[bytes]:
        """Play a sound file into the virtual microphone; the process ends when it was played."""
        return subprocess.Popen(["paplay", "--device=mic_feed", "--latency-msec=30", str(wav)], env=self.env)

    @contextmanager
    def kept_prompt(self, sink: str) -> Iterator[None]:
        """Play silence there: without something that plays, a null sink works in long blocks."""
        keep = ["pacat", "--raw", "--format=s16le", "--rate=16000", "--channels=1", "--latency-msec=20"]
        with _running([*keep, f"--device={sink}", "/dev/zero"], self.env):
            wait_until(lambda: sink in _prompt_sinks(self), f"{sink} is prompt")
            yield

    @contextmanager
    def record_speaker(self) -> Iterator[SourceRecording]:
        """Record what the virtual loudspeaker plays, at `RATE`. It has begun when the block is entered."""
        with self.record("speaker.monitor", RATE) as recording:
            yield recording

    @contextmanager
    def record(self, source: str, rate: int) -> Iterator[SourceRecording]:
        """Record a source. It has begun when the block is entered."""
        command = ["parec", "--raw", f"--device={source}", "--format=s16le", f"--rate={rate}", "--channels=1"]
        with _running([*command, "--latency-msec=20"], self.env, stdout=subprocess.PIPE) as pipe:
            recording = SourceRecording(pipe, rate)
            try:
                wait_until(lambda: len(recording.samples) > 0, f"{source} gives sound")
                yield recording
            finally:
                recording.close()


@contextmanager
def sound_server(folder: Path) -> Iterator[SoundServer]:
    """Run the server with its files in ``folder``, which must exist; everything is ended on leaving."""
    folder.chmod(0o700)
    server = SoundServer(folder)
    modules = [argument for module in _MODULES for argument in ("-L", module.format(folder=folder))]
    quiet = ["--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes", "--use-pid-file=no", "--log-level=error"]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        daemon = stack.enter_context(_running(["pulseaudio", "-n", *quiet, *modules], server.env, stderr=log))
        wait_until(lambda: _answers(server, daemon), "the sound server answers")
        server.pactl("set-default-sink", "speaker")
        server.pactl("set-default-source", "mic")
        for sink in ("speaker", "mic_feed"):
            stack.enter_context(server.kept_prompt(sink))
        server.daemon = daemon
        yield server


def wait_until(holds: Callable[[], bool], what: str, within_s: float = _READY_WITHIN_S) -> None:
    """Look every 10 ms whether something holds by now."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within_s:g} s: {what}")
        time.sleep(0.01)


@contextmanager
def _running(command: list[str], env: dict[str, str], **pipes: object) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, **pipes)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)  # a test may have frozen it
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(server: SoundServer, daemon: subprocess.Popen[bytes]) -> bool:
    if daemon.poll() is not None:
        raise RuntimeError(f"pulseaudio ended: {(server.folder / 'log').read_text('utf-8', 'replace')}")
    try:
        return "mic" in server.pactl("list", "short", "sources")
    except RuntimeError:
        return False


def _prompt_sinks(server: SoundServer) -> set[str]:
    """Which sinks run, with a latency below 100 ms."""
    found = re.findall(r"State: RUNNING\s+Name: (\S+).*?Latency: (\d+) usec", server.pactl("list", "sinks"), re.DOTALL)
    return {name for name, latency in found if int(latency) < 100_000}
