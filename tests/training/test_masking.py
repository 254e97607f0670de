"""What is blotted out is what was to be, and no more."""

from __future__ import annotations

import numpy as np

from assistant.audio.formats import RATE
from scripts.train_model.features import FEATURES, mfcc
from scripts.train_model.masking import masked, without_bands


def noise_in_bands(low_hz: float, high_hz: float, seed: int = 1) -> np.ndarray:
    """A second of noise that comes and goes between two frequencies, over faint noise everywhere."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.normal(0.0, 0.05, RATE))
    hertz = np.fft.rfftfreq(RATE, 1 / RATE)
    spectrum[(hertz < low_hz) | (hertz > high_hz)] = 0.0
    swell = 1.0 + 0.9 * np.sin(2 * np.pi * 3 * np.arange(RATE) / RATE)
    return (np.fft.irfft(spectrum) * swell + random.normal(0.0, 1e-4, RATE)).astype(np.float32)


def test_a_masked_band_no_longer_changes() -> None:
    low = mfcc(noise_in_bands(100, 800))  # below some 1 kHz lie the lower 15 of 40 bands
    spread = low.std(axis=0).sum()
    assert without_bands(low, 0, 16).std(axis=0).sum() < 0.6 * spread
    assert without_bands(low, 30, 8).std(axis=0).sum() > 0.9 * spread


def test_all_bands_masked_leave_the_mean() -> None:
    features = mfcc(noise_in_bands(100, 6_000))
    flat = without_bands(features, 0, FEATURES.mel_bins)
    np.testing.assert_allclose(flat, np.broadcast_to(features.mean(axis=0), features.shape), atol=1e-3)


def test_most_frames_stay_and_the_stored_ones_are_not_touched() -> None:
    features = np.random.default_rng(0).normal(0.0, 10.0, (300, FEATURES.coefficients)).astype(np.float32)
    kept = features.copy()
    changed = [masked(features, np.random.default_rng(seed)) for seed in range(200)]
    assert np.array_equal(features, kept)
    assert all(each.shape == features.shape and each.dtype == np.float32 for each in changed)
    untouched = sum(each is features for each in changed)
    assert 30 < untouched < 100  # of 200: neither bands nor moments
    by_moment = [np.all(np.isclose(each, features.mean(axis=0), atol=1e-5), axis=1).mean() for each in changed]
    assert 0.0 < max(by_moment) < 0.15
