"""Outlines in a square of 1000 × 1000 units, y downwards. An outline is data only; the canvas paints it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]


@dataclass(frozen=True)
class Piece:
    """One polygon or one thick line; `cut` pieces take away what came before them."""

    points: tuple[Point, ...]
    width: float = 0.0
    role: Literal["fill", "line", "cut"] = "fill"


@dataclass(frozen=True)
class Shape:
    pieces: tuple[Piece, ...]

    def __add__(self, other: Shape) -> Shape:
        return Shape(self.pieces + other.pieces)

    def __sub__(self, other: Shape) -> Shape:
        return Shape(self.pieces + tuple(Piece(p.points, p.width, "cut") for p in other.pieces))

    def bounds(self) -> tuple[float, float, float, float]:
        xs, ys = [], []
        for piece in self.pieces:
            if piece.role == "cut":
                continue
            half = piece.width / 2
            xs += [x + s for x, _ in piece.points for s in (-half, half)]
            ys += [y + s for _, y in piece.points for s in (-half, half)]
        return min(xs), min(ys), max(xs), max(ys)


def poly(*points: Point) -> Shape:
    return Shape((Piece(points),))


def oval(cx: float, cy: float, rx: float, ry: float | None = None, angle: float = 0.0) -> Shape:
    ry = rx if ry is None else ry
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    points = []
    for step in range(72):
        x, y = rx * math.cos(step * math.pi / 36), ry * math.sin(step * math.pi / 36)
        points.append((cx + x * cos - y * sin, cy + x * sin + y * cos))
    return Shape((Piece(tuple(points)),))


def rect(x0: float, y0: float, x1: float, y1: float, radius: float | tuple[float, float, float, float] = 0) -> Shape:
    """Rounded rectangle; four radii run clockwise from the upper left corner."""
    radii = radius if isinstance(radius, tuple) else (radius,) * 4
    corners = ((x0, y0, 1, 1, 180), (x1, y0, -1, 1, 270), (x1, y1, -1, -1, 0), (x0, y1, 1, -1, 90))
    points = []
    for (x, y, dx, dy, start), r in zip(corners, radii, strict=True):
        for step in range(9 if r else 1):
            turn = math.radians(start + step * 90 / 8)
            points.append((x + dx * r + r * math.cos(turn), y + dy * r + r * math.sin(turn)))
    return Shape((Piece(tuple(points)),))


def _bend(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    """Catmull–Rom: passes through p1 and p2, so outlines can be written as points one sees."""

    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)

    return axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1])


def curve(points: Sequence[Point], closed: bool = False) -> tuple[Point, ...]:
    count = len(points)
    smooth: list[Point] = []
    for i in range(count if closed else count - 1):
        before, after = (i - 1, i + 2) if closed else (max(i - 1, 0), min(i + 2, count - 1))
        four = points[before % count], points[i], points[(i + 1) % count], points[after % count]
        smooth += [_bend(*four, step / 14) for step in range(14)]
    return tuple(smooth if closed else [*smooth, points[-1]])


def blob(*points: Point) -> Shape:
    return Shape((Piece(curve(points, closed=True)),))


def line(*points: Point, width: float, smooth: bool = True) -> Shape:
    path = curve(points) if smooth and len(points) > 2 else points
    return Shape((Piece(path, width, "line"),))


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float, width: float) -> Shape:
    steps = 40
    path = []
    for i in range(steps + 1):
        turn = math.radians(start + (end - start) * i / steps)
        path.append((cx + rx * math.cos(turn), cy + ry * math.sin(turn)))
    return Shape((Piece(tuple(path), width, "line"),))


def ring(cx: float, cy: float, rx: float, ry: float, width: float) -> Shape:
    return oval(cx, cy, rx, ry) - oval(cx, cy, rx - width, ry - width)


def spray(cx: float, cy: float, radius: float, count: int, start: float = 0.0) -> list[Point]:
    """Points evenly around a centre: petals, wheel spokes, pads."""
    turns = [math.radians(start + 360 * i / count) for i in range(count)]
    return [(cx + radius * math.cos(t), cy + radius * math.sin(t)) for t in turns]
