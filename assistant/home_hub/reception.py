"""What a satellite in another room is told: whether its words are a command, and what it may say to them.

A satellite has no part in the session. Its loudspeaker is not known to our hearing, so it gets no words that teach
commands while our microphone is open; it hears one sentence at a time, so questions are asked, and answered, in our own
room; and whoever is in the house may ask it, so that it tells nothing of the user's health unless that is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.dialogue.events import DiaryRead, Heard
from assistant.dialogue.line import Line
from assistant.dialogue.manager import respond
from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.phases import Closing, Done, Idle, Introducing
from assistant.dialogue.state.session import Session
from assistant.errors import AssistantError, MicrophoneUnavailable, SoundLibraryMissing, SpeakerUnavailable
from assistant.loop.discretion import may_show_line
from assistant.loop.in_writing import understood
from assistant.loop.performer import words_of_line
from assistant.loop.typed import Answered
from assistant.loop.vocabulary import Vocabulary
from assistant.voice.wording import Wording

TELLS = frozenset(
    {
        *("HowLong", "WhereAmI", "WhatToFeel", "Why", "IsItSafe", "OutOfScope"),
        *("MyWeek", "MyPain", "LeftToday", "LastStretch", "Stop", "Goodbye"),
    }
)
"""Commands whose answer is told wherever they were said, if it leaves no question open."""

TEACHES = frozenset({"WhichRoutines", "Help"})
"""The same, but their answers are words to say: told where no microphone of ours is open."""

WARNS = frozenset({"Symptom"})
"""What is to be done about these is told wherever it was said."""


_OVER = Idle | Introducing | Closing | Done
"""Where nothing is under way, and nobody waits for an answer."""

_NUMBER_WANTED = Line("choosing.how")
"""Nobody waits for it there."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a satellite is told.

    Attributes:
        handled: Whether its words were a command.
        text: What it shall say.
    """

    handled: bool
    text: str


@dataclass(frozen=True, slots=True)
class Reception:
    """Answers satellites.

    Args:
        wording: Has the words.
        vocabulary: What may be said.
        tell_health: Whether they are told what the diary says, too.
    """

    wording: Wording
    vocabulary: Vocabulary
    tell_health: bool = False

    def without_session(self, session: Session, diary: DiaryRead | None, text: str) -> Answered | None:
        """What the words would do while nothing is under way.

        Args:
            session: One of this user, before anything has happened in it.
            diary: What the diary says now.
            text: The words.

        Returns:
            None: they are no command then.
        """
        session = replace(session, phase=Introducing())  # single words count: they are meant for the assistant
        if diary is not None:
            session, _ = respond(session, diary, 0.0)
        command = understood(text, self.vocabulary.of_phase(type(session.phase)), by_gist=False)
        if command is None:
            return None
        after, _ = respond(session, Heard(command, 1.0, 0.0, 0.0), 0.0)
        return Answered(command, session, after)

    def needs_room(self, answered: Answered) -> bool:
        """Whether there has to be a session for it, with a microphone and a loudspeaker."""
        return _warns(answered) or not self._tells(answered, in_session=False)

    def reply(self, answered: Answered | None, *, in_session: bool) -> Reply:
        """What the satellite is told.

        Args:
            answered: What became of its words.
            in_session: Whether it was in a session, which has answered in its own room.
        """
        if answered is None or (answered.command is None and answered.after.phase == answered.before.phase):
            return Reply(False, self._text(Line("satellite.unknown")))
        if self._tells(answered, in_session=in_session):
            return Reply(True, " ".join(self._text(line) for line in _new_lines(answered) if line != _NUMBER_WANTED))
        return Reply(True, self._text(Line("satellite.in_room")))

    def refuse(self, answered: Answered | None, error: AssistantError) -> Reply:
        """What the satellite is told where a session can't be begun.

        Args:
            answered: What would have become of its words.
            error: Why it can't.
        """
        if answered is None or _warns(answered):
            return self.reply(answered, in_session=False)
        if isinstance(error, MicrophoneUnavailable | SpeakerUnavailable | SoundLibraryMissing):
            return Reply(False, f"{self._text(Line('satellite.no_room'))} {error.what}")
        return Reply(False, f"{error.what} {error.why}")

    def _tells(self, answered: Answered, *, in_session: bool) -> bool:
        """Whether the answer itself is told."""
        if answered.command is None:
            return False
        intent = answered.command.intent
        if intent in TEACHES:
            may = not in_session
        elif isinstance(answered.after.phase, _OVER):
            may = in_session or intent in TELLS
        else:
            may = intent in TELLS and type(answered.after.phase) not in QUESTIONS
        discreet = all(self.tell_health or may_show_line(line.key) for line in _new_lines(answered))
        return _warns(answered) or (may and discreet)

    def _text(self, line: Line) -> str:
        return words_of_line(self.wording, line, lambda _: 0)


def _warns(answered: Answered) -> bool:
    return answered.command is not None and answered.command.intent in WARNS


def _new_lines(answered: Answered) -> list[Line]:
    """What is said for the words' sake, without what was being said before and is gone on with."""
    return [line for line in answered.after.speaking if line not in answered.before.speaking]
