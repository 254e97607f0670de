"""What of a session outlives it: where it stands, what is remembered of the user, and the diary.

The order is what makes it survive a kill at any moment. Where the session stands is written, with the facts that an
event has brought, before anything is done about the event (`write_ahead`). Then the facts are handed to memory and
diary, each with its number. A process that was killed in between has left them in its progress: the next one hands
them over again, and both ignore the numbers that they have seen.
"""

from __future__ import annotations

from assistant.dialogue.events import DiaryRead, RemindersRead
from assistant.dialogue.exercising.recording import done_so_far
from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.state.phases import Holding, Moving
from assistant.dialogue.state.session import Session
from assistant.keeping.diary_keeper import DiaryKeeper
from assistant.keeping.memory import Memory
from assistant.keeping.progress import Progress
from assistant.keeping.remembered import Remembered
from assistant.keeping.reminder_keeper import ReminderKeeper
from assistant.loop.observers import Transition
from assistant.routines.safety import own_safety


class SessionKeeper:
    """Keeps a session; an observer of its transitions.

    Args:
        memory: What is known of the user from before, and where facts go.
        diary: Keeps the user's diary; None keeps none, and no pain is asked for.
        progress: Keeps how far the session is, and knows where the one before was left; None keeps it nowhere.
        screened: Whether the questions about health have just been asked.
        reminders: Keeps the user's reminders; None keeps none.
    """

    def __init__(
        self,
        memory: Memory,
        diary: DiaryKeeper | None = None,
        progress: Progress | None = None,
        *,
        screened: bool = False,
        reminders: ReminderKeeper | None = None,
    ) -> None:
        self.memory = memory
        self.screened = screened
        self._diary = diary
        self._progress = progress or Progress(None)
        self._so_far: Held | Moved | None = None
        self._reminders = reminders
        for number, fact in self._progress.owed():
            memory.note(fact, number)
            if reminders is not None:
                reminders.note(fact)

    def take_up(self, session: Session) -> Session:
        """Where a new session begins: where the process before was ended in the middle, if it was.

        Args:
            session: As it is for somebody of whom just that is known which the memory says.
        """
        session = self._progress.taken_up(session)
        if self._diary is not None and self._progress.before is not None:
            self._diary.take_up(session.unfinished, self._progress.owed())
        return session

    def read_diary(self) -> DiaryRead | None:
        """What the diary says in short, and what was done today; None where none is kept."""
        if self._diary is None:
            return None
        return DiaryRead(self._diary.digest(), self.memory.known.done_today(self._diary.today()))

    def read_reminders(self) -> RemindersRead | None:
        """The reminders, and what time it is; None where none are kept."""
        return self._reminders.read() if self._reminders is not None else None

    def write_ahead(self, transition: Transition) -> None:
        """Keep where a session stands, before anything is done about the event that brought it there."""
        self._progress.keep(transition.after, transition.now, transition.facts)

    def __call__(self, transition: Transition) -> None:
        """Hand over what was recorded, and write down each second that was held and each rep.

        What was counted aloud outlives a killed process.
        """
        for fact in transition.facts:
            number = self._progress.number()
            self.memory.note(fact, number)
            if self._reminders is not None:
                self._reminders.note(fact)
            if self._diary is not None:
                self._diary.note(fact, transition.now, number)
        if self._diary is None:
            return
        session = transition.after
        if session.under_way is None:
            self._diary.routine_over()
        under_way = isinstance(session.phase, Holding | Moving)
        so_far = done_so_far(session.phase, transition.now) if under_way else None
        if so_far is not None and so_far != self._so_far:
            self._diary.note_so_far(so_far, transition.now)
        self._so_far = so_far


def guest(*, known: bool = True, screened: bool = False, diary: DiaryKeeper | None = None) -> SessionKeeper:
    """A keeper that ends with its session: of somebody who is new, or who has answered all questions before.

    Args:
        known: Whether they have been here before.
        screened: Whether they have just been asked whether anything is new.
        diary: The diary that the session is written into nevertheless.
    """
    memory = Memory(None)
    if known:
        memory.known = somebody_known()
    return SessionKeeper(memory, diary, screened=screened)


def somebody_known() -> Remembered:
    """Somebody who has heard the disclaimer, and to whom none of the questions about health applies."""
    answers = {question.key: False for question in own_safety().questions}
    return Remembered(disclaimer_heard=True, answers=answers, screened=True)
