"""What the terminal shows: something for every phase, and every failure."""

from __future__ import annotations

from typing import get_args

import pytest

from assistant.commands.terminal import _DOING, shown
from assistant.dialogue.state.phases import Phase, name_of


def test_there_are_words_for_every_phase() -> None:
    assert set(_DOING) == {name_of(kind) for kind in get_args(Phase)} - {""}


@pytest.mark.parametrize("device", ["microphone", "loudspeaker", "recogniser"])
def test_what_is_lost_is_shown(device: str) -> None:
    text = shown({"kind": "lost", "t": 1.0, "device": device})
    assert text is not None
    assert device in text
