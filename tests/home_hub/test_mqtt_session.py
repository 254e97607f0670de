"""Sessions on a real broker, steered by its buttons alone: what Home Assistant sees, and that the ticks stay exact."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from assistant.audio.formats import RATE
from assistant.audio.simulated import SimulatedCard
from assistant.dialogue.state.care_phases import AskingPain
from assistant.dialogue.state.routine_phases import AskingLeg
from assistant.home.mqtt_settings import MqttSettings
from assistant.home.settings import Settings
from assistant.home_hub.mqtt import MqttHub
from assistant.keeping.diary_keeper import DiaryKeeper
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import Assembled, assemble
from assistant.loop.live import Inbox
from assistant.loop.publisher import publish
from assistant.loop.session_keeper import SessionKeeper, guest
from assistant.loop.typed import Typed
from assistant.stage.simulated_session import SimulatedSession
from assistant.stage.soundless import SoundlessVoice
from scripts.testbed.mosquitto import WITHIN_S, Listener, Mosquitto, listening
from scripts.testbed.sound_server import wait_until
from tests.dialogues.world import ROUTINES, VOCABULARY

NODE = "stretch-assistant"
ROUTINE = "Lower back stretch"


class House:
    """A soundless session whose time is its samples, with a hub beside it, and the listener that stands for the hub.

    Args:
        port: The broker's.
        keeper: Of the session.
        diary: That the hub reads.
        more: Settings of the broker.
    """

    def __init__(self, port: int, keeper: SessionKeeper, diary: DiaryKeeper | None = None, **more: Any) -> None:
        self.rows: list[Row] = []
        self.inbox: Inbox = queue.SimpleQueue()
        self.complaints: list[str] = []
        settings = Settings(ready_after=5, mqtt=MqttSettings("127.0.0.1", port, **more))
        assert settings.mqtt is not None
        journal = Journal(self.rows.append)
        self.parts: Assembled = assemble(settings, ROUTINES, SoundlessVoice(), journal, keeper, vocabulary=VOCABULARY)
        conversation = self.parts.conversation
        self.publisher = publish(self.parts, journal, self.inbox.put, lambda: conversation.now)
        tell = self.complaints.append
        a_press_a_second = count().__next__
        self.hub = MqttHub(settings.mqtt, conversation.session, self.publisher, diary, tell, a_press_a_second)
        conversation.observers.append(self.hub.observe)
        self.session = SimulatedSession(self.parts, SimulatedCard())

    def step(self) -> None:
        """One block of time, and what was pressed meanwhile."""
        while not self.inbox.empty():
            pressed = self.inbox.get()
            assert isinstance(pressed, Typed)
            assert pressed.alone, "stop waits for nothing"
            self.parts.conversation.hear_text(pressed.text or "")
        self.session.step()

    def until(self, what: str, holds: Callable[[], bool], within_s: float = 300.0) -> None:
        """Let time pass, in samples, until something holds."""
        last = self.parts.conversation.now + within_s
        while not holds():
            assert self.parts.conversation.now < last, f"not within {within_s:g} s: {what}"
            self.step()

    @property
    def ticks(self) -> list[Row]:
        """The counted seconds so far."""
        return [row for row in self.rows if row["kind"] == "tick"]


class Hub:
    """Home Assistant's side: sees states, presses buttons. Time stands still while it waits for the broker."""

    def __init__(self, house: House, listener: Listener) -> None:
        self.house = house
        self.listener = listener

    def state(self) -> dict[str, Any]:
        return dict(json.loads(self.listener.kept.get(f"{NODE}/state", '{"state": null}')))

    def sees(self, condition: str) -> None:
        """The session comes there, and then the hub sees it."""
        self.house.until(condition, lambda: self.house.publisher.state.condition == condition)
        self.listener.wait_for(condition, lambda: self.state()["state"] == condition)

    def press(self, button: str) -> None:
        """Press, and wait until the words are there."""
        self.listener.send(f"{NODE}/press", button)
        wait_until(lambda: not self.house.inbox.empty(), f"{button} arrives", WITHIN_S)

    @property
    def events(self) -> list[str]:
        return [json.loads(payload)["event_type"] for topic, payload in self.listener.all if topic == f"{NODE}/event"]


@pytest.fixture
def hub(mosquitto: Mosquitto) -> Iterator[Hub]:
    house = House(mosquitto.port, guest(screened=True))
    with listening(mosquitto.port) as listener, house.hub:
        house.session.start()
        listener.wait_for("it is there", lambda: listener.kept.get(f"{NODE}/availability") == "online")
        yield Hub(house, listener)


def test_a_session_is_driven_to_its_end_by_buttons_alone(hub: Hub) -> None:
    hub.sees("idle")
    assert hub.state() == {
        "state": "idle",
        "running": "OFF",
        **dict.fromkeys(("routine", "step", "number", "of", "side")),
    }
    hub.listener.send(f"{NODE}/routine/set", ROUTINE)
    hub.listener.wait_for("it is chosen", lambda: hub.listener.kept[f"{NODE}/routine"] == ROUTINE)
    hub.press("start")
    hub.sees("caution")
    assert (hub.state()["running"], hub.state()["routine"]) == ("ON", ROUTINE)
    hub.sees("getting-ready")
    assert (hub.state()["number"], hub.state()["of"]) == (1, 3)
    hub.press("pause")
    hub.sees("paused")
    hub.press("resume")
    hub.house.until("on its way", lambda: hub.house.publisher.state.condition != "paused")
    while (state := hub.house.publisher.state).condition != "idle":
        if any(button.intent == "Next" for button in state.buttons):
            hub.press("next")
        hub.house.step()
    hub.sees("idle")
    hub.listener.wait_for("its end", lambda: hub.events[-1:] == ["stopped"])
    assert hub.events == ["started", "stopped"], "where all was left out, nothing was finished"
    assert hub.state()["running"] == "OFF"


