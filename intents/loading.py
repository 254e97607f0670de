"""Sentence files, loaded: hassil's YAML, parsed by hassil.

Of a folder, ``_common.yaml`` serves all others: its lists, its expansion rules and its skip words, as in Home
Assistant. Beside hassil's keys it may have ``carriers``: what may be said around every command. A file
with ``seldom: true`` has the less usual ways to say something, and ``metadata: {decoy: true}`` marks sentences that are
heard and not taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hassil.errors import HassilError
from hassil.expression import Sentence
from hassil.intents import IntentData, Intents, SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from intents.carriers import Frame
from intents.compile import Scope, compile_template
from intents.compiled import Kept, Origin
from intents.language import ENGLISH, Language
from intents.sentence_file import COMMON, read_sentence_file
from intents.sentences import Block, Sentences
from intents.spoken import typed_words
from intents.tagged_graph import CommonStates, Unspeakable
from intents.types import SentencesError, SlotValue

Lists = Mapping[str, Sequence[tuple[str, SlotValue]]]

_SKIP = "skip_words"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What holds of all sentences of a file; see `Block`."""

    again_words: int
    seldom: bool


def own_sentences(lists: Lists, language: Language = ENGLISH, kept: Kept | None = None) -> Sentences:
    """Our own sentences in a language, with the lists that are known only at run time; see `load_sentences`."""
    return load_sentences([language.file("sentences")], lists, at_once=False, kept=kept)


def load_sentences(
    paths: Iterable[Path], lists: Lists | None = None, *, at_once: bool = True, kept: Kept | None = None
) -> Sentences:
    """Load sentence files, or folders of them.

    Args:
        paths: YAML files in hassil's format, or folders that hold some.
        lists: Further lists by name: what is said (a template), and the value it stands for.
        at_once: Whether what can't be spoken is found now, rather than when it is first asked for: that takes time.
        kept: Where graphs are kept from one run to the next; None: nowhere.

    Raises:
        SentencesError: A file is missing, no YAML, no sentence file, or holds a template that can't be spoken.
    """
    blocks: list[Block] = []
    states = CommonStates()
    language, frame = "en", Frame()
    commons: dict[Path, _Common] = {}
    given: dict[str, SlotList] = {}
    for name, values in (lists or {}).items():
        given[name] = TextSlotList.from_tuples(values, name=name)
    files = _files(paths)
    for path in files:
        if path.parent not in commons:
            commons[path.parent] = _common(path)
        common = commons[path.parent]
        own = read_sentence_file(path)
        data = {**common.data, **own, _SKIP: [*common.data.get(_SKIP, []), *own.get(_SKIP, [])]}
        language = str(data.get("language", "en"))
        if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", language):  # it becomes a file's name
            raise SentencesError(str(path), f"There is no language {language[:40]!r}.", "For instance: language: en")
        parsed = _parsed(path, own)
        parsed.slot_lists = {**common.parsed.slot_lists, **parsed.slot_lists}
        parsed.expansion_rules = {**common.parsed.expansion_rules, **parsed.expansion_rules}
        frame = frame.joined(_frame(path, data, parsed, language, frame))
        kind = _Kind(frame.again_words, seldom=bool(data.get("seldom")))
        blocks += _blocks(path, parsed, given, states, kind, len(blocks))
    if not blocks:
        raise SentencesError("the sentences", "There is no sentence in them.", "Add an intent with sentences.")
    origin = None if kept is None else Origin(_digest(files, lists), kept)
    sentences = Sentences(language, blocks, frame, origin=origin)
    if at_once:
        sentences.graph()  # what can't be spoken is found now, not in mid-session
    return sentences


def _digest(files: Sequence[Path], lists: Lists | None) -> str:
    """Of all that graphs depend on: sentences, what is known at run time, the language, and what makes the graphs."""
    read = {*files, *Path(__file__).parent.glob("*.py")}
    for folder in {file.parent for file in files}:
        read |= {*folder.glob(f"{COMMON}.y*ml"), *folder.parent.glob("*.yaml")}
    digest = hashlib.sha256(repr((lists, *map(version, ("hassil", "unicode-rbnf")))).encode())
    for path in sorted(read):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Common:
    """What serves all files of a folder: as it stands there, and its lists and rules, made out once."""

    data: dict[str, Any]
    parsed: Intents


