"""Is a folder a model, and is it in order? Asked before libvosk sees it, which takes damaged files badly.

Measured with libvosk 0.3.45: an altered graph or an altered count ends the process with a segmentation fault, an empty
``model.conf`` with a failed assertion, an altered list of disambiguation ids keeps it busy for ever, and an empty
table of words is taken without a murmur. So the files are read here first, as far as their format is known, and then
the model is loaded in a child process. What was found in order is not looked at again until a file changes.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.errors import ModelCorrupt, ModelMissing
from assistant.hearing.vosk_model.kaldi import KaldiFormatError, TransitionModel, read_transition_model
from assistant.hearing.vosk_model.openfst import FstFormatError, FstKindError, FstTable, read_fst, read_header

REFUSED = 3
"""Exit code of the child process where libvosk says no instead of crashing."""

LOAD_DEADLINE_S = 60.0
LARGEST_READ_BYTES = 200 << 20
"""Graphs beyond this size are only looked at from outside; the child process still loads them."""

_FIX = "Unpack the model anew, or remove its folder and type: stretch-assistant fetch-model"
_HEADER_BYTES = 1024
_IVECTOR_FILES = ("final.dubm", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")
_OPTION = re.compile(r"(--[\w.-]+(=.*)?)?\s*(#.*)?")
_WORD_BOUNDARY = re.compile(r"\d+ (nonword|begin|end|internal|singleton)")
_LOG_PREFIX = re.compile(r"^.*?(?:ERROR|ASSERTION_FAILED)[^(]*(?:\(\S+\))?:? *")


@dataclass(frozen=True)
class Layout:
    """Where in a model folder the files lie. There are two ways; `ALL` names them, the present one first."""

    acoustic: str
    features: tuple[str, ...]
    settings: str | None
    static_graph: str
    lexicon: str
    grammar: str
    disambiguation: str
    words: str
    word_boundary: str


ALL = (
    Layout(
        acoustic="am/final.mdl",
        features=("conf/mfcc.conf", "conf/fbank.conf"),
        settings="conf/model.conf",
        static_graph="graph/HCLG.fst",
        lexicon="graph/HCLr.fst",
        grammar="graph/Gr.fst",
        disambiguation="graph/disambig_tid.int",
        words="graph/words.txt",
        word_boundary="graph/phones/word_boundary.int",
    ),
    Layout(
        acoustic="final.mdl",
        features=("mfcc.conf", "fbank.conf"),
        settings=None,
        static_graph="HCLG.fst",
        lexicon="HCLr.fst",
        grammar="Gr.fst",
        disambiguation="disambig_tid.int",
        words="words.txt",
        word_boundary="word_boundary.int",
    ),
)


@dataclass(frozen=True)
class ModelFolder:
    """A model folder that is in order.

    Attributes:
        path: The folder.
        takes_grammar: Whether a grammar can be given at run time; otherwise the sentences are compiled into it.
    """

    path: Path
    takes_grammar: bool


def looks_like_model(path: Path) -> bool:
    """Whether a folder is meant to be a Vosk model, in order or not."""
    return any((path / layout.acoustic).is_file() and (path / layout.features[0]).is_file() for layout in ALL)


def find_models(folders: Iterable[Path]) -> list[Path]:
    """The models among these folders and right inside them, each folder's sorted by name; none is opened."""
    found: list[Path] = []
    for folder in folders:
        if looks_like_model(folder):
            found.append(folder)
        elif folder.is_dir():
            found.extend(sorted(child for child in folder.iterdir() if looks_like_model(child)))
    return found


