"""What Home Assistant is told, to the letter; what is sent to us, whatever it is; and what counts as an event."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.actions import Action, Record
from assistant.dialogue.events import Event
from assistant.home.mqtt_settings import MqttSettings
from assistant.home_hub.entities import BUTTONS, EVENTS, Topics, discovery
from assistant.home_hub.mqtt import LONGEST_COMMAND, PRESSES_A_SECOND, PRESSES_AT_ONCE, MqttHub, events_of, seconds_left
from assistant.loop.allowance import Allowance
from assistant.loop.observers import Transition
from assistant.loop.published import Condition, Countdown, Published
from assistant.loop.publisher import Publisher
from assistant.loop.typed import Typed
from tests.dialogues.world import VOCABULARY, World, new_session

GOLDEN = Path(__file__).with_name("discovery.json")
BLUEPRINTS = files("assistant.home_hub").joinpath("blueprints")
TOPICS = Topics("stretch-assistant", "homeassistant")


def told(*, pain: bool = False) -> dict[str, Any]:
    message = json.loads(discovery(TOPICS, ["Lower back stretch", "Warm up"], pain=pain))
    for part in ("dev", "o"):
        message[part].pop("sw")  # ours, which changes
    return dict(message)


def test_discovery_is_as_agreed() -> None:
    """Whoever changes it looks at what Home Assistant makes of it: scripts/try-home-assistant."""
    assert told() == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_every_entity_has_a_name_of_its_own_and_its_topics() -> None:
    components = told(pain=True)["cmps"]
    assert len({entity["unique_id"] for entity in components.values()}) == len(components)
    assert all(entity["name"] and {"state_topic", "command_topic"} & entity.keys() for entity in components.values())
    assert components["pain"]["state_topic"] == TOPICS.pain
    assert told()["cmps"]["pain"] == {"p": "sensor"}, "one that was there is taken away"
    assert components["state"]["options"] == list(get_args(Condition))
    assert set(BUTTONS) == {key for key, entity in components.items() if entity["p"] == "button"}


class WatchedWorld(World):
    """Notes the events of a session as the hub sees them."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.events: list[str] = []

    def feed(self, event: Event) -> tuple[Action, ...]:
        before, now = self.session, self.now
        actions = super().feed(event)
        facts = tuple(action.fact for action in actions if isinstance(action, Record))
        transition = Transition(event, before, self.session, now, facts)
        self.events += [f"{what} {routine}" for what, routine in events_of(transition)]
        return actions


@pytest.mark.parametrize(
    ("said", "events"),
    [
        ("which routines | stop", ""),
        ("start cool down | pause | resume | stop", "started Cool down | stopped Cool down"),
        ("start cool down | skip | skip", "started Cool down | stopped Cool down"),
        ("start cool down | start over | yes", "started Cool down"),
        ("start cool down | start warm up | no", "started Cool down"),
        ("start cool down | start warm up | yes", "started Cool down | stopped Cool down | started Warm up"),
        ("start cool down | i feel dizzy", "started Cool down | stopped Cool down | alert Cool down"),
        ("i feel dizzy | i feel dizzy", "alert None"),
        (
            "start cool down | my chest hurts | false alarm | yes | yes",
            "started Cool down | stopped Cool down | alert Cool down | started Cool down",
        ),
    ],
)
def test_what_happens_to_a_routine_is_told_once(said: str, events: str) -> None:
    world = WatchedWorld(new_session())
    world.start()
    for words in said.split(" | "):
        world.until_quiet()
        world.hear(words)
    assert " | ".join(world.events) == events


@pytest.mark.parametrize(("clock", "left"), [(9.0, 20), (10.0, 20), (10.04, 20), (11.0, 19), (29.5, 1), (30.2, 0)])
def test_seconds_are_left_of_a_hold_only(clock: float, left: int) -> None:
    holding = Published("holding", countdown=Countdown(10.0, 30.0, 20.0))
    assert seconds_left(holding, clock) == left
    assert seconds_left(Published("resting", countdown=holding.countdown), clock) is None
    assert seconds_left(Published("holding"), clock) is None


class Pressed:
    """A hub that is connected to nothing, and what it makes of what comes."""

    def __init__(self) -> None:
        session = new_session()
        self.said: list[str | None] = []
        self.now = 0.0

        def put(typed: Typed) -> None:
            self.said.append(typed.text)

        self.publisher = Publisher(session, lambda line: line.key, put, lambda: 0.0)
        self.hub = MqttHub(MqttSettings("nowhere"), session, self.publisher, None, print, lambda: self.now)

    def press(self, button: str) -> None:
        self.hub._take(TOPICS.press, button.encode())


