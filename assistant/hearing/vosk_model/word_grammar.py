"""A ``Gr.fst`` for a model whose words are given: it decodes exactly the sentences, and rejects the rest.

Vosk makes pairs of neighbouring words of a grammar that it is given at run time: phrases recombine, and whatever is
said comes out as something. The graph that a model brings in ``Gr.fst`` is taken as it is, so the sentences go there.
Beside them run the model's own common words, each as likely as the model has it; they read a word and write ``[unk]``.
The words' sounds, and silence between them, are the lexicon's (``HCLr.fst``), which is not touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.hearing.vosk_model.filler import LITTLE_WORD_COST, SAME_SOUND_COST
from assistant.hearing.vosk_model.graph_parts import ModelFiles
from assistant.hearing.vosk_model.known_words import KnownWords
from assistant.hearing.vosk_model.openfst import EPSILON, Fst
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD
from assistant.hearing.vosk_model.sentence_graph import EARLY_END
from assistant.hearing.vosk_model.word_pairs import sorted_bytes
from intents.graph import WordGraph

Spellings = Mapping[str, Sequence[Sequence[str]]]
"""Each word of the sentences with the ways to say it in the model's words; none where there is no way."""

_UNKNOWN_WORDS = (UNKNOWN_WORD, "<unk>", "<UNK>")


@dataclass(frozen=True)
class WordFiller:
    """What else may be said; costs are natural logarithms.

    Attributes:
        cost: What leaving the sentences costs, once: the rejection knob.
        words: How many of the model's words are in it, the commonest first.
        alike: Words of the model that sound like one of the sentences' words: "know" shall not stand in for "no".
    """

    cost: float
    words: int = 6_000
    alike: Collection[str] = ()


def word_grammar_files(
    known: KnownWords, graph: WordGraph, spellings: Spellings, filler: WordFiller | None
) -> ModelFiles:
    """The grammar and the table of words, for the ``graph/`` part of a model.

    Args:
        known: The model's words.
        graph: The sentences. Those with a word that has no spelling can't be heard.
        spellings: Of every word of the sentences.
        filler: What else may be said; None leaves it out: everything is heard as a sentence.
    """
    unknown = known.ids.get(UNKNOWN_WORD, max(known.ids.values()) + 1)
    fst = Fst()
    places = [fst.add_state() for _ in range(graph.states)]
    fst.finals[places[graph.final]] = 0.0
    fst.finals[places[0]] = 0.0  # nothing but silence is an end, too, else it would end as a stray word
    for arc in graph.arcs:
        source, target = places[arc.source], places[arc.target]
        if arc.word is None:
            early = arc.source in graph.may_go_on and arc.target in graph.ends - graph.may_go_on
            fst.add_arc(source, target, cost=(EARLY_END if early else 0.0) - arc.log_prob)
            continue
        for spelling in spellings.get(arc.word, ()):
            _add_word(fst, source, target, [known.ids[word] for word in spelling], -arc.log_prob)
    if filler is not None:
        _add_filler(fst, places[0], known, _dearer(known, graph, filler), filler, unknown)
    numbered = {"<eps>": EPSILON, **known.ids, UNKNOWN_WORD: unknown}
    lines = [f"{word} {number}\n" for word, number in sorted(numbered.items(), key=lambda item: item[1])]
    return {"graph/Gr.fst": sorted_bytes(fst), "graph/words.txt": "".join(lines).encode("utf-8")}


def _add_word(fst: Fst, source: int, target: int, ids: Sequence[int], cost: float) -> None:
    state = source
    for place, number in enumerate(ids):
        reached = target if place == len(ids) - 1 else fst.add_state()
        fst.add_arc(state, reached, number, number, cost if place == 0 else 0.0)
        state = reached


def _dearer(known: KnownWords, graph: WordGraph, filler: WordFiller) -> dict[int, float]:
    """The least that words cost in the filler which sound like one of the sentences; see `filler.SAME_SOUND_COST`."""
    alone = graph.single_words
    exempt_up_to = LITTLE_WORD_COST if alone else 0.0
    least: dict[int, float] = {}
    for word in {*graph.words, *filler.alike} & known.ids.keys():
        number = known.ids[word]
        if word in alone or word in filler.alike or known.costs.get(number, 0.0) > exempt_up_to:
            least[number] = SAME_SOUND_COST
    return least


def _add_filler(
    fst: Fst, start: int, known: KnownWords, least: Mapping[int, float], filler: WordFiller, unknown: int
) -> None:
    before, after = fst.add_state(), fst.add_state()
    fst.add_arc(start, before, cost=filler.cost)
    words = dict(known.commonest(filler.words))
    for name in _UNKNOWN_WORDS:  # the model's own word for whatever it has no word for
        if name in known.ids:
            words.setdefault(known.ids[name], SAME_SOUND_COST)
    for number, cost in words.items():
        fst.add_arc(before, after, number, unknown, max(cost, least.get(number, 0.0)))
    fst.add_arc(after, before)
    fst.finals[after] = 0.0
