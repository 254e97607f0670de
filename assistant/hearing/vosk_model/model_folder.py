"""A whole model folder: the acoustic files, the settings, and writing it in one go."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import FileUnwritable
from assistant.hearing.vosk_model.graph_parts import ModelFiles
from assistant.hearing.vosk_model.kaldi import FloatArray, Network, PhoneOutputs, acoustic_model_bytes


@dataclass(frozen=True)
class Features:
    """Kaldi's MFCC options; training must use the same numbers.

    Attributes:
        coefficients: Cepstral coefficients a frame.
        mel_bins: Mel filters.
        low_hz: Lower edge of the lowest filter.
        high_hz: Upper edge of the highest filter.
    """

    coefficients: int = 40
    mel_bins: int = 40
    low_hz: int = 20
    high_hz: int = 7600

    def text(self) -> str:
        """The text of ``conf/mfcc.conf``."""
        options = {
            "sample-frequency": 16_000,
            "use-energy": "false",
            "num-mel-bins": self.mel_bins,
            "num-ceps": self.coefficients,
            "low-freq": self.low_hz,
            "high-freq": self.high_hz,
            "dither": 0.0,  # the same sound gives the same result
        }
        return _options(options)


@dataclass(frozen=True)
class Endpointing:
    """How much silence ends an utterance, in seconds; the names say after what.

    Attributes:
        nothing_s: Nothing but silence so far.
        sentence_s: Words that very probably are a whole sentence.
        likely_sentence_s: Words that may well be one.
        words_s: Any words.
        longest_s: An utterance is cut off at this length.
    """

    nothing_s: float = 5.0
    sentence_s: float = 0.5
    likely_sentence_s: float = 0.75
    words_s: float = 1.0
    longest_s: float = 20.0

    def options(self) -> dict[str, float]:
        """As options of ``conf/model.conf``."""
        return {
            "endpoint.rule1.min-trailing-silence": self.nothing_s,
            "endpoint.rule2.min-trailing-silence": self.sentence_s,
            "endpoint.rule3.min-trailing-silence": self.likely_sentence_s,
            "endpoint.rule4.min-trailing-silence": self.words_s,
            "endpoint.rule5.min-utterance-length": self.longest_s,
        }


ENDPOINTING = Endpointing(sentence_s=0.38, likely_sentence_s=1.0, words_s=1.5, longest_s=12.0)
"""The product's: soon after a whole sentence, and not so soon where more words could change its meaning."""


@dataclass(frozen=True)
class Decoding:
    """Kaldi's decoder options.

    Attributes:
        beam: How much worse than the best a path may be before it is dropped.
        lattice_beam: The same for what is kept of the result. With ``[unk]`` in the graph more than 2 makes the
            decoder stand still.
        min_active: States that are kept even outside the beam.
        max_active: States that are kept at most.
        acoustic_scale: The network's scores are multiplied by this.
        frames_per_chunk: Input frames that the network takes at a time, a multiple of three. Kaldi's own 21 keep a word
            waiting twice as long as 6 do, and spare next to nothing.
        endpointing: When an utterance ends.
    """

    beam: float = 13.0
    lattice_beam: float = 2.0
    min_active: int = 200
    max_active: int = 3000
    acoustic_scale: float = 1.0
    frames_per_chunk: int = 6
    endpointing: Endpointing = field(default_factory=Endpointing)

    def text(self) -> str:
        """The text of ``conf/model.conf``."""
        options = {
            "min-active": self.min_active,
            "max-active": self.max_active,
            "beam": self.beam,
            "lattice-beam": self.lattice_beam,
            "acoustic-scale": self.acoustic_scale,
            "frames-per-chunk": self.frames_per_chunk,
            "frame-subsampling-factor": 3,  # Vosk's word times are right for no other
            "endpoint.silence-phones": 1,
            **self.endpointing.options(),
        }
        return _options(options)


def settings_with_endpointing(text: str, endpointing: Endpointing) -> str:
    """A model's ``conf/model.conf`` with other endpoints, and the network in pieces as small as ours."""
    options = {**endpointing.options(), "frames-per-chunk": Decoding().frames_per_chunk}
    kept = [line for line in text.splitlines() if line.partition("=")[0].removeprefix("--") not in options]
    return "".join(f"{line}\n" for line in kept) + _options(options)


def acoustic_files(
    outputs: Sequence[PhoneOutputs],
    network: Network,
    features: Features | None = None,
    decoding: Decoding | None = None,
    priors: FloatArray | None = None,
) -> ModelFiles:
    """The ``am/`` and ``conf/`` parts of a model.

    Args:
        outputs: Which of the network's outputs score which phone; ids 1, 2, 3 … without gaps.
        network: The network; its inputs are the features' coefficients.
        features: What the network was trained on.
        decoding: The decoder's settings.
        priors: Logarithm of each output's prior probability, for a network that isn't trained with LF-MMI.

    Raises:
        ValueError: The parts don't fit each other.
    """
    features = features or Features()
    if network.input_dim != features.coefficients:
        raise ValueError(f"the network takes {network.input_dim} inputs, the features have {features.coefficients}")
    return {
        "am/final.mdl": acoustic_model_bytes(outputs, network, priors),
        "conf/mfcc.conf": features.text().encode("ascii"),
        "conf/model.conf": (decoding or Decoding()).text().encode("ascii"),
    }


def write_model_folder(folder: Path, *parts: Mapping[str, bytes]) -> None:
    """Write a model folder; it is there as a whole or not at all. One that is there already is replaced.

    Args:
        folder: The folder to make; its parent is made too.
        parts: Files by their path within the folder, for instance from `acoustic_files` and `lexicon_graph_files`.

    Raises:
        FileUnwritable: The disk is full, or the place can't be written to.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as workshop:
            new, old = Path(workshop, "new"), Path(workshop, "old")
            for part in parts:
                for name, data in part.items():
                    path = new / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
            if folder.exists():
                folder.rename(old)
            try:
                new.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise
    except OSError as error:
        raise FileUnwritable(
            f"The model folder {folder} could not be written.",
            error.strerror or str(error),
            "Make room on the disk, or choose a folder that you may write to.",
        ) from error


def _options(options: Mapping[str, object]) -> str:
    return "".join(f"--{name}={value}\n" for name, value in options.items())
