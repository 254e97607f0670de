"""Vosk with a model of our own: each set of sentences is compiled into a graph that decodes exactly these.

The acoustic model knows phones, no words. Every word gets its pronunciation here, so a routine or a sentence file may
hold any. A compiled graph is a model folder in the user's cache, with the acoustic model linked into it.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import vosk

from assistant.allocator import give_back
from assistant.audio.formats import RATE
from assistant.errors import FileUnwritable, ModelCorrupt, ModelMissing
from assistant.hearing.pronunciation import pronounce_all
from assistant.hearing.recogniser import Word
from assistant.hearing.vosk.decoder import Decoder, load_model, translated
from assistant.hearing.vosk_model import Filler, PhoneSet, sentence_graph_files, write_model_folder
from assistant.hearing.vosk_model.graph_parts import Pronunciations
from assistant.hearing.vosk_model.phones import IN_PART
from assistant.hearing.vosk_model.sentence_graph import NOTHING_DROWNED, Drowned
from intents.graph import WordGraph

PHONES = "phones.txt"
"""In a model's folder: its phones, a name a line, in the order of their ids. Only models of our own have it."""

CHECKSUMS = "SHA256SUMS"
ACOUSTIC = "am/final.mdl"
SETTINGS = ("conf/mfcc.conf", "conf/model.conf")

COMMON_WORDS = "common-words.txt"
"""In a model's folder, if it has one: words that people say, each with its probability's natural logarithm."""

FILLER_COST = 1.0
"""What it costs to hear something else than a sentence: the knob between hearing too much and too little."""

FILLER_PHONE_COST = 6.0
"""What each phone costs that belongs to no word at all."""

UNSURE_BELOW = 0.5
"""Of the probability that the decoder gives out: whether a command has the larger part of it."""

ALTERNATIVES = 20
"""Things that an utterance may have been at most; the search keeps fewer."""

LOADED = 2
"""Graphs that stay loaded: the one in use and the one before it. Each takes 11 MB, and is loaded anew in 20 ms."""

CACHED = 64
"""Graphs that stay on disk; the one not used for longest goes first."""

_IN_USE_S = 3600.0  # what was used since then, another process may be about to load

_LAYOUT = "5"  # goes into the graphs' names: another one leaves those of older versions behind


@contextmanager
def _one_at_a_time(cache: Path) -> Iterator[None]:
    """Only one process at a time: another one that wants the same graph would load it half made."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = cache.with_name(f".{cache.name}.lock").open("w")
    except OSError as error:
        raise _unwritable(cache, error) from error
    with lock:  # closing it lets the next one in
        with suppress(OSError):  # some network disks can't be locked
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_acoustic_model(folder: Path) -> bool:
    """Whether a folder holds a model into which sentences can be compiled."""
    return (folder / PHONES).is_file() and (folder / ACOUSTIC).is_file()


def checksums_text(files: Iterable[tuple[str, bytes]]) -> str:
    """The text of a model's list of checksums."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files))


