"""The phones of a model, their ids and their transition-ids.

Kaldi numbers phones from 1 and knows where in a word each one stands. Here phone 1 is silence; then every phone has
four ids in a row, for the word's begin, end, inside, and for a word of that phone alone. The ids have no gaps, so a
phone's transition-ids follow from its id alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.errors import AssistantError

SILENCE = 1
"""The id of the silence phone."""

IN_PART = "~"
"""Behind a word of which only a part was heard; see `sentence_graph_files`."""

IN_PASSING = "^"
"""Behind a word that was heard among others that fit no sentence; see `sentence_graph_files`."""

UNKNOWN_WORD = "[unk]"
"""The word that stands for speech which is none of the words: Vosk's own spelling of it."""

POSITIONS = ("begin", "end", "internal", "singleton")
"""Places in a word, in the order of the ids, by the names that Kaldi's word_boundary.int gives them."""

_SUFFIXES = ("_B", "_E", "_I", "_S")


class PronunciationMissing(AssistantError):
    """A graph needs a word that has no pronunciation, or one with a phone that the model doesn't have."""


@dataclass(frozen=True)
class PhoneSet:
    """The phones of a model without their places in words.

    Attributes:
        names: The phones' names, without silence; their order gives the ids.
    """

    names: tuple[str, ...]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.names)}

    @property
    def count(self) -> int:
        """Number of phone ids, silence included."""
        return 1 + len(POSITIONS) * len(self.names)

    def phone_id(self, name: str, position: str) -> int:
        """The id of a phone at a place in a word, one of `POSITIONS`."""
        return 2 + len(POSITIONS) * self._index[name] + POSITIONS.index(position)

    def in_word(self, word: str, pronunciation: Sequence[str]) -> list[int]:
        """The phone ids of one pronunciation of a word.

        Raises:
            PronunciationMissing: The pronunciation is empty or has a phone that is not in this set.
        """
        unknown = [name for name in pronunciation if name not in self._index]
        if unknown or not pronunciation:
            raise PronunciationMissing(
                f"The word '{word}' can't be put into a recognition graph.",
                f"The model has no phone {', '.join(unknown)}." if unknown else "Its pronunciation is empty.",
                "Correct the word's pronunciation.",
            )
        if len(pronunciation) == 1:
            return [self.phone_id(pronunciation[0], "singleton")]
        return [
            self.phone_id(pronunciation[0], "begin"),
            *(self.phone_id(name, "internal") for name in pronunciation[1:-1]),
            self.phone_id(pronunciation[-1], "end"),
        ]

    def word_boundaries(self) -> str:
        """The text of Kaldi's ``word_boundary.int``."""
        lines = [f"{SILENCE} nonword"]
        lines += [f"{self.phone_id(name, position)} {position}" for name in self.names for position in POSITIONS]
        return "\n".join(lines) + "\n"

    def table(self) -> str:
        """The text of Kaldi's ``phones.txt``; Vosk doesn't read it, people do."""
        lines = ["<eps> 0", f"SIL {SILENCE}"]
        lines += [
            f"{name}{suffix} {self.phone_id(name, position)}"
            for name in self.names
            for suffix, position in zip(_SUFFIXES, POSITIONS, strict=True)
        ]
        return "\n".join(lines) + "\n"


def forward(phone: int) -> int:
    """The transition-id that enters a phone and takes its first frame."""
    return 2 * phone


def self_loop(phone: int) -> int:
    """The transition-id that takes each further frame of a phone."""
    return 2 * phone - 1
