"""Sentence templates, loaded: from text to `Command`, and to the grammar that a recogniser is driven from.

Files are hassil's YAML and are parsed by hassil. Matching walks our own graph of words, since the same graph drives
the recognisers: what they can hear is exactly what is understood.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from hassil.errors import HassilError
from hassil.expression import Sentence
from hassil.intents import IntentData, Intents, SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from intents.compile import Scope, compile_template
from intents.graph import Arc, WordGraph
from intents.language import ENGLISH, Language
from intents.letters import plain
from intents.tagged_graph import INTENT, CommonStates, TaggedArc, Unspeakable, may_go_on
from intents.types import Command, SentencesError, SlotValue

Lists = Mapping[str, Sequence[tuple[str, SlotValue]]]

_MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class _Block:
    """One ``data`` entry of an intent."""

    path: str
    intent: str
    texts: tuple[str, ...]
    slots: Mapping[str, SlotValue]
    requires: Mapping[str, Any]
    excludes: Mapping[str, Any]
    scope: Scope
    states: CommonStates
    begins: dict[str, list[TaggedArc]] = field(default_factory=dict, compare=False, repr=False)

    def begin(self, text: str, language: str) -> list[TaggedArc]:
        """Where the graph of one of its templates begins; made once, as most phases take the same ones.

        Raises:
            SentencesError: It is no valid template.
        """
        if text not in self.begins:
            try:
                self.begins[text] = self.states.take(
                    compile_template(language, self.intent, self.slots, parse_sentence(text), self.scope)
                )
            except Unspeakable as error:
                raise _bad_sentence(self, text, f"{error}.") from error
            except (ParseError, HassilError, AssertionError, ValueError, RecursionError) as error:
                raise _bad_sentence(self, text, f"It is no valid template: {error}.") from error
        return self.begins[text]


class Sentences:
    """A set of sentence templates, perhaps restricted to some intents and a context."""

    def __init__(self, language: str, blocks: Sequence[_Block], costs: Mapping[str, float] | None = None) -> None:
        self._language = language
        self._blocks = tuple(blocks)
        self._costs = dict(costs or {})

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents that can be meant, in the order of the files."""
        return tuple(dict.fromkeys(block.intent for block in self._blocks))

    def only(self, intents: Collection[str] | None, context: Mapping[str, Any] | None = None) -> Sentences:
        """The sentences of these intents (None: of all) whose ``requires_context`` this context meets.

        Args:
            intents: Names of intents.
            context: What is the case. None: no sentence is left out on its account.
        """
        return Sentences(
            self._language,
            [
                block
                for block in self._blocks
                if (intents is None or block.intent in intents) and (context is None or _fits(block, context))
            ],
            self._costs,
        )

    def weighted(self, costs: Mapping[str, float]) -> Sentences:
        """The same sentences, some of them easier or harder to trigger.

        Args:
            costs: By intent, how much less likely it is than the others, as a natural logarithm; below 0, more likely.
                By template, as it is written in the file: the same for that one, on top of its intent's.
        """
        return Sentences(self._language, self._blocks, costs)

    def graph(self) -> WordGraph:
        """The grammar; made once."""
        return self._graph

    def match(self, text: str) -> Command | None:
        """What a sentence means, or None if it is none of these.

        Args:
            text: The whole utterance; case and doubled spaces don't matter.
        """
        words = plain(text).split()
        best = self._reached(words)
        if not words or 1 not in best:
            return None
        tags = best[1][1]
        slots = dict(tags)
        return Command(str(slots.pop(INTENT)), slots, " ".join(words))

    def leads_to(self, text: str) -> frozenset[str]:
        """The intents of all sentences that begin with these words, or are these words; none if no sentence does.

        Args:
            text: The beginning of an utterance; case and doubled spaces don't matter.
        """
        found: set[str] = set()
        for state, (_, tags) in self._reached(plain(text).split()).items():
            told = dict(tags).get(INTENT)
            found |= self._intents_from[state] if told is None else {str(told)}
        return frozenset(found)

    def _reached(self, words: Sequence[str]) -> dict[int, tuple[float, tuple[Any, ...]]]:
        """States that these words lead to, each with the likeliest way there: its probability and its tags."""
        best = self._through_silence({0: (0.0, ())})
        for word in words:
            reached: dict[int, tuple[float, tuple[Any, ...]]] = {}
            for state, (log_prob, tags) in best.items():
                for arc in self._by_word[state].get(word, ()):
                    _keep(reached, arc, log_prob, tags)
            best = self._through_silence(reached)
        return best

    def _through_silence(
        self, states: dict[int, tuple[float, tuple[Any, ...]]]
    ) -> dict[int, tuple[float, tuple[Any, ...]]]:
        todo = list(states)
        while todo:
            state = todo.pop()
            log_prob, tags = states[state]
            silent = self._by_word[state].get(None, ())
            todo += [arc.target for arc in silent if _keep(states, arc, log_prob, tags)]
        return states

    @cached_property
    def _arcs(self) -> list[list[TaggedArc]]:
        begins: list[tuple[float, list[TaggedArc]]] = []
        for block in self._blocks:
            # Every intent gets the same share, however many ways there are to say it.
            blocks = sum(1 for other in self._blocks if other.intent == block.intent)
            share = -math.log(len(self.intents) * blocks * len(block.texts)) - self._costs.get(block.intent, 0.0)
            begins += [(share - self._costs.get(text, 0.0), block.begin(text, self._language)) for text in block.texts]
        states = self._blocks[0].states if self._blocks else CommonStates()
        return states.united(begins)

    @cached_property
    def _by_word(self) -> list[dict[str | None, list[TaggedArc]]]:
        indexed: list[dict[str | None, list[TaggedArc]]] = []
        for arcs in self._arcs:
            by_word: dict[str | None, list[TaggedArc]] = {}
            for arc in arcs:
                by_word.setdefault(arc.word, []).append(arc)
            indexed.append(by_word)
        return indexed

    @cached_property
    def _intents_from(self) -> list[frozenset[str]]:
        """For each state, the intents that are only told by what comes after it."""
        found: dict[int, frozenset[str]] = {}

        def of(state: int) -> frozenset[str]:
            if state not in found:
                intents: set[str] = set()
                for arc in self._arcs[state]:
                    told = dict(arc.tags).get(INTENT)
                    intents |= of(arc.target) if told is None else {str(told)}
                found[state] = frozenset(intents)
            return found[state]

        return [of(state) for state in range(len(self._arcs))]

    @cached_property
    def _graph(self) -> WordGraph:
        arcs = tuple(
            Arc(source, arc.target, arc.word, arc.log_prob)
            for source, leaving in enumerate(self._arcs)
            for arc in leaving
        )
        return WordGraph(len(self._arcs), 1, arcs, may_go_on(self._arcs))


