"""Outlines: what a hull of balls looks like from somewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
CORNERS = 20
_CIRCLE = [(math.cos(math.tau * i / CORNERS), math.sin(math.tau * i / CORNERS)) for i in range(CORNERS)]


def outline(circles: Iterable[tuple[float, float, float]]) -> list[Point]:
    """The convex outline round some circles, each x, y and radius."""
    return _convex([(x + r * cx, y + r * cy) for x, y, r in circles for cx, cy in _CIRCLE])


def _convex(points: Sequence[Point]) -> list[Point]:
    """Andrew's monotone chain."""
    ordered = sorted(set(points))
    return [*_chain(ordered), *_chain(list(reversed(ordered)))]


def _chain(ordered: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