def check_model(folder: Path, passed: Path) -> ModelFolder:
    """Make sure that libvosk can load and use a model.

    Args:
        folder: The model's folder.
        passed: Folder in which it is remembered what was found in order; made where needed. Where it can't be
            written, models are checked each time.

    Raises:
        ModelMissing: There is no model at all.
        ModelCorrupt: It lacks a file, or one of them is damaged.
    """
    layout = layout_of(folder)
    checked = ModelFolder(folder, takes_grammar=not (folder / layout.static_graph).exists())
    receipt = passed / f"{fingerprint(folder)}.passed"
    if receipt.exists():
        return checked
    _check_files(folder, layout)
    _check_loading(folder)
    try:
        passed.mkdir(parents=True, exist_ok=True)
        receipt.touch()
    except OSError:
        pass  # then it is checked again next time, which costs less than a second
    return checked


def layout_of(folder: Path) -> Layout:
    """Where a model's files lie.

    Raises:
        ModelMissing: There is no model in the folder.
        ModelCorrupt: It lacks its acoustic model.
    """
    if not folder.is_dir():
        raise ModelMissing(
            f"There is no Vosk model in {folder}.",
            "It is a file; a model is a folder." if folder.exists() else "There is no such folder.",
            "Name the folder that holds am/ and conf/, or type: stretch-assistant fetch-model",
        )
    for layout in ALL:
        if (folder / layout.acoustic).exists():
            return layout
    if any((folder / name).exists() for name in ("conf", "graph", "ivector")):
        raise _corrupt(folder, ALL[0].acoustic, "it is missing")
    inside = find_models([folder])
    raise ModelMissing(
        f"There is no Vosk model in {folder}.",
        f"It lies one folder deeper: {inside[0]}." if inside else f"The folder has no {ALL[0].acoustic}.",
        f"Name {inside[0]} instead." if inside else "Name the folder that holds am/ and conf/.",
    )


def _corrupt(folder: Path, name: str, why: str) -> ModelCorrupt:
    return ModelCorrupt(f"The model in {folder} can't be used.", f"Its file {name} is damaged: {why}.", _FIX)


def fingerprint(folder: Path) -> str:
    """Changes as soon as any file is replaced, cut, altered, added or taken away."""
    digest = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape"))
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        digest.update(
            f"{path.relative_to(folder)}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\0".encode(
                "utf-8", "surrogateescape"
            )
        )
    return digest.hexdigest()


def _check_files(folder: Path, layout: Layout) -> None:
    static = (folder / layout.static_graph).exists()
    features = next((name for name in layout.features if (folder / name).exists()), layout.features[0])
    required = [features, *([layout.settings] if layout.settings else [])]
    required += [layout.static_graph] if static else [layout.lexicon, layout.grammar, layout.disambiguation]
    if (folder / "ivector/final.ie").exists():
        required += [f"ivector/{name}" for name in _IVECTOR_FILES]
    for name in (layout.acoustic, *required):
        if not (folder / name).is_file():
            raise _corrupt(folder, name, "it is missing")
        if (folder / name).stat().st_size == 0:
            raise _corrupt(folder, name, "it is empty")
    for name in required:
        if name.endswith(".conf"):
            _check_options(folder, name)
    transitions = _transitions(folder, layout.acoustic)
    words = _words(folder, layout)
    _check_word_boundary(folder, layout.word_boundary, transitions)
    if static:
        _check_graph(folder, layout.static_graph, transitions.transition_ids, words)
        return
    disambiguation = _numbers(folder, layout.disambiguation)
    if min(disambiguation) <= transitions.transition_ids:
        raise _corrupt(folder, layout.disambiguation, "it lists an id that is taken")
    _check_graph(folder, layout.lexicon, max(disambiguation), words)
    _check_graph(folder, layout.grammar, None, words)


def _transitions(folder: Path, name: str) -> TransitionModel:
    try:
        return read_transition_model((folder / name).read_bytes())
    except KaldiFormatError as error:
        raise _corrupt(folder, name, str(error)) from error


def _text(folder: Path, name: str) -> list[str]:
    try:
        return (folder / name).read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise _corrupt(folder, name, "it is no text") from error


