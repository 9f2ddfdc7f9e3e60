"""A person on a chair in braille dots: joints in space from a pose, and their lines on a canvas. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from wardlink.clinical.wellness import Point, Pose
from wardlink.terminal.plot import Canvas

BODY, CHAIR, FACE = 0, 1, 2
"""Whose dots they are: the person's, the chair's, and the nose, which tells where one looks."""

_UPPER = _FORE = 0.8
_VIEW_YAW, _VIEW_TILT = math.radians(28), math.radians(8)
_LOW, _HIGH, _WIDE = -1.5, 3.15, 2.35
"""What the picture shows of the body's space: from the floor to raised hands, and to each side."""

Line = tuple[Point, Point, int]


def between(start: Pose, end: Pose, share: float) -> Pose:
    """The pose `share` (0–1) of the way from one to the next, gently begun and gently ended."""
    eased = share * share * (3 - 2 * share)

    def mix(a: float, b: float) -> float:
        return a + (b - a) * eased

    return Pose(
        end.breath,
        _mixed(start.left, end.left, eased),
        _mixed(start.right, end.right, eased),
        mix(start.turn, end.turn),
        mix(start.lean, end.lean),
        mix(start.bow, end.bow),
        mix(start.heels, end.heels),
    )


def paint(pose: Pose, columns: int, rows: int) -> Canvas:
    """The person in this pose, as large as the cells allow."""
    canvas = Canvas(columns, rows)
    unit = min(columns * 2 / (2 * _WIDE), rows * 4 / (_HIGH - _LOW))

    def dot(point: Point) -> tuple[int, int]:
        across, up = _seen(point)
        return round(columns + across * unit), round((_HIGH - up) * unit)

    for start, end, owner in _lines(pose):
        (x0, y0), (x1, y1) = dot(start), dot(end)
        canvas.line(x0, y0, x1, y1, owner)
        if owner == BODY:
            canvas.line(x0 + 1, y0, x1 + 1, y1, owner)
    return canvas


def _lines(pose: Pose) -> Iterator[Line]:
    for start, end in _chair():
        yield start, end, CHAIR
    neck, head = _trunk((0.0, 1.55, 0.0), pose), _trunk((0.0, 2.05, 0.08), pose)
    shoulders = [_trunk((side * 0.55, 1.5, 0.0), pose) for side in (1, -1)]
    hips = [(side * 0.3, 0.0, 0.0) for side in (1, -1)]
    yield shoulders[0], shoulders[1], BODY
    for shoulder, hip in zip(shoulders, hips, strict=True):
        yield shoulder, hip, BODY
    yield hips[0], hips[1], BODY
    yield neck, _trunk((0.0, 1.75, 0.05), pose), BODY
    for start, end in pairwise(_circle(head, 0.3)):
        yield start, end, BODY
    yield from ((*line, FACE) for line in _nose(head, pose))
    for side, shoulder, hand in ((1, shoulders[0], pose.left), (-1, shoulders[1], pose.right)):
        elbow = _elbow(shoulder, hand, side)
        yield shoulder, elbow, BODY
        yield elbow, hand, BODY
    for side, hip in zip((1, -1), hips, strict=True):
        raised = 0.22 * pose.heels
        knee, heel = (side * 0.45, -0.05 + raised, 1.1), (side * 0.45, -1.2 + raised, 1.1)
        yield hip, knee, BODY
        yield knee, heel, BODY
        yield heel, (side * 0.5, -1.25, 1.5), BODY


def _chair() -> Iterator[tuple[Point, Point]]:
    seat = [(0.7, -0.15, -0.4), (0.7, -0.15, 0.7), (-0.7, -0.15, 0.7), (-0.7, -0.15, -0.4), (0.7, -0.15, -0.4)]
    yield from pairwise(seat)
    for x, y, z in seat[:4]:
        yield (x, y, z), (x, -1.4, z)


def _circle(middle: Point, radius: float) -> list[Point]:
    # Round as it is seen, from wherever one looks.
    turns = [2 * math.pi * n / 16 for n in range(17)]
    across = (math.cos(_VIEW_YAW), 0.0, math.sin(_VIEW_YAW))
    return [
        (
            middle[0] + radius * math.cos(t) * across[0],
            middle[1] + radius * math.sin(t),
            middle[2] + radius * math.cos(t) * across[2],
        )
        for t in turns
    ]


def _nose(head: Point, pose: Pose) -> Iterator[tuple[Point, Point]]:
    turn = math.radians(pose.turn)
    ahead = (math.sin(turn), 0.0, math.cos(turn))
    root = (head[0] + 0.2 * ahead[0], head[1], head[2] + 0.2 * ahead[2])
    yield root, (head[0] + 0.5 * ahead[0], head[1] - 0.05, head[2] + 0.5 * ahead[2])


def _trunk(point: Point, pose: Pose) -> Point:
    """A point of the upright trunk after leaning and bowing about the hip."""
    x, y, z = point
    lean, bow = math.radians(pose.lean), math.radians(pose.bow)
    x, y = x * math.cos(lean) + y * math.sin(lean), y * math.cos(lean) - x * math.sin(lean)
    return x, y * math.cos(bow) - z * math.sin(bow), z * math.cos(bow) + y * math.sin(bow)


def _elbow(shoulder: Point, hand: Point, side: int) -> Point:
    """Where the elbow of an arm of two equal parts is: low, outward and back where there is a choice."""
    way = _minus(hand, shoulder)
    length = min(math.dist(hand, shoulder), _UPPER + _FORE - 1e-6) or 1e-6
    out = math.sqrt(max(0.0, _UPPER**2 - (length / 2) ** 2))
    hint = (side * 0.6, -0.7, -0.5)
    along = _times(way, 1 / (math.dist(hand, shoulder) or 1e-6))
    aside = _minus(hint, _times(along, sum(a * b for a, b in zip(hint, along, strict=True))))
    size = math.hypot(*aside) or 1e-6
    middle = _mixed(shoulder, hand, 0.5)
    return _plus(middle, _times(aside, out / size))


def _seen(point: Point) -> tuple[float, float]:
    """Across and up, from a little to the side and a little above. The person's left is on our right."""
    x, y, z = point
    across = x * math.cos(_VIEW_YAW) + z * math.sin(_VIEW_YAW)
    deep = z * math.cos(_VIEW_YAW) - x * math.sin(_VIEW_YAW)
    return across, y * math.cos(_VIEW_TILT) - deep * math.sin(_VIEW_TILT)


def _mixed(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share


def _plus(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _times(a: Point, by: float) -> Point:
    return a[0] * by, a[1] * by, a[2] * by
