"""Levels and rooms: how loud speech is, where it ends, and what a room makes of it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import RATE, Samples, to_int16

Sound = npt.NDArray[np.float64]

FRAME = RATE // 100
"""10 ms: over this long levels are measured."""

SHORTEST_T60_S, LONGEST_T60_S = 0.4, 0.6
"""How long the sound takes to die away by 60 dB in a furnished room."""

BEFORE_DIRECT_S = 0.002
"""The first reflection, from the floor, comes so long after the direct sound."""

FLOOR_LEVEL = 3.0
"""What a quiet room and a microphone's own noise amount to: RMS on the 16 bit scale."""


def level(sound: Samples | Sound) -> float:
    """How loud speech is, as RMS on the scale of its samples: that of its louder half, so that pauses don't count."""
    frames = np.asarray(sound[: len(sound) // FRAME * FRAME], np.float64).reshape(-1, FRAME)
    if not len(frames):
        return 0.0
    power = np.sort((frames**2).mean(axis=1))
    return math.sqrt(power[len(power) // 2 :].mean())


def decibels(ratio: float) -> float:
    """An amplitude ratio in dB; minus infinity for 0."""
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf


def end_of_speech(sound: Samples, below_db: float = 40.0) -> int:
    """The sample after the last one that is above so many dB below the recording's peak; 0 for silence."""
    loud = np.abs(sound.astype(np.int32))
    peak = int(loud.max(initial=0))
    if peak == 0:
        return 0
    return int(np.flatnonzero(loud > peak * 10 ** (-below_db / 20))[-1]) + 1


def spoken_part(sound: Samples, margin_s: float = 0.02) -> Samples:
    """The recording from the first to the last sample within 40 dB of its peak, faded at both ends."""
    end = end_of_speech(sound)
    begin = len(sound) - end_of_speech(sound[::-1])
    margin = round(margin_s * RATE)
    part = sound[max(0, begin - margin) : end + margin].astype(np.float64)
    fade = np.ones(len(part))
    slope = np.linspace(0.0, 1.0, min(margin, len(part)))
    fade[: len(slope)] *= slope
    fade[len(fade) - len(slope) :] *= slope[::-1]
    return np.rint(part * fade).astype(np.int16)


def room_response(seed: int, t60_s: float | None = None, direct_to_reverberant_db: float = -1.5) -> Sound:
    """A room's impulse response: the direct sound, then noise that dies away.

    Args:
        seed: The same seed gives the same room.
        t60_s: Seconds in which its sound falls by 60 dB; None draws it.
        direct_to_reverberant_db: Energy of the direct sound against that of all reflections.

    Returns:
        Shape ``(n,)``, at 16 kHz; its energy is 1.
    """
    rng = np.random.default_rng(seed)
    t60_s = t60_s or rng.uniform(SHORTEST_T60_S, LONGEST_T60_S)
    times = np.arange(round(t60_s * RATE)) / RATE
    tail = rng.normal(size=len(times)) * 10 ** (-3 * times / t60_s)
    tail[: round(BEFORE_DIRECT_S * RATE)] = 0.0
    tail *= 10 ** (-direct_to_reverberant_db / 20) / math.sqrt(float((tail**2).sum()))
    tail[0] = 1.0
    response: Sound = tail / math.sqrt(float((tail**2).sum()))
    return response


def convolved(sound: Samples | Sound, response: Sound) -> Sound:
    """The sound through a response; shape ``(n + m - 1,)``."""
    length = len(sound) + len(response) - 1
    size = 1 << (length - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[:length]


def in_room(speech: Samples, response: Sound, gain_db: float) -> Sound:
    """Speech as it arrives through a room: its reverberation after the end included.

    Args:
        speech: Shape ``(n,)``.
        response: The room's, shape ``(m,)``.
        gain_db: The level that arrives against the recording's own.

    Returns:
        Shape ``(n + m - 1,)``, not rounded.
    """
    arrived = convolved(speech, response)
    arrived *= level(speech) / max(level(arrived[: len(speech)]), 1e-9) * 10 ** (gain_db / 20)
    return arrived


def three_metres_away(speech: Samples, seed: int) -> Sound:
    """Somebody three metres from the microphone: more reverberation than direct sound, 20 dB fainter."""
    ratio_db = float(np.random.default_rng([seed, 3]).uniform(-3.0, 0.0))
    return in_room(speech, room_response(seed, direct_to_reverberant_db=ratio_db), gain_db=-20.0)


def with_floor(sound: Samples | Sound, seed: int) -> Samples:
    """The sound with the noise of a quiet room, as a microphone gives it."""
    noise = np.random.default_rng([seed, 9]).normal(0.0, FLOOR_LEVEL, len(sound))
    return to_int16(sound + noise)
