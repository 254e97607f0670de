"""From hassil's expression trees to a graph of words that also knows what the words mean.

Two steps. First a graph of fragments: templates join text without regard to words ("stretch[es]"), so a word may be
put together from several of them. Then a graph of words, of which `CommonStates` merges what the same can follow from.
Sentences are never enumerated: n parts in any order become 2^n states, not n! paths.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from hassil.expression import (
    Alternative,
    Expression,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    Sequence,
    TextChunk,
)
from hassil.intents import RangeSlotList, SlotList, TextSlotList

from intents.letters import APOSTROPHE, plain
from intents.numbers import number_graph
from intents.spoken import LARGEST_NUMBER, NotSpoken, written_piece
from intents.tagged_graph import Tag, TaggedArc, Unspeakable, end_first, refuse_too_many
from intents.types import SlotValue

SPACE = " "
_JOINT = "\0"
"""A step between words that stays one: what may follow "one" and "one hundred" is there once, not behind each."""

_MOST_NUMBERS = 10_001


@dataclass(slots=True)
class _Fragments:
    """The first graph: arcs carry a fragment of a word, a space, or nothing."""

    arcs: list[list[TaggedArc]] = field(default_factory=list)

    def state(self) -> int:
        self.arcs.append([])
        refuse_too_many(self.arcs)
        return len(self.arcs) - 1

    def arc(
        self, source: int, target: int, text: str | None, log_prob: float = 0.0, tags: tuple[Tag, ...] = ()
    ) -> None:
        self.arcs[source].append(TaggedArc(target, text, log_prob, tags))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a template may refer to."""

    lists: Mapping[str, SlotList]
    rules: Mapping[str, Sentence]


def compile_template(language: str, tags: tuple[Tag, ...], sentence: Sentence, scope: Scope) -> list[list[TaggedArc]]:
    """The arcs of every state of one template's graph: 0 is the start, 1 the end.

    Args:
        language: For the words of numbers.
        tags: What it means, whatever is said.
        sentence: The template.
        scope: What it refers to.

    Raises:
        Unspeakable: It cannot be put into words, or refers to a list or rule that is not there.
    """
    return _Compiler(language, scope).graph(tags, sentence)


class _Compiler:
    """Makes one template's graph."""

    def __init__(self, language: str, scope: Scope) -> None:
        self._language = language
        self._scope = scope
        self._fragments = _Fragments()
        self._open_rules: list[str] = []

    def graph(self, tags: tuple[Tag, ...], sentence: Sentence) -> list[list[TaggedArc]]:
        start, end, begin = (self._fragments.state() for _ in range(3))
        self._fragments.arc(start, begin, SPACE, 0.0, tags)
        last = self._expression(sentence.expression, begin)
        self._fragments.arc(last, end, SPACE)
        arcs = _words(self._fragments.arcs, start, end)
        if _may_be_empty(arcs):
            without = [
                [a._replace(word=None) if a.word == _JOINT else a for a in leaving] for leaving in self._fragments.arcs
            ]
            arcs = _words(without, start, end)
        return arcs

    def _expression(self, expression: Expression, at: int) -> int:
        match expression:
            case TextChunk():
                return self._text(expression.text, at)
            case Alternative(items=items):
                end = self._fragments.state()
                for item in items:
                    branch = self._fragments.state()
                    self._fragments.arc(at, branch, None, -math.log(len(items)))
                    self._fragments.arc(self._expression(item, branch), end, _JOINT)
                return end
            case Permutation(items=items):
                return self._permutation(items, at)
            case Sequence(items=items):
                for item in items:
                    at = self._expression(item, at)
                return at
            case ListReference():
                return self._list(expression, at)
            case RuleReference(rule_name=name):
                return self._rule(name, at)
            case _:
                raise Unspeakable(f"The template holds a {type(expression).__name__}, which is not known here")

    def _text(self, text: str, at: int) -> int:
        try:
            for fragment in _fragments_of(text, self._language):
                at = self._step(at, fragment)
        except NotSpoken as error:
            raise Unspeakable(str(error)) from error
        return at

    def _step(self, at: int, text: str) -> int:
        target = self._fragments.state()
        self._fragments.arc(at, target, text)
        return target

    def _permutation(self, items: list[Expression], at: int) -> int:
        if len(items) > 12:
            raise Unspeakable(f"{len(items)} parts in any order are too many; at most 12 can be")
        states = {0: at}
        everything = (1 << len(items)) - 1
        for done in range(everything):
            if done not in states:
                continue
            missing = [index for index in range(len(items)) if not done >> index & 1]
            for index in missing:
                begin = self._fragments.state()
                self._fragments.arc(states[done], begin, None, -math.log(len(missing)))
                end = self._expression(items[index], begin)
                after = done | 1 << index
                if after not in states:
                    states[after] = self._fragments.state()
                self._fragments.arc(end, states[after], None)
        return states[everything]

    def _list(self, reference: ListReference, at: int) -> int:
        if reference.is_inline_range:
            inline = reference.get_inline_range()
            assert inline is not None
            values: SlotList = RangeSlotList(reference.list_name, *inline)
        elif reference.list_name in self._scope.lists:
            values = self._scope.lists[reference.list_name]
        else:
            raise Unspeakable(f"There is no list {{{reference.list_name}}}")
        end = self._fragments.state()
        if isinstance(values, RangeSlotList):
            self._range(reference, values, at, end)
        elif isinstance(values, TextSlotList):
            for value in values.values:
                begin = self._fragments.state()
                self._fragments.arc(at, begin, None, -math.log(len(values.values)))
                last = self._expression(value.text_in, begin)
                self._fragments.arc(last, end, None, 0.0, ((reference.slot_name, _plain(value.value_out)),))
        else:
            raise Unspeakable(
                f"The list {{{reference.list_name}}} takes any words at all; a recogniser needs to be told which"
            )
        return end

    def _range(self, reference: ListReference, values: RangeSlotList, at: int, end: int) -> None:
        many = (values.stop - values.start) // values.step + 1 if values.step > 0 else 0
        if not 0 < many <= _MOST_NUMBERS:
            raise Unspeakable(f"The range {{{reference.list_name}}} has {many} numbers; it needs 1 to {_MOST_NUMBERS}")
        numbers = list(values.get_numbers())
        if numbers and max(map(abs, numbers)) > LARGEST_NUMBER:
            raise Unspeakable(f"{numbers[-1]} is too large a number to be spoken")
        graph, begin = number_graph(self._language, reference.slot_name, values.multiplier, tuple(numbers))
        states = [end, *(self._fragments.state() for _ in graph[1:])]
        self._fragments.arc(at, states[begin], None)
        for source, leaving in zip(states, graph, strict=True):
            for arc in leaving:
                if arc.word is None:
                    self._fragments.arc(source, states[arc.target], _JOINT, arc.log_prob, arc.tags)
                    continue
                between = states[arc.target]
                if arc.target:
                    between = self._fragments.state()
                    self._fragments.arc(between, states[arc.target], SPACE)
                self._fragments.arc(source, between, arc.word, arc.log_prob, arc.tags)

    def _rule(self, name: str, at: int) -> int:
        if name not in self._scope.rules:
            raise Unspeakable(f"There is no rule <{name}>")
        if name in self._open_rules:
            raise Unspeakable(f"The rule <{name}> refers to itself: {' → '.join([*self._open_rules, name])}")
        self._open_rules.append(name)
        try:
            return self._expression(self._scope.rules[name].expression, at)
        finally:
            self._open_rules.pop()


