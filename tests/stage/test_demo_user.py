"""The simulated user of the demo."""

from __future__ import annotations

from assistant.audio.formats import RATE, silence
from assistant.stage.demo_user import PATIENCE_S, DemoUser, Part


def test_whoever_waits_in_vain_for_a_cue_is_done_and_has_not_said_all() -> None:
    person = DemoUser([Part("pause", {"kind": "tick"}), Part("resume", {"kind": "phase"})], lambda _: silence(100))
    person({"t": 1.0, "kind": "tick"})
    person.read(round((PATIENCE_S - 1) * RATE))
    assert not person.exhausted
    person.read(2 * RATE)
    assert person.exhausted
    assert not person.said_all
    person({"t": PATIENCE_S, "kind": "phase"})  # it came after all
    assert person.said_all
