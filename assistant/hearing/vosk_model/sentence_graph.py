"""A graph that has the sentences compiled into it: Vosk decodes exactly these, and takes no grammar.

One state for each place between words. A word is its phones in a row; it is paid for on the first of them, so that an
unlikely one is dropped early, and written on the last, so that no partial result has a word that has only begun. After
each word there may be silence. Where a sentence may end or go on to mean something else, ending costs as much as tells
Kaldi's endpoint rules apart: it is waited longer for more. Beside the sentences runs a filler, the word ``[unk]``:
what fits no sentence is heard as that. Nothing is determinised; it isn't needed at this size.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from assistant.hearing.vosk_model.filler import Filler, Pronunciation, add_filler
from assistant.hearing.vosk_model.graph_parts import (
    ModelFiles,
    Pause,
    Pronunciations,
    add_phone,
    add_silence,
    table_files,
)
from assistant.hearing.vosk_model.openfst import EPSILON, Fst, const_bytes
from assistant.hearing.vosk_model.phones import IN_PART, IN_PASSING, UNKNOWN_WORD, PhoneSet, PronunciationMissing
from intents.graph import Arc, WordGraph

Drowned = Mapping[str, Sequence[Pronunciation]]
"""Per word, the phones that may be left of it, each way as likely as the whole word."""

NOTHING_DROWNED: Drowned = {}

EARLY_END = 3.0
"""What it costs to end a sentence that may go on; see `Endpointing`. As small as it may be, for it is a bias, too."""


def sentence_graph_files(
    phones: PhoneSet,
    graph: WordGraph,
    pronunciations: Pronunciations,
    filler: Filler | None,
    silence_probability: float = 0.5,
    drowned: Drowned = NOTHING_DROWNED,
) -> ModelFiles:
    """The ``graph/`` part of a model for these sentences alone.

    Args:
        phones: The model's phones.
        graph: The sentences.
        pronunciations: At least one for every word of the graph.
        filler: What else may be said. None leaves it out: everything is heard as a sentence. An urgent word of it that
            is recognised has `IN_PASSING` behind it.
        silence_probability: How likely silence is before the first and after each word, within 0 to 1.
        drowned: What is heard of some words where something louder covers a part of them. A word that is recognised by
            that has `IN_PART` behind it.

    Raises:
        PronunciationMissing: A word has none, or one with an unknown phone.
    """
    word_ids = {word: number for number, word in enumerate(sorted(graph.words), 1)}
    if filler is not None:
        word_ids[UNKNOWN_WORD] = len(word_ids) + 1
    for word in sorted(graph.words & drowned.keys()):
        word_ids[word + IN_PART] = len(word_ids) + 1
    urgent_ids: dict[str, int] = {}
    for spelling, _, _ in filler.urgent if filler is not None else ():
        urgent_ids[spelling] = word_ids.setdefault(spelling + IN_PASSING, len(word_ids) + 1)
    builder = _SentenceFst(phones, pronunciations, word_ids, Pause(silence_probability), graph, drowned)
    builder.add_arcs(graph.arcs)
    if filler is not None:
        builder.add_filler(word_ids[UNKNOWN_WORD], filler, urgent_ids)
    return {"graph/HCLG.fst": const_bytes(builder.fst), **table_files(phones, word_ids)}


class _SentenceFst:
    def __init__(
        self,
        phones: PhoneSet,
        pronunciations: Pronunciations,
        word_ids: dict[str, int],
        pause: Pause,
        graph: WordGraph,
        drowned: Drowned,
    ) -> None:
        self.fst = Fst()
        self._phones = phones
        self._pronunciations = pronunciations
        self._word_ids = word_ids
        self._pause = pause
        self._drowned = drowned
        self._silences: dict[int, int] = {}
        self._ends, self._may_go_on = graph.ends, graph.may_go_on
        self._alone = graph.single_words
        self._ids: dict[tuple[str, ...], list[int]] = {}
        self._start = self.fst.add_state()
        self._places = [self.fst.add_state() for _ in range(graph.states)]
        self.fst.finals[self._places[graph.final]] = 0.0
        self._pause_between(self._start, self._places[0])
        # Silence alone is a way to the end too, else it could only end as a filler of two stray phones.
        self.fst.finals[self._silences[self._places[0]]] = 0.0

    def add_arcs(self, arcs: Iterable[Arc]) -> None:
        """Add the sentences; a word that leads from one place to several has its phones once."""
        spoken: dict[tuple[int, str], list[tuple[int, float]]] = defaultdict(list)
        ends_at_once = self._ends - self._may_go_on
        for arc in arcs:
            if arc.word is not None:
                spoken[arc.source, arc.word].append((self._places[arc.target], -arc.log_prob))
                continue
            early = arc.source in self._may_go_on and arc.target in ends_at_once
            cost = (EARLY_END if early else 0.0) - arc.log_prob
            self.fst.add_arc(self._places[arc.source], self._places[arc.target], cost=cost)
        for (source, word), targets in spoken.items():
            self._add_words(self._places[source], word, targets)

    def _add_words(self, source: int, word: str, targets: Sequence[tuple[int, float]]) -> None:
        choices = self._pronunciations.get(word, ())
        if not choices:
            raise PronunciationMissing(
                f"The word '{word}' can't be put into a recognition graph.",
                "It has no pronunciation.",
                "Add its pronunciation.",
            )
        for choice in choices:
            self._add_word(source, targets, word, choice, math.log(len(choices)))
        for rest in self._drowned.get(word, ()):
            self._add_word(source, targets, word + IN_PART, rest, 0.0)

    def _add_word(
        self, source: int, targets: Sequence[tuple[int, float]], word: str, choice: Sequence[str], cost: float
    ) -> None:
        least = min(more for _, more in targets)
        cost += least
        state = source
        pronunciation = tuple(choice)
        if pronunciation not in self._ids:  # most words stand in many places
            self._ids[pronunciation] = self._phones.in_word(word, choice)
        ids = self._ids[pronunciation]
        for place, phone in enumerate(ids):
            written = self._word_ids[word] if place == len(ids) - 1 else EPSILON
            state = add_phone(self.fst, state, phone, written, cost if place == 0 else 0.0)
        for target, more in targets:
            self._pause_between(state, target, more - least)

    def add_filler(self, word: int, filler: Filler, urgent_ids: Mapping[str, int]) -> None:
        """Add what else may be said."""
        spoken: dict[Pronunciation, bool] = {}
        for known, choices in self._pronunciations.items():
            for choice in choices:
                spoken[tuple(choice)] = spoken.get(tuple(choice), False) or known in self._alone
        add_filler(self.fst, self._phones, filler, self._start, word, self._pause, spoken, urgent_ids)

    def _pause_between(self, source: int, target: int, cost: float = 0.0) -> None:
        if target not in self._silences:
            self._silences[target] = add_silence(self.fst, target)
        self._pause.add(self.fst, source, target, self._silences[target], cost)
