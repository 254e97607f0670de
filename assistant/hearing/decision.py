"""What it takes for a sound to be a command: the numbers of the policy, in one place."""

from __future__ import annotations

from collections.abc import Mapping

SESSION_COSTS: Mapping[str, float] = {
    "Stop": -3.0,
    "Hurts": -1.0,
    "Back": 4.0,
    "Why": 3.0,
    "WhereAmI": 3.0,
}
"""By intent, how much harder it is to trigger within a session, in nats. Not to stop is worse than to stop for nothing;
"back" and "why" are so short that crying, barking and every other syllable resemble them."""

IDLE_COSTS: Mapping[str, float] = {}
"""The same while nothing is under way."""
