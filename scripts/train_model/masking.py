"""SpecAugment: in training, a few frequencies or moments of each utterance are blotted out, so that none is relied on.

The stored features are cepstra. As there are as many of them as mel bands, bands can be masked all the same: from
cepstra to bands and back is a matrix, and so is masking. Source: Park et al., "SpecAugment: A Simple Data Augmentation
Method for Automatic Speech Recognition", Interspeech 2019; Kaldi does the same in its recipes' first layers.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from scripts.train_model.features import FEATURES, Matrix

_LIFTER = 22.0  # Kaldi's default for --cepstral-lifter
_BAND_MASKED = 0.5
_WIDEST_BAND = 8  # of 40
_MOMENT_MASKED = 0.4
_LONGEST_MOMENT = 12  # frames; a short word must not be lost
_FRAMES_PER_MOMENT = 150

Doubles = npt.NDArray[np.float64]


def masked(features: Matrix, random: np.random.Generator) -> Matrix:
    """Perhaps with some mel bands, and perhaps some moments, at the utterance's mean; shape (frames, 40) as given."""
    if random.random() < _BAND_MASKED:
        width = int(random.integers(1, _WIDEST_BAND + 1))
        features = without_bands(features, int(random.integers(0, FEATURES.mel_bins - width + 1)), width)
    if random.random() < _MOMENT_MASKED:
        features = features.copy()
        mean = features.mean(axis=0)
        for _ in range(1 + len(features) // _FRAMES_PER_MOMENT):
            length = int(random.integers(1, _LONGEST_MOMENT + 1))
            begin = int(random.integers(0, max(1, len(features) - length)))
            features[begin : begin + length] = mean
    return features


def without_bands(features: Matrix, first: int, width: int) -> Matrix:
    """With so many mel bands from this one on at their mean over the utterance."""
    to_bands, to_cepstra = _matrices()
    taken = to_bands[first : first + width].T @ to_cepstra.T[first : first + width]
    deviation = features - features.mean(axis=0)
    return np.asarray(features - deviation @ taken, np.float32)


@cache
def _matrices() -> tuple[Doubles, Doubles]:
    """From cepstra to log mel bands, and back: an orthonormal cosine transform and Kaldi's lifter."""
    count = FEATURES.mel_bins
    assert count == FEATURES.coefficients, "cepstra can be turned back only if there are as many as bands"
    order, band = np.arange(count)[:, None], np.arange(count)[None]
    cosines = np.sqrt(2.0 / count) * np.cos(np.pi / count * (band + 0.5) * order)
    cosines[0] = np.sqrt(1.0 / count)
    lifter = 1.0 + 0.5 * _LIFTER * np.sin(np.pi * np.arange(count) / _LIFTER)
    return cosines.T / lifter, lifter[:, None] * cosines
