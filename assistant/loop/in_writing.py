"""What was written, understood a little more loosely than what was heard: people write as they talk, in clauses.

A recogniser hears nothing but whole sentences of the grammar; whoever types, or whose words another engine has written
down, begins with the weather and ends with a reason. What is no sentence as it stands is tried

1. in plain words: "it's 'cause" and "gonna" written out, and without words that change nothing ("really");
2. clause by clause, cut at punctuation and at words like "and" and "so": the longest that are sentences count, if they
   are one command between them;
3. by its gist, where no clause is a sentence: certain words stand in it, in whatever order (`intents.loose.Gist`).

None of these may turn round what was meant. A yes, a no, being well and the like count only where they are all that was
said: "no, but my mate had" is no answer. Beside words of telling ("he said") or of doubt ("unless") a clause counts for
nothing; what is urgent in it is asked about all the same (`Vocabulary.urgent_intent`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.dialogue.state.harms import ASKS, HARMS, URGENT, WHOLE_ONLY, YIELDS
from intents import Command
from intents.language import ENGLISH, Language
from intents.letters import plain
from intents.loose import Gists, Loose
from intents.sentences import Sentences

_STOPS = re.compile(r"[.,;:!?…]+(?=\s|$)|\s[-–—]+(?=\s)|—")
_MOST_CLAUSES = 12  # of whoever says more it can't be told what they want
_TOGETHER = 3  # clauses, at most, in one sentence of ours
_NUMBERS = frozenset({"Number"})  # "eight, it's awful"
_LEAVES = frozenset({"Stop", "Goodbye"})  # both leave; "I've got to run, bye"
_SIGNS = ("Symptom", "Hurts")  # count whatever else was said, the weightier first


def understood(
    text: str, sentences: Sentences, language: Language = ENGLISH, *, by_gist: bool = True
) -> Command | None:
    """What somebody means who wrote this.

    Args:
        text: What they wrote, with its punctuation.
        sentences: What may be said now.
        language: Whose plain words and clauses.
        by_gist: Whether its gist is enough; not where the words may be meant for somebody else.
    """
    text = " ".join(plain(text).split())
    command = _meant((text, *_ways(text, language.loose)), sentences)
    if command is None and not sentences.is_decoy(text):
        command = _in_clauses(text, sentences, language.loose, language.gists if by_gist else Gists())
    return None if command is None else replace(command, text=text)


def _meant(ways: Sequence[str], sentences: Sentences) -> Command | None:
    """What the first of several ways to write the same means that is a sentence."""
    for way in ways:
        if (command := sentences.match(way)) is not None:
            return command
        if sentences.is_decoy(way):
            return None
    return None


def _ways(text: str, loose: Loose) -> Iterator[str]:
    """Other ways to write the same, the nearest first."""
    told = {text}
    written = loose.written_out(_once(text))
    for near in (written, loose.with_subject(written), *map(loose.written_out, loose.uncontracted(text))):
        for way in (near, loose.without_fillers(near)):
            if way and way not in told:
                told.add(way)
                yield way


def _once(text: str) -> str:
    """A text without what was said twice or three times in a row."""
    words = text.split()
    for times in (3, 2):
        length, rest = divmod(len(words), times)
        if length and not rest and words == words[:length] * times:
            return " ".join(words[:length])
    return text


def _in_clauses(text: str, sentences: Sentences, loose: Loose, gists: Gists) -> Command | None:
    """The one command among the clauses of a text, or else its gist; None: there is none, or more than one."""
    clauses = [clause for piece in _STOPS.split(text) for clause in loose.clauses(piece)]
    if len(clauses) > _MOST_CLAUSES:
        return None
    found, left = _commands(clauses, sentences, loose)
    if any(loose.is_reported(clause) for clause in left):
        return _gist(text, sentences, loose, gists, told=True)
    for sign in _SIGNS:
        if (command := next((command for command in found if command.intent == sign), None)) is not None:
            return command
    if found and any(loose.is_doubt(clause) for clause in left):
        return None
    if left:
        found = [command for command in found if command.intent in URGENT or not _is_slight(command)]
    weighty = [command for command in found if command.intent not in YIELDS]
    if not weighty and (command := _gist(text, sentences, loose, gists)) is not None:
        return command
    for weightier in (_NUMBERS, HARMS.keys() - ASKS):
        weighty = [command for command in weighty if command.intent in weightier] or weighty
    if {command.intent for command in weighty} == _LEAVES:
        weighty = [command for command in weighty if command.intent == "Goodbye"]
    found = weighty or found
    return found[0] if len({(one.intent, *sorted(one.slots.items())) for one in found}) == 1 else None


def _gist(text: str, sentences: Sentences, loose: Loose, gists: Gists, *, told: bool = False) -> Command | None:
    """What is meant by certain words in a text, or in somebody else's words that are told; None: they are not in it."""
    doubtful = gists.is_doubt(text)
    for said in gists.sentences(loose.written_out(text), sentences.phase, told=told):
        command = sentences.match(said)
        if command is not None and (command.intent in URGENT or not doubtful):
            return command
    return None


def _is_slight(command: Command) -> bool:
    """Whether a clause says too little to count beside one that isn't understood: "okay", a yes, a good morning."""
    return command.intent in WHOLE_ONLY | YIELDS or " " not in command.text


def _commands(clauses: list[str], sentences: Sentences, loose: Loose) -> tuple[list[Command], list[str]]:
    """The commands among clauses, each of as many clauses as possible, and the clauses that are in none."""
    found: list[Command] = []
    left: list[str] = []
    at = 0
    while at < len(clauses):
        for end in range(min(len(clauses), at + _TOGETHER), at, -1):
            together = " ".join(clauses[at:end])
            alone = loose.without_joint(together)
            command = _meant((alone, together, *_ways(alone, loose)), sentences)
            if command is not None:
                found.append(command)
                at = end
                break
        else:
            left.append(clauses[at])
            at += 1
    return found, left
