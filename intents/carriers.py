"""What is said around a command and has no part in what it means: before it, after it, in between, or said again.

All of it is added to the graph of the commands themselves, once for all of them. It is told by being ``aside``, so that
whoever matches prefers the reading with the least of it: a sentence that is a command by itself stays that command.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from intents.tagged_graph import Tag, TaggedArc

Arcs = list[list[TaggedArc]]

BEFORE = 0.1
"""How likely something is said before a command. Not often: a command by itself has to stay the likeliest."""

AFTER = 0.05
"""How likely something is said after it."""

IN_OTHER_FORM = 0.02
"""How likely its first word has another form, after words that ask for that."""

AGAIN = 0.02
"""How likely a short command is said twice or three times in a row."""

_SKIPPED = 0.02
_MOST_AGAIN = 64
_SKIPS_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """What may stand around every command.

    Attributes:
        before: The graphs of what may be said before it, in this order; each may be left out.
        after: The graphs of what may be said after it, likewise.
        before_form: The graph of what is said before a command whose first word has another form: "would you mind
            going back"; empty: nothing. What may be said before any command may stand before that, too.
        forms: Those forms, each with the word that it is a form of.
        skipped: Phrases that may stand anywhere, as words.
        again_words: The most words of a command that may be said again at once; 0: none may.
    """

    before: tuple[Arcs, ...] = ()
    after: tuple[Arcs, ...] = ()
    before_form: Arcs = field(default_factory=list)
    forms: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[tuple[str, ...], ...] = ()
    again_words: int = 0

    def joined(self, other: Frame) -> Frame:
        """Both together; what both have, once."""
        skipped = tuple(dict.fromkeys([*self.skipped, *other.skipped]))
        return Frame(
            self.before or other.before,
            self.after or other.after,
            self.before_form or other.before_form,
            self.forms or other.forms,
            skipped,
            max(self.again_words, other.again_words),
        )


def framed(core: Arcs, frame: Frame) -> Arcs:
    """The commands with what may stand around them.

    Args:
        core: The arcs of every state, 0 the start, 1 the end.
        frame: What may stand around them.
    """
    if frame.skipped:
        core = _skipping(core, frame.skipped)
    if not frame.before and not frame.after:
        return core
    arcs: Arcs = [[], []]
    begin = _copied(arcs, core)
    arcs[0].append(TaggedArc(begin[0], None, math.log1p(-BEFORE) if frame.before else 0.0))
    arcs[begin[1]].append(TaggedArc(1, None, math.log1p(-AFTER) if frame.after else 0.0))
    places = _in_order(arcs, frame.before, 0, begin[0], math.log(BEFORE))
    _in_order(arcs, frame.after, begin[1], 1, math.log(AFTER))
    if frame.before_form:
        other_form = len(arcs)
        arcs.append([])
        for place in (0, *places):
            arcs[place].append(TaggedArc(other_form, None, math.log(IN_OTHER_FORM)))
        _join(arcs, frame.before_form, other_form, _with_forms(arcs, begin[0], frame.forms), 0.0)
    return arcs


def _in_order(arcs: Arcs, graphs: Sequence[Arcs], start: int, end: int, log_prob: float) -> list[int]:
    """Adds graphs that are said in this order, one of them at least; gives the places after each."""
    begins = [len(arcs) + place for place in range(len(graphs))]
    arcs += [[] for _ in graphs]
    places = []
    for number, graph in enumerate(graphs):
        arcs[start].append(TaggedArc(begins[number], None, log_prob - math.log(len(graphs))))
        places.append(len(arcs))
        arcs.append([])
        _join(arcs, graph, begins[number], places[-1], 0.0)
        later = begins[number + 1 :]
        arcs[places[-1]].append(TaggedArc(end, None, math.log(0.5) if later else 0.0))
        arcs[places[-1]] += [TaggedArc(begin, None, math.log(0.5 / len(later))) for begin in later]
    return places


def _with_forms(arcs: Arcs, start: int, forms: Mapping[str, str]) -> int:
    """Adds a state from which the commands go on that begin with a word that has another form, said in that form."""
    leaving: dict[str, list[TaggedArc]] = defaultdict(list)
    for arc in arcs[start]:
        if arc.word is not None and not arc.aside:
            leaving[arc.word].append(arc)
    arcs.append([arc._replace(word=form) for form, word in forms.items() for arc in leaving[word]])
    return len(arcs) - 1


def _copied(arcs: Arcs, graph: Arcs) -> list[int]:
    """Adds a graph as it is; gives the new number of each of its states."""
    first = len(arcs)
    arcs += [[TaggedArc(arc.target + first, *arc[1:]) for arc in leaving] for leaving in graph]
    return list(range(first, len(arcs)))


def _join(arcs: Arcs, graph: Arcs, start: int, end: int, log_prob: float) -> None:
    """Adds a graph between two states, as something said aside."""
    numbers = {0: start, 1: end}
    for state in range(2, len(graph)):
        numbers[state] = len(arcs)
        arcs.append([])
    for state, leaving in enumerate(graph):
        arcs[numbers[state]] += [
            TaggedArc(numbers[a.target], a.word, a.log_prob + (0.0 if state else log_prob), (), aside=True)
            for a in leaving
        ]


def _skipping(core: Arcs, phrases: Sequence[Sequence[str]]) -> Arcs:
    """The commands with phrases that may stand between any two words of them: up to two in a row."""
    arcs: Arcs = [[], []]
    numbers = _copied(arcs, core)
    arcs[0].append(TaggedArc(numbers[0], None, 0.0))
    arcs[numbers[1]].append(TaggedArc(1, None, 0.0))
    for state in numbers:
        onwards, at = list(arcs[state]), state
        for _ in range(_SKIPS_IN_A_ROW):
            after = len(arcs)
            arcs.append(list(onwards))
            for phrase in phrases:
                _add_words(arcs, at, after, phrase, math.log(_SKIPPED / len(phrases)))
            at = after
    return arcs


def _add_words(
    arcs: Arcs, start: int, end: int, words: Sequence[str], log_prob: float, tags: tuple[Tag, ...] | None = None
) -> None:
    """Adds words in a row between two states; aside unless they have tags."""
    for place, word in enumerate(words):
        target = end
        if place < len(words) - 1:
            target = len(arcs)
            arcs.append([])
        first = place == 0
        arcs[start].append(
            TaggedArc(target, word, log_prob if first else 0.0, (tags or ()) if first else (), aside=tags is None)
        )
        start = target


def said_again(graph: Arcs, most_words: int) -> Arcs:
    """A template's graph with its short sentences said twice or three times, too.

    Args:
        graph: The arcs of every state, 0 the start, 1 the end.
        most_words: The most words of a sentence that may be said again; templates with very many are left as they are.
    """
    short = []
    for sentence in _short_sentences(graph, most_words):
        short.append(sentence)
        if len(short) > _MOST_AGAIN:
            return graph
    arcs = [list(leaving) for leaving in graph]
    for words, tags, log_prob in short:
        once, twice = len(arcs), len(arcs) + 1
        arcs += [[], []]
        _add_words(arcs, 0, once, words, log_prob + math.log(AGAIN), tags)
        _add_words(arcs, once, twice, words, 0.0)
        arcs[twice].append(TaggedArc(1, None, math.log(0.5)))
        _add_words(arcs, twice, 1, words, math.log(0.5))
    return arcs


def _short_sentences(graph: Arcs, most_words: int) -> Iterator[tuple[list[str], tuple[Tag, ...], float]]:
    todo: list[tuple[int, list[str], tuple[Tag, ...], float]] = [(0, [], (), 0.0)]
    while todo:
        state, words, tags, log_prob = todo.pop()
        if state == 1:
            yield words, tags, log_prob
            continue
        for arc in graph[state]:
            longer = [*words, arc.word] if arc.word else words
            if len(longer) <= most_words:
                todo.append((arc.target, longer, tags + arc.tags, log_prob + arc.log_prob))
