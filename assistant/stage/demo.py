"""The demo: a whole session without a sound device, really spoken and really heard, and what it leaves behind."""

from __future__ import annotations

from assistant.stage.demo_user import Part

PARTS: tuple[Part, ...] = (
    Part("start sciatic stretch", {"kind": "said", "line": "greeting.welcome"}),
    Part("no", {"kind": "said", "line": "screening.news"}),
    Part("left", {"kind": "said", "line": "side.which"}),
    Part("ready", {"kind": "said", "line": "step.say_when_there"}, after_s=1.5),
    # While it is still speaking: it falls silent, and says it again.
    Part("repeat", {"kind": "saying", "line": "step.movement"}, after_s=1.5),
    Part("pause", {"kind": "said", "line": "reps.count"}, seen=3, after_s=0.6),
    Part("resume", {"kind": "said", "line": "pause.paused"}, after_s=2.0),
    Part("how long left", {"kind": "tick", "remaining": 16}, after_s=0.3),
    Part("next", {"kind": "phase", "phase": "holding", "side": "right"}, after_s=8.5),
    Part("skip", {"kind": "said", "line": "getting_up.rest"}),
)
"""What the user says in the demo; the side is asked for, a line is repeated, a set is paused and resumed."""

_PAIN = {"kind": "said", "line": "rating.ask"}
PARTS_WITH_DIARY: tuple[Part, ...] = (
    *PARTS[:2],
    Part("four", _PAIN),
    *PARTS[2:],
    Part("three", {"kind": "said", "line": "rating.ask_after"}),
)
"""The same where it is written into a diary: then the pain is asked for, before and after."""
