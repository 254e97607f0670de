"""Rooms, microphones, noise and manners of speaking, made out of clean recordings.

Everything works on sounds at 16 kHz within ±1 of full scale. Filters are curves over frequency, applied to the
spectrum of the whole utterance: that needs nothing but numpy and has no start-up transients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from assistant.audio.formats import FULL_SCALE, RATE, Sound

_BLOCK = 4_096
_IN_A_ROOM = 0.75  # of the reverberant ones; the others get noise that dies away, which is cruder and more varied
_LEAST_ABOVE_TELEVISION_DB = 6.0
_NOISE_KINDS = {
    "hiss": 0.21, "hum": 0.07, "babble": 0.15, "recording": 0.32, "knocks": 0.08, "cries": 0.05, "music": 0.06,
    "television": 0.06,
}  # fmt: skip


@dataclass(frozen=True)
class Ranges:
    """How strong and how frequent each effect is; pairs are drawn from evenly.

    Attributes:
        speed: Faster and higher, or slower and lower, as by a record player: also stands for strained voices.
        peak_dbfs: The loudest sample.
        snr_db: Speech to noise.
        clean: Probability of no noise at all.
        reverberant: Probability of a room.
        coloured: Probability of a microphone that colours the sound.
        muffled: Probability of a mouth in a cushion or under a duvet.
        narrow: Probability of a telephone's band.
        companded: Probability of a telephone's 8-bit steps.
        clipped: Probability of overload.
    """

    speed: tuple[float, float] = (0.85, 1.18)
    peak_dbfs: tuple[float, float] = (-36.0, 0.0)
    snr_db: tuple[float, float] = (0.0, 30.0)
    clean: float = 0.18
    reverberant: float = 0.55
    coloured: float = 0.65
    muffled: float = 0.14
    narrow: float = 0.18
    companded: float = 0.08
    clipped: float = 0.06


@dataclass(frozen=True)
class Noises:
    """Recorded sounds to mix in.

    Attributes:
        recordings: Household noise and the like.
        speech: Other people's utterances; several at once make babble, one through a loudspeaker a television.
        rooms: Answers of rooms to a click: see `rooms`.
    """

    recordings: Sequence[Sound] = field(default=())
    speech: Sequence[Sound] = field(default=())
    rooms: Sequence[Sound] = field(default=())


def augmented(sound: Sound, random: np.random.Generator, noises: Noises, ranges: Ranges | None = None) -> Sound:
    """Another way this could have been recorded: any length, within ±1, in steps of 16 bits."""
    ranges = ranges or Ranges()
    sound = changed_speed(sound, random.uniform(*ranges.speed))
    loudness = rms(sound)
    sound = padded(sound, random)
    if random.random() < ranges.reverberant:
        if noises.rooms and random.random() < _IN_A_ROOM:
            sound = convolved(sound, _one_of(noises.rooms, random))
        else:
            sound = reverberated(sound, random)
    if random.random() < ranges.coloured:
        sound = filtered(sound, random_curve(random))
    if random.random() < ranges.muffled:
        sound = filtered(sound, muffling_curve(random))
    if random.random() >= ranges.clean:
        kind, noise = drawn_noise(len(sound), random, noises)
        snr_db = random.uniform(*ranges.snr_db)
        if kind == "television":  # louder, it would be the one that is listened to
            snr_db = max(snr_db, _LEAST_ABOVE_TELEVISION_DB)
        # The level of speech is taken before padding and rooms, scaled with what the filters left of it.
        level = max(rms(sound), 0.3 * loudness, 1e-6)
        sound = sound + noise * np.float32(level * 10 ** (-snr_db / 20))
    if random.random() < ranges.narrow:
        sound = filtered(sound, low_pass_curve(random.uniform(3_200, 4_000)))
    sound = with_peak(sound, random.uniform(*ranges.peak_dbfs))
    if random.random() < ranges.clipped:
        sound = np.clip(sound, *(np.array([-1, 1]) * np.abs(sound).max() * 10 ** (-random.uniform(2, 10) / 20)))
    if random.random() < ranges.companded:
        sound = companded(sound)
    return quantised(sound)


def without_speech(random: np.random.Generator, noises: Noises) -> Sound:
    """One to five seconds of a room in which nobody speaks, at any level from digital silence upwards."""
    length = int(random.uniform(1.0, 5.0) * RATE)
    if random.random() < 0.05:
        return np.zeros(length, np.float32)
    _, noise = drawn_noise(length, random, Noises(recordings=noises.recordings))
    if random.random() < 0.5:
        noise = filtered(noise, random_curve(random))
    return quantised(with_peak(noise, random.uniform(-75.0, 0.0)))


def rms(sound: npt.NDArray[np.floating]) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if len(sound) else 0.0


def changed_speed(sound: Sound, factor: float) -> Sound:
    """Played faster (above 1) or slower; the length is divided by the factor."""
    return np.asarray(soxr.resample(sound, RATE * factor, RATE, quality="MQ"), np.float32)


def padded(sound: Sound, random: np.random.Generator) -> Sound:
    """With digital silence before and after, as much as a listener that waits has."""
    before, after = random.integers(800, 9_600), random.integers(1_600, 11_200)
    return np.concatenate([np.zeros(before, np.float32), sound, np.zeros(after, np.float32)])


def reverberated(sound: Sound, random: np.random.Generator) -> Sound:
    """In a room: the direct sound, a few early echoes, and noise that dies away; some rooms are large, some far."""
    decay_s = random.uniform(0.08, 0.7)
    time_s = np.arange(int(RATE * decay_s)) / RATE
    response = random.normal(0.0, 1.0, len(time_s)) * 10 ** (-3.0 * time_s / decay_s)
    response[: int(0.004 * RATE)] = 0.0
    response /= np.sqrt(np.sum(response**2)) + 1e-9
    response *= 10 ** (-random.uniform(-4.0, 16.0) / 20)  # direct sound to reverberation, in dB: below 0 is far away
    for echo in random.integers(int(0.001 * RATE), int(0.03 * RATE), 4):
        response[echo] += random.uniform(-0.5, 0.5)
    response[0] += 1.0
    return convolved(sound, response)


def random_curve(random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Gains at frequencies from 0 to 8 kHz of a microphone that is far from even."""
    corners_hz = np.array([0, 60, 150, 400, 1_000, 2_500, 5_000, 8_000])
    gains_db = random.uniform(-8.0, 8.0, len(corners_hz))
    gains_db[:2] -= random.choice([0.0, 12.0, 30.0])  # many microphones cut what is low
    return _curve(corners_hz, gains_db)


