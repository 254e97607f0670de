"""The echo of a real sound server: places from its timestamps, and what is left of the loudspeaker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import BLOCK, RATE
from assistant.audio.reference import LEAD
from assistant.hearing.front_end.echo_canceller import DELAY, PARTITIONS, EchoCanceller
from scripts.testbed.live_card import live_card
from scripts.testbed.sound_server import SoundServer

pytestmark = pytest.mark.realtime

RESPONSE = PARTITIONS * BLOCK
ATTEMPTS = 4
STEADY = RATE // 500


@contextmanager
def echo_path(server: SoundServer) -> Iterator[None]:
    """Brings what the loudspeaker plays to the microphone."""
    module = server.pactl(
        "load-module",
        "module-loopback",
        "source=speaker.monitor",
        "sink=mic_feed",
        "latency_msec=20",
        "adjust_time=0",
    ).strip()
    try:
        yield
    finally:
        server.pactl("unload-module", module)


def late_by(microphone: np.ndarray, reference: np.ndarray) -> int:
    """Samples by which the echo lies behind the reference."""
    size = 1 << (2 * len(microphone) - 1).bit_length()
    heard, played = (np.fft.rfft(sound.astype(float), size) for sound in (microphone, reference))
    both = np.fft.irfft(heard * played.conj(), size)
    lag = int(np.argmax(both))
    return lag if lag < size // 2 else lag - size


def recorded(server: SoundServer, path: Path) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """The microphone, the reference, and by how many samples the echo lies behind, second by second."""
    with echo_path(server), live_card(server, "vmic", "vspk") as card:
        card.ask("open")
        card.ask("noise")
        card.ask("wait", 7)
        card.ask("save_echo", path)
        card.ask("close")
    saved = np.load(path)
    microphone, reference = saved["microphone"], saved["reference"]
    late = [
        late_by(microphone[k * RATE : (k + 2) * RATE], reference[k * RATE : (k + 2) * RATE])
        for k in range(2, len(microphone) // RATE - 1)
    ]
    return microphone, reference, late


def test_the_reference_is_aligned_by_timestamps_and_the_echo_is_cancelled(
    soundserver: SoundServer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    for _ in range(ATTEMPTS):
        microphone, reference, late = recorded(soundserver, tmp_path / "echo.npz")
        if max(late) - min(late) < STEADY:  # on a busy machine, the loopback itself makes gaps
            break
    print(f"the echo lies {[round(lag / RATE * 1000, 1) for lag in late]} ms behind the reference")
    record_property("late_ms", [lag / RATE * 1000 for lag in late])
    # Somewhere within what the canceller learns; the loopback itself takes 20 ms and more.
    assert all(0 <= lag < RESPONSE for lag in late)
    canceller = EchoCanceller()
    left = np.concatenate(
        [
            canceller.cancel(microphone[at : at + BLOCK], reference[at : at + BLOCK]).samples
            for at in range(0, len(microphone) - BLOCK, BLOCK)
        ]
    )[DELAY:]
    power = [
        (np.mean(microphone[k : k + RATE // 4].astype(float) ** 2), np.mean(left[k : k + RATE // 4].astype(float) ** 2))
        for k in range(4 * RATE, len(left) - RATE // 4, RATE // 4)
    ]
    removed = [10 * np.log10((heard + 1) / (rest + 1)) for heard, rest in power]
    print(f"removed after four seconds: median {np.median(removed):.1f} dB; places to {LEAD} samples ahead")
    record_property("removed_db", float(np.median(removed)))
    assert np.median(removed) > 15.0
