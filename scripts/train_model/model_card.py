"""The step ``card``: ``MODEL-CARD.md`` beside the model, out of what training and measuring have written down.

No figure stands in this module: what was not measured is not in the card.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.train_model.corpora import HoldOut
from scripts.train_model.features import Stored, read_index, read_summary

NAME = "MODEL-CARD.md"
_MOST_CONFUSIONS = 12


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
    "synthetic": Source(
        "espeak-ng in many accents and variants, flite (slt, awb, kal16), festival (kal_diphone)",
        "made by this project with GPL-3.0 and BSD-like programs; their output carries no licence of theirs",
        "the makers of espeak-ng, flite and festival",
    ),
    "noise": Source("seconds without speech: made noise and recordings of ESC-10", "CC BY", "see noise below"),
}


def write_card(folder: Path, model: Path, speech: Path, figures: Path) -> None:
    """Write the card into the model's folder.

    Args:
        folder: The working folder, with ``features/`` and ``checkpoint.pt``.
        model: The model's folder.
        speech: The folder of recordings; the notice that AN4 asks for is read from it.
        figures: What ``scripts/bench hearing`` measured; without it the card says that nothing has been measured.
    """
    from scripts.train_model.training import load_checkpoint  # noqa: PLC0415 - the text itself needs no torch

    checkpoint = load_checkpoint(folder / "checkpoint.pt")
    hold_out = HoldOut(**checkpoint["hold_out"])
    measured = json.loads(figures.read_text(encoding="utf-8")) if figures.is_file() else {}
    notice = speech / "LICENSE-AN4"
    text = card_text(
        model.name,
        {**read_summary(folder / "features"), "trained": trained_on(read_index(folder / "features"), hold_out)},
        checkpoint,
        measured,
        notice.read_text(encoding="utf-8") if notice.is_file() else "",
        size_bytes=sum(path.stat().st_size for path in model.rglob("*") if path.is_file() and path.name != NAME),
    )
    (model / NAME).write_text(text, encoding="utf-8")
    print(f"{model / NAME} is written.", flush=True)


def trained_on(utterances: Iterable[Stored], hold_out: HoldOut) -> dict[str, dict[str, float]]:
    """Stored utterances, hours and speakers of each corpus without those that were held out."""
    kept: dict[str, list[Stored]] = {}
    for utterance in utterances:
        if not hold_out.leaves_out(utterance.corpus, utterance.speaker):
            kept.setdefault(utterance.corpus, []).append(utterance)
    return {
        corpus: {
            "utterances": len(found),
            "hours": round(sum(utterance.frames for utterance in found) / 360_000, 2),
            "speakers": len({utterance.speaker for utterance in found}),
        }
        for corpus, found in kept.items()
    }


def card_text(
    name: str,
    features: Mapping[str, Any],
    checkpoint: Mapping[str, Any],
    measured: Mapping[str, Any],
    an4_notice: str,
    size_bytes: int,
) -> str:
    """The card.

    Args:
        name: The model's name.
        features: What `write_summary` kept, and as ``trained`` what `trained_on` found.
        checkpoint: What training saved; its ``shape``, ``state``, ``summary`` and ``hold_out`` are used.
        measured: What ``scripts/bench hearing`` wrote, or nothing.
        an4_notice: The licence of AN4, whose notice must go with what is made of it.
        size_bytes: Size of all files of the model.
    """
    shape, state = checkpoint["shape"], checkpoint["state"]
    lines = [
        f"# {name}",
        "",
        "An acoustic model for English commands, made by this project for the unchanged vosk package. Licence: "
        "Apache-2.0, as the project; the recordings' licences are below.",
        "",
        f"Features: 40 MFCCs without normalisation, 16 kHz. Network: TDNN, {shape['channels']} channels, "
        f"{shape['deep_layers'] + 2} inner layers; outputs are the 39 phones of ARPAbet and silence, first frame and "
        f"further frames apart. Training: LF-MMI from a flat start, {state['steps']} batches in "
        f"{state['spent_s'] / 60:.0f} minutes, {checkpoint['summary']['hours']} hours of sound counting each guise. "
        f"Size: {size_bytes / 1e6:.1f} MB.",
        "",
        "`common-words.txt` lists what people say besides commands, with how likely it is: single words of the US "
        "English language model that comes with PocketSphinx (CMU Sphinx, BSD licence).",
        "",
        "Made by the steps of `scripts/train-model`; every number here was written by that program.",
        "",
        "## Data",
        "",
        *_data(features),
        "",
        *_held_out(checkpoint["hold_out"]),
        "",
        *_noise(features),
        "",
        "## Figures",
        "",
        *_figures(measured),
        "",
        "## What it is bad at",
        "",
        *_weak(measured),
        "",
    ]
    if an4_notice:
        lines += ["## Notice of CMU AN4", "", "```", an4_notice.strip(), "```", ""]
    return "\n".join(lines)


def _data(features: Mapping[str, Any]) -> Iterator[str]:
    yield "| corpus | utterances, each guise counted | speakers or voices | hours | licence | to be named |"
    yield "|---|---|---|---|---|---|"
    for corpus, source in SOURCES.items():
        if corpus in features["trained"]:
            found = features["trained"][corpus]
            yield (
                f"| {source.title} | {found['utterances']} | {found['speakers']} | {found['hours']} "
                f"| {source.licence} | {source.credit} |"
            )
    yield ""
    yield (
        "A guise is the recording at another speed, level, in a room, through a poor microphone, muffled, in noise. "
        "Who was held out is not in the table. A name in an index that stands for many people counts as one speaker."
    )
    skipped = ", ".join(f"{count} {why}" for why, count in features["skipped"].items())
    yield f"Skipped: {skipped or 'nothing'}."


def _held_out(hold_out: Mapping[str, Any]) -> Iterator[str]:
    left_out = []
    if hold_out["fold"] is not None:
        left_out.append(f"part {hold_out['fold'] + 1} of {hold_out['folds']} of AN4's speakers")
    if hold_out["corpus"]:
        left_out.append(f"all of {hold_out['corpus']}")
    if hold_out["tenth"]:
        left_out.append("a tenth of the speakers of speechocean and words")
    yield (
        f"Held out from training: {'; '.join([*left_out, 'the synthetic voices listed in synthesis.py'])}. "
        "A hash of the speaker's name decides. The speakers of snowboy and view glass aren't known: none is held out."
    )


def _noise(features: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"Noise mixed in while training: made noise, and from ESC-10 (Piczak, “ESC: Dataset for Environmental Sound "
        f"Classification”, 2015; CC BY) only {', '.join(features['noises'])}. The other half of those recordings, and "
        "all recordings that are kept to count false alarms, were not used."
    )


def _figures(measured: Mapping[str, Any]) -> Iterator[str]:
    if not measured:
        yield "Nothing has been measured yet."
        return
    yield f"Measured by `{measured['command']}`. An utterance counts as right if every word is right."
    yield ""
    yield "| set | who | utterances | this model | PocketSphinx | share of a core |"
    yield "|---|---|---|---|---|---|"
    for name, row in measured["sets"].items():
        ours, peer = row["vosk"], row["pocketsphinx"]
        yield (
            f"| {name} | {row['what']} | {ours['said']} | {ours['percent']} % | {peer['percent']} % "
            f"| {ours['percent_of_a_core']} % |"
        )
    yield ""
    yield "Cost: " + "; ".join(f"{what} {figure}" for what, figure in measured["cost"].items()) + "."


def _weak(measured: Mapping[str, Any]) -> Iterator[str]:
    yield "- English only. Its native speech is American; other accents come from Mandarin speakers and machines."
    yield "- Nobody was recorded on a mat: muffled and strained speech is imitated, not real, and so is distance."
    yield "- Confidence says little: a closed grammar makes it nearly always 1. The filler's cost is what rejects."
    confusions: dict[str, int] = {}
    for row in measured.get("sets", {}).values():
        for said, heard, times in row["vosk"]["confused"]:
            confusions[f"{said} -> {heard}"] = confusions.get(f"{said} -> {heard}", 0) + times
    often = sorted(confusions.items(), key=lambda item: -item[1])[:_MOST_CONFUSIONS]
    if often:
        yield "- Most frequent mistakes over all sets: " + "; ".join(f"{what} ({times})" for what, times in often) + "."