def muffling_curve(random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Gains of a mouth in an arm or a mat, or under a duvet: above some 0.6 to 3 kHz much is lost, but not all."""
    corner = random.uniform(600, 3_000)
    depth_db = random.uniform(12.0, 28.0)
    return _curve(np.array([0, corner, min(2 * corner, 7_000), 8_000]), np.array([0, -3, -depth_db, -depth_db - 4]))


def low_pass_curve(edge_hz: float) -> npt.NDArray[np.float32]:
    """Gains of something that lets nothing pass above an edge."""
    return _curve(np.array([0, edge_hz * 0.97, edge_hz * 1.03, 8_000]), np.array([0, 0, -70, -90]))


def filtered(sound: Sound, curve: npt.NDArray[np.float32]) -> Sound:
    """With every frequency times its gain; ``curve`` is even steps from 0 to 8 kHz."""
    length = _convenient(len(sound) + RATE // 10)
    spectrum = np.fft.rfft(sound, length)
    places = np.linspace(0, len(curve) - 1, len(spectrum))
    return _sound(np.fft.irfft(spectrum * np.interp(places, np.arange(len(curve)), curve), length)[: len(sound)])


def drawn_noise(length: int, random: np.random.Generator, noises: Noises) -> tuple[str, Sound]:
    """Some kind of noise, and which: at a root mean square of 1."""
    kind = str(random.choice(list(_NOISE_KINDS), p=list(_NOISE_KINDS.values())))
    if kind == "recording" and noises.recordings:
        noise = _cut(_one_of(noises.recordings, random), length, random)
    elif kind == "babble" and noises.speech:
        voices = [_one_of(noises.speech, random) for _ in range(random.integers(2, 7))]
        noise = np.sum([_cut(voice, length, random) / (rms(voice) + 1e-6) for voice in voices], axis=0)
    elif kind == "television" and noises.speech:
        voice = _cut(_one_of(noises.speech, random), length, random)
        noise = filtered(reverberated(voice, random), random_curve(random))
    elif kind == "music":
        noise = music(length, random)
    elif kind == "hum":
        noise = _hum(length, random) + coloured_noise(length, random.uniform(0.5, 2.0), random) * random.uniform(0.1, 1)
    elif kind == "knocks":
        noise = knocks(length, random)
    elif kind == "cries":
        noise = cries(length, random)
    else:
        noise = coloured_noise(length, random.uniform(0.0, 2.0), random)
    return kind, _sound(noise / (rms(noise) + 1e-6))


def coloured_noise(length: int, slope: float, random: np.random.Generator) -> Sound:
    """Noise whose power falls with frequency to the power ``slope``: 0 white, 1 pink, 2 brown. Mean square 1."""
    size = _convenient(length)
    spectrum = np.fft.rfft(random.normal(0.0, 1.0, size))
    hertz = np.maximum(np.arange(len(spectrum)) * RATE / size, 30.0)
    noise = np.fft.irfft(spectrum * hertz ** (-slope / 2), size)[:length]
    return _sound(noise / (rms(noise) + 1e-9))


def knocks(length: int, random: np.random.Generator) -> Sound:
    """Short bursts over a faint hiss: footsteps, a ticking clock, crackling, a barking dog; even or by chance."""
    sound = coloured_noise(length, random.uniform(0.0, 2.0), random) * np.float32(random.uniform(0.005, 0.1))
    gap_s = float(np.exp(random.uniform(np.log(0.04), np.log(1.2))))
    decay_s = float(np.exp(random.uniform(np.log(0.003), np.log(0.15))))
    regular = random.random() < 0.4
    burst = coloured_noise(round(5 * decay_s * RATE) + 1, random.uniform(-0.5, 2.5), random)
    burst *= np.exp(-np.arange(len(burst)) / (decay_s * RATE)).astype(np.float32)
    at = random.uniform(0.0, gap_s)
    while (begin := round(at * RATE)) < length:
        part = burst[: length - begin]
        sound[begin : begin + len(part)] += part * np.float32(random.uniform(0.2, 1.0))
        at += max(0.01, gap_s if regular else random.exponential(gap_s))
    return sound


def cries(length: int, random: np.random.Generator) -> Sound:
    """Sounds with a gliding pitch and gaps between them: a baby, a bird, a siren, a rooster."""
    sound = coloured_noise(length, 1.0, random) * np.float32(random.uniform(0.002, 0.05))
    lowest_hz = float(np.exp(random.uniform(np.log(220.0), np.log(1_500.0))))
    begin = int(random.uniform(0.0, 0.6) * RATE)
    while begin < length:
        count = int(random.uniform(0.15, 1.6) * RATE)
        places = np.linspace(0.0, 1.0, count)
        glide = np.interp(places, np.linspace(0.0, 1.0, 4), random.uniform(0.7, 1.6, 4))
        vibrato = 1.0 + random.uniform(0.0, 0.04) * np.sin(2 * np.pi * random.uniform(4, 9) * np.arange(count) / RATE)
        phase = 2 * np.pi * np.cumsum(lowest_hz * glide * vibrato) / RATE
        partials = [random.uniform(0.1, 1.0) / k * np.sin(k * phase) for k in range(1, 7) if k * lowest_hz < RATE / 4]
        cry = np.sum(partials, axis=0) * np.sin(np.pi * places) ** 0.5
        sound[begin : begin + count] += cry[: length - begin].astype(np.float32)
        begin += count + int(random.uniform(0.05, 1.0) * RATE)
    return sound


def music(length: int, random: np.random.Generator) -> Sound:
    """Two or three parts that each play a row of notes of one scale, perhaps with a drum: no melody, but its sound."""
    key_hz = float(np.exp(random.uniform(np.log(55.0), np.log(110.0))))
    beat_s = random.uniform(0.12, 0.5)
    sound = np.zeros(length)
    for _ in range(random.integers(2, 4)):
        octave, brightness, decay_s = 2 ** random.integers(0, 4), random.uniform(0.5, 2.5), random.uniform(0.1, 1.5)
        at = 0.0
        while (begin := int(at * RATE)) < length:
            beats = int(random.integers(1, 5))
            time_s = np.arange(min(length - begin, int(beats * beat_s * RATE))) / RATE
            hertz = key_hz * octave * 2 ** (random.choice([0, 2, 4, 5, 7, 9, 11]) / 12)
            partials = [
                np.sin(2 * np.pi * k * hertz * time_s) / k**brightness for k in range(1, 8) if k * hertz < 7_500
            ]
            rise = np.minimum(1.0, time_s / 0.01)
            sound[begin : begin + len(time_s)] += np.sum(partials, axis=0) * rise * np.exp(-time_s / decay_s)
            at += beats * beat_s
    if random.random() < 0.5:
        drum = knocks(length, random)
        sound += drum * (random.uniform(0.3, 1.5) * rms(sound.astype(np.float32)) / (rms(drum) + 1e-9))
    return sound.astype(np.float32)


def with_peak(sound: Sound, dbfs: float) -> Sound:
    """As loud that its largest sample is at this level; silence stays silence."""
    peak = float(np.abs(sound).max(initial=0.0))
    return (sound * np.float32(10 ** (dbfs / 20) / peak)) if peak > 0 else sound


def companded(sound: Sound) -> Sound:
    """In the 256 steps of a telephone (µ-law)."""
    small = np.sign(sound) * np.log1p(255.0 * np.abs(np.clip(sound, -1, 1))) / np.log(256.0)
    steps = np.round(small * 127.0) / 127.0
    return _sound(np.sign(steps) * (256.0 ** np.abs(steps) - 1.0) / 255.0)


def quantised(sound: Sound) -> Sound:
    """In steps of 16 bits, within full scale."""
    return _sound(np.clip(np.round(sound * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1) / FULL_SCALE)


def _curve(corners_hz: npt.NDArray[Any], gains_db: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    return _sound(10 ** (np.interp(np.linspace(0, RATE / 2, 513), corners_hz, gains_db) / 20))


def _sound(values: npt.NDArray[np.floating]) -> Sound:
    return np.asarray(values, np.float32)


def _one_of(sounds: Sequence[Sound], random: np.random.Generator) -> Sound:
    return sounds[int(random.integers(len(sounds)))]


def _hum(length: int, random: np.random.Generator) -> Sound:
    time_s = np.arange(length) / RATE
    mains_hz = random.choice([50.0, 60.0])
    partials = [
        random.uniform(0.05, 1) * np.sin(2 * np.pi * (mains_hz * k * time_s + random.random())) for k in range(1, 9)
    ]
    return _sound(np.sum(partials, axis=0))


def _cut(sound: Sound, length: int, random: np.random.Generator) -> Sound:
    """A stretch of a sound that goes round and round."""
    start = random.integers(len(sound))
    return np.resize(np.roll(sound, -start), length)


def convolved(sound: Sound, response: npt.NDArray[np.floating]) -> Sound:
    """As it comes through a room; as long as it was."""
    length = _convenient(len(sound) + len(response))
    spectrum = np.fft.rfft(sound, length) * np.fft.rfft(response, length)
    return np.fft.irfft(spectrum, length)[: len(sound)].astype(np.float32)


def _convenient(length: int) -> int:
    """A length that Fourier transforms are fast at."""
    return -(-length // _BLOCK) * _BLOCK
