"""What somebody says who goes along with a routine."""

from collections.abc import Mapping

GOES_ALONG: Mapping[str, str] = {
    "screening.news": "no",
    "side.which": "left",
    "step.say_when_there": "ready",
    "leg.ask": "the same",
    "leg.ask_side": "the same",
}
"""Words by the line that asks for them."""
