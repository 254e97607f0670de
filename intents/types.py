"""The meaning of an utterance, and the error of a sentence file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SlotValue = str | int | float


@dataclass(frozen=True, slots=True)
class Command:
    """An intent with its slots: what an utterance means.

    Attributes:
        intent: The intent's name, for instance ``StartRoutine``.
        slots: The slots that the sentence filled, by name.
        text: The words as they were heard, lower case.
    """

    intent: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    text: str = ""


class SentencesError(ValueError):
    """A sentence file is not valid.

    Args:
        path: The file, or a name for what has none.
        why: What was found, and where in the file.
        fix: What to do about it.
    """

    def __init__(self, path: str, why: str, fix: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why
        self.fix = fix
