"""What a language's writing has that its sentences have not: colloquial words, words that change nothing, clauses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_STRESSED = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True)
class Loose:
    """How text in a language may be taken apart. All texts are in small letters, with single spaces.

    Attributes:
        plain_words: What stands for what: ``gonna`` for ``going to``.
        endings: Endings of words, and what each may stand for: ``'s`` for ``is`` and ``has``.
        subjects: What is left out before a first word: ``i`` before ``can't``.
        fillers: Words that change nothing where they stand among others.
        joints: What a clause begins with: the word that joins it, perhaps with the next one.
        reports: Words that somebody else's words are told with.
        doubts: Words with which a clause begins that may turn round another one.
    """

    plain_words: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    fillers: Collection[str] = ()
    joints: Collection[str] = ()
    reports: Collection[str] = ()
    doubts: Collection[str] = ()

    def written_out(self, text: str) -> str:
        """A text with plain words for its colloquial ones, and without stress: "stooop" is "stop"."""
        once = _STRESSED.sub(r"\1", text)
        return _one_spaced(self._colloquial.sub(lambda found: self.plain_words[found.group()], once))

    def uncontracted(self, text: str) -> list[str]:
        """A text with words for an ending, each way: "my back's" as "my back is" and as "my back has"."""
        return [
            re.sub(rf"(?<=\w){re.escape(ending)}(?!\w)", f" {word}", text)
            for ending, words in self.endings.items()
            for word in words
        ]

    def with_subject(self, text: str) -> str:
        """A text with the subject that was left out, if one was."""
        subject = self.subjects.get(text.partition(" ")[0])
        return f"{subject} {text}" if subject else text

    def without_fillers(self, text: str) -> str:
        """A text without the words that change nothing."""
        return _one_spaced(self._fillers.sub(" ", text))

    def clauses(self, text: str) -> list[str]:
        """The clauses of a text, each with the word that joins it to the one before."""
        return [clause for clause in map(_one_spaced, self._before_joints.split(text)) if clause]

    def without_joint(self, clause: str) -> str:
        """A clause without the word that joins it."""
        return self._joint.sub("", clause, count=1)

    def is_reported(self, clause: str) -> bool:
        """Whether it tells of what somebody else says; what the speaker says is a filler: "I said, stop"."""
        return self._reports.search(self.without_fillers(clause)) is not None

    def is_doubt(self, clause: str) -> bool:
        """Whether it may turn round what is said beside it."""
        return any(self._doubts.match(text) for text in (clause, self.without_joint(clause)))

    @cached_property
    def _colloquial(self) -> re.Pattern[str]:
        return _any_of(self.plain_words)

    @cached_property
    def _fillers(self) -> re.Pattern[str]:
        return _any_of(self.fillers)

    @cached_property
    def _before_joints(self) -> re.Pattern[str]:
        return re.compile(rf"\s(?={_any_of(self.joints).pattern}\s)")

    @cached_property
    def _joint(self) -> re.Pattern[str]:
        return re.compile(rf"\A(?={_any_of(self.joints).pattern}\s)\S+\s")

    @cached_property
    def _reports(self) -> re.Pattern[str]:
        return _any_of(self.reports)

    @cached_property
    def _doubts(self) -> re.Pattern[str]:
        return _any_of(self.doubts)


def _any_of(words: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, longest_first)) or r'(?!)'})(?![\w'])")


def _one_spaced(text: str) -> str:
    return " ".join(text.split())
