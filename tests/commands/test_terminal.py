"""What the terminal shows: something for every phase, and every failure."""

from __future__ import annotations

import io
from typing import get_args

import pytest
from rich.console import Console

from assistant.commands.terminal import _DOING, Terminal, shown
from assistant.dialogue.state.phases import Phase, name_of


def test_there_are_words_for_every_phase() -> None:
    assert set(_DOING) == {name_of(kind) for kind in get_args(Phase)} - {""}


@pytest.mark.parametrize("device", ["microphone", "loudspeaker", "recogniser"])
def test_what_is_lost_is_shown(device: str) -> None:
    text = shown({"kind": "lost", "t": 1.0, "device": device})
    assert text is not None
    assert device in text


def test_why_nothing_is_spoken_is_shown_once() -> None:
    screen = io.StringIO()
    terminal = Terminal(Console(file=screen), "typed")
    for text in ("One.", "Two."):
        terminal({"kind": "voice-failed", "t": 1.0, "text": text, "why": "It is [not] there."})
        terminal({"kind": "saying", "t": 1.0, "line": "hold.count", "text": text})
    assert screen.getvalue().splitlines() == [
        "You can't hear me: It is [not] there. What I say is shown.",
        "  One.",
        "  Two.",
    ]
