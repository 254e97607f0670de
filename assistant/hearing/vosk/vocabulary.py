"""Fitting a grammar to the words that a Vosk model has, and its results back to the grammar's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.hearing.recogniser import Word
from intents.graph import WordGraph


@dataclass(frozen=True)
class Phrases:
    """What Vosk is given for a word graph.

    Attributes:
        texts: Phrases, every word of which the model has. Vosk makes pairs of neighbouring words of them.
        missing: Words of the graph that it can't hear.
    """

    texts: tuple[str, ...]
    missing: frozenset[str]


class ModelWords:
    """Which words a model has, and how the others are spelled with those.

    Args:
        has_word: Whether the model has a word.
        sounds_like: Word to spellings out of other words, each a string of one or more words.
    """

    def __init__(self, has_word: Callable[[str], bool], sounds_like: Mapping[str, Sequence[str]]) -> None:
        self._has_word = has_word
        self._sounds_like = sounds_like
        self._spellings: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._words: dict[tuple[str, ...], str] = {}

    def phrases(self, graph: WordGraph) -> Phrases:
        """The phrases for a graph. What a phrase says before and after a word that can't be heard stays in."""
        texts: dict[str, None] = {}
        for sentence in graph.covering_sentences():
            spelled = [self.spellings(word) for word in sentence.split()]
            for choice in range(max((len(spellings) for spellings in spelled), default=0)):
                part: list[str] = []
                for spellings in [*spelled, ()]:
                    if spellings:
                        part += spellings[min(choice, len(spellings) - 1)]
                    elif part:
                        texts[" ".join(part)] = None
                        part = []
        return Phrases(tuple(texts), frozenset(word for word in graph.words if not self.spellings(word)))

    def restore(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Put the words that were meant in the place of those that spell them, from first begin to last end."""
        restored: list[Word] = []
        longest = max((len(spelling) for spelling in self._words), default=0)
        at = 0
        while at < len(words):
            for size in range(min(longest, len(words) - at), 0, -1):
                spelling = words[at : at + size]
                meant = self._words.get(tuple(word.text for word in spelling))
                if meant is not None:
                    confidence = min(word.confidence for word in spelling)
                    restored.append(Word(meant, spelling[0].start_s, spelling[-1].end_s, confidence))
                    at += size
                    break
            else:
                restored.append(words[at])
                at += 1
        return tuple(restored)

    def spellings(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The ways to spell a word in the model's own; none if there is no way."""
        if word not in self._spellings:
            if self._has_word(word):
                self._spellings[word] = ((word,),)
            else:
                choices = [tuple(spelling.split()) for spelling in self._sounds_like.get(word, ())]
                usable = [choice for choice in choices if choice and all(map(self._has_word, choice))]
                self._words.update((choice, word) for choice in usable)
                self._spellings[word] = tuple(usable)
        return self._spellings[word]
