"""What a model costs: its size, loading and switching, memory, and how far ahead it looks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from assistant.hearing.vosk.compiled_sentences import ACOUSTIC, is_acoustic_model
from assistant.hearing.vosk_model.kaldi_nnet3 import read_nnet3
from assistant.hearing.vosk_model.kaldi_stream import KaldiReader
from assistant.hearing.vosk_model.kaldi_transitions import read_transitions

_FRAME_MS = 10

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


def size_mb(model: Path) -> float:
    """The size of all its files."""
    return round(sum(path.stat().st_size for path in model.rglob("*") if path.is_file()) / 1e6, 2)


def costs(model: Path) -> dict[str, Any]:
    """Size, and of a model of our own load time and memory, measured in a process of its own."""
    if not is_acoustic_model(model):
        return {"size_mb": size_mb(model)}
    command = [sys.executable, "-c", _COST_PROGRAM, str(model)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."})
    return {"size_mb": size_mb(model), **json.loads(done.stdout)}


def ahead_ms(model: Path) -> int:
    """How much of what is still to come its network looks at, in ms: so long every word waits."""
    return _FRAME_MS * frames_ahead((model / ACOUSTIC).read_bytes())


def frames_ahead(data: bytes) -> int:
    """How many frames of what is still to come any model's network looks at: so long every word waits.

    Raises:
        KaldiFormatError: The bytes are cut or altered, or hold a component that is not known here.
    """
    reader = KaldiReader(data)
    read_transitions(reader)
    nodes = {node.name: node for node in read_nnet3(reader).nodes}

    @cache
    def ahead(name: str) -> int:
        terms = [term for part in nodes[name].source for term in part if not term.once]
        return max((term.offset + ahead(term.node) for term in terms), default=0)

    return ahead("output")
