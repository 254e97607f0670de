"""The real card on a real sound server, in a child process: PortAudio and ALSA read the environment once."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.formats import RATE
from assistant.audio.real import CLOSE_TIMEOUT_S
from scripts.testbed.live_card import live_card
from scripts.testbed.sound_server import RATE as SERVER_RATE
from scripts.testbed.sound_server import SoundServer, sound_server, wait_until

pytestmark = pytest.mark.realtime

ONE_SAMPLE = SERVER_RATE // RATE
"""One of our samples in those of the recording."""


def onsets(recorded: np.ndarray) -> np.ndarray:
    """Where sound begins after at least half a second of silence."""
    loud = np.flatnonzero(np.abs(recorded.astype(int)) > 500)
    return loud[np.flatnonzero(np.diff(loud, prepend=-SERVER_RATE) > SERVER_RATE // 2)]


def test_ticks_are_recorded_exactly_a_second_apart_and_the_microphone_is_heard(
    soundserver: SoundServer, tmp_path: Path
) -> None:
    said = np.random.default_rng(2).integers(-5_000, 5_000, RATE, np.int16)
    soundfile.write(tmp_path / "said.wav", said, RATE)
    # The mixer places every tick exactly. A processor too busy to fetch the sound in time can still make a gap on its
    # way to the recording, hence the long latency and three tries; what drifts or is rounded to blocks fails them all.
    with live_card(soundserver, "vmic", "vspk", "0.5") as card, soundserver.record_speaker() as recording:
        assert card.ask("open")["latency_s"] == pytest.approx(0.5, abs=0.1)
        for _ in range(3):
            speaking = soundserver.play_to_microphone(tmp_path / "said.wav")
            before = len(recording.samples)
            assert card.ask("ticks", 5) == [k * RATE for k in range(5)]
            ticks = onsets(recording.samples[before:])
            assert speaking.wait(10) == 0
            sounded_at = recording.begun_at + (before + ticks[0]) / SERVER_RATE
            told_at = card.ask("sounds_at")
            if len(ticks) == 5 and np.abs(np.diff(ticks) - SERVER_RATE).max() <= ONE_SAMPLE:
                break
        assert (np.diff(ticks) / SERVER_RATE).tolist() == pytest.approx([1.0] * 4, abs=1 / RATE)
        assert told_at == pytest.approx(sounded_at, abs=0.1), "what a screen shows goes by it"
        assert card.ask("state")["lost"] is None
        card.ask("save_heard", tmp_path / "heard.npy")
        assert card.ask("close") < CLOSE_TIMEOUT_S
    heard = np.load(tmp_path / "heard.npy").tobytes()
    pieces = [piece.tobytes() in heard for piece in np.split(said, 100)]
    assert sum(pieces) > 50, "what is said arrives bit for bit, but for gaps on a busy processor"


def test_a_hush_is_followed_by_silence(
    soundserver: SoundServer, record_property: Callable[[str, object], None]
) -> None:
    quiet = SERVER_RATE // 5
    with live_card(soundserver, "vmic", "vspk") as card, soundserver.record_speaker() as recording:
        card.ask("open")
        card.ask("noise")
        recording.wait_until(lambda samples: bool(np.abs(samples[-quiet:].astype(int)).max() > 500))
        told = card.ask("hush")
        recorded = recording.wait_until(lambda samples: not np.abs(samples[-quiet:].astype(int)).max() > 30)
        now = time.time()
        card.ask("close")
    silent = now - (len(recorded) - 1 - np.flatnonzero(np.abs(recorded.astype(int)) > 30)[-1]) / SERVER_RATE
    record_property("hush_to_silence_ms", round((silent - told) * 1000))
    print(f"from hush to silence at the loudspeaker: {(silent - told) * 1000:.0f} ms")


def test_two_recordings_agree_on_when_something_sounded(soundserver: SoundServer, tmp_path: Path) -> None:
    burst = np.zeros(RATE, np.int16)
    burst[RATE // 2 :] = np.random.default_rng(3).integers(-5_000, 5_000, RATE // 2, np.int16)
    soundfile.write(tmp_path / "burst.wav", burst, RATE)
    with soundserver.record("mic", RATE) as one:
        one.wait_until(lambda samples: len(samples) > RATE // 4)
        with soundserver.record("mic", RATE) as other:  # begun later, and still the same time is told
            assert soundserver.play_to_microphone(tmp_path / "burst.wav").wait(10) == 0
            times = [
                recording.begun_at
                + np.flatnonzero(np.abs(recording.wait_until(lambda s: bool(s.any())).astype(int)) > 500)[0] / RATE
                for recording in (one, other)
            ]
    assert times[0] == pytest.approx(times[1], abs=0.02)


def test_the_virtual_devices_are_listed_and_one_that_is_not_there_is_an_error(soundserver: SoundServer) -> None:
    with live_card(soundserver, "no such microphone", "vspk") as card:
        found = {device["name"]: device for device in card.ask("devices")}
        assert {"vmic", "vspk", "default"} <= set(found)
        assert found["default"]["is_default_input"]
        assert found["default"]["is_default_output"]
        answer = card.ask("open")
        assert answer["error"] == "MicrophoneUnavailable"
        assert "'no such microphone'" in answer["lines"][1]
    with live_card(soundserver, "vmic", "no such loudspeaker") as card:
        assert card.ask("open")["error"] == "SpeakerUnavailable"


def test_a_microphone_that_is_suspended_is_lost_and_comes_back_by_itself(soundserver: SoundServer) -> None:
    with live_card(soundserver, "vmic", "vspk") as card:
        card.ask("open")
        soundserver.pactl("suspend-source", "mic", "1")
        try:
            card.wait_until_lost("microphone")
            card.ask("reopen")
            assert card.ask("state")["lost"] == "microphone"
        finally:
            soundserver.pactl("suspend-source", "mic", "0")
        card.wait_until_lost(None)


def test_a_device_that_is_unplugged_is_lost_though_the_server_moves_its_streams(
    soundserver: SoundServer, tmp_path: Path
) -> None:
    spare = soundserver.pactl(
        "load-module", "module-remap-source", "source_name=plugged", "master=mic_feed.monitor"
    ).strip()
    soundserver.pactl("set-default-source", "plugged")
    try:
        with live_card(soundserver) as card:
            card.ask("open")
            card.ask("wait", 1)
            listed = soundserver.pactl("list", "short", "source-outputs").splitlines()
            ours = next(row.split("\t")[0] for row in listed if "2ch" in row)
            soundserver.pactl("move-source-output", ours, "mic")
            soundserver.pactl("move-source-output", ours, "plugged")
            card.ask("wait", 1)  # or a busy processor has the watch see neither move before the device has gone
            assert card.ask("state")["lost"] is None, "the user may move them"
            soundserver.pactl("unload-module", spare)
            card.wait_until_lost("microphone")
            card.ask("reopen", "gently")
            card.wait_until_lost(None)
    finally:
        soundserver.pactl("set-default-source", "mic")


def test_what_a_loudspeaker_plays_is_no_microphone_unless_it_is_named(soundserver: SoundServer) -> None:
    soundserver.pactl("set-default-source", "speaker.monitor")
    try:
        with live_card(soundserver) as card:
            card.ask("open")
            card.wait_until_lost("microphone")
    finally:
        soundserver.pactl("set-default-source", "mic")
    with live_card(soundserver, "vspkmon", "vspk") as card:
        card.ask("open")
        card.ask("wait", 2)
        assert card.ask("state")["lost"] is None


def test_a_sound_server_that_dies_and_comes_back_is_found_again(soundserver: SoundServer, tmp_path: Path) -> None:
    with ExitStack() as first:
        server = first.enter_context(sound_server(tmp_path))
        card = first.enter_context(live_card(server))
        card.ask("open")
        server.daemon.kill()
        card.wait_until_lost("loudspeaker")
        assert card.ask("reopen")["error"] == "MicrophoneUnavailable"
        assert card.ask("state")["lost"] == "loudspeaker"
        with sound_server(tmp_path):
            card.ask("reopen")
            card.wait_until_lost(None)
            clock = card.ask("state")["clock"]
            wait_until(lambda: card.ask("state")["clock"] > clock, "sound flows")


def test_a_sound_server_that_hangs_cannot_hang_the_assistant(soundserver: SoundServer, tmp_path: Path) -> None:
    with sound_server(tmp_path) as server, live_card(server) as card:
        card.ask("open")
        server.daemon.send_signal(signal.SIGSTOP)
        card.wait_until_lost("loudspeaker")
        answer = card.ask("reopen")
        assert answer["lines"][1] == "The sound system does not answer."
        assert card.ask("close") < CLOSE_TIMEOUT_S + 1
