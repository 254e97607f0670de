"""Whether a microphone will hear somebody on the floor: samples in, findings in plain words out.

Every limit below is a constant with its reason; the percentages come from real people's commands, heard with our
Vosk model at that level, that noise or that much clipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.audio.formats import FULL_SCALE, RATE, Samples
from assistant.audio.probe import MeasuredEcho
from assistant.hearing.levels import (
    ABOVE_FLOOR_DB,
    QUIETEST_SPEECH_DBFS,
    SHORTEST_SPEECH_S,
    HighPass,
    clipped_samples,
    dbfs,
)

Grade = Literal["good", "fair", "bad"]

SOFT_DBFS = -45.0
"""Peaks of speech below this are lifted as far as it goes, and words begin to be missed."""

TOO_SOFT_DBFS = -55.0
"""At -60 one command in eight is missed even when lifted; of longer sentences more than half."""

CLEAR_DB = 24.0
"""Speech so far above the room's noise is heard as if there were none. As it is measured here, from what stands out:
of recordings mixed with noise at 20 dB."""

NOISY_DB = 16.0
"""So it is at 8 dB, where one command in ten and more goes astray."""

LOUD_ROOM_DBFS = -50.0
"""Noise from here on up may be why no voice was found."""

CLIPPED_SHARE = 0.01
"""Of the samples of speech: less are single loud sounds. At ten times as much, 98 of 100 commands are still heard."""

BADLY_CLIPPED_SHARE = 0.2
"""From here on 30 of 100 commands and most longer sentences are lost."""

MUTED_DBFS = -88.0
"""No microphone in a room is that silent: its own hiss, and the air's, lie higher. Less is a muted or an idle input."""

OFFSET_SHARE = 0.1
"""A direct voltage is taken off and harmless, but from a tenth of full scale on it takes room from loud speech."""

RESTLESS_SHARE = 0.2
"""Of the time in which all should be silent: so much speech-like sound is a television or people talking."""

LOUD_ECHO_DB = 6.0
"""An echo so much louder than the user: a word said over the assistant's voice gets lost more than now and then."""

LOUDER_ECHO_DB = 0.0
"""As loud as the user: heard over the assistant's voice, with an effort."""

LATE_ECHO_S = 0.35
"""Wireless loudspeakers, and those of another machine, are that late: what is said with a sound then doesn't fall
together with it."""

_FRAME = RATE // 50


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of what a microphone brought.

    Attributes:
        seconds: How long it was.
        silent: It was the same value throughout, or all but: nothing is connected.
        noise_dbfs: Root mean square where nobody spoke, in dBFS.
        speech_s: Seconds of what stands out of the noise.
        speech_dbfs: Root mean square of that, the noise taken off; None where there is too little of it.
        peak_dbfs: Its peaks, single clicks left out; None likewise.
        clipped_share: Share of its samples that are cut off, 0 to 1.
        offset_share: The direct voltage as a share of full scale, -1 to 1.
    """

    seconds: float
    silent: bool
    noise_dbfs: float
    speech_s: float
    speech_dbfs: float | None
    peak_dbfs: float | None
    clipped_share: float
    offset_share: float

    @property
    def above_noise_db(self) -> float | None:
        """How far speech stands above the noise; None where there is none."""
        return None if self.speech_dbfs is None else self.speech_dbfs - self.noise_dbfs


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        grade: Whether it is all right.
        words: What was found, in plain words.
        figures: The same in figures, for those who want them.
        advice: What to change; empty where it is good.
    """

    grade: Grade
    words: str
    figures: str
    advice: str = ""


