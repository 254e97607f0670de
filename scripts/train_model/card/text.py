"""The step ``card``: ``MODEL-CARD.md`` beside the model, out of what training and measuring have written down.

No figure stands in this module: what was not measured is not in the card.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.train_model.card.credits import KOREAN_MODEL, KOREAN_PACKAGE, NOISE_LICENCES, ROOMS_LICENCE, SOURCES
from scripts.train_model.corpora import HoldOut
from scripts.train_model.features import Stored, read_index, read_summary
from scripts.train_model.natural.voices import HELD_OUT
from scripts.train_model.shape import Shape

NAME = "MODEL-CARD.md"
_MOST_CONFUSIONS = 12


@dataclass(frozen=True)
class Measured:
    """What was measured.

    Attributes:
        hearing: What ``scripts/bench hearing`` wrote, or nothing. Where it was of other models, the card says so.
        runs: What it wrote of every model that it ever measured, or nothing.
    """

    hearing: Mapping[str, Any] = field(default_factory=dict)
    runs: Sequence[Mapping[str, Any]] = ()

    @staticmethod
    def read(hearing: Path, runs: Path) -> Measured:
        """From the files, where they are there."""
        return Measured(
            json.loads(hearing.read_text(encoding="utf-8")) if hearing.is_file() else {},
            json.loads(runs.read_text(encoding="utf-8")) if runs.is_file() else (),
        )


def write_card(checkpoint: Mapping[str, Any], features: Path, model: Path, speech: Path, measured: Measured) -> None:
    """Write the card into the model's folder.

    Args:
        checkpoint: What training saved.
        features: The folder of the features that were trained on.
        model: The model's folder.
        speech: The folder of recordings; the notice that AN4 asks for is read from it.
        measured: What is known of the model.
    """
    hold_out = HoldOut(**checkpoint["hold_out"])
    notice = speech / "LICENSE-AN4"
    text = card_text(
        model.name,
        {**read_summary(features), "trained": trained_on(read_index(features), hold_out)},
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
    measured: Measured,
    an4_notice: str,
    size_bytes: int,
) -> str:
    """The card.

    Args:
        name: The model's name.
        features: What `write_summary` kept, and as ``trained`` what `trained_on` found.
        checkpoint: What training saved; its ``shape``, ``state``, ``summary`` and ``hold_out`` are used.
        measured: What is known of the model.
        an4_notice: The licence of AN4, whose notice must go with what is made of it.
        size_bytes: Size of all files of the model.
    """
    shape, state = Shape(**checkpoint["shape"]), checkpoint["state"]
    before, after = shape.context
    hearing = measured.hearing if name in measured.hearing.get("models", ()) else {}  # it may be of other models
    lines = [
        f"# {name}",
        "",
        "An acoustic model for English commands, made by this project for the unchanged vosk package. Licence: "
        "Apache-2.0, as the project; what it stands on, and the recordings' licences, are below.",
        "",
        f"Features: 40 MFCCs without normalisation, 16 kHz. Network: TDNN-F, {shape.channels} channels in "
        f"{shape.layers} layers, the uppermost {shape.backward_layers} of which look back only, and {shape.hidden} in "
        f"the head; it sees {10 * before} ms of what was and {10 * after} ms of what is to come. Outputs are the 39 "
        "phones of ARPAbet and silence, first frame and further frames apart. Training: LF-MMI, "
        f"{state['frozen_steps']} batches for the head alone, then {state['steps'] - state['frozen_steps']} for all of "
        f"it, in {state['spent_s'] / 60:.0f} minutes on two cores; {checkpoint['summary']['hours']} hours of sound "
        f"counting each guise. Size: {size_bytes / 1e6:.1f} MB.",
        "",
        *_origin(checkpoint["summary"]["begun_from"], shape),
        "",
        *_natural_share(checkpoint["summary"].get("natural_share", 1.0)),
        *_alignment(checkpoint["summary"].get("alignment")),
        "`common-words.txt` lists what people say besides commands, with how likely it is: single words of the US "
        "English language model that comes with PocketSphinx (CMU Sphinx, BSD licence). `graph/` has these words and "
        "those of our sentences, and which of them usually follow each other (`Gr.fst`, a bigram from the same model): "
        "with it the plain vosk package writes down ordinary English, and the assistant tells commands from talk.",
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
        *_figures(hearing, name),
        "",
        "## Runs",
        "",
        *_runs(measured.runs),
        "",
        "## What it is bad at",
        "",
        *_weak(hearing, name),
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


def _origin(begun_from: str, shape: Shape) -> Iterator[str]:
    if begun_from == "chance":
        yield "It begins from chance."
        return
    yield (
        f"It stands on {KOREAN_MODEL}. Kept of it are the weights of its layers 1 to {shape.layers} as they are at the "
        "beginning of the training, which has changed all of them since; its i-vectors, the layers above, its outputs, "
        "words and graph are not used."
    )
    if begun_from != KOREAN_PACKAGE:
        yield f"In between stands {begun_from}, from which this training went on."


def _natural_share(share: float) -> Iterator[str]:
    if share < 1:
        yield f"In the last sitting, an epoch took {share:.0%} of the natural synthetic voices' guises, drawn anew."
        yield ""


def _alignment(alignment: Mapping[str, Any] | None) -> Iterator[str]:
    if alignment is None:
        return
    yield (
        f"When it hears a phone was taught by an alignment with {alignment['model']}, which hears quickly: at most "
        f"{alignment['early']} output frames of 30 ms earlier than that, and {alignment['late']} later."
    )
    yield ""


def _runs(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not runs:
        yield "No other model was compared."
        return
    yield (
        "Measured by `scripts/bench hearing`: right of said (of contraries: heard as such), by nobody who was trained "
        "on, in noise and rooms that were not trained with; our commands and words by Kokoro's voices that are kept "
        "for judging, in their phases, as the product decides. A core's share is relative to stretch-en-1 in that run."
    )
    sets = list(dict.fromkeys(name for run in runs for name in run["figures"]))
    yield ""
    yield f"| | {' | '.join(run['name'] for run in runs)} |"
    yield f"|---{'|---' * len(runs)}|"
    yield f"| what it is | {' | '.join(run['about'] for run in runs)} |"
    yield f"| what is to come, ms | {' | '.join(str(run['ahead_ms']) for run in runs)} |"
    yield f"| size, MB | {' | '.join(str(run['size_mb']) for run in runs)} |"
    yield f"| a core's share | {' | '.join(str(run.get('relative_cpu', '–')) for run in runs)} |"
    for name in sets:
        figures = (run["figures"].get(name) for run in runs)
        yield f"| {name} | {' | '.join('–' if each is None else f'{each[0]} of {each[1]}' for each in figures)} |"


def _held_out(hold_out: Mapping[str, Any]) -> Iterator[str]:
    left_out = []
    if hold_out["fold"] is not None:
        left_out.append(f"part {hold_out['fold'] + 1} of {hold_out['folds']} of AN4's speakers")
    if hold_out["corpus"]:
        left_out.append(f"all of {hold_out['corpus']}")
    if hold_out["tenth"]:
        left_out.append("a tenth of the speakers of the other corpora")
    left_out.append("the synthetic voices listed in synthesis.py")
    left_out.append(f"Kokoro's {', '.join(sorted(HELD_OUT))}")
    yield (
        f"Held out from training: {'; '.join(left_out)}. A hash of the speaker's name decides. The speakers of "
        "snowboy, view glass and keywords aren't known: none is held out."
    )


def _noise(features: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"Noise mixed in while training: made noise, and of {NOISE_LICENCES} only {', '.join(features['noises'])}. "
        "The other half of those recordings, and all recordings that are kept to count false alarms, were not used."
    )
    yield (
        f"Rooms: {features['made_rooms']} made ones, and {features['rooms']} responses of a real one {ROOMS_LICENCE}; "
        "its other responses were not used."
    )


def _figures(measured: Mapping[str, Any], model: str) -> Iterator[str]:
    if not measured:
        yield "`scripts/bench hearing` has not measured it yet."
        return
    peers = list(dict.fromkeys(name for row in measured["measures"] for name in row["engines"] if name != model))
    yield (
        f"Measured by `{measured['command']}`. An utterance counts as right if every word is right, or, in a phase, if "
        "exactly the command that is meant is taken. The interval is that of 95 % (Wilson)."
    )
    yield ""
    yield f"| measure | who | n | this model | 95 % | aim | {' | '.join(peers)} | share of a core |"
    yield f"|---|---|---|---|---|---|{'---|' * len(peers)}---|"
    for row in measured["measures"]:
        ours = row["engines"].get(model)
        if ours is not None:
            others = (row["engines"].get(peer) for peer in peers)
            shares = " | ".join("–" if other is None else f"{other['share']:.2f}" for other in others)
            low, high = ours["interval"]
            aim = "–" if row["target"] is None else f"{row['target']:.2f}"
            yield (
                f"| {row['measure']} | {row['part']} | {ours['said']} | {ours['share']:.2f} | {low:.2f}–{high:.2f} "
                f"| {aim} | {shares} | {ours['percent_of_a_core']} % |"
            )


def _weak(measured: Mapping[str, Any], model: str) -> Iterator[str]:
    yield (
        "- English only. Its native speech by people is American; other accents come from Mandarin and Indian speakers "
        "and from machines."
    )
    yield "- Nobody was recorded on a mat: muffled and strained speech is imitated, not real, and so is distance."
    yield "- Confidence says little: a closed grammar makes it nearly always 1. The filler's cost is what rejects."
    confusions: dict[str, int] = {}
    for row in measured.get("measures", ()):
        for said, heard, times in row["engines"].get(model, {"confused": ()})["confused"]:
            confusions[f"{said} -> {heard}"] = confusions.get(f"{said} -> {heard}", 0) + times
    often = sorted(confusions.items(), key=lambda item: -item[1])[:_MOST_CONFUSIONS]
    if often:
        yield "- Most frequent mistakes over all sets: " + "; ".join(f"{what} ({times})" for what, times in often) + "."
