"""The skill in a real OVOS core, in this process: begun by an intent, talked to, stopped; and found by OVOS.

OVOS has an environment of its own, which ``scripts/test-ovos`` makes; elsewhere this is skipped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Any

import pytest

ovoscope = pytest.importorskip("ovoscope", reason="OVOS is tried by scripts/test-ovos")

from ovos_bus_client.message import Message  # noqa: E402 - once it is known that OVOS is there
from ovos_bus_client.session import Session  # noqa: E402
from ovos_plugin_manager.skills import find_skill_plugins  # noqa: E402

from assistant.home import folders  # noqa: E402
from assistant.home_hub.ovos.skill import StretchAssistantSkill  # noqa: E402
from assistant.keeping.memory import save_remembered  # noqa: E402
from assistant.loop.session_keeper import somebody_known  # noqa: E402

SKILL = "stretch-assistant.stretch-assistant"
SPEAK = "speak"
WITHIN_S = 60.0


class Ovos:
    """A core with the skill in it, and an audio service that says everything in a moment.

    Attributes:
        said: What was spoken, in order.
        other: Types of messages to the audio service.
        taken: Whether the skill took words that it was asked about in a session.
    """

    def __init__(self, core: Any) -> None:
        self.core = core
        self.said: list[str] = []
        self.other: list[str] = []
        self.session = Session("mat")
        self.taken: list[bool] = []
        core.bus.on(SPEAK, self._speak)
        core.bus.on("skill.converse.response", lambda message: self.taken.append(message.data["result"]))
        for kind in ("mycroft.audio.play_sound", "mycroft.audio.speech.stop"):
            core.bus.on(kind, lambda message: self.other.append(message.msg_type))

    def _speak(self, message: Message) -> None:
        self.said.append(message.data["utterance"])
        over = message.forward("recognizer_loop:audio_output_end")
        timer = threading.Timer(0.05, self.core.bus.emit, [over])
        timer.daemon = True
        timer.start()

    def say(self, words: str) -> None:
        context = {"session": self.session.serialize(), "source": "satellite", "destination": "core"}
        data = {"utterances": [words], "lang": "en-US"}
        capture = ovoscope.CaptureSession(self.core)
        capture.capture(Message("recognizer_loop:utterance", data, context), timeout=30)
        for message in capture.finish():
            if message.context.get("session"):
                self.session = Session.deserialize(message.context["session"])

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)

    def until_said(self, part: str) -> None:
        self.until(lambda: any(part in text for text in self.said))


@pytest.fixture(scope="module")
def ovos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ovos]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(folders.HOME_VARIABLE, str(home))
        (home / "data").mkdir()
        assert save_remembered(somebody_known(), home / "data" / "remembered.json") is None
        core = ovoscope.get_minicroft([], max_wait=240, extra_skills={SKILL: StretchAssistantSkill})
        yield Ovos(core)
        core.stop()


@pytest.fixture(autouse=True)
def afterwards(ovos: Ovos) -> Iterator[None]:
    ovos.said.clear()
    ovos.other.clear()
    yield
    skill = ovos.core.plugin_skills[SKILL].instance
    if (session := skill._session) is not None:
        session.close()


def test_it_is_found_under_both_names() -> None:
    for group in ("opm.skill", "ovos.plugin.skill"):
        assert SKILL in {point.name for point in entry_points(group=group)}
    assert find_skill_plugins()[SKILL] is StretchAssistantSkill


def test_it_needs_nothing_but_the_machine() -> None:
    needs = StretchAssistantSkill.runtime_requirements
    assert not (needs.internet_before_load or needs.network_before_load or needs.gui_before_load)
    assert not (needs.requires_internet or needs.requires_network or needs.requires_gui)


def test_a_session_is_begun_talked_to_and_stopped(ovos: Ovos) -> None:
    ovos.say("start my gentle stretch")
    ovos.until_said("Is anything new since last time")
    ovos.say("no")
    ovos.until_said("Gentle stretch")
    ovos.say("ready")
    ovos.until_said("Say ready when you are there")
    ovos.say("ready")
    ovos.until(lambda: "mycroft.audio.play_sound" in ovos.other)  # the tone with which a hold begins
    ovos.say("how long left")
    ovos.until_said("seconds of this")
    ovos.say("stop")  # never comes to converse
    ovos.until_said("Ease out of it")
    ovos.until_said("To rise")
    ovos.say("skip")
    ovos.until(lambda: ovos.core.plugin_skills[SKILL].instance._session is None)
    ovos.said.clear()
    ovos.say("ready")  # nobody is there any more
    assert ovos.said == []


def test_a_question_is_answered_and_the_session_is_over(ovos: Ovos) -> None:
    ovos.say("when did i last stretch")
    ovos.until(lambda: ovos.core.plugin_skills[SKILL].instance._session is None)
    assert ovos.said


def test_what_is_no_command_in_a_session_is_left_to_ovos(ovos: Ovos) -> None:
    ovos.say("which routines are there")
    ovos.until_said("lower back stretch")
    ovos.say("what is the capital of france")
    ovos.say("louder")
    ovos.say("what can i say")
    ovos.until(lambda: ovos.taken[-3:] == [False, False, True])
