"""What somebody says who goes along with a routine."""

from collections.abc import Mapping

GOES_ALONG: Mapping[str, str] = {
    "screening.news": "no",
    "side.which": "left",
    "screening.news_short": "no",
    "step.say_when_there": "ready",
    "step.say_ready": "ready",
    "leg.ask": "the same",
    "leg.ask_side": "the same",
    "leg.still_none": "yes",
    "leg.ask_short": "the same",
    "leg.ask_side_short": "the same",
    "read_back.yes": "yes",
    "read_back.none": "yes",
    "read_back.higher": "yes",
    "getting_up.rest": "skip",
    "whether_to_stop.stop": "carry on",
    "whether_to_stop.hurts": "carry on",
    "whether_to_stop.symptom": "carry on",
}
"""Words by the line that asks for them."""
