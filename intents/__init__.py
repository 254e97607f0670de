"""What a user may say, as data, and what it means.

Sentence templates (hassil's YAML) become two things: a matcher from text to `Command`, and a `WordGraph`, the
grammar in a form that every recogniser can be driven from. This package knows nothing of the assistant.
"""

from intents.types import Command, SentencesError, SlotValue

__all__ = ["Command", "SentencesError", "SlotValue"]
