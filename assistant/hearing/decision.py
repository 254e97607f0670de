"""What it takes for a sound to be a command: the numbers of the policy, in one place."""

from __future__ import annotations

from collections.abc import Mapping

SESSION_COSTS: Mapping[str, float] = {
    "Stop": -3.0,
    "Hurts": -1.0,
    "Back": 4.0,
    "Why": 3.0,
    "WhereAmI": 3.0,
    "quit": 3.0,
    "enough": 3.0,
    "cancel": 3.0,
    "ouch": 3.0,
    "wait": 1.0,
    "next": 1.0,
}
"""How much harder than others an intent, or a single sentence of it, is to trigger within a session, in nats. Not to
stop is worse than to stop for nothing, but it is "stop" that people say for it. What is as short as "quit" or "back" is
what crying, barking and every other syllable resemble."""

IDLE_COSTS: Mapping[str, float] = {}
"""The same while nothing is under way."""
