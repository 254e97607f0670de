"""Runs in Home Assistant's own Python: sets it up, uses our device as a person would, and writes what it sees as JSON.

Usage: inside.py FOLDER PORT BLUEPRINTS. It knows nothing of our product but the names that people see.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from homeassistant import bootstrap, runner

CONFIGURATION = """
homeassistant: {name: house, latitude: 0, longitude: 0, unit_system: metric, time_zone: UTC}
conversation:
scene:
input_number: {lamp: {min: 0, max: 255, initial: 200}}
template:
  - light:
      - name: lamp
        state: "{{ states('input_number.lamp') | int(0) > 0 }}"
        level: "{{ states('input_number.lamp') | int(0) }}"
        turn_on: []
        turn_off: []
        set_level:
          - action: input_number.set_value
            target: {entity_id: input_number.lamp}
            data: {value: "{{ brightness }}"}
automation:
  - id: start
    use_blueprint:
      path: stretch-assistant/start-my-back-stretch.yaml
      input:
        routine_to_start: select.stretch_assistant_routine_to_start
        start: button.stretch_assistant_start
        stop: button.stretch_assistant_stop
  - id: quiet
    use_blueprint:
      path: stretch-assistant/quiet-while-i-stretch.yaml
      input:
        running: binary_sensor.stretch_assistant_running
        session: event.stretch_assistant_session
        lights: [light.lamp]
"""
ENTITIES = {
    *(f"sensor.{name}" for name in ("state", "routine", "step", "side", "seconds_left", "last_session")),
    *("sensor.days_this_week", "binary_sensor.running", "select.routine_to_start", "event.session"),
    *(f"button.{name}" for name in ("start", "pause", "resume", "next", "stop")),
}
WITHIN_S = 300.0
"""A busy machine is given time."""


def report(what: str, seen: object, *, right: bool) -> None:
    """Tell the other side."""
    print(json.dumps({"what": what, "seen": str(seen), "right": right}), flush=True)


class House:
    """Home Assistant, with our device in it."""

    def __init__(self, hass: Any) -> None:
        self._hass = hass

    def state(self, entity: str) -> str | None:
        """Of one of our entities, or (with a dot and another device) of any."""
        domain, name = entity.split(".")
        found = self._hass.states.get(f"{domain}.stretch_assistant_{name}") or self._hass.states.get(entity)
        return None if found is None else str(found.state)

    def attribute(self, entity: str, name: str) -> object:
        """Of an entity."""
        found = self._hass.states.get(entity)
        return None if found is None else found.attributes.get(name)

    async def comes(self, what: str, seen: Callable[[], object], holds: Callable[[Any], bool]) -> None:
        """Wait until something holds, and report it."""
        until = time.monotonic() + WITHIN_S
        while not (right := holds(seen())) and time.monotonic() < until:
            await asyncio.sleep(0.1)
        report(what, seen(), right=right)

    async def press(self, button: str) -> None:
        """Press one of our buttons."""
        entity = {"entity_id": f"button.stretch_assistant_{button}"}
        await self._hass.services.async_call("button", "press", entity, blocking=True)

    async def ask(self, words: str) -> str:
        """Say something to Assist; its answer."""
        answer = await self._hass.services.async_call(
            "conversation", "process", {"text": words, "language": "en"}, blocking=True, return_response=True
        )
        return str(answer["response"]["speech"].get("plain", {}).get("speech"))

    async def use(self) -> None:
        """Use the device as somebody would."""
        await self.comes(
            "it is found, all of it", lambda: {e for e in ENTITIES if self.state(e) is None}, lambda s: not s
        )
        await self.comes("it is there", lambda: self.state("sensor.state"), lambda s: s == "idle")
        for entity in ("sensor.routine", "sensor.side", "sensor.seconds_left", "sensor.last_session"):
            report(f"{entity} is not known yet", self.state(entity), right=self.state(entity) == "unknown")
        before = self.attribute("light.lamp", "brightness")
        said = await self.ask("start my back stretch")
        report("Assist answers", said, right=said.startswith("Starting"))
        await self.comes(
            "the routine is chosen", lambda: self.state("select.routine_to_start"), "Lower back stretch".__eq__
        )
        await self.comes("it asks aloud", lambda: self.state("sensor.state"), "asking".__eq__)
        print(json.dumps({"say": "no"}), flush=True)
        await self.comes("the routine begins", lambda: self.state("binary_sensor.running"), "on".__eq__)
        await self.comes("its name", lambda: self.state("sensor.routine"), "Lower back stretch".__eq__)
        event = "event.stretch_assistant_session"
        await self.comes("the event", lambda: self.attribute(event, "event_type"), "started".__eq__)
        await self.comes("the lights go down", lambda: self.attribute("light.lamp", "brightness"), (77).__ge__)
        await self.press("pause")
        await self.comes("it pauses", lambda: self.state("sensor.state"), "paused".__eq__)
        await self.press("resume")
        await self.comes("it goes on", lambda: self.state("sensor.state"), lambda s: s != "paused")
        await self.press("stop")
        await self.comes("it stops", lambda: self.state("binary_sensor.running"), "off".__eq__)
        await self.comes("the event", lambda: self.attribute(event, "event_type"), "stopped".__eq__)
        await self.comes("the lights come back", lambda: self.attribute("light.lamp", "brightness"), before.__eq__)
        said = await self.ask("stop my stretch")
        report("Assist answers", said, right=said.startswith("Stopping"))


async def main(folder: Path, port: int, blueprints: Path) -> None:
    """Set Home Assistant up, with our broker, and use it."""
    folder.mkdir()
    (folder / "configuration.yaml").write_text(CONFIGURATION, encoding="utf-8")
    shutil.copytree(blueprints, folder / "blueprints" / "automation" / "stretch-assistant")
    config = runner.RuntimeConfig(config_dir=str(folder), skip_pip=False, recovery_mode=False, safe_mode=False)
    hass = await bootstrap.async_setup_hass(config)
    await hass.async_start()
    await hass.async_block_till_done()
    flow = await hass.config_entries.flow.async_init("mqtt", context={"source": "user"})
    while flow["type"] in {"menu", "form"}:
        answer = {"broker": "127.0.0.1", "port": port} if flow["type"] == "form" else {"next_step_id": "broker"}
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], answer)
    report("the broker is set up", flow["type"], right=flow["type"] == "create_entry")
    await House(hass).use()
    await hass.async_stop(force=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