def _keep(
    reached: dict[int, tuple[float, tuple[Any, ...]]], arc: TaggedArc, log_prob: float, tags: tuple[Any, ...]
) -> bool:
    total = log_prob + arc.log_prob
    if arc.target in reached and reached[arc.target][0] >= total:
        return False
    reached[arc.target] = (total, tags + arc.tags)
    return True


def own_sentences(lists: Lists, language: Language = ENGLISH) -> Sentences:
    """Our own sentences in a language, with the lists that are known only at run time."""
    return load_sentences([language.file("sentences")], lists)


def load_sentences(paths: Iterable[Path], lists: Lists | None = None) -> Sentences:
    """Load sentence files, or folders of them.

    Args:
        paths: YAML files in hassil's format, or folders that hold some.
        lists: Further lists by name: what is said (a template), and the value it stands for.

    Raises:
        SentencesError: A file is missing, no YAML, no sentence file, or holds a template that can't be spoken.
    """
    blocks: list[_Block] = []
    states = CommonStates()
    language = "en"
    for path in _files(paths):
        data = _read(path)
        language = str(data.get("language", "en"))
        if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", language):  # it becomes a file's name
            raise SentencesError(str(path), f"There is no language {language[:40]!r}.", "For instance: language: en")
        blocks += _blocks(path, data, lists or {}, states)
    if not blocks:
        raise SentencesError("the sentences", "There is no sentence in them.", "Add an intent with sentences.")
    sentences = Sentences(language, blocks)
    sentences.graph()  # what can't be spoken is found now, not in mid-session
    return sentences


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(path.glob("*.y*ml"))
            if not found:
                raise SentencesError(str(path), "The folder holds no YAML file.", "Name a file, or a folder with some.")
            files += found
        else:
            files.append(path)
    return files


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SentencesError(str(path), "It is far larger than a sentence file.", "Name a sentence file.")
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SentencesError(str(path), f"It can't be read: {error.strerror or error}.", "Check the name.") from error
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise SentencesError(str(path), "It is not plain text in UTF-8.", "Save it as UTF-8 text.") from error
    # What follows its own error are slips of PyYAML's: ``!!int ''``, ``!!bool maybe``, a day not in the calendar.
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}: " if mark else ""
        raise SentencesError(
            str(path),
            f"{where}it is not valid YAML: {getattr(error, 'problem', None) or error}.",
            "Put templates in quotes, and check the indentation.",
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("intents"), dict):
        raise SentencesError(
            str(path), "It has no key 'intents' with intents below it.", "See hassil's sentence format."
        )
    return data


