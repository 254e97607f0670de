"""Putting the parts together: from settings to a conversation with everything it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.audio.mixer import Mixer
from assistant.dialogue.events import DiaryRead
from assistant.dialogue.facts import Fact
from assistant.dialogue.lines import name_of_exercise
from assistant.dialogue.state.session import Preferences, Session
from assistant.errors import RoutineInvalid
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.keeping.diary_facts import Naming
from assistant.keeping.diary_keeper import DiaryKeeper
from assistant.keeping.journal import Journal
from assistant.keeping.memory import Memory, Remembered
from assistant.keeping.progress import Progress
from assistant.loop.conversation import Conversation
from assistant.loop.performer import Performer
from assistant.loop.vocabulary import Vocabulary
from assistant.routines import Hold, Reps, Routine
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.routines.safety import own_safety
from assistant.voice.settings import VoiceSettings
from assistant.voice.synthesiser import Synthesiser
from assistant.voice.wording import Wording
from intents.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Library:
    """All routines that could be loaded, and what was wrong with the others."""

    routines: dict[str, Routine]
    errors: list[RoutineInvalid]


def load_library(settings: Settings) -> Library:
    """Our own routines and the user's."""
    return Library(*load_routines([*own_routine_files(), *users_routine_files(settings)]))


def users_routine_files(settings: Settings) -> list[Path]:
    """The user's own routine files."""
    folder = settings.routines or folders.data() / "routines"
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in {".yaml", ".yml"})


def make_synthesiser(settings: Settings) -> Synthesiser:
    """The assistant's voice, with its cache on disk."""
    return Synthesiser(VoiceSettings(rate=settings.rate, voice=settings.voice), folders.private_cache("voice"))


@dataclass(frozen=True, slots=True)
class Assembled:
    """A conversation and the parts that whoever runs it needs."""

    conversation: Conversation
    mixer: Mixer
    vocabulary: Vocabulary
    performer: Performer


def assemble(  # noqa: PLR0913 - here everything comes together
    settings: Settings,
    routines: dict[str, Routine],
    synthesiser: Synthesiser,
    journal: Journal,
    memory: Memory | None = None,
    on_sentences: Callable[[Sentences], None] = lambda _: None,
    on_clip: Callable[[], None] | None = None,
    diary: DiaryKeeper | None = None,
    *,
    progress: Progress | None = None,
    vocabulary: Vocabulary | None = None,
) -> Assembled:
    """Build a conversation.

    Args:
        settings: The user's settings.
        routines: The routines by key.
        synthesiser: The voice.
        journal: Is told everything.
        memory: What is known from before, and where facts go; None for somebody who has just answered the questions
            about health, and whom nobody remembers.
        on_sentences: Called with what is to be listened for.
        on_clip: Called from any thread when speech has been rendered; None waits for it instead.
        diary: Keeps the user's diary; None keeps none, and asks for no pain.
        progress: Keeps how far the session is, and knows where the one before was left.
        vocabulary: That of these routines, if it has been made before.

    Raises:
        SentencesInvalid: A routine's name can't be used as a sentence.
    """
    wording = Wording()
    exercises = load_exercises()
    vocabulary = vocabulary or Vocabulary(routines.values(), exercises.values())
    if memory is not None and progress is not None:
        for number, fact in progress.owed():
            memory.note(fact, number)
    mixer = Mixer()
    mixer.gain = settings.volume
    performer = Performer(mixer, synthesiser, wording, journal, on_clip, volume=settings.volume)
    known = memory.known if memory else somebody_known()
    today = memory.today() if memory else date.min
    session = Session(
        routines=routines,
        exercises=exercises,
        health=known.health(today),
        screened=memory is None,
        left_out=known.left_out_today(today),
        met=frozenset(known.met),
        prescribed={prescribed.exercise: prescribed for prescribed in known.prescribed},
        done_today=known.done_today(today),
        preferences=Preferences(settings.count, settings.ready_after_s),
        sore_side=known.sore_side,
        disclaimer_due=not known.disclaimer_heard,
    )

    if progress is not None:
        session = progress.taken_up(session)

    def keep(fact: Fact) -> None:
        if memory is not None:
            memory.note(fact, progress.number() if progress else None)
        if diary is not None:
            diary.note(fact, conversation.now)

    def note_turn(session: Session, now: float, facts: Sequence[Fact]) -> None:
        if progress is not None:
            progress.keep(session, now, facts)

    if diary is not None:
        diary.names = Naming(lambda key: name_of_exercise(session, key), lambda key: routines[key].title)
        if progress is not None and progress.before is not None:
            diary.take_up(session.unfinished, [fact for _, fact in progress.owed()])
    keeping = KeptDiary(diary, memory) if diary is not None else None
    conversation = Conversation(
        session,
        mixer,
        performer,
        vocabulary,
        journal,
        on_sentences,
        on_fact=keep,
        diary=keeping,
        on_turn=note_turn,
    )
    return Assembled(conversation, mixer, vocabulary, performer)


class KeptDiary:
    """The diary for a conversation, with what the memory knows of today.

    Args:
        keeper: Writes and reads the diary.
        memory: Knows which sets were done today; None: nobody does.
    """

    def __init__(self, keeper: DiaryKeeper, memory: Memory | None) -> None:
        self._keeper = keeper
        self._memory = memory
        self.note_so_far = keeper.note_so_far
        self.routine_over = keeper.routine_over

    def read(self) -> DiaryRead:
        """What the diary says in short, and what was done today."""
        done_today = self._memory.known.done_today(self._keeper.today()) if self._memory else {}
        return DiaryRead(self._keeper.digest(), done_today)


def somebody_known() -> Remembered:
    """Somebody who has heard the disclaimer, and to whom none of the questions about health applies."""
    answers = {question.key: False for question in own_safety().questions}
    return Remembered(disclaimer_heard=True, answers=answers, screened=True)


def memory_of_a_guest(*, known: bool) -> Memory:
    """A memory that ends with this session: of somebody who is new, or who has answered all questions before."""
    memory = Memory(None)
    if known:
        memory.known = somebody_known()
    return memory


def texts_to_prepare(routine: Routine) -> Iterable[str]:
    """What a routine will say for certain, to be rendered while the cautions are read."""
    wording = Wording()
    for step in routine.steps:
        yield from (step.getting_there, step.caution, step.movement, step.cue)
        highest = min(step.dose.seconds, 10) if isinstance(step.dose, Hold) else step.dose.count
        key = "reps.count" if isinstance(step.dose, Reps) else "hold.count"
        yield from (wording.text(key, {"n": n}) for n in range(1, highest + 1))
    yield routine.closing
