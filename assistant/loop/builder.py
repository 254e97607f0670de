"""Putting the parts together: from settings to a conversation with everything it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from assistant.audio.mixer import VOICE_LAYER, Mixer
from assistant.audio.reference import Reference
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.user import Preferences
from assistant.hearing.front_end.echo_front_end import EchoFrontEnd
from assistant.hearing.front_end.front_end import DirectFrontEnd
from assistant.hearing.front_end.own_voice import OwnVoice
from assistant.hearing.listener import AnyListener
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal
from assistant.loop.conversation import Conversation
from assistant.loop.performer import Performer, Voice
from assistant.loop.session_keeper import SessionKeeper
from assistant.loop.speaking import voices_here
from assistant.loop.vocabulary import Vocabulary, kept_sentences
from assistant.routines import Hold, Routine
from assistant.routines.exercise import Exercise
from assistant.routines.loading import load_exercises
from assistant.voice.settings import CLEAR_PACE
from assistant.voice.wording import Wording
from intents.language import ENGLISH, Language
from intents.sided import for_side


@dataclass(frozen=True, slots=True)
class Assembled:
    """A conversation and the parts that whoever drives it needs.

    Attributes:
        conversation: The session.
        mixer: Gives the loudspeaker's sound; its clock is the session's.
        performer: Speaks.
        vocabulary: What may be said.
        own_voice: Knows what the loudspeaker says.
    """

    conversation: Conversation
    mixer: Mixer
    performer: Performer
    vocabulary: Vocabulary
    own_voice: OwnVoice

    def echo_front_end(self, listener: AnyListener) -> EchoFrontEnd:
        """Of a microphone in the room of the loudspeaker.

        Args:
            listener: Hears what is left when the assistant's own voice has been taken out.
        """
        duck = partial(self.mixer.duck, VOICE_LAYER)
        return EchoFrontEnd(listener, Reference(self.mixer.history).of, duck, self.own_voice)

    def direct_front_end(self, listener: AnyListener) -> DirectFrontEnd:
        """Of a microphone that does not hear the loudspeaker, or a recording.

        Args:
            listener: Hears it.
        """
        return DirectFrontEnd(listener, self.own_voice)


def begin(
    settings: Settings, routines: Mapping[str, Routine], exercises: Mapping[str, Exercise], keeper: SessionKeeper
) -> Session:
    """A session of this user before anything has happened in it.

    Args:
        settings: The user's settings.
        routines: The routines by key.
        exercises: The library by key.
        keeper: Knows the user.
    """
    known, voices = keeper.memory.known, voices_here(settings)
    return Session(
        routines=routines,
        exercises=exercises,
        preferences=Preferences(
            settings.count,
            settings.ready_after_s,
            known.wordiness or "by need",
            voices,
            settings.household_number,
            settings.rate,
            CLEAR_PACE,
        ),
        voice=known.voice_of(voices, clear=settings.clear_speech),
        user=replace(known.user(keeper.memory.today()), screened=keeper.screened),
    )


def assemble(
    settings: Settings,
    routines: dict[str, Routine],
    voice: Voice,
    journal: Journal,
    keeper: SessionKeeper,
    on_clip: Callable[[], None] | None = None,
    vocabulary: Vocabulary | None = None,
    language: Language = ENGLISH,
) -> Assembled:
    """Build a conversation.

    Args:
        settings: The user's settings.
        routines: The routines by key.
        voice: Makes speech of text.
        journal: Is told everything.
        keeper: Knows the user, and keeps the session.
        on_clip: Called from any thread when speech has been rendered; None waits for it instead.
        vocabulary: That of these routines, if it has been made before.
        language: In which the routines were loaded.

    Raises:
        SentencesInvalid: A routine's name can't be used as a sentence.
    """
    exercises = load_exercises(language)
    vocabulary = vocabulary or Vocabulary(routines.values(), exercises.values(), language, kept_sentences())
    mixer = Mixer()
    mixer.gain = settings.volume
    own_voice = OwnVoice()
    sessions = keeper.memory.known.sessions
    performer = Performer(
        mixer, voice, Wording(language=language), journal, own_voice, on_clip, settings.volume, sessions
    )
    session = begin(settings, routines, exercises, keeper)
    conversation = Conversation(keeper.take_up(session), mixer, performer, vocabulary, journal, keeper)
    return Assembled(conversation, mixer, performer, vocabulary, own_voice)


def texts_to_prepare(routine: Routine, language: Language = ENGLISH) -> Iterable[str]:
    """What a routine will say for certain, to be rendered while the cautions are read."""
    wording = Wording(language=language)
    for step in routine.steps:
        told = (
            step.getting_there,
            step.caution,
            step.movement,
            step.cue,
            step.into_of("usual"),
            *step.beats_of("usual"),
        )
        yield from {for_side(text, side): None for text in told if text for side in ("left", "right")}
        highest = min(step.dose.seconds, 10) if isinstance(step.dose, Hold) else step.dose.count
        beat = step.beats_of("usual")[:1]
        key = "hold.count" if isinstance(step.dose, Hold) else "reps.count" if beat else "reps.number"
        yield from (wording.text(key, {"n": n, "text": "".join(beat)}) for n in range(1, highest + 1))
    yield routine.closing
