"""Rooms, voices and loudspeakers made of numbers: what an echo canceller is tried on."""

from __future__ import annotations

import numpy as np

from assistant.audio.formats import BLOCK, FULL_SCALE, RATE, Samples, to_int16
from assistant.hearing.front_end.echo_canceller import DELAY, EchoCanceller


def response(seconds: float, seed: int = 5, first_s: float = 0.005) -> np.ndarray:
    """A room that has decayed by 60 dB after so many seconds; unit energy."""
    at = np.arange(round(seconds * RATE))
    taps = np.random.default_rng(seed).standard_normal(len(at)) * 10 ** (-3 * at / len(at))
    taps[0] = 3.0
    taps = np.concatenate([np.zeros(round(first_s * RATE)), taps])
    return np.asarray(taps / np.sqrt((taps**2).sum()))


def talk(seconds: float, seed: int = 1, rms: float = 2500.0) -> np.ndarray:
    """Something like a voice: buzzing and hissing syllables of changing colour, with gaps."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    while sum(len(part) for part in parts) < seconds * RATE:
        count = round(rng.uniform(0.08, 0.25) * RATE)
        buzz = np.cumsum(np.full(count, rng.uniform(90, 180) / RATE)) % 1.0 - 0.5
        sound = buzz if rng.random() < 0.75 else 0.3 * rng.standard_normal(count)
        for hz in rng.uniform([300, 900, 2200], [900, 2200, 3600]):  # formants
            pole = 0.96 * np.exp(2j * np.pi * hz / RATE)
            ring = np.real(pole ** np.arange(400))
            sound = sound + 0.4 * np.convolve(sound, ring)[:count]
        parts.append(sound * np.hanning(count) / max(1e-9, np.abs(sound).max()))
        parts.append(np.zeros(round(rng.uniform(0.02, 0.12) * RATE)))
    sound = np.concatenate(parts)[: round(seconds * RATE)]
    return np.asarray(sound * rms / np.sqrt((sound**2).mean()))


def syllables(seconds: float) -> np.ndarray:
    """A tone with overtones that swells four times a second, with short gaps between; its peak is 1."""
    t = np.arange(round(seconds * RATE)) / RATE
    carrier = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 8))
    wave = carrier * np.maximum(0.02, np.sin(2 * np.pi * 2 * t) ** 2)
    return np.asarray(wave / np.abs(wave).max())


def word(seed: int = 9) -> np.ndarray:
    """A short word with a hiss, a gap, a vowel and a click, as "stop" has them; RMS 1."""
    rng = np.random.default_rng(seed)
    hiss = np.diff(rng.standard_normal(1_801)) * np.hanning(1_800)
    vowel = talk(0.2, seed, 3.0)[:3_000] * np.hanning(3_000)
    click = rng.standard_normal(300) * np.exp(-np.arange(300) / 60)
    sound = np.concatenate([0.7 * hiss, np.zeros(500), vowel, np.zeros(400), click])
    return np.asarray(sound / np.sqrt((sound**2).mean()))


def hiss(count: int, rms: float = 8.0, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, rms, count)


def saturated(sound: np.ndarray, drive: float = 1.5) -> np.ndarray:
    """A loudspeaker that is driven too hard."""
    return np.tanh(sound * drive / FULL_SCALE) * FULL_SCALE / drive


def int16(sound: np.ndarray) -> Samples:
    return to_int16(np.array(sound, np.float64))


def echo_of(played: np.ndarray, room: np.ndarray, rms: float = 1500.0) -> np.ndarray:
    echo = np.convolve(played, room)[: len(played)]
    return np.asarray(echo * rms / np.sqrt((echo**2).mean()))


def cleaned(
    microphone: np.ndarray, reference: np.ndarray, canceller: EchoCanceller | None = None, block: int = BLOCK
) -> Samples:
    """All that comes out, set back by the delay: sample k goes with sample k of the microphone."""
    canceller = canceller or EchoCanceller()
    microphone, reference = int16(microphone), int16(reference)
    out = [
        canceller.cancel(microphone[at : at + block], reference[at : at + block]).samples
        for at in range(0, len(microphone), block)
    ]
    return np.concatenate(out)[DELAY:]


def db(sound: np.ndarray, begin_s: float, end_s: float) -> float:
    part = np.asarray(sound, float)[round(begin_s * RATE) : round(end_s * RATE)]
    return float(10 * np.log10((part**2).mean() + 1e-9))


def kept(said: np.ndarray, heard: np.ndarray) -> tuple[float, float]:
    """What became of a word: its level against the rest (signal to distortion), and its gain; both in dB.

    Signal is what a short filter makes of the word.
    """
    half = 16
    padded = np.concatenate([np.zeros(half), said, np.zeros(half)])
    shifted = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)[: len(heard)]
    squares = shifted.T @ shifted
    taps = np.linalg.solve(squares + 1e-6 * np.trace(squares) * np.eye(len(squares)), shifted.T @ heard)
    signal = shifted @ taps
    rest = ((heard - signal) ** 2).sum() + 1e-9
    return (
        float(10 * np.log10((signal**2).sum() / rest)),
        float(10 * np.log10((signal**2).sum() / (said**2).sum())),
    )
