"""``stretch-assistant service``: the assistant begins with the user's session, by a unit of systemd of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import SERVICE_VARIABLE
from assistant.home.user_units import (
    command_line,
    environment_lines,
    remove_unit,
    systemctl,
    systemd_version,
    to_type,
    unit_file,
    write_unit,
)

UNIT = "stretch-assistant.service"

_TEXT = """\
[Unit]
Description=Stretch assistant: a voice at your side while you stretch
After=pipewire.service wireplumber.service pipewire-pulse.service pulseaudio.service

[Service]
Type=simple
{environment}Environment={variable}=1
ExecStart={command}
Restart=on-failure
{patience}# A wrong call, wrong settings and packages that are missing do not mend themselves.
RestartPreventExitStatus=2
# What is said is the user's own: the system's journal may be read by others.
StandardOutput=null

[Install]
WantedBy=default.target
"""


_STEPS_SINCE = 254
_PATIENCE = "RestartSec=5\nRestartSteps=6\nRestartMaxDelaySec=300\n"
"""At once after a crash in mid-session, and ever less often while a microphone is not plugged in."""
_PATIENCE_BEFORE = "RestartSec=15\n"
"""For systemd before version 254, which knows one pause only."""


def unit_text(*, waits: bool, config: Path | None = None) -> str:
    """What the unit holds.

    Args:
        waits: Whether the microphone stays closed until a satellite asks for a session (``wyoming``).
        config: Another settings file.
    """
    named = [] if config is None else ["--config", os.path.abspath(config)]  # noqa: PTH100 - of a link, too
    return _TEXT.format(
        environment="".join(f"{line}\n" for line in environment_lines()),
        variable=SERVICE_VARIABLE,
        command=command_line([*named, *(["wyoming"] if waits else [])]),
        patience=_PATIENCE if systemd_version() >= _STEPS_SINCE else _PATIENCE_BEFORE,
    )


def install(*, waits: bool, config: Path | None = None) -> Iterator[str]:
    """Write the unit and begin it; yields what the user is told.

    Args:
        waits: See `unit_text`.
        config: See `unit_text`.

    Raises:
        FileUnwritable: The disk refuses it.
    """
    yield f"Written: {write_unit(UNIT, unit_text(waits=waits, config=config))}"
    listens = "waits for a satellite to ask for a session" if waits else "listens"
    steps = (("daemon-reload",), ("enable", UNIT), ("restart", UNIT))
    if all(systemctl(*step) is not None for step in steps):
        yield f"It {listens} now, and whenever you log in."
    else:
        yield f"This machine's systemd could not be reached from here. So that it {listens}, type:"
        yield from (f"  {to_type(*step)}" for step in steps)
    yield "So that it begins with the machine, before anybody logs in, type: loginctl enable-linger"


def remove() -> Iterator[str]:
    """End it and remove the unit; yields what the user is told.

    Raises:
        FileUnwritable: The disk refuses it.
    """
    ended = systemctl("disable", "--now", UNIT) is not None
    if not remove_unit(UNIT):
        yield f"There is none to remove: {unit_file(UNIT)}"
        return
    yield f"Removed: {unit_file(UNIT)}"
    if not ended or systemctl("daemon-reload") is None:
        yield "This machine's systemd could not be reached from here. If it runs, type:"
        yield f"  {to_type('stop', UNIT)}"
        yield f"  {to_type('daemon-reload')}"


def status() -> Iterator[str]:
    """Whether it is installed and runs; yields what the user is told."""
    file = unit_file(UNIT)
    if not file.is_file():
        yield "It is not installed. Type: stretch-assistant service install"
        return
    yield f"Installed: {file}"
    state = systemctl("show", UNIT, "--property=ActiveState,UnitFileState", "--value")
    if not state:
        yield f"Whether it runs, systemd did not say. Type: {to_type('status', UNIT)}"
        return
    active, enabled = [*state.split(), "", ""][:2]
    yield f"It {'runs' if active == 'active' else 'does not run'} ({active}), and is {enabled or 'not enabled'}."
    yield f"What it complained about: journalctl --user -u {UNIT}"
