"""Sentence templates, compiled: from text to `Command`, and to the grammar that a recogniser is driven from.

Matching walks our own graph of words, since the same graph drives
the recognisers: what they can hear is exactly what is understood.
"""

from __future__ import annotations

import math
import reprlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from hassil.errors import HassilError
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from intents.carriers import Arcs, Frame, framed, said_again
from intents.compile import Scope, compile_template
from intents.compiled import Compiled, Origin
from intents.graph import WordGraph
from intents.spoken import typed_words
from intents.tagged_graph import INTENT, CommonStates, Tag, TaggedArc, Unspeakable, slots_of
from intents.types import Command, SentencesError, SlotValue

_SELDOM = 4.0
"""How much less likely all seldom ways to say something are together, in nats, than the usual ones."""

_IN_ERRORS = reprlib.Repr()
_IN_ERRORS.maxstring = 120

Reached = dict[int, tuple[float, tuple[Any, ...]]]
"""States, each with the likeliest way there: its log probability and its tags."""

_BEHIND = "\0"  # stands between an intent and what must be the case

_ASIDE = 1e3
"""What each word costs in matching that has no part in the meaning: far more than any sentence."""


@dataclass(frozen=True)
class Block:
    """One ``data`` entry of an intent.

    Attributes:
        path: Its file.
        intent: The intent's name.
        texts: Its templates.
        slots: The slots that it fills, whatever is said.
        requires: What must be the case.
        excludes: What must not be the case.
        seldom: Whether these are the less usual ways: they take nothing from the likelihood of the others.
        decoy: Whether these are heard and not taken: what resembles a command and is none.
        again_words: The most words of a sentence that may be said again at once.
        scope: What its templates refer to.
        states: Where its graphs are put together.
        place: Its number among the blocks that were loaded with it.
    """

    path: str
    intent: str
    texts: tuple[str, ...]
    slots: Mapping[str, SlotValue]
    requires: Mapping[str, Any]
    excludes: Mapping[str, Any]
    seldom: bool
    decoy: bool
    again_words: int
    scope: Scope
    states: CommonStates
    place: int
    begins: dict[str, list[TaggedArc]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def told(self) -> str:
        """What its graphs are tagged with: the intent, and what must be the case, which other blocks may differ in."""
        conditions = f"{_BEHIND}{dict(self.requires)}{dict(self.excludes)}" if self.requires or self.excludes else ""
        return self.intent + conditions

    def begin(self, text: str, language: str) -> list[TaggedArc]:
        """Where the graph of one of its templates begins; made once, as most phases take the same ones.

        Raises:
            SentencesError: It is no valid template.
        """
        if text not in self.begins:
            try:
                tags: tuple[Tag, ...] = ((INTENT, self.told), *self.slots.items())
                graph = compile_template(language, tags, parse_sentence(text), self.scope)
                self.begins[text] = self.states.take(said_again(graph, self.again_words))
            except Unspeakable as error:
                raise _bad_sentence(self, text, f"{error}.") from error
            except (ParseError, HassilError, AssertionError, ValueError, RecursionError) as error:
                raise _bad_sentence(self, text, f"It is no valid template: {error}.") from error
        return self.begins[text]


class Sentences:
    """A set of sentence templates, perhaps restricted to some intents and a context.

    ``phase`` is the phase of that context, if it has one; ``answers`` is whether a question has been asked in it.
    """

    def __init__(
        self,
        language: str,
        blocks: Sequence[Block],
        frame: Frame | None = None,
        costs: Mapping[str, float] | None = None,
        among: Sentences | None = None,
        origin: Origin | None = None,
        phase: str | None = None,
        answers: bool = False,
    ) -> None:
        self._language = language
        self._blocks = tuple(blocks)
        self._frame = frame or Frame()
        self._costs = dict(costs or {})
        self._among = among
        self._origin = origin
        self.phase = phase
        self.answers = answers
        self._latest: tuple[Sequence[str], Reached] | None = None
        self._taken = None if among is None else frozenset(block.told for block in blocks)

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents that can be meant, in the order of the files."""
        return tuple(dict.fromkeys(block.intent for block in self._blocks if not block.decoy))

    @cached_property
    def _decoys(self) -> frozenset[str]:
        return frozenset(block.intent for block in self._blocks if block.decoy)

    def only(self, intents: Collection[str] | None, context: Mapping[str, Any] | None = None) -> Sentences:
        """The sentences of these intents (None: of all) whose ``requires_context`` this context meets.

        Args:
            intents: Names of intents; decoys stay whatever these are.
            context: What is the case. None: no sentence is left out on its account.
        """
        return self._with(
            [
                block
                for block in self._blocks
                if (intents is None or block.decoy or block.intent in intents)
                and (context is None or _fits(block, context))
            ],
            phase=None if context is None else context.get("phase"),
            answers=None if context is None else context.get("asked"),
        )

    def any_of(self, parts: Iterable[Sentences]) -> Sentences:
        """The sentences that are in one of some parts of these."""
        found = {id(block) for part in parts for block in part._blocks}
        return self._with([block for block in self._blocks if id(block) in found])

    def among(self, others: Sentences) -> Sentences:
        """These sentences, heard among others: all of the others are in the grammar, and only these are taken.

        Args:
            others: Sentences of the same files, all of these among them; their grammar is the same object for all that
                is heard among them.
        """
        return self._with(self._blocks, among=others)

    def alone(self) -> Sentences:
        """The same sentences, in a grammar of their own."""
        return self if self._among is None else self._alone

    @cached_property
    def _alone(self) -> Sentences:
        return self._with(self._blocks)

    def weighted(self, costs: Mapping[str, float]) -> Sentences:
        """The same sentences, some of them easier or harder to trigger.

        Args:
            costs: By intent, how much less likely it is than the others, as a natural logarithm; below 0, more likely.
                By template, as it is written in the file: the same for that one, on top of its intent's.
        """
        return self._with(self._blocks, costs=costs)

    def usual(self) -> Sentences:
        """The usual ways to say it alone, with nothing around them but skip words; the same object each time."""
        return self._usual

    @cached_property
    def _usual(self) -> Sentences:
        blocks = [replace(block, again_words=0, begins={}) for block in self._blocks if not block.seldom]
        others = self._among.usual() if self._among is not None else None
        return self._with(blocks, frame=Frame(skipped=self._frame.skipped), among=others)

    def unframed(self) -> Sentences:
        """The same sentences without anything around them."""
        return self._with(self._blocks, frame=Frame())

    def _with(
        self,
        blocks: Sequence[Block],
        *,
        frame: Frame | None = None,
        costs: Mapping[str, float] | None = None,
        among: Sentences | None = None,
        phase: str | None = None,
        answers: bool | None = None,
    ) -> Sentences:
        """Others of the same origin."""
        costs = self._costs if costs is None else costs
        frame = self._frame if frame is None else frame
        answers = self.answers if answers is None else answers
        return Sentences(self._language, blocks, frame, costs, among, self._origin, phase or self.phase, answers)

    def graph(self) -> WordGraph:
        """The grammar; made once."""
        return self._graph

    def index(self) -> None:
        """Do now what takes time the first time that something is matched."""
        _ = self._compiled

    def match(self, text: str) -> Command | None:
        """What a sentence means, or None if it is none of these.

        Args:
            text: The whole utterance; case, punctuation and whether numbers are written in figures don't matter.
        """
        words = typed_words(text, self._language)
        slots = self._meant(words)
        if slots is None:
            return None
        intent = _intent_of(slots.pop(INTENT))
        return None if intent in self._decoys else Command(intent, slots, " ".join(words))

    def is_decoy(self, text: str) -> bool:
        """Whether a sentence is one of those that are heard and not taken: the contrary of a command, or near to it."""
        slots = self._meant(typed_words(text, self._language))
        return slots is not None and _intent_of(slots[INTENT]) in self._decoys

    def _meant(self, words: Sequence[str]) -> dict[str, SlotValue] | None:
        """The slots of the likeliest sentence of these words, its intent among them; None if it is none."""
        best = self._reached(words)
        return slots_of(best[1][1]) if words and 1 in best else None

    def may_say_more(self, text: str) -> bool:
        """Whether more words may fill further slots of a sentence that has some: "ten more", "ten more seconds"."""
        slots = self._meant(words := typed_words(text, self._language))
        if slots is None or len(slots) == 1:
            return False
        return any(
            state != 1 and (self._compiled.slots_follow[state] or dict(tags).keys() - slots.keys())
            for state, tags in self._within(words)
            if _intent_of(slots[INTENT]) in self._may_mean(state, tags)
        )

    def leads_to(self, text: str, *, around: bool = False) -> frozenset[str]:
        """The intents of all sentences that begin with these words, or are these words; none if no sentence does.

        Args:
            text: The beginning of an utterance, as for `match`.
            around: Whether words that may begin a sentence by themselves count as what is said before others, too.
        """
        reached = self._within(typed_words(text, self._language), around=around)
        return frozenset[str]().union(*(self._may_mean(state, tags) for state, tags in reached))

    def _within(self, words: Sequence[str], *, around: bool = False) -> list[tuple[int, tuple[Any, ...]]]:
        """States that these words lead to, with their tags; unless asked, those with the fewest words around others."""
        reached = self._reached(words)
        least_aside = max((log_prob for log_prob, _ in reached.values()), default=0.0) - _ASIDE / 2
        return [(state, tags) for state, (log_prob, tags) in reached.items() if around or log_prob >= least_aside]

    def _may_mean(self, state: int, tags: tuple[Any, ...]) -> frozenset[str]:
        """The intents that a sentence may have that has come to a state with these tags."""
        told = dict(tags).get(INTENT)
        found = self._compiled.told_from[state] if told is None else {str(told)}
        return frozenset(_intent_of(told) for told in found if self._taken is None or told in self._taken)

    def _reached(self, words: Sequence[str]) -> Reached:
        """States that these words lead to, each with the likeliest way there: its probability and its tags.

        The latest words are remembered: of a partial result both questions are asked, fifty times a second.
        """
        latest = self._latest
        if latest is None or latest[0] != words:
            latest = self._latest = (words, self._reached_by(words))
        return latest[1]

    def _reached_by(self, words: Sequence[str]) -> Reached:
        best = self._through_silence({0: (0.0, ())})
        for word in words:
            reached: Reached = {}
            for state, (log_prob, tags) in best.items():
                for arc in self._compiled.arcs.leaving(state, word):
                    if self._takes(arc):
                        _keep(reached, arc, log_prob, tags)
            best = self._through_silence(reached)
        return best

    def _through_silence(self, states: Reached) -> Reached:
        todo = list(states)
        while todo:
            state = todo.pop()
            log_prob, tags = states[state]
            silent = self._compiled.arcs.leaving(state, None)
            todo += [arc.target for arc in silent if self._takes(arc) and _keep(states, arc, log_prob, tags)]
        return states

    def _takes(self, arc: TaggedArc) -> bool:
        """Whether a step may lead to one of these sentences: not if it is told there that it leads to another one."""
        if self._taken is None:
            return True
        return all(name != INTENT or value in self._taken for name, value in arc.tags)

    @cached_property
    def _compiled(self) -> Compiled:
        if self._among is not None:
            return self._among._compiled
        if self._origin is None:
            return self._made()
        parts = (self._frame.before, self._frame.after, self._frame.skipped)
        blocks = [(block.place, block.again_words) for block in self._blocks]
        return self._origin.compiled(repr((blocks, list(map(len, parts)), sorted(self._costs.items()))), self._made)

    def _made(self) -> Compiled:
        begins: list[tuple[float, list[TaggedArc]]] = []
        blocks = Counter((block.intent, block.seldom) for block in self._blocks)
        for block in self._blocks:
            # Every intent gets the same share, however many ways there are to say it.
            like = blocks[block.intent, block.seldom]
            share = -math.log((len(self.intents) or 1) * like * len(block.texts))
            share -= self._costs.get(block.intent, 0.0) + (_SELDOM if block.seldom else 0.0)
            begins += [(share - self._costs.get(text, 0.0), block.begin(text, self._language)) for text in block.texts]
        states = self._blocks[0].states if self._blocks else CommonStates()
        arcs: Arcs = framed(states.united(begins), self._frame) if begins else [[], []]
        return Compiled.of(arcs)

    @cached_property
    def _graph(self) -> WordGraph:
        if self._among is not None:
            return self._among.graph()
        compiled = self._compiled
        return WordGraph(compiled.arcs.states, 1, compiled.arcs, compiled.may_go_on, self.may_say_more)


def _keep(reached: Reached, arc: TaggedArc, log_prob: float, tags: tuple[Any, ...]) -> bool:
    total = log_prob + arc.log_prob - (_ASIDE if arc.aside and arc.word is not None else 0.0)
    if arc.target in reached and reached[arc.target][0] >= total:
        return False
    reached[arc.target] = (total, tags + arc.tags)
    return True


def _intent_of(told: object) -> str:
    """The intent that a tag tells; see `Block.told`."""
    return str(told).partition(_BEHIND)[0]


def _fits(block: Block, context: Mapping[str, Any]) -> bool:
    required = all(_meets(context.get(name), value) for name, value in block.requires.items())
    return required and not any(_meets(context.get(name), value) for name, value in block.excludes.items())


def _meets(actual: object, wanted: object) -> bool:
    if isinstance(wanted, dict):  # hassil: {value: x, slot: true}
        wanted = wanted.get("value")
    if wanted is None:
        return actual is not None
    return actual in wanted if isinstance(wanted, list) else actual == wanted


def _bad_sentence(block: Block, text: str, why: str) -> SentencesError:
    place = _line_of(block.path, text)
    shown = _IN_ERRORS.repr(text)
    return SentencesError(block.path, f"{place}In {block.intent}, sentence {shown}: {why}", "Correct that sentence.")


def _line_of(path: str, text: str) -> str:
    """Where in its file a template stands; nothing if that can't be told."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((f"Line {number}: " for number, line in enumerate(lines, 1) if text and text in line), "")