def _check_options(folder: Path, name: str) -> None:
    for line in _text(folder, name):
        if not _OPTION.fullmatch(line.strip()):
            raise _corrupt(folder, name, f"'{line[:40]}' is no option")


def _numbers(folder: Path, name: str) -> list[int]:
    lines = _text(folder, name)
    if not lines or not all(line.strip().isdecimal() for line in lines):
        raise _corrupt(folder, name, "there isn't one number a line")
    return [int(line) for line in lines]


def _words(folder: Path, layout: Layout) -> frozenset[int] | None:
    """The ids of the model's words; None where the graph brings its own table of them."""
    if not (folder / layout.words).exists():
        graph = layout.static_graph if (folder / layout.static_graph).exists() else layout.grammar
        with (folder / graph).open("rb") as file:
            try:
                embedded = read_header(file.read(_HEADER_BYTES)).has_symbols
            except FstFormatError as error:
                raise _corrupt(folder, graph, str(error)) from error
        if not embedded:
            raise _corrupt(folder, layout.words, "it is missing")
        return None
    ids = set()
    for line in _text(folder, layout.words):
        columns = line.split()
        if len(columns) != 2 or not columns[1].isdecimal():
            raise _corrupt(folder, layout.words, f"'{line[:40]}' is not a word and its number")
        ids.add(int(columns[1]))
    if not ids:
        raise _corrupt(folder, layout.words, "it is empty")
    return frozenset(ids)


def _check_word_boundary(folder: Path, name: str, transitions: TransitionModel) -> None:
    if not (folder / name).exists():
        return  # then word times are rough
    lines = [line.strip() for line in _text(folder, name)]
    for line in lines:
        if not _WORD_BOUNDARY.fullmatch(line):
            raise _corrupt(folder, name, f"'{line[:40]}' is not a phone and its place in words")
    if missing := set(transitions.phones) - {int(line.split()[0]) for line in lines}:
        raise _corrupt(folder, name, f"phone {min(missing)} is missing")


def _check_graph(folder: Path, name: str, largest_input: int | None, words: frozenset[int] | None) -> None:
    path = folder / name
    try:
        with path.open("rb") as file:
            read_header(file.read(_HEADER_BYTES))
        if path.stat().st_size > LARGEST_READ_BYTES:
            return
        table = read_fst(path.read_bytes())
    except FstKindError:
        return  # another kind of table than ours; the child process tells whether it is in order
    except FstFormatError as error:
        raise _corrupt(folder, name, str(error)) from error
    _check_labels(folder, name, table, largest_input, words)


def _check_labels(
    folder: Path, name: str, table: FstTable, largest_input: int | None, words: frozenset[int] | None
) -> None:
    if largest_input is not None and table.arcs["input"].max(initial=0) > largest_input:
        raise _corrupt(folder, name, "an arc has an input that the model doesn't know")
    if words is not None and not set(np.unique(table.arcs["output"]).tolist()) <= words | {0}:
        raise _corrupt(folder, name, "an arc has a word that the table of words doesn't list")


def _check_loading(folder: Path) -> None:
    command = [sys.executable, "-m", "assistant.hearing.vosk_model.load_check", str(folder)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=LOAD_DEADLINE_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise ModelCorrupt(
            f"The model in {folder} can't be used.",
            f"libvosk didn't load it and decode a second of sound within {LOAD_DEADLINE_S:.0f} s.",
            _FIX,
        ) from error
    if child.returncode == 0:
        return
    said = [line for line in child.stderr.decode("utf-8", "replace").splitlines() if _LOG_PREFIX.match(line)]
    reason = _LOG_PREFIX.sub("", said[0]) if said else f"it ended with {child.returncode}, without a reason"
    how = "refuses it" if child.returncode == REFUSED else "breaks down over it"
    raise ModelCorrupt(f"The model in {folder} can't be used.", f"libvosk {how}: {reason}", _FIX)
