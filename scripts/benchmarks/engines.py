"""The engines that are compared: the product's, at its own and other working points, and the bare peers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.audio.formats import Samples
from assistant.hearing.listener import AnyListener, Listener, Utterance
from assistant.hearing.pronunciation import pronounce_all
from assistant.hearing.recogniser import Final, Recogniser, Transcript
from assistant.hearing.vosk.compiled_sentences import (
    ACOUSTIC,
    FILLER_COST,
    PHONES,
    SETTINGS,
    CompiledSentences,
    is_acoustic_model,
)
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk.runtime_grammars import RuntimeGrammars
from assistant.hearing.vosk_model import PhoneSet, lexicon_graph_files, write_model_folder
from assistant.loop.engines import load_recogniser
from intents.sentences import Sentences

UNKNOWN_PHONE_COST = 4.0
"""What each phone of ``[unk]`` costs in the model with a graph for run-time grammars."""

OURS, OURS_POCKETSPHINX = "ours", "ours on PocketSphinx"
BARE_VOSK, BARE_POCKETSPHINX = "bare Vosk", "bare PocketSphinx"
ENGINES = (OURS, OURS_POCKETSPHINX, BARE_VOSK, BARE_POCKETSPHINX)

FILLER_COSTS = tuple(FILLER_COST + change for change in (-6.0, -3.0, -1.5, 0.0, 1.5, 3.0, 6.0))
"""The working points of ours that the trade-off is drawn from."""


class BareListener:
    """An engine without policy: whatever it gives in the end and is a sentence is taken."""

    def __init__(self, recogniser: Recogniser, sentences: Sentences) -> None:
        self._recogniser = recogniser
        self._take(sentences)

    @property
    def suspects(self) -> bool:
        """Never: it acts on nothing but finals."""
        return False

    @property
    def at_rest(self) -> bool:
        """Never: it decodes everything."""
        return False

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on."""
        if sentences is not self._sentences:
            self._take(sentences)

    def accept(self, block: Samples, *, over_voice: bool = False) -> list[Utterance]:  # noqa: ARG002 - it has no policy
        """Take the next block of sound."""
        return self._taken(self._recogniser.accept(block))

    def replace_last(self, sound: Samples) -> None:
        """Leave it at what was heard: it has no policy."""

    def flush(self) -> list[Utterance]:
        """The stream has ended."""
        return self._taken(self._recogniser.flush())

    def _take(self, sentences: Sentences) -> None:
        self._sentences = sentences
        heard = sentences.usual() if self._recogniser.usual_only else sentences
        self._recogniser.listen_for(heard.graph())

    def _taken(self, transcripts: Iterable[Transcript]) -> list[Utterance]:
        found = []
        for final in transcripts:
            if isinstance(final, Final) and final.rejected is None and final.words:
                command = self._sentences.match(final.text)
                why = None if command else "not a phrase"
                found.append(Utterance(final.start_s, final.end_s, final.text, final.confidence, command, why))
        return found


@dataclass(frozen=True)
class Engine:
    """An engine at a working point; small, so that it can be handed to a worker process.

    Attributes:
        name: One of `ENGINES`.
        model: Our acoustic model's folder.
        folder: Where compiled graphs may be kept.
        filler_cost: Of ours: what it costs to hear something else than a sentence; None is the product's own.
    """

    name: str
    model: Path
    folder: Path
    filler_cost: float | None = None

    def recogniser(self, words: Collection[str]) -> Recogniser:
        """Load it.

        Args:
            words: All words that it will have to know.
        """
        if self.name == BARE_POCKETSPHINX:
            from scripts.benchmarks.bare_pocketsphinx import BarePocketSphinx  # noqa: PLC0415 - an extra

            return BarePocketSphinx()
        if self.name == OURS_POCKETSPHINX:
            return load_recogniser("pocketsphinx", None)
        if self.name == BARE_VOSK:
            return runtime_grammars(self.model, words, self.folder)
        if self.filler_cost is None:
            return load_recogniser("vosk", self.model)
        return VoskRecogniser(CompiledSentences(self.model, self.folder / "graphs", self.filler_cost))

    def listener(self, recogniser: Recogniser, sentences: Sentences) -> AnyListener:
        """What decides: the product's policy, or none. The one place where the product's listener is made."""
        if self.name in {BARE_VOSK, BARE_POCKETSPHINX}:
            return BareListener(recogniser, sentences)
        return Listener(recogniser, sentences)


def runtime_grammars(ours: Path, words: Collection[str], folder: Path) -> VoskRecogniser:
    """Vosk with a grammar at run time, on our acoustic model or any other: the customary way to use it."""
    model = lexicon_model(ours, words, folder) if is_acoustic_model(ours) else ours
    return VoskRecogniser(RuntimeGrammars(model, {}, folder))


def lexicon_model(ours: Path, words: Collection[str], folder: Path) -> Path:
    """Our acoustic model with a graph for grammars at run time; made where it isn't there."""
    if (made := folder / "lexicon").is_dir():
        return made
    phones = PhoneSet(tuple((ours / PHONES).read_text("ascii").split()))
    files = lexicon_graph_files(phones, pronounce_all(words), UNKNOWN_PHONE_COST)
    acoustic = {name: (ours / name).read_bytes() for name in (ACOUSTIC, *SETTINGS)}
    write_model_folder(made, acoustic, files)
    return made
