"""What is known to come from the loudspeaker alone is no command, whatever it sounds like."""

from __future__ import annotations

import pytest

from assistant.hearing.listener import Utterance
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import assemble, load_library, make_synthesiser
from assistant.loop.session_keeper import guest
from intents import Command

START = Command("StartRoutine", {"routine": "sciatic-nerve"}, "start sciatic stretch")


@pytest.mark.parametrize("surely_own", [False, True])
def test_an_echo_that_sounds_like_a_command_is_noted_and_not_obeyed(surely_own: bool) -> None:
    rows: list[Row] = []
    settings = Settings()
    with make_synthesiser(settings) as synthesiser:
        parts = assemble(
            settings, load_library(settings).routines, synthesiser, Journal(rows.append), guest(screened=True)
        )
        parts.conversation.start()
        parts.conversation.hear(Utterance(0.5, 1.5, START.text, 1.0, START, None, surely_own=surely_own))
    [heard] = [row for row in rows if row["kind"] in {"heard", "rejected"}]
    assert heard["text"] == START.text
    assert (heard["kind"], heard["rejected"]) == (("rejected", "own voice") if surely_own else ("heard", None))
    assert any(row["kind"] == "phase" and row["phase"] not in {"idle", "introducing"} for row in rows) is not surely_own