@lru_cache(maxsize=16_384)  # the names of routines stand in hundreds of templates
def _fragments_of(text: str, language: str) -> tuple[str, ...]:
    """A piece of a template as fragments of words, and spaces."""
    pieces = re.findall(r"\s+|[^\s]+", plain(text))
    spoken = "".join(SPACE if piece.isspace() else written_piece(piece, language) for piece in pieces)
    return tuple(SPACE if part.isspace() else part for part in re.findall(r"\s+|[^\s]+", spoken))


def _plain(value: object) -> SlotValue:
    return value if isinstance(value, str | int | float) else str(value)


def _words(fragments: list[list[TaggedArc]], start: int, end: int) -> list[list[TaggedArc]]:
    """From fragments to words: between two spaces, all fragments are one word."""
    rank = {state: order for order, state in enumerate(end_first(fragments, start, end))}
    index: dict[int, int] = {start: 0, end: 1}
    arcs: list[list[TaggedArc]] = [[], []]
    todo = [start]
    while todo:
        source = todo.pop()
        for arc in _next_words(fragments, rank, source, end):
            if source == start and arc.target == end and arc.word is None:
                continue  # a sentence of which every part may be left out
            if arc.target not in index:
                index[arc.target] = len(arcs)
                arcs.append([])
                todo.append(arc.target)
            arcs[index[source]].append(TaggedArc(index[arc.target], arc.word, arc.log_prob, arc.tags))
    return arcs


def _may_be_empty(arcs: list[list[TaggedArc]]) -> bool:
    """Whether the end can be reached without a word."""
    reached, todo = {0}, [0]
    while todo:
        following = {arc.target for arc in arcs[todo.pop()] if arc.word is None} - reached
        reached |= following
        todo += following
    return 1 in reached


def _next_words(
    fragments: list[list[TaggedArc]], rank: Mapping[int, int], source: int, end: int
) -> Iterator[TaggedArc]:
    """All ways from one space to the next, or to the end; those that differ in nothing are one.

    Goes through the states from the start to the end, so that what comes together in one is added up before it is
    left: parts in any order, each of which may be left out, would otherwise be left out in n! ways.
    """
    mass: dict[tuple[int, str, tuple[Tag, ...]], float] = {(source, "", ()): 1.0}
    queue: list[tuple[int, int, tuple[int, str, tuple[Tag, ...]]]] = [(-rank[source], 0, (source, "", ()))]
    found: dict[tuple[int, str | None, tuple[Tag, ...]], float] = defaultdict(float)
    pushed = 0
    while queue:
        _, _, place = heapq.heappop(queue)
        at, word, tags = place
        here = mass.pop(place)
        spoken = word.strip(APOSTROPHE)  # as in what is typed: those round a word are quotes
        for arc in fragments[at]:
            reached = here * math.exp(arc.log_prob)
            all_tags = tags + arc.tags
            if arc.word == _JOINT and not spoken:
                found[arc.target, None, all_tags] += reached
                continue
            if arc.word == SPACE and (spoken or arc.target == end):
                if spoken and not any(map(str.isalnum, spoken)):
                    raise Unspeakable(f"{spoken!r} holds no letter")
                found[arc.target, spoken or None, all_tags] += reached
                continue
            longer = spoken if arc.word == SPACE else word + ("" if arc.word in {None, _JOINT} else arc.word or "")
            following = (arc.target, longer, all_tags)
            if following not in mass:
                pushed += 1
                refuse_too_many(range(pushed))
                heapq.heappush(queue, (-rank[arc.target], pushed, following))
            mass[following] = mass.get(following, 0.0) + reached
    for (target, complete, all_tags), reached in found.items():
        yield TaggedArc(target, complete, math.log(reached), all_tags)