_SENT = st.binary(max_size=300) | st.sampled_from([*BUTTONS, "online", "Warm up", "warm up", "", "null", "{}"]).map(
    str.encode
)


@given(st.lists(st.tuples(st.sampled_from([TOPICS.press, TOPICS.choose_routine, TOPICS.hub, "a/b", ""]), _SENT)))
def test_whatever_is_sent_only_our_own_words_come_of_it(sent: list[tuple[str, bytes]]) -> None:
    pressed = Pressed()
    for topic, payload in sent:
        pressed.hub._take(topic, payload)
        pressed.now += 1.0
    assert set(pressed.said) <= {button.say for button in pressed.publisher.state.buttons}
    assert len(pressed.said) <= sum(payload.decode("utf-8", "replace") in BUTTONS for _, payload in sent)
    assert json.loads(pressed.hub._wanted()[TOPICS.state])["state"] == "idle"
    assert pressed.hub._wanted()[TOPICS.routine] in pressed.hub._routines


def test_start_says_the_routine_that_was_chosen_and_what_is_not_taken_now_is_not_said() -> None:
    pressed = Pressed()
    for choice in ("Warm up", "none of ours", "Warm up" + "!" * LONGEST_COMMAND):
        pressed.hub._take(TOPICS.choose_routine, choice.encode())
    for button in ("pause", "resume", "next", "start", "stop"):
        pressed.press(button)
    assert pressed.said == ["start warm up", "stop now"]
    assert all(VOCABULARY.of_phase(type(new_session().phase)).match(words or "") for words in pressed.said)


def test_a_button_that_is_held_down_is_slowed_and_stop_is_not() -> None:
    pressed = Pressed()
    for _ in range(1_000):
        pressed.press("start")
        pressed.now += 0.001
    assert len(pressed.said) < 10
    pressed.press("stop")
    assert pressed.said[-1] == "stop now"
    allowance = Allowance(PRESSES_AT_ONCE, PRESSES_A_SECOND)
    assert [allowance.spend(0.0) for _ in range(6)] == [True] * 5 + [False]
    assert allowance.spend(0.5)
    assert not allowance.spend(0.5)
    assert [allowance.spend(60.0) for _ in range(6)] == [True] * 5 + [False]


class _Yaml(yaml.SafeLoader):
    """Home Assistant's, as far as the blueprints need it."""


_Yaml.add_constructor("!input", lambda _loader, node: ("input", str(node.value)))


def _inputs(value: Any) -> set[str]:
    match value:
        case ("input", str(name)):
            return {name}
        case dict():
            return set().union(*map(_inputs, value.values()))
        case list() | tuple():
            return set().union(*map(_inputs, value))
        case _:
            return set()


@pytest.mark.parametrize("path", sorted(BLUEPRINTS.iterdir(), key=str), ids=lambda path: path.name)
def test_a_blueprint_asks_for_what_it_uses_and_knows_our_entities(path: Traversable) -> None:
    blueprint = yaml.load(path.read_text(encoding="utf-8"), _Yaml)
    about = blueprint.pop("blueprint")
    assert about["domain"] == "automation"
    assert _inputs(blueprint) == set(about["input"])
    ours = {(entity["p"], entity.get("name")) for entity in told()["cmps"].values()}
    for asked in about["input"].values():
        chosen = asked["selector"].get("entity", {"filter": [{}]})["filter"][0]
        if chosen.get("integration") == "mqtt":
            assert any((chosen["domain"], name) in ours for name in re.findall(r'"(.+)"', asked["name"])), asked


def test_the_blueprint_starts_a_routine_that_there_is() -> None:
    text = BLUEPRINTS.joinpath("start-my-back-stretch.yaml").read_text(encoding="utf-8")
    (default,) = re.findall(r"default: (\w[\w ]+)$", text, re.MULTILINE)
    assert default in Pressed().hub._routines


def test_the_readme_names_every_state_entity_and_setting() -> None:
    text = files("assistant.home_hub").joinpath("README.md").read_text(encoding="utf-8")
    named = [*get_args(Condition), *(field.name.replace("_", "-") for field in fields(MqttSettings)), *EVENTS]
    assert [name for name in named if not re.search(rf"[`# ]{name}[` =]|^{name} =", text, re.MULTILINE)] == []
    entities = {entity["name"] for entity in told(pain=True)["cmps"].values()}
    assert [name for name in entities if name not in text] == []