def _blocks(path: Path, data: dict[str, Any], lists: Lists, states: CommonStates) -> list[_Block]:
    _refuse_booleans(path, data)
    given: dict[str, SlotList] = {name: TextSlotList.from_tuples(values, name=name) for name, values in lists.items()}
    try:
        parsed = Intents.from_dict({"language": "en", **data})
        return [
            _block(path, name, entry, parsed, given, states)
            for name, intent in parsed.intents.items()
            for entry in intent.data
        ]
    except SentencesError:
        raise
    except (HassilError, ParseError, KeyError, TypeError, AttributeError, ValueError, AssertionError) as error:
        why = f"The key {error} is missing." if isinstance(error, KeyError) else f"It is no sentence file: {error}."
        raise SentencesError(str(path), why, "Give each intent: data: [{sentences: [...]}].") from error


def _block(
    path: Path, name: str, entry: IntentData, parsed: Intents, given: Mapping[str, SlotList], states: CommonStates
) -> _Block:
    rules: dict[str, Sentence] = {**parsed.expansion_rules, **entry.expansion_rules}
    scope = Scope({**parsed.slot_lists, **given, **entry.slot_lists}, rules)
    if not entry.sentence_texts:
        raise SentencesError(str(path), f"The intent {name} has a block without sentences.", "Add some, or remove it.")
    return _Block(
        path=str(path),
        intent=name,
        texts=tuple(entry.sentence_texts),
        slots=dict(entry.slots),
        requires=dict(entry.requires_context),
        excludes=dict(entry.excludes_context),
        scope=scope,
        states=states,
    )


def _refuse_booleans(path: Path, data: object, where: str = "") -> None:
    """YAML reads yes, no, on and off as true or false; in sentences and names that is never meant."""
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(key, bool):
                raise _unquoted(path, where)
            inner = f"{where}.{key}".lstrip(".")
            if str(key) in {"sentences", "values", "in"} or isinstance(value, dict | list):
                _refuse_booleans(path, value, inner)
    elif isinstance(data, list):
        for value in data:
            _refuse_booleans(path, value, where)
    elif isinstance(data, bool):
        raise _unquoted(path, where)


def _unquoted(path: Path, where: str) -> SentencesError:
    return SentencesError(
        str(path),
        f"At {where or 'the top'}: yes, no, on or off stands there without quotes, which YAML reads as true or false.",
        'Put it in quotes: "yes".',
    )


def _fits(block: _Block, context: Mapping[str, Any]) -> bool:
    required = all(_meets(context.get(name), value) for name, value in block.requires.items())
    return required and not any(_meets(context.get(name), value) for name, value in block.excludes.items())


def _meets(actual: object, wanted: object) -> bool:
    if isinstance(wanted, dict):  # hassil: {value: x, slot: true}
        wanted = wanted.get("value")
    if wanted is None:
        return actual is not None
    return actual in wanted if isinstance(wanted, list) else actual == wanted


def _bad_sentence(block: _Block, text: str, why: str) -> SentencesError:
    return SentencesError(block.path, f"In {block.intent}, sentence {text!r}: {why}", "Correct that sentence.")
