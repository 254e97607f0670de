"""How far joints bend, and where that is from: a figure must show nothing that a body does not do.

``CFR`` is the normal range of motion of 38 CFR 4.71 and 4.71a (plates I, II and V); the rest is ours, and cautious.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.figures.body import Angles
from assistant.routines.safety import OURS

CFR = "CFR"
_Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class JointLimit:
    """What a joint does, least and most, in degrees.

    Attributes:
        flexion: The other way it is extension, below zero.
        aside: To the side: abduction of a limb.
        round: Round its length: outward rotation of a limb.
        source: Of flexion and extension.
        source_besides: Of the other two.
    """

    flexion: _Range
    aside: _Range = (0.0, 0.0)
    round: _Range = (0.0, 0.0)
    source: str = CFR
    source_besides: str = OURS

    def broken_by(self, angles: Angles) -> str | None:
        """Which of its angles is too large or too small, in words."""
        for name, angle, (least, most) in zip(
            ("flexion", "to the side", "round its length"), angles, (self.flexion, self.aside, self.round), strict=True
        ):
            if not least <= angle <= most:
                return f"{name} is {angle:g}°, and goes from {least:g} to {most:g}"
        return None


LIMITS: Mapping[str, JointLimit] = {
    # One joint stands for the spine from the hips to the neck: it bends as far as lumbar and thoracic together.
    "spine": JointLimit((-62, 90), (-30, 30), (-60, 60), source=OURS),
    "neck": JointLimit((-45, 45), (-45, 45), (-80, 80), source_besides=CFR),
    # To reach forwards along the floor a shoulder blade moves along; both are one joint here.
    "shoulder": JointLimit((-60, 180), (-45, 180), (-90, 90)),
    "elbow": JointLimit((0, 145)),
    # Palms on the floor below straight arms bend a wrist by the body's weight; CFR's 70 is without.
    "wrist": JointLimit((-80, 95), source=OURS),
    # CFR's 125 and 140 are without weight; kneeling on one's heels bends both further.
    "hip": JointLimit((-30, 135), (-30, 60), (-60, 70), source=OURS),
    "knee": JointLimit((0, 152), source=OURS),
    # The toes are part of the foot here, and point where the ankle alone would not.
    "ankle": JointLimit((-75, 30), source=OURS),
}


def limit_of(joint: str) -> JointLimit | None:
    """The limit of a joint by its full name; none for the pelvis, which turns with the body."""
    return LIMITS.get(joint.removeprefix("left_").removeprefix("right_"))