def test_a_hold_is_counted_to_the_sample_while_the_broker_is_killed_and_comes_back(
    hub: Hub, mosquitto: Mosquitto
) -> None:
    house = hub.house
    hub.listener.send(f"{NODE}/routine/set", "Cool down")
    hub.listener.wait_for("it is chosen", lambda: hub.listener.kept[f"{NODE}/routine"] == "Cool down")
    hub.press("start")
    hub.sees("holding")
    house.until("five seconds are held", lambda: len(house.ticks) == 5)
    left = house.ticks[-1]["remaining"]
    hub.listener.wait_for(
        "the seconds", lambda: hub.listener.kept[f"{NODE}/seconds_left"] in {str(left), str(left - 1)}
    )
    mosquitto.kill()
    wait_until(lambda: bool(house.complaints), "it is missed", WITHIN_S)
    house.until("three more", lambda: len(house.ticks) == 8)
    mosquitto.start()
    with listening(mosquitto.port) as back:
        back.wait_for("all is told anew", lambda: back.kept.get(f"{NODE}/availability") == "online")
        assert json.loads(back.kept[f"{NODE}/state"])["state"] == "holding"
        assert int(back.kept[f"{NODE}/seconds_left"]) in {left - 3, left - 4}
        assert f"homeassistant/device/{NODE}/config" in back.kept
        house.until("it is done", lambda: house.publisher.state.condition != "holding")
        back.wait_for("none is left", lambda: back.kept[f"{NODE}/seconds_left"] == "null")
    of_hold = house.ticks[: house.ticks[0]["remaining"]]
    assert [row["remaining"] for row in of_hold] == list(range(len(of_hold), 0, -1))
    first = round(of_hold[0]["t"] * RATE)
    assert [round(row["t"] * RATE) - first for row in of_hold] == [n * RATE for n in range(len(of_hold))]


NOW = datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=1)))


def test_a_routine_that_is_done_is_told_with_what_the_diary_says(mosquitto: Mosquitto, tmp_path: Path) -> None:
    diary = DiaryKeeper(tmp_path / "diary" / "diary.sqlite3", print, lambda: NOW)
    house = House(mosquitto.port, guest(screened=True, diary=diary), diary)
    with listening(mosquitto.port) as listener, house.hub:
        hub = Hub(house, listener)
        house.session.start()
        hub.sees("idle")
        assert json.loads(listener.kept[f"{NODE}/diary"]) == {"last_session": None, "days_this_week": 0}
        listener.send(f"{NODE}/routine/set", "Cool down")
        listener.wait_for("it is chosen", lambda: listener.kept[f"{NODE}/routine"] == "Cool down")
        hub.press("start")
        hub.sees("asking")
        hub.press("next")  # the pain is left open
        house.until("it begins", lambda: house.publisher.state.routine is not None)

        def done() -> bool:
            if isinstance(house.parts.conversation.session.phase, AskingLeg):
                house.parts.conversation.hear_text("the same")  # what is asked aloud is answered aloud
            return house.publisher.state.routine is None

        house.until("it is done", done, 600.0)
        listener.wait_for("it is told", lambda: hub.events == ["started", "finished"])
        told = {"last_session": "2026-03-02T07:30:00+01:00", "days_this_week": 1}
        listener.wait_for("the diary", lambda: json.loads(listener.kept[f"{NODE}/diary"]) == told)
        assert listener.kept[f"{NODE}/pain"] == ""
    diary.close()


def pain_told(mosquitto: Mosquitto, diary: DiaryKeeper, kept: str, *, tells: bool) -> dict[str, Any]:
    """Tell the assistant of a pain of four; what the broker keeps is looked at, and what it is told of the entity."""
    house = House(mosquitto.port, guest(screened=True, diary=diary), diary, pain=tells)
    conversation = house.parts.conversation
    with listening(mosquitto.port) as listener, house.hub:
        house.session.start()
        conversation.hear_text("note my pain")
        house.until(
            "it has asked", lambda: isinstance(conversation.session.phase, AskingPain) and not conversation.speaking
        )
        conversation.hear_text("four")
        listener.wait_for("the pain", lambda: listener.kept.get(f"{NODE}/pain") == kept)
        listener.wait_for("it is there", lambda: listener.kept.get(f"{NODE}/availability") == "online")
        return dict(json.loads(listener.kept[f"homeassistant/device/{NODE}/config"])["cmps"]["pain"])


def test_pain_is_told_only_where_that_was_asked_for_and_forgotten_where_it_is_not_any_more(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    diary = DiaryKeeper(tmp_path / "diary" / "diary.sqlite3", print, lambda: NOW)
    assert pain_told(mosquitto, diary, "4", tells=True)["name"] == "Pain"
    assert pain_told(mosquitto, diary, "", tells=False) == {"p": "sensor"}
    diary.close()
    with listening(mosquitto.port) as later:
        later.wait_for("what is kept", lambda: f"{NODE}/availability" in later.kept)
        assert f"{NODE}/pain" not in later.kept