def _common(path: Path) -> _Common:
    found = [path.with_name(f"{COMMON}{suffix}") for suffix in (".yaml", ".yml")]
    file = next((file for file in found if file.is_file()), None)
    if file is None:
        return _Common({}, Intents("en", {}))
    data = read_sentence_file(file)
    return _Common(data, _parsed(file, {**data, "intents": {}}))


def _frame(path: Path, data: dict[str, Any], parsed: Intents, language: str, before_it: Frame) -> Frame:
    """What may be said around every command; carriers only where the files before it have none."""
    carriers = data.get("carriers") or {}
    try:
        scope = Scope(parsed.slot_lists, parsed.expansion_rules)
        before, after, before_form = (
            tuple(compile_template(language, (), parse_sentence(str(text)), scope) for text in carriers.get(key, ()))
            if not there
            else ()
            for key, there in (
                ("before", before_it.before),
                ("after", before_it.after),
                ("before_form", before_it.before_form),
            )
        )
        forms = {str(form): str(word) for form, word in (carriers.get("forms") or {}).items()}
        again_words = int(carriers.get("again_words", 0))
        skipped = tuple(tuple(typed_words(str(phrase), language)) for phrase in data.get(_SKIP) or ())
    except (Unspeakable, ParseError, HassilError, AttributeError, TypeError, ValueError) as error:
        why = f"What is said around commands is not valid: {error}."
        raise SentencesError(str(path), why, "Look at carriers and skip_words.") from error
    return Frame(
        before, after, next(iter(before_form), []), forms, tuple(phrase for phrase in skipped if phrase), again_words
    )


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.glob("*.y*ml") if file.stem != COMMON)
            if not found:
                raise SentencesError(str(path), "The folder holds no YAML file.", "Name a file, or a folder with some.")
            files += found
        else:
            files.append(path)
    return files


def _parsed(path: Path, data: dict[str, Any]) -> Intents:
    try:
        return Intents.from_dict({"language": "en", **data})
    except (HassilError, ParseError, KeyError, TypeError, AttributeError, ValueError, AssertionError) as error:
        why = f"It is no sentence file: {error}."
        raise SentencesError(str(path), why, "Give each intent: data: [{sentences: [...]}].") from error


def _blocks(
    path: Path, parsed: Intents, given: Mapping[str, SlotList], states: CommonStates, kind: _Kind, before: int
) -> list[Block]:
    try:
        entries = ((name, entry) for name, intent in parsed.intents.items() for entry in intent.data)
        return [
            _block(path, name, entry, parsed, given, states, kind, place)
            for place, (name, entry) in enumerate(entries, before)
        ]
    except SentencesError:
        raise
    except (HassilError, ParseError, KeyError, TypeError, AttributeError, ValueError, AssertionError) as error:
        raise SentencesError(
            str(path), f"It is no sentence file: {error}.", "Give each intent: data: [{sentences: [...]}]."
        ) from error


def _block(
    path: Path,
    name: str,
    entry: IntentData,
    parsed: Intents,
    given: Mapping[str, SlotList],
    states: CommonStates,
    kind: _Kind,
    place: int,
) -> Block:
    rules: dict[str, Sentence] = {**parsed.expansion_rules, **entry.expansion_rules}
    scope = Scope({**parsed.slot_lists, **given, **entry.slot_lists}, rules)
    if not entry.sentence_texts:
        raise SentencesError(str(path), f"The intent {name} has a block without sentences.", "Add some, or remove it.")
    return Block(
        path=str(path),
        intent=name,
        texts=tuple(entry.sentence_texts),
        slots=dict(entry.slots),
        requires=dict(entry.requires_context),
        excludes=dict(entry.excludes_context),
        seldom=kind.seldom,
        decoy=bool((entry.metadata or {}).get("decoy")),
        again_words=0 if kind.seldom else kind.again_words,
        scope=scope,
        states=states,
        place=place,
    )
