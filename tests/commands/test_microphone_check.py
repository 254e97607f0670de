"""The microphone check as a whole: on a simulated card with a room, on recordings, and what is shown."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.formats import RATE, Samples, to_int16
from assistant.audio.room import Room
from assistant.audio.simulated import SimulatedCard, Speaker
from assistant.commands.microphone_check import QUIET_S, SPEAK_S, Take, Taken, find, report_lines
from assistant.errors import MicrophoneUnavailable, SpeakerUnavailable
from assistant.hearing.listener import Utterance
from assistant.hearing.microphone import Finding, worst
from intents import Command
from scripts.testbed.speech import AN4
from scripts.testbed.synthetic_sound import syllables
from tests.commands.calling import call
from tests.needs import needs_people, needs_pocketsphinx

UNDERSTOOD = [Utterance(1.0, 2.0, "start sciatic stretch", 1.0, Command("StartRoutine", {}), None)]


def voice(peak: float, seconds: float = 2.0) -> Samples:
    return to_int16(syllables(seconds) * peak)


class Hissing(Speaker):
    """Somebody in a room that is never quite silent."""

    def __init__(self, rms: float) -> None:
        super().__init__()
        self._rng = np.random.default_rng(0)
        self._rms = rms

    def read(self, frames: int) -> Samples:
        noise = self._rng.normal(0.0, self._rms, frames)
        return to_int16(super().read(frames) + noise)


def taken(
    *,
    peak: float = 8_000.0,
    noise_rms: float = 8.0,
    room: Room | None = None,
    hook: Callable[[SimulatedCard], None] | None = None,
) -> tuple[Taken, list[str]]:
    """A check on a simulated card, of somebody who speaks when told to."""
    person = Hissing(noise_rms)
    card = SimulatedCard(person, room=room)
    lines: list[str] = []

    def say(line: str) -> Samples:
        lines.append(line)
        return voice(3_000.0, 1.0)

    take = Take(card, card.advance, say, lambda: person.say(voice(peak), at=person.mixer.clock + RATE))
    if hook is not None:
        hook(card)
    return take.run(), lines


def graded(found: list[Finding]) -> dict[str, str]:
    return {finding.words: finding.grade for finding in found}


def test_a_check_asks_for_silence_then_for_the_sentence_and_finds_both() -> None:
    result, lines = taken(room=Room(np.array([1.0, 0.0, 0.3]), gain=0.1, delay_s=0.12))
    assert lines == ["microphone.quiet", "microphone.speak"]
    assert result.quiet is not None
    assert len(result.quiet) == pytest.approx(QUIET_S * RATE, abs=RATE // 20)
    assert len(result.said) == pytest.approx(SPEAK_S * RATE, abs=RATE // 20)
    assert result.echo is not None
    assert result.echo.delay_s == pytest.approx(0.12, abs=0.005)
    assert result.echo.level_dbfs == pytest.approx(-39.6, abs=1.5)
    found = find(result, UNDERSTOOD)
    assert worst(found) == "good"
    assert list(report_lines(found))[1] == "It will hear you well from there."
    assert "It understood: start sciatic stretch." in graded(found)


def test_an_echo_that_drowns_the_user_is_told() -> None:
    result, _ = taken(peak=1_500.0, room=Room(gain=1.0, delay_s=0.05))
    found = find(result, UNDERSTOOD)
    assert worst(found) == "bad"
    assert graded(found)["The assistant's own voice drowns yours: while it speaks it will miss words."] == "bad"


def test_without_an_echo_nothing_is_found_and_the_loudspeaker_is_asked_after() -> None:
    result, _ = taken(room=None)
    assert result.echo is None
    assert any("loudspeaker is off" in line for line in report_lines(find(result, UNDERSTOOD)))


def test_a_muted_microphone_has_one_finding_and_the_echo() -> None:
    result, _ = taken(peak=0.01, noise_rms=0.0)
    found = find(result, [])
    assert [finding.grade for finding in found] == ["bad", "good"]
    assert "muted" in found[0].advice


def test_what_was_not_understood_is_told() -> None:
    result, _ = taken()
    assert find(result, [])[-1].words == "It did not understand a word."
    misheard = Utterance(1.0, 2.0, "start stretch", 1.0, None, "not a phrase")
    assert find(result, [misheard])[-1].words == "It heard words, but no command: start stretch."


@pytest.mark.parametrize(
    ("side", "error"), [("microphone", MicrophoneUnavailable), ("loudspeaker", SpeakerUnavailable)]
)
def test_a_device_that_goes_away_meanwhile_is_an_error_of_ours(side: str, error: type[Exception]) -> None:
    person = Hissing(5.0)
    card = SimulatedCard(person)
    turns = iter(range(10_000))

    def pass_time() -> None:
        card.advance()
        if next(turns) == 60:
            card.lose(side)  # type: ignore[arg-type]

    with pytest.raises(error):
        Take(card, pass_time, lambda _: None).run()


@needs_pocketsphinx
def test_a_recording_is_judged_in_plain_words_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = np.concatenate([np.zeros(RATE, np.int16), voice(300.0), np.zeros(RATE, np.int16)])
    noise = np.random.default_rng(0).normal(0.0, 1.0, len(sound))
    soundfile.write(tmp_path / "soft.wav", np.rint(sound + noise).astype(np.int16), RATE)
    assert call("microphone", "--mic", "soft.wav", "--engine", "pocketsphinx") in {0, None}
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] in {"It will hear you from there, but not always.", "It will hear you well from there."}
    assert all(re.match(r"  (good|so-so|poor)  ? [A-Z]|         [A-Z]", line) for line in lines[2:])


@needs_people
def test_a_real_person_near_the_microphone_is_heard_and_understood(capsys: pytest.CaptureFixture[str]) -> None:
    call("microphone", "--mic", str(AN4 / "an80-fjam-b.flac"))
    shown = capsys.readouterr().out
    assert "It will hear you well from there." in shown
    assert "It understood: stop." in shown


def test_silence_is_told_as_a_muted_microphone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "muted.wav", np.zeros(RATE, np.int16), RATE)
    call("microphone", "--mic", "muted.wav")
    assert "Nothing comes from the microphone." in capsys.readouterr().out


def test_a_missing_recording_and_a_missing_device_are_three_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("microphone", "--mic", "missing.wav") == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    if sys.platform == "linux" and not any(Path("/dev/snd").glob("pcm*")):
        assert call("microphone", "--microphone", "no such thing") == 1
        assert len(capsys.readouterr().err.splitlines()) == 3
