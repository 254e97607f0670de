"""What stands and lies about: the mat, a chair, a worktop, a pillow, a towel."""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.figures.body import PART_BY_NAME, SEAT_M, SIDES, WORKTOP_M, Ball, Part, Vector
from assistant.figures.figure import PILLOW_M, Figure, Ground, Motion, Thing
from assistant.figures.kinematics import place

_PIN = 0.006
_Span = tuple[float, float]


def floors(ground: Ground) -> tuple[Part, ...]:
    """What lies flat below everything."""
    if ground == "mat":
        return (_box("mat", (-1.0, 1.0), (-0.014, -0.004), (-0.34, 0.34)),)
    return (_box("floor", (-0.6, 0.75), (-0.012, -0.01), (-0.4, 0.4)),)


def furniture(figure: Figure, motion: Motion) -> Iterator[Part]:
    """What stands on the floor, or lies on or under the body."""
    if figure.ground == "chair":
        yield from _chair((0, 0), 0)
    for thing in motion.things:
        if thing.what == "chair":
            yield from _chair(thing.at, thing.turn)
        elif thing.what == "worktop":
            yield from _worktop(thing)
        elif thing.what == "pillow":
            yield from _pillow(thing, motion)
        else:
            yield from _towel()


def _chair(at: tuple[float, float], turn: float) -> Iterator[Part]:
    """A chair whose sitter looks to the front; ``at`` is below the sitter's hips."""
    back, front, half = -0.24, 0.24, 0.21
    for x in (back, front):
        for z in (-half, half):
            yield _box("chair leg", (x, x + 0.035), (0, SEAT_M - 0.05), (z - 0.017, z + 0.017), at, turn)
    seat = (SEAT_M - 0.045, SEAT_M - 0.012)
    yield _box("chair seat", (back, front + 0.03), seat, (-half - 0.02, half + 0.02), at, turn)
    for z in (-half, half):
        yield _box("chair post", (back, back + 0.03), (SEAT_M, SEAT_M + 0.4), (z - 0.015, z + 0.015), at, turn)
    yield _box("chair back", (back, back + 0.03), (SEAT_M + 0.25, SEAT_M + 0.42), (-half, half), at, turn)


def _worktop(thing: Thing) -> Iterator[Part]:
    below = WORKTOP_M - 0.04
    yield _box("cupboard", (-0.22, 0.2), (0.0, below), (-0.48, 0.48), thing.at, thing.turn)
    yield _box("worktop", (-0.25, 0.25), (below, WORKTOP_M), (-0.5, 0.5), thing.at, thing.turn)


def _pillow(thing: Thing, motion: Motion) -> Iterator[Part]:
    """A pillow, where it is lain upon; it stays there."""
    assert thing.under is not None
    lying = next((pose for pose in motion.key_poses() if thing.under in pose.rests), motion.start)
    x, _, z = place(lying.pose)[PART_BY_NAME[thing.under].balls[0].frame].at
    radius = PILLOW_M / 2
    spots: list[Vector] = [(x + dx, radius, z + dz) for dx in (-0.04, 0.2) for dz in (-0.22, 0.22)]
    yield Part("pillow", tuple(Ball("", spot, radius) for spot in spots), "soft")


def _towel() -> Iterator[Part]:
    """A towel from both hands round the right foot."""
    for side in SIDES:
        ends = (Ball(f"hand_{side}", (0, -0.08, 0), 0.012), Ball("foot_right", (0.1, -0.075, 0), 0.014))
        yield Part("towel", ends, "soft")


def _box(name: str, along: _Span, up: _Span, across: _Span, at: tuple[float, float] = (0, 0), turn: float = 0) -> Part:
    sine, cosine = math.sin(math.radians(turn)), math.cos(math.radians(turn))
    corners = [(x, y, z) for x in along for y in up for z in across]
    balls = tuple(
        Ball("", (at[0] + x * cosine - z * sine, y, at[1] + x * sine + z * cosine), _PIN) for x, y, z in corners
    )
    return Part(name, balls, name if name in {"mat", "floor"} else "thing")
