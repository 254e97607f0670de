"""One engine on one set of recordings: what is heard right, what is rejected, and what is taken for something else."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from assistant.audio.formats import BLOCK, RATE, Samples, silence
from assistant.hearing.listener import AnyListener
from assistant.hearing.recogniser import Final, Recogniser
from intents import Command
from intents.sentences import Sentences
from scripts.benchmarks.engines import Engine
from scripts.benchmarks.recordings import Item, RecordingSet
from scripts.testbed.product import own_vocabulary

_BEFORE_S, _AFTER_S = 0.3, 1.2

NOTHING = "–"
"""What a mistake begins with where nothing was taken; why not follows."""


@dataclass
class Score:
    """What one engine made of one measure; counts are by what was said.

    Attributes:
        said: How often it was said.
        right: How often it was heard right; of contraries, how often it was not heard as them.
        confused: By what was said, and what it was taken for or why it was not taken.
        cpu_s: Processor time.
        audio_s: Sound.
    """

    said: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    cpu_s: float = 0.0
    audio_s: float = 0.0

    def add(self, other: Score) -> None:
        """Count another set's in."""
        self.said += other.said
        self.right += other.right
        self.confused += other.confused
        self.cpu_s += other.cpu_s
        self.audio_s += other.audio_s

    @property
    def rejected(self) -> int:
        """How often nothing was taken."""
        return sum(count for (_, heard), count in self.confused.items() if heard.startswith(NOTHING))


def measure(engine: Engine, found: RecordingSet) -> Score:
    """What an engine makes of a set: a recogniser for the whole set, as in a session."""
    score = Score()
    with _closing(engine.recogniser(())) as recogniser:
        if isinstance(found.grammar, str):
            sentences = own_vocabulary().named(found.grammar)
            judged: Callable[[Item, Samples], tuple[int | None, list[str]]] = partial(
                _commands, engine.listener(recogniser, sentences), sentences
            )
        else:
            recogniser.listen_for(found.grammar)
            judged = partial(_texts, recogniser)
        for item in found.items:
            sound = np.concatenate([silence(_BEFORE_S), item.sound(), silence(_AFTER_S)])
            begun = time.process_time()
            right, mistakes = judged(item, sound)
            score.cpu_s += time.process_time() - begun
            score.audio_s += len(sound) / RATE
            if right is not None:
                score.said[item.text] += item.times
                score.right[item.text] += right
                score.confused.update((item.text, heard) for heard in mistakes)
    return score


def _texts(recogniser: Recogniser, item: Item, sound: Samples) -> tuple[int, list[str]]:
    """By a closed grammar: every word has to be right."""
    heard = [transcript for block in _blocks(sound) for transcript in recogniser.accept(block)]
    finals = [
        t for t in [*heard, *recogniser.flush()] if isinstance(t, Final) and (t.words or t.rejected == "not a phrase")
    ]
    texts = [final.text for final in finals if final.rejected is None]
    if texts == [item.text] * item.times:
        return item.times, []
    right = min(item.times, texts.count(item.text)) if item.times > 1 else 0
    others = [text for text in texts if text != item.text]
    missing = item.times - len(texts)
    return right, [*others, *[NOTHING] * missing] if missing > 0 or others else ["too often"]


def _commands(listener: AnyListener, sentences: Sentences, item: Item, sound: Samples) -> tuple[int | None, list[str]]:
    """In a phase: exactly the command that was meant has to be taken, and of contraries, anything but that."""
    utterances = [u for block in _blocks(sound) for u in listener.accept(block)]
    utterances += listener.flush()
    taken = [utterance for utterance in utterances if utterance.command is not None]
    commands = [utterance.command for utterance in taken if utterance.command is not None]
    if item.contrary is not None:
        contrary = sentences.match(item.contrary)
        if contrary is None:
            return None, []  # nothing is done about it, so nothing can go wrong
        wrong = [command.text for command in commands if _means(command, contrary)]
        return int(not wrong), wrong
    meant = sentences.match(item.means or item.text)
    if meant is not None and [(each.intent, each.slots) for each in commands] == [(meant.intent, meant.slots)]:
        return 1, []
    why = sorted({f"{NOTHING} {utterance.rejected}" for utterance in utterances if utterance.rejected})
    return 0, [utterance.text for utterance in taken] or why[:1] or [NOTHING]


def _means(command: Command, contrary: Command) -> bool:
    """Whether a command does what another does, whatever else it says."""
    return command.intent == contrary.intent and contrary.slots.items() <= command.slots.items()


def _blocks(sound: Samples) -> Iterable[Samples]:
    return (sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK))


@contextmanager
def _closing(recogniser: Recogniser) -> Iterator[Recogniser]:
    try:
        yield recogniser
    finally:
        recogniser.close()
