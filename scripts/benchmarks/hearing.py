"""``scripts/bench hearing``: our Vosk model, the same through Vosk's run-time grammar, and PocketSphinx."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.audio.formats import RATE, Samples, silence
from assistant.hearing.recogniser import Final, Recogniser
from scripts.benchmarks.engines import recognisers
from scripts.benchmarks.recordings import RecordingSet, recording_sets, temporary_folder
from scripts.testbed.product import our_model
from scripts.train_model.corpora import HoldOut

_BLOCK = RATE // 10
_BEFORE_S, _AFTER_S = 0.3, 1.2
_MOST_CONFUSED = 12


@dataclass
class Score:
    """What one engine made of one set."""

    right: int = 0
    said: int = 0
    rejected: int = 0
    cpu_s: float = 0.0
    audio_s: float = 0.0
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "right": self.right,
            "said": self.said,
            "percent": round(100 * self.right / max(1, self.said), 1),
            "rejected": self.rejected,
            "percent_of_a_core": round(100 * self.cpu_s / max(1e-9, self.audio_s), 2),
            "confused": [[*pair, count] for pair, count in self.confused.most_common(_MOST_CONFUSED)],
        }


def main(speech: Path, model: Path | None, out: Path, hold_out: HoldOut, only: Sequence[str] | None = None) -> None:
    """Measure, show the table, write the figures."""
    if not speech.is_dir():
        sys.exit(f"There are no recordings in {speech}.\nThe measurement needs them.\nName their folder with --speech.")
    ours = our_model(model)
    figures: dict[str, Any] = {"command": "scripts/bench hearing", "model": ours.name, "sets": {}}
    table = Table("set", "n", "ours", "run-time grammar", "PocketSphinx", box=None, pad_edge=False)
    with temporary_folder() as name:
        folder = Path(name)
        for found in recording_sets(speech, folder, hold_out):
            if only and found.name not in only:
                continue
            sounds = [item.sound() for item in found.items]
            scores = {
                engine: measure(make, found, sounds).row()
                for engine, make in recognisers(ours, found.graph.words, folder).items()
            }
            figures["sets"][found.name] = {"what": found.what, **scores}
            said = next(iter(scores.values()))["said"]
            table.add_row(found.name, str(said), *(f"{score['percent']:.1f} %" for score in scores.values()))
            rights = ", ".join(f"{engine} {score['right']}" for engine, score in scores.items())
            print(f"{found.name}: of {said}: {rights}", flush=True)
    figures["cost"] = costs(ours)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    console = Console()
    console.print(table)
    for key, value in figures["cost"].items():
        console.print(f"{key}: {value}", highlight=False)
    console.print(f"Written: {out}", highlight=False)


def measure(make: Callable[[], Recogniser], found: RecordingSet, sounds: Sequence[Samples]) -> Score:
    """What one engine makes of a set: a recogniser for the whole set, as in a session."""
    score = Score()
    with _closing(make()) as recogniser:
        recogniser.listen_for(found.graph)
        for item, sound in zip(found.items, sounds, strict=True):
            begun = time.process_time()
            finals = hear(recogniser, sound)
            score.cpu_s += time.process_time() - begun
            score.audio_s += len(sound) / RATE
            score.said += item.times
            score.rejected += sum(final.rejected is not None for final in finals)
            texts = [final.text for final in finals if final.rejected is None]
            if item.times > 1:
                score.right += min(item.times, texts.count(item.text))
            elif texts == [item.text]:
                score.right += 1
            if texts != [item.text] * item.times:
                score.confused.update((item.text, text) for text in texts or ["–"] if text != item.text)
    return score


def hear(recogniser: Recogniser, sound: Samples) -> list[Final]:
    """All finals of a recording, with silence before and after it."""
    padded = np.concatenate([silence(_BEFORE_S), sound, silence(_AFTER_S)])
    blocks = (padded[at : at + _BLOCK] for at in range(0, len(padded), _BLOCK))
    heard = [transcript for block in blocks for transcript in recogniser.accept(block)]
    return [
        t for t in [*heard, *recogniser.flush()] if isinstance(t, Final) and (t.words or t.rejected == "not a phrase")
    ]


@contextmanager
def _closing(recogniser: Recogniser) -> Iterator[Recogniser]:
    try:
        yield recogniser
    finally:
        recogniser.close()


_COST_PROGRAM = """
import json, resource, sys, tempfile, time
from pathlib import Path
import vosk
from scripts.testbed.product import own_vocabulary
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk.compiled_sentences import CompiledSentences
def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
graphs = [own_vocabulary().named(name).graph() for name in ("idle", "holding", "positioning", "paused")]
with tempfile.TemporaryDirectory() as cache:
    before = resident_mb()
    def ready(graph):
        begun = time.perf_counter()
        recogniser.listen_for(graph)
        return round(1000 * (time.perf_counter() - begun), 1)
    recogniser = VoskRecogniser(CompiledSentences(Path(sys.argv[1]), Path(cache)))
    compiled = [ready(graph) for graph in graphs]
    one = VoskRecogniser(CompiledSentences(Path(sys.argv[1]), Path(cache)))
    recogniser = one
    loaded = [ready(graph) for graph in graphs]
    again = [ready(graph) for graph in graphs]
    print(json.dumps({"compile_and_load_ms": compiled, "load_ms": loaded, "switch_ms": again,
                      "resident_mb_for_eight_graphs": round(resident_mb() - before, 1)}))
"""


def costs(ours: Path) -> dict[str, Any]:
    """Size, load time and memory, measured in a process of its own."""
    command = [sys.executable, "-c", _COST_PROGRAM, str(ours)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."})
    size = sum(path.stat().st_size for path in ours.rglob("*") if path.is_file())
    return {"size_mb": round(size / 1e6, 2), **json.loads(done.stdout)}
