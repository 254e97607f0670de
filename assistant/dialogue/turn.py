"""The turn in which one event changes a session, and what a question consists of.

* Whatever waits for an answer is a phase with a row in one table, `assistant.dialogue.questions.table.QUESTIONS`.
* A row is a `Question`. The manager hands the table to each turn, so that whoever asks needs to know the phase only.
* How often the user was reprompted, and when silence is taken for an answer, is the session's `Waiting`: entering a
  phase begins it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from assistant.dialogue.actions import Action, Hush, Record, Say, Tune
from assistant.dialogue.facts import Fact, Held, Moved, RoutineBegun
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import Idle, Phase
from assistant.dialogue.state.session import Session, VoiceSteps, Waiting
from intents import Command

P = TypeVar("P", bound=Phase)
P_contra = TypeVar("P_contra", bound=Phase, contravariant=True)

UNANSWERED_S = 20.0
"""How long a question rests without an answer before something is said about it."""


@dataclass(frozen=True, slots=True)
class Silence(Generic[P_contra]):
    """What follows if a question gets no answer.

    Attributes:
        after_s: Seconds from the last word until silence counts, each time.
        then: What is done in the end; None: it goes on waiting, and says no more.
        reprompts: What is said first, one after the other; None: the reprompts of the question, as to what is not
            understood.
    """

    after_s: float = UNANSWERED_S
    then: Callable[[Turn, P_contra], None] | None = None
    reprompts: Callable[[Session, P_contra], tuple[tuple[Line, ...], ...]] | None = None


def at_once(after_s: float, then: Callable[[Turn, Any], None]) -> Silence[Any]:
    """The silence of a question that nothing more is said about before something is done."""
    return Silence(after_s, then, reprompts=lambda *_: ())


@dataclass(frozen=True, slots=True)
class Question(Generic[P]):
    """A row of the table of questions.

    Attributes:
        phase: The phase that waits for the answer.
        asks: What is said to ask it.
        answers: What its answers do, by intent. All other commands that the phase takes do what they do everywhere.
        reprompts: What is said to what is not understood, one after the other: what was not understood, what the
            options are, what will be done without an answer. All differ.
        asks_again: What is said after "I don't know" and after a pause; None: the same as at first.
        silence: What follows if nobody answers.
        why: Key of the line that answers "why?"; None: what the routine is good for.
        reads_back: Whether an answer is read back before it counts.
    """

    phase: type[P]
    asks: Callable[[Session, P], tuple[Line, ...]]
    answers: Mapping[str, Callable[[Turn, P, Command], None]]
    reprompts: Callable[[Session, P], tuple[tuple[Line, ...], ...]]
    asks_again: Callable[[Session, P], tuple[Line, ...]] | None = None
    silence: Silence[P] = Silence()
    why: str | None = None
    reads_back: Callable[[Session, P, Command], bool] = lambda *_: False


Questions = Mapping[type[Phase], Question[Any]]


@dataclass(slots=True)
class Turn:
    """One event being answered: the session as it becomes, and the actions so far.

    Lives only within one call of `respond`, so the core stays pure to the outside.
    """

    session: Session
    now: float
    questions: Questions
    actions: list[Action] = field(default_factory=list)

    def change(self, **changes: Any) -> None:
        """Replace fields of the session."""
        self.session = replace(self.session, **changes)

    def learn(self, **changes: Any) -> None:
        """Replace fields of what is known of the user."""
        self.change(user=replace(self.session.user, **changes))

    def enter(self, phase: Phase) -> None:
        """Go to another phase; the commands taken follow it. Where nothing is under way, reminders are waited for."""
        due = self.session.reminding.due if self.session.reminding and isinstance(phase, Idle) else ()
        self.change(phase=phase, waiting=Waiting(max(self.now, due[0].at) if due else None))

    def ask(self, phase: Phase, *before: Line) -> None:
        """Enter a phase that has a row in the table of questions, and say its question after other lines."""
        self.enter(phase)
        self.say(*before, *self.questions[type(phase)].asks(self.session, phase))

    @property
    def question(self) -> Question[Any] | None:
        """The question that is open, if one is."""
        return self.questions.get(type(self.session.phase))

    def asked_again(self) -> tuple[Line, ...]:
        """The open question, said once more; nothing where none is open."""
        question = self.question
        return (question.asks_again or question.asks)(self.session, self.session.phase) if question else ()

    def do(self, *actions: Action) -> None:
        """Add actions."""
        self.actions.extend(actions)

    def tune(self, voice: VoiceSteps) -> None:
        """Speak like this from the next line on, whatever the session says."""
        self.do(Tune(voice.pace, voice.loudness, voice.name, bool(voice.clear)))

    def say(self, *lines: Line) -> None:
        """Say lines one after the other, after what is being said; "repeat" says them again."""
        self.actions.extend(Say(line) for line in lines)
        self.change(speaking=self.session.speaking + lines, last_said=lines)

    def remark(self, *lines: Line) -> None:
        """Say lines that "repeat" passes over."""
        before = self.session.last_said
        self.say(*lines)
        self.change(last_said=before)

    def hush(self, *, scheduled: bool = True) -> tuple[Line, ...]:
        """Fall silent.

        Returns:
            The lines that were cut or had not begun.
        """
        unsaid = self.session.speaking
        self.actions.append(Hush(scheduled))
        self.change(speaking=())
        return unsaid

    def record(self, fact: Fact) -> None:
        """Remember a fact."""
        self.actions.append(Record(fact))
        if isinstance(fact, RoutineBegun):
            self.change(routine_begun_at=self.now)
        if isinstance(fact, Held | Moved | RoutineBegun):
            self.change(exercised=not isinstance(fact, RoutineBegun))
