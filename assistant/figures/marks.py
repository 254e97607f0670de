"""Where a working part is marked on a body: bands that lie just under the skin of it."""

from __future__ import annotations

from assistant.figures.body import Ball


def _band(frame: str, *balls: tuple[float, float, float, float]) -> tuple[Ball, ...]:
    return tuple(Ball(frame, (x, y, z), radius) for x, y, z, radius in balls)


def _of_leg(side: str) -> dict[str, tuple[Ball, ...]]:
    thigh, shin, out = f"thigh_{side}", f"shin_{side}", 1 if side == "right" else -1
    return {
        f"hamstring_{side}": _band(thigh, (-0.05, -0.08, 0, 0.03), (-0.042, -0.22, 0, 0.028), (-0.03, -0.36, 0, 0.022)),
        f"calf_{side}": _band(shin, (-0.035, -0.06, 0, 0.02), (-0.042, -0.16, 0, 0.024), (-0.018, -0.3, 0, 0.014)),
        # a buttock reaches round to the side of the hip
        f"buttock_{side}": (
            *_band("pelvis", (-0.07, 0.03, 0.07 * out, 0.035), (-0.065, -0.06, 0.075 * out, 0.04)),
            *_band("pelvis", (-0.03, 0.02, 0.14 * out, 0.032)),
        ),
        f"hip_front_{side}": _band(thigh, (0.05, 0.05, 0, 0.028), (0.052, -0.06, 0, 0.03), (0.045, -0.17, 0, 0.024)),
    }


MARKS: dict[str, tuple[Ball, ...]] = {
    "lower_back": _band("waist", (-0.06, -0.05, 0, 0.028), (-0.062, 0.05, 0, 0.026), (-0.062, 0.15, 0, 0.024)),
    "back": (
        *_band("waist", (-0.062, 0.0, 0, 0.024)),
        *_band("ribs", (-0.066, 0.02, 0, 0.024), (-0.07, 0.12, 0, 0.024)),
        *_band("chest", (-0.062, 0.06, 0, 0.022)),
    ),
    "belly": _band("waist", (0.058, -0.03, 0, 0.024), (0.06, 0.1, 0, 0.024)),
    "flank_right": _band("waist", (0.035, -0.01, 0.1, 0.03), (0.035, 0.14, 0.1, 0.03)),
    "flank_left": _band("waist", (0.035, -0.01, -0.1, 0.03), (0.035, 0.14, -0.1, 0.03)),
    **_of_leg("left"),
    **_of_leg("right"),
}
"""The balls of each mark, by its name."""
