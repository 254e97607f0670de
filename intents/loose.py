"""What a language's writing has that its sentences have not: colloquial words, fillers, clauses, and gist."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_STRESSED = re.compile(r"([^\W\d_])\1{2,}")
_SIGNS = re.compile(r"[^\w'\s]+(?!\w)|(?<!\w)[^\w'\s]+")
_GENITIVE = re.compile(r"'s(?!\w)")
_ANY = "*"
_LONGEST_GIST = 20  # words: of whoever says more, single words don't tell what they want
_LONGEST_SPAN = 12  # words


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


@dataclass(frozen=True)
class Gist:
    """What is meant where certain words stand in a text, in whatever order and with whatever between them.

    Attributes:
        about: Words or phrases with ``|`` between them, one of each such group is there. A ``*`` stands for any ending,
            a ``^`` before a word for the beginning of the text.
        say: The plain sentence that it stands for; a ``*`` in it stands for the words of the text that make it one.
        unless: Words that may not be there.
        phases: The phases in which it counts; none: all.
        negated: Whether it counts beside a "not", too.
        told: Whether it counts where others are quoted: "my physio says".
        most: The most words of a text for which it counts; 0: as many as for any.
    """

    about: Sequence[str]
    say: str
    unless: str = ""
    phases: Collection[str] = ()
    negated: bool = False
    told: bool = False
    most: int = 0

    def fits(self, text: str, negations: re.Pattern[str]) -> bool:
        """Whether a text that was has no signs in it has these words, and nothing that may turn them round."""
        if (self.most and len(text.split()) > self.most) or (self._unless and self._unless.search(text)):
            return False
        left = text
        for group in self._about:
            if not group.search(text):
                return False
            left = group.sub(" ", left)
        return self.negated or not negations.search(left)

    def sentences(self, text: str) -> Iterator[str]:
        """The sentences that it may stand for, those with the most of the text first."""
        if _ANY not in self.say:
            yield self.say
            return
        words = text.split()
        for length in range(min(len(words), _LONGEST_SPAN), 0, -1):
            for at in range(len(words) - length + 1):
                yield self.say.replace(_ANY, " ".join(words[at : at + length]))

    @cached_property
    def _about(self) -> list[re.Pattern[str]]:
        return [_one_of(group) for group in self.about]

    @cached_property
    def _unless(self) -> re.Pattern[str] | None:
        return _one_of(self.unless) if self.unless else None


@dataclass(frozen=True)
class Gists:
    """All that is known by its words, in order: the first that fits counts.

    Attributes:
        gists: Them.
        negations: Words that turn round what is said with them, with ``|`` between them.
        doubts: Words that may do so, likewise.
    """

    gists: Sequence[Gist] = ()
    negations: str = ""
    doubts: str = ""

    def is_doubt(self, text: str) -> bool:
        """Whether a text holds a word that may turn the rest of it round."""
        return self._doubts.search(text) is not None

    def sentences(self, text: str, phase: str | None, *, told: bool) -> Iterator[str]:
        """The sentences that a text may stand for, the likeliest first.

        Args:
            text: With plain words for its colloquial ones.
            phase: Where it was said; None: that is not known.
            told: Whether somebody else is quoted.
        """
        text = _one_spaced(_SIGNS.sub(" ", text))
        bare = _GENITIVE.sub("", text)
        if len(bare.split()) > _LONGEST_GIST:
            return
        for gist in self.gists:
            here = phase is None or not gist.phases or phase in gist.phases
            if here and gist.told >= told and gist.fits(bare, self._negations):
                yield from gist.sentences(text)

    @cached_property
    def _doubts(self) -> re.Pattern[str]:
        return _one_of(self.doubts)

    @cached_property
    def _negations(self) -> re.Pattern[str]:
        return _one_of(self.negations)


def _one_of(words: str) -> re.Pattern[str]:
    """A pattern for words with ``|`` between them; see `Gist`."""
    ways = [re.escape(word.strip()).replace(r"\*", r"[\w'-]*").replace(r"\^", r"\A") for word in words.split("|")]
    return re.compile(rf"(?<![\w'])(?:{'|'.join(ways)})(?![\w'])" if words else r"(?!)")


def _any_of(words: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, longest_first)) or r'(?!)'})(?![\w'])")


def _one_spaced(text: str) -> str:
    return " ".join(text.split())
