"""What is known to come from the loudspeaker alone is no command, whatever it sounds like."""

from __future__ import annotations

import pytest

from assistant.dialogue.actions import Say
from assistant.dialogue.line import line
from assistant.hearing.front_end.own_voice import OWN_VOICE, Whose
from assistant.hearing.listener import Utterance
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import assemble
from assistant.loop.library import load_library
from assistant.loop.session_keeper import guest
from assistant.loop.speaking import make_synthesiser
from intents import Command

START = Command("StartRoutine", {"routine": "sciatic-nerve"}, "start sciatic stretch")


@pytest.mark.parametrize("whose", ["unknown", "assistant"])
def test_an_echo_that_sounds_like_a_command_is_noted_and_not_obeyed(whose: Whose) -> None:
    rows: list[Row] = []
    settings = Settings()
    with make_synthesiser(settings) as voice:
        routines, journal = load_library(settings).routines, Journal(rows.append)
        parts = assemble(settings, routines, voice, journal, guest(screened=True))
        parts.conversation.start()
        parts.conversation.hear(parts.own_voice.judge(Utterance(0.5, 1.5, START.text, 1.0, START, None), whose))
    [heard] = [row for row in rows if row["kind"] in {"heard", "rejected"}]
    own = whose == "assistant"
    assert heard["text"] == START.text
    assert (heard["kind"], heard["rejected"]) == (("rejected", OWN_VOICE) if own else ("heard", None))
    assert any(row["kind"] == "phase" and row["phase"] not in {"idle", "introducing"} for row in rows) is not own


def test_what_the_performer_says_is_known_again_when_it_is_heard() -> None:
    rows: list[Row] = []
    settings = Settings()
    with make_synthesiser(settings) as voice:
        routines, journal = load_library(settings).routines, Journal(rows.append)
        parts = assemble(settings, routines, voice, journal, guest(screened=True))
        parts.conversation.start()
    begins = " ".join(next(row["text"] for row in rows if row["kind"] == "saying").lower().split()[:1]).strip(".,")
    heard = Utterance(0.1, 0.4, begins, 1.0, None, "not a phrase")
    assert parts.own_voice.judge(heard).rejected == OWN_VOICE
    assert parts.own_voice.judge(heard, "somebody") is heard


def test_what_is_written_short_is_known_by_the_words_it_is_said_in() -> None:
    settings = Settings()
    with make_synthesiser(settings) as voice:
        parts = assemble(
            settings, load_library(settings).routines, voice, Journal(lambda _: None), guest(screened=True)
        )
        parts.performer.say(Say(line("step.movement", text="Ten 10–15s holds, 3x/day.")))
    assert parts.own_voice.explains("ten to fifteen seconds", 0.3)
    assert parts.own_voice.explains("three times a day", 2.0)
