"""What an acoustic model is fed with, computed as Kaldi does it."""

from __future__ import annotations

import kaldi_native_fbank
import numpy as np
import numpy.typing as npt

from assistant.audio.formats import RATE
from assistant.hearing.vosk_model import Features

Matrix = npt.NDArray[np.float32]


def mfcc(samples: npt.NDArray[np.float32], features: Features) -> Matrix:
    """Features of a sound on the scale of 16 bits; shape (frames, coefficients), 100 frames a second."""
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0.0
    options.use_energy = False
    options.num_ceps = features.coefficients
    options.mel_opts.num_bins = features.mel_bins
    options.mel_opts.low_freq = features.low_hz
    options.mel_opts.high_freq = features.high_hz
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(RATE, samples.tolist())
    computer.input_finished()
    count = computer.num_frames_ready
    if count == 0:
        return np.zeros((0, features.coefficients), np.float32)
    return np.stack([computer.get_frame(frame) for frame in range(count)]).astype(np.float32)
