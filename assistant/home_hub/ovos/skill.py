"""The skill: OVOS's words into a session, the session's words to OVOS.

OVOS's own "stop" comes before any skill's `converse`, so that it is asked for by `can_stop` and arrives in
`stop_session`. Loudness, the pace of the voice, and all that is not about stretching are OVOS's.
"""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import soundfile
from ovos_bus_client.message import Message
from ovos_bus_client.session import Session
from ovos_utils.decorators import classproperty
from ovos_utils.process_utils import RuntimeRequirements
from ovos_workshop.decorators import intent_handler
from ovos_workshop.skills.converse import ConversationalSkill

from assistant.audio.formats import RATE
from assistant.audio.tones import tone
from assistant.dialogue.actions import ChimeKind
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.errors import AssistantError
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.home_hub.ovos.hosted import HostedParts, HostedPerformer, HostedSession, WallClock, get_ready
from assistant.keeping import memory
from assistant.keeping.diary_keeper import DiaryKeeper, diary_file
from assistant.keeping.journal import Journal
from assistant.keeping.progress import Progress, usual_path
from assistant.loop.builder import begin
from assistant.loop.conversation import Conversation
from assistant.loop.library import load_library
from assistant.loop.session_keeper import SessionKeeper
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_exercises
from assistant.voice.wording import Wording

_LIST = "which routines"
_MOST_S = 3.0
"""A text may take so many times as long as it usually does, before it is taken for said."""

_OFFLINE = RuntimeRequirements(
    internet_before_load=False,
    network_before_load=False,
    gui_before_load=False,
    requires_internet=False,
    requires_network=False,
    requires_gui=False,
    no_internet_fallback=True,
    no_network_fallback=True,
    no_gui_fallback=True,
)


class StretchAssistantSkill(ConversationalSkill):
    """Stretches for back and legs, counted aloud.

    Attributes:
        asked_by: The message that brought the latest words: what is said goes where they came from.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._session: HostedSession | None = None
        self.asked_by = Message("")
        super().__init__(*args, resources_dir=str(Path(__file__).parent), **options)

    @classproperty
    def runtime_requirements(self) -> RuntimeRequirements:
        """Nothing: no internet, no network, no screen."""
        return _OFFLINE

    def initialize(self) -> None:
        """Load what there is to do and to say; OVOS calls it once the skill is connected."""
        try:
            self._user_settings = Settings.load()
        except AssistantError as error:
            self.log.error(" ".join(error.lines()))
            self._user_settings = Settings()
        self._library = load_library(self._user_settings)
        self._exercises = load_exercises()
        self._vocabulary = Vocabulary(self._library.routines.values(), self._exercises.values())
        get_ready(self._vocabulary)

    @intent_handler("start.intent")
    def handle_start(self, message: Message) -> None:
        """Begin a session with what was said."""
        self._begin(message)

    @intent_handler("ask.intent")
    def handle_question(self, message: Message) -> None:
        """Answer; a question alone is a session of one sentence."""
        self._begin(message)

    def can_converse(self, message: Message) -> bool:
        """Whether a session runs."""
        return self._session is not None

    def converse(self, message: Message) -> bool:
        """Take words into the session; what is no command there is left to others."""
        session = self._session
        if session is None:
            return False
        self.asked_by = message
        heard = message.data.get("utterances") or []
        return any(session.ask(words) for words in heard)

    def can_stop(self, message: Message) -> bool:
        """Whether a session runs."""
        return self._session is not None

    def stop_session(self, session: Session) -> bool:
        """End what is under way, as "stop" does in a session."""
        return self._session is not None and self._session.ask("stop")

    def shutdown(self) -> None:
        """OVOS unloads the skill."""
        if self._session is not None:
            self._session.close()

    def speak_and_wait(self, message: Message, text: str) -> None:
        """Say a text where the session is; OVOS finds that in the message."""
        self.speak(text, wait=max(5, round(_MOST_S * len(text) / LETTERS_A_SECOND)))

    def play(self, message: Message, kind: ChimeKind) -> None:
        """Play a tone there."""
        file = folders.private_cache("tones") / f"{kind}.wav"
        if not file.is_file():
            folders.make_private(file.parent)
            soundfile.write(file, tone(kind), RATE)
        self.play_audio(str(file), instant=True)

    def fall_silent(self, message: Message) -> None:
        """Cut off what OVOS says there."""
        self.bus.emit(message.forward("mycroft.audio.speech.stop", {"skill_id": self.skill_id}))

    def _begin(self, message: Message) -> None:
        self.asked_by = message
        words = str(message.data.get("utterance", ""))
        if self._session is None:
            session = HostedSession(self._make, self._over)
            try:
                session.begin()
            except AssistantError as error:
                self.speak(f"{error.what} {error.why}")
                return
            self._session = session
            self.activate(duration_minutes=-1)
        if not self._session.ask(words):  # OVOS takes a sentence for one that it resembles
            self._session.ask(_LIST)

    def _make(self, executor: Executor, wake: Any) -> HostedParts:
        diary = DiaryKeeper(diary_file(), self.log.warning, names=self._library.names)
        remembered = memory.usual_memory(diary.today)
        remembered.tell = self.log.warning
        keeper = SessionKeeper(remembered, diary, Progress(usual_path(), self.log.warning))
        clock, journal = WallClock(), Journal()
        performer = HostedPerformer(_Ovos(self), Wording(), journal, clock, executor, wake, remembered.known.sessions)
        session = begin(self._user_settings, self._library.routines, self._exercises, keeper)
        conversation = Conversation(keeper.take_up(session), clock, performer, self._vocabulary, journal, keeper)
        self._diary = diary
        return HostedParts(conversation, performer, clock)

    def _over(self, error: BaseException | None) -> None:
        self._session = None
        self._diary.close()
        if error is not None:
            self.log.error(f"The session has ended: {error!r}")
        self._retire(self.asked_by)

    def _retire(self, message: Message) -> None:
        self.deactivate()


class _Ovos:
    """OVOS as the session's host.

    Args:
        skill: Speaks.
    """

    def __init__(self, skill: StretchAssistantSkill) -> None:
        self._skill = skill

    def speak(self, text: str) -> None:
        self._skill.speak_and_wait(self._skill.asked_by, text)

    def sound(self, kind: ChimeKind) -> None:
        self._skill.play(self._skill.asked_by, kind)

    def hush(self) -> None:
        self._skill.fall_silent(self._skill.asked_by)
