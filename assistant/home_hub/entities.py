"""What Home Assistant is told of the assistant by its MQTT discovery: one device, its entities, and their topics."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from assistant.dialogue.facts import Side
from assistant.loop.published import Condition
from assistant.version import VERSION

BUTTONS: Mapping[str, str] = {
    "start": "StartRoutine",
    "pause": "Pause",
    "resume": "Resume",
    "next": "Next",
    "stop": "Stop",
}
"""What can be pressed, and the command that it stands for."""

EVENTS = ("started", "finished", "stopped", "alert")
"""What happens to a routine: begun, done to its end, left before, or a sign of danger was told of."""

ONLINE, OFFLINE = "online", "offline"


@dataclass(frozen=True, slots=True)
class Topics:
    """Where what is.

    Args:
        node: What this assistant is called.
        prefix: Where Home Assistant looks for devices.
    """

    node: str
    prefix: str

    @property
    def discovery(self) -> str:
        """The device and its entities."""
        return f"{self.prefix}/device/{self.node}/config"

    @property
    def hub(self) -> str:
        """Whether Home Assistant is there."""
        return f"{self.prefix}/status"

    @property
    def availability(self) -> str:
        """Whether the assistant is there."""
        return f"{self.node}/availability"

    @property
    def state(self) -> str:
        """Where the session is."""
        return f"{self.node}/state"

    @property
    def seconds_left(self) -> str:
        """Of a hold."""
        return f"{self.node}/seconds_left"

    @property
    def diary(self) -> str:
        """The last session, and the days of this week."""
        return f"{self.node}/diary"

    @property
    def pain(self) -> str:
        """How strong it was when it was last told."""
        return f"{self.node}/pain"

    @property
    def event(self) -> str:
        """What has just happened."""
        return f"{self.node}/event"

    @property
    def routine(self) -> str:
        """The routine that will be started."""
        return f"{self.node}/routine"

    @property
    def choose_routine(self) -> str:
        """Where it is chosen."""
        return f"{self.node}/routine/set"

    @property
    def press(self) -> str:
        """Where buttons are pressed."""
        return f"{self.node}/press"


def discovery(topics: Topics, routines: Sequence[str], *, pain: bool) -> str:
    """The message by which Home Assistant finds the device, as JSON.

    Args:
        topics: Where what is.
        routines: Titles of the routines that can be started.
        pain: Whether there is an entity for the pain; else one from before is taken away.
    """
    entities = _entities(topics, routines) | {"pain": _PAIN | {"state_topic": topics.pain} if pain else _GONE}
    message = {
        "dev": {"ids": [topics.node], "name": _named(topics.node), "mf": "stretch-assistant", "sw": VERSION},
        "o": {"name": "stretch-assistant", "sw": VERSION},
        "availability_topic": topics.availability,
        "cmps": {
            key: entity if entity is _GONE else {**entity, "unique_id": f"{topics.node}-{key}"}
            for key, entity in entities.items()
        },
    }
    return json.dumps(message, ensure_ascii=False)


_GONE: dict[str, Any] = {"p": "sensor"}
"""An entity of which only this is told is removed."""

_PAIN: dict[str, Any] = {
    "p": "sensor",
    "name": "Pain",
    "icon": "mdi:emoticon-sad-outline",
    "state_class": "measurement",
    "value_template": "{{ value_json }}",
}


def _named(node: str) -> str:
    """``Stretch assistant``, and what else there is in the node's name: of several each is told from the others."""
    return node.replace("_", " ").replace("-", " ").strip().capitalize() or "Stretch assistant"


def _entities(topics: Topics, routines: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    def of_state(name: str, key: str, **more: Any) -> Mapping[str, Any]:
        template = f"{{{{ value_json.{key} }}}}"
        return {"p": "sensor", "name": name, "state_topic": topics.state, "value_template": template, **more}

    return {
        "state": of_state("State", "state", device_class="enum", options=list(get_args(Condition)), icon="mdi:yoga"),
        "routine": of_state("Routine", "routine", icon="mdi:format-list-numbered"),
        "step": of_state(
            "Step",
            "step",
            icon="mdi:human",
            json_attributes_topic=topics.state,
            json_attributes_template="{{ {'number': value_json.number, 'of': value_json.of} | tojson }}",
        ),
        "side": of_state(
            "Side", "side", device_class="enum", options=list(get_args(Side)), icon="mdi:arrow-left-right"
        ),
        "seconds_left": {
            "p": "sensor",
            "name": "Seconds left",
            "state_topic": topics.seconds_left,
            "value_template": "{{ value_json }}",
            "device_class": "duration",
            "unit_of_measurement": "s",
        },
        "last_session": {
            "p": "sensor",
            "name": "Last session",
            "state_topic": topics.diary,
            "value_template": "{{ value_json.last_session }}",
            "device_class": "timestamp",
        },
        "days_this_week": {
            "p": "sensor",
            "name": "Days this week",
            "state_topic": topics.diary,
            "value_template": "{{ value_json.days_this_week }}",
            "unit_of_measurement": "d",
            "icon": "mdi:calendar-week",
        },
        "running": {
            "p": "binary_sensor",
            "name": "Running",
            "state_topic": topics.state,
            "value_template": "{{ value_json.running }}",
            "device_class": "running",
        },
        "routine_to_start": {
            "p": "select",
            "name": "Routine to start",
            "state_topic": topics.routine,
            "command_topic": topics.choose_routine,
            "options": list(routines),
            "icon": "mdi:playlist-check",
        },
        **{
            button: {
                "p": "button",
                "name": button.capitalize(),
                "command_topic": topics.press,
                "payload_press": button,
                "icon": f"mdi:{_ICONS[button]}",
            }
            for button in BUTTONS
        },
        "session": {
            "p": "event",
            "name": "Session",
            "state_topic": topics.event,
            "event_types": list(EVENTS),
            "icon": "mdi:bell-ring-outline",
        },
    }


_ICONS: Mapping[str, str] = {
    "start": "play",
    "pause": "pause",
    "resume": "play-pause",
    "next": "skip-next",
    "stop": "stop",
}