def measure(sound: Samples) -> Measured:
    """Measure a recording in which somebody speaks and somebody is silent.

    Args:
        sound: int16, 16 kHz, shape ``(n,)``, as the device brought it.
    """
    raw = sound.astype(np.float64)
    middle = float(np.median(raw)) if len(raw) else 0.0
    clean = HighPass().accept(sound)
    frames = clean[: len(clean) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return Measured(len(sound) / RATE, True, -100.0, 0.0, None, None, 0.0, middle / FULL_SCALE)
    powers = (frames**2).mean(axis=1)
    levels = np.array([dbfs(float(level)) for level in np.sqrt(powers)])
    floor_db = float(np.percentile(levels, 10))
    speaking = (levels > floor_db + ABOVE_FLOOR_DB) & (levels > QUIETEST_SPEECH_DBFS)
    resting = levels <= floor_db + ABOVE_FLOOR_DB / 2
    noise_power = float(powers[resting].mean())
    speech_s = float(speaking.sum() * _FRAME / RATE)
    silent = bool(np.abs(raw - middle).max() <= 1.0)
    if silent or speech_s < SHORTEST_SPEECH_S:
        noise_dbfs = dbfs(float(np.sqrt(noise_power)))
        return Measured(len(sound) / RATE, silent, noise_dbfs, speech_s, None, None, 0.0, middle / FULL_SCALE)
    power = max(0.0, float(powers[speaking].mean()) - noise_power)
    peaks = np.abs(frames[speaking]).max(axis=1)
    return Measured(
        seconds=len(sound) / RATE,
        silent=False,
        noise_dbfs=dbfs(float(np.sqrt(noise_power))),
        speech_s=speech_s,
        speech_dbfs=dbfs(float(np.sqrt(power))),
        peak_dbfs=dbfs(float(np.percentile(peaks, 95))),
        clipped_share=min(1.0, clipped_samples(sound) / (speech_s * RATE)),
        offset_share=middle / FULL_SCALE,
    )


def judge(said: Measured, quiet: Measured | None = None) -> list[Finding]:
    """What the figures mean for somebody who wants to be heard; the worst does not come first, the voice does.

    Args:
        said: Of the sound in which the user spoke.
        quiet: Of sound in which all should have been silent; None where there was no such moment.
    """
    if said.silent or (said.peak_dbfs is None and said.noise_dbfs < MUTED_DBFS):
        return [
            Finding(
                "bad",
                "Nothing comes from the microphone.",
                f"{said.noise_dbfs:.0f} dBFS",
                "It is probably muted, switched off, or the wrong one. Look for a mute key, allow this program to use "
                "it in the system's settings, or name another with --microphone.",
            )
        ]
    findings = [_voice(said), _room(said, quiet)]
    if said.clipped_share > CLIPPED_SHARE:
        findings.append(_clipping(said))
    if abs(said.offset_share) > OFFSET_SHARE:
        findings.append(
            Finding(
                "fair",
                "The microphone's signal is off centre, which leaves less room for loud words.",
                f"{100 * said.offset_share:+.0f} % of full scale",
                "Try another socket or another microphone.",
            )
        )
    return findings


def judge_echo(echo: MeasuredEcho | None, said: Measured) -> Finding:
    """What the assistant's own voice means for hearing the user over it.

    Args:
        echo: How the loudspeaker arrives at the microphone; None where the probe was not found.
        said: Of the sound in which the user spoke.
    """
    if echo is None:
        return Finding(
            "good",
            "The microphone does not hear the loudspeaker.",
            "no echo found",
            "If you did not hear the short sound yourself, the loudspeaker is off or the wrong one: see --loudspeaker.",
        )
    figures = f"echo {echo.level_dbfs:.0f} dBFS"
    nearer = "Turn the loudspeaker down, or move it away from the microphone, or the microphone nearer to you."
    if said.speech_dbfs is not None:
        over_db = echo.level_dbfs - said.speech_dbfs
        figures += f", {abs(over_db):.0f} dB {'above' if over_db > 0 else 'below'} your voice"
        if over_db > LOUD_ECHO_DB:
            words = "The assistant's own voice drowns yours: while it speaks it will miss words."
            return Finding("bad", words, figures, nearer)
        if over_db > LOUDER_ECHO_DB:
            words = "The assistant's own voice is louder than yours: while it speaks, say it twice if need be."
            return Finding("fair", words, figures, nearer)
    return Finding("good", "It can tell your voice from its own.", figures)


def judge_latency(echo: MeasuredEcho) -> Finding:
    """How late sound is.

    Args:
        echo: How the loudspeaker arrives at the microphone.
    """
    figures = f"{1000 * echo.delay_s:.0f} ms from the loudspeaker to the microphone"
    if echo.delay_s > LATE_ECHO_S:
        return Finding(
            "fair",
            "Sound is late, as it is over the air or a network.",
            figures,
            "With a loudspeaker and a microphone on cables it hears you better while it speaks.",
        )
    return Finding("good", "Sound comes promptly.", figures)


def worst(findings: Sequence[Finding]) -> Grade:
    """The grade of the whole: that of its worst part."""
    grades: tuple[Grade, ...] = ("bad", "fair", "good")
    return next(grade for grade in grades if grade == "good" or any(found.grade == grade for found in findings))


def _voice(said: Measured) -> Finding:
    if said.peak_dbfs is None:
        advice = "Speak as you would to somebody in the room, or bring the microphone nearer."
        if said.noise_dbfs > LOUD_ROOM_DBFS:
            advice += " Switch off what hums: the room is loud."
        return Finding(
            "bad",
            "No voice could be made out.",
            f"nothing stands {ABOVE_FLOOR_DB:.0f} dB above the noise, which is at {said.noise_dbfs:.0f} dBFS",
            f"{advice} Or name another microphone with --microphone.",
        )
    figures = f"peaks at {said.peak_dbfs:.0f} dBFS"
    louder = "Turn the microphone up in the system's sound settings, or bring it nearer."
    if said.peak_dbfs < TOO_SOFT_DBFS:
        return Finding("bad", "Your voice arrives far too softly.", figures, louder)
    if said.peak_dbfs < SOFT_DBFS:
        return Finding("fair", "Your voice arrives softly.", figures, louder)
    return Finding("good", "Your voice is loud enough.", figures)


def _room(said: Measured, quiet: Measured | None) -> Finding:
    noise = said.noise_dbfs if quiet is None else max(said.noise_dbfs, quiet.noise_dbfs)
    figures = f"noise at {noise:.0f} dBFS"
    if said.above_noise_db is not None:
        figures += f", {said.above_noise_db:.0f} dB below your voice"
        if said.above_noise_db < NOISY_DB:
            return Finding(
                "bad", "The room is about as loud as you are.", figures, "Switch off what hums, or move away from it."
            )
    if quiet is not None and quiet.speech_s > RESTLESS_SHARE * quiet.seconds:
        return Finding(
            "fair",
            "Something else makes itself heard, a television or people perhaps.",
            f"{figures}; sound in {quiet.speech_s:.1f} of {quiet.seconds:.1f} s of silence",
            "Turn it down: words from there may be taken for yours.",
        )
    if said.above_noise_db is not None and said.above_noise_db < CLEAR_DB:
        return Finding(
            "fair",
            "The room is noisy.",
            figures,
            "Bring the microphone nearer to you, or switch off what hums.",
        )
    return Finding("good", "The room is quiet enough.", figures)


def _clipping(said: Measured) -> Finding:
    figures = f"{100 * said.clipped_share:.0f} % of your speech is cut off"
    advice = "Turn the microphone down in the system's sound settings, and its boost off."
    if said.clipped_share > BADLY_CLIPPED_SHARE:
        return Finding("bad", "The microphone is turned up so far that your voice is torn.", figures, advice)
    return Finding("fair", "The microphone is turned up too far.", figures, advice)