class CompiledSentences:
    """Decoders for word graphs, each with its sentences compiled in; see `assistant.hearing.vosk.recogniser.Decoders`.

    Args:
        folder: The acoustic model's folder.
        cache: Folder for compiled graphs; made where it is missing.
        filler_cost: What it costs to hear something else than a sentence; None hears everything as a sentence.
        pronounce: Gives words their pronunciations in the model's phones.
        drowned: What is heard of some words where the assistant's voice covers a part of them.

    Raises:
        ModelMissing: There is no such model in the folder.
        ModelCorrupt: One of its files is missing or damaged.
    """

    lag_s = 0.2
    unsure_below = UNSURE_BELOW

    def __init__(
        self,
        folder: Path,
        cache: Path,
        filler_cost: float | None = FILLER_COST,
        pronounce: Callable[[Iterable[str]], Pronunciations] = pronounce_all,
        drowned: Drowned = NOTHING_DROWNED,
    ) -> None:
        self.folder = folder
        self._cache = cache
        self._filler_cost = filler_cost
        self._pronounce = pronounce
        self._drowned = drowned
        self._fingerprint = _check(folder)
        self._phones = PhoneSet(tuple((folder / PHONES).read_text("ascii").split()))
        self._filler: Filler | None = None
        self._decoders: OrderedDict[WordGraph, Decoder] = OrderedDict()

    def decoder_for(self, graph: WordGraph) -> Decoder:
        """The decoder for these sentences.

        Raises:
            PronunciationMissing: A word can't be pronounced.
            FileUnwritable: The cache can't be written.
        """
        if graph not in self._decoders:
            folder = self._compiled(graph)
            while len(self._decoders) >= LOADED:
                self._decoders.popitem(last=False)
            model = load_model(folder)
            with translated(folder):
                self._decoders[graph] = Decoder(vosk.KaldiRecognizer(model, RATE), ALTERNATIVES)
            give_back()  # what compiling and loading took for a moment
        self._decoders.move_to_end(graph)
        return self._decoders[graph]

    def missing_words(self, graph: WordGraph) -> frozenset[str]:  # noqa: ARG002 - other models lack some
        """None: every word can be pronounced."""
        return frozenset()

    def restore(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words as they are, but for the mark on those that were heard in part."""
        return tuple(
            replace(word, text=word.text.removesuffix(IN_PART), in_part=True) if word.text.endswith(IN_PART) else word
            for word in words
        )

    def close(self) -> None:
        """Free the recognisers and their models."""
        self._decoders.clear()

    def _compiled(self, graph: WordGraph) -> Path:
        pronunciations = self._pronounce(graph.words)
        costs = (self._filler_cost, FILLER_PHONE_COST, sorted(self._drowned.items()))
        text = repr((_LAYOUT, self._fingerprint, costs, graph.fingerprint, sorted(pronunciations.items())))
        folder = self._cache / hashlib.sha256(text.encode()).hexdigest()[:32]
        with _one_at_a_time(self._cache):
            self._make(folder, graph, pronunciations)
        return folder

    def _make(self, folder: Path, graph: WordGraph, pronunciations: Pronunciations) -> None:
        if not _in_order(folder):
            files = sentence_graph_files(
                self._phones, graph, pronunciations, self._made_filler(), drowned=self._drowned
            )
            files |= {name: (self.folder / name).read_bytes() for name in SETTINGS}
            write_model_folder(folder, files, {CHECKSUMS: checksums_text(files.items()).encode("ascii")})
            _forget_oldest(self._cache, keep=folder)
        self._link_acoustic_model(folder)

    def _made_filler(self) -> Filler | None:
        if self._filler is None and self._filler_cost is not None:
            words: list[tuple[Sequence[str], float]] = []
            if (path := self.folder / COMMON_WORDS).is_file():
                for word, log_prob in map(str.split, path.read_text("utf-8").splitlines()):
                    words += [(choice, -float(log_prob)) for choice in self._pronounce([word])[word]]
            self._filler = Filler(FILLER_PHONE_COST, self._filler_cost, words)
        return self._filler

    def _link_acoustic_model(self, folder: Path) -> None:
        """Put the acoustic model beside the graph: a link, where the system has them."""
        linked, original = folder / ACOUSTIC, (self.folder / ACOUSTIC).resolve()
        try:
            folder.touch()  # used just now
            if linked.is_symlink() and linked.readlink() == original:
                return
            linked.parent.mkdir(exist_ok=True)
            linked.unlink(missing_ok=True)
            try:
                linked.symlink_to(original)
            except OSError:
                shutil.copyfile(original, linked)
        except OSError as error:
            raise _unwritable(folder, error) from error


def _check(folder: Path) -> str:
    """Make sure that all files are the ones that were made; gives what changes with any of them."""
    if not is_acoustic_model(folder):
        raise ModelMissing(
            f"There is no acoustic model in {folder}.",
            f"It has no {PHONES} or no {ACOUSTIC}.",
            "Name a folder that has both, or leave --model out.",
        )
    for name in (CHECKSUMS, *SETTINGS):
        if not (folder / name).is_file():
            raise _corrupt(folder, name, "it is missing")
    if (bad := _altered(folder)) is not None:
        raise _corrupt(folder, bad, "its checksum is not the one it should have")
    return hashlib.sha256((folder / CHECKSUMS).read_bytes()).hexdigest()


def _altered(folder: Path) -> str | None:
    """The first file that is missing or not the one in the list of checksums; the list itself where it is none."""
    try:
        lines = [line.split("  ", 1) for line in (folder / CHECKSUMS).read_text("ascii").splitlines()]
        listed = [(digest, name) for digest, name in lines]
    except (OSError, ValueError):
        return CHECKSUMS
    for digest, name in listed:
        try:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                return name
        except OSError:
            return name
    return None if listed else CHECKSUMS


def _in_order(folder: Path) -> bool:
    """Whether a compiled graph is there, unaltered: libvosk ends the process over a damaged one."""
    return folder.is_dir() and _altered(folder) is None


def _forget_oldest(cache: Path, keep: Path) -> None:
    try:
        found = [path for path in cache.iterdir() if path != keep and not path.name.startswith(".")]
        used = sorted((path.stat().st_mtime, path) for path in found)
        for used_at, path in used[: max(0, len(found) + 1 - CACHED)]:
            if used_at < time.time() - _IN_USE_S:
                shutil.rmtree(path, ignore_errors=True)
    except OSError:
        pass  # another process is at it, too


def _unwritable(folder: Path, error: OSError) -> FileUnwritable:
    return FileUnwritable(
        f"The recognition graph in {folder} could not be made.",
        f"{error.strerror or error}.",
        "Make room on the disk, or set STRETCH_ASSISTANT_HOME to a folder that you may write to.",
    )


def _corrupt(folder: Path, name: str, why: str) -> ModelCorrupt:
    return ModelCorrupt(
        f"The model in {folder} can't be used.",
        f"Its file {name} is damaged: {why}.",
        "Install stretch-assistant anew, or use --engine pocketsphinx meanwhile.",
    )
