"""Paints shapes with one light from the upper left: gradients, rims, gloss, glass and soft shadows.

Outlines are drawn three times too large and scaled down for smooth edges; light is added at final size, which is
what keeps a picture under a tenth of a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from .colours import INK, RGB, WHITE, dark, light, mix
from .shapes import Piece, Point, Shape, line, oval, rect

SUPERSAMPLE = 3
UNITS = 1000
Matrix = tuple[float, float, float, float, float, float]
Stops = Sequence[tuple[float, RGB]]


class Mask(NamedTuple):
    image: Image.Image
    x: int
    y: int


@cache
def _background(size: int) -> Image.Image:
    down = Image.linear_gradient("L").resize((size, size), Image.Resampling.BICUBIC)
    floor = Image.composite(
        Image.new("RGB", (size, size), (218, 228, 238)), Image.new("RGB", (size, size), (243, 247, 251)), down
    )
    glow = ImageChops.invert(Image.radial_gradient("L")).resize((size, size), Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", (size, size), (255, 255, 255)), floor, glow.point(lambda v: round(v * 0.8)))


@cache
def _ramp(stops: tuple[tuple[float, RGB], ...]) -> Image.Image:
    """256 columns from t = -1 to 2, so that points outside the gradient keep its end colours."""
    row = []
    for column in range(256):
        t = column / 85 - 1
        below = max((s for s in stops if s[0] <= t), default=stops[0], key=lambda s: s[0])
        above = min((s for s in stops if s[0] >= t), default=stops[-1], key=lambda s: s[0])
        span = above[0] - below[0]
        row.append(mix(below[1], above[1], (t - below[0]) / span if span else 0))
    image = Image.new("RGB", (256, 3))
    image.putdata(row * 3)
    return image


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _blur(image: Image.Image, radius: float) -> Image.Image:
    """Wide blurs are made on a small copy: nobody sees the difference and it is ten times faster."""
    if radius < 0.6:
        return image
    step = 1 if radius < 4 else 2 if radius < 10 else 4
    if step > 1 and min(image.size) > step * 2:
        small = image.reduce(step).filter(ImageFilter.GaussianBlur(radius / step))
        return small.resize(image.size, Image.Resampling.BILINEAR)
    return image.filter(ImageFilter.GaussianBlur(radius))


class Canvas:
    def __init__(self, size: int) -> None:
        self.size = size
        self.scale = size / UNITS
        self.image = _background(size).copy()
        self.matrix: Matrix = (self.scale, 0, 0, 0, self.scale, 0)

    # Placing

    @contextmanager
    def placed(self, dx: float = 0, dy: float = 0, angle: float = 0, zoom: float = 1) -> Iterator[None]:
        """Everything inside is turned and scaled about the middle of the picture, then moved."""
        before = self.matrix
        cos, sin = math.cos(math.radians(angle)) * zoom, math.sin(math.radians(angle)) * zoom
        tx, ty = 500 + dx - 500 * cos + 500 * sin, 500 + dy - 500 * sin - 500 * cos
        a, b, c, d, e, f = before
        self.matrix = (
            a * cos + b * sin, -a * sin + b * cos, a * tx + b * ty + c,
            d * cos + e * sin, -d * sin + e * cos, d * tx + e * ty + f,
        )  # fmt: skip
        try:
            yield
        finally:
            self.matrix = before

    def _at(self, point: Point) -> Point:
        a, b, c, d, e, f = self.matrix
        return a * point[0] + b * point[1] + c, d * point[0] + e * point[1] + f

    def _zoom(self) -> float:
        return math.hypot(self.matrix[0], self.matrix[3])

    def mask(self, shape: Shape, margin: float = 0) -> Mask | None:
        """The shape's coverage, cropped to what lies on the canvas; margin leaves room for blurs."""
        zoom = self._zoom()
        pieces = [([self._at(p) for p in piece.points], piece.width * zoom, piece.role) for piece in shape.pieces]
        solid = [(x, y, w / 2) for points, w, role in pieces if role != "cut" for x, y in points]
        room = margin * zoom + 2
        x0 = max(math.floor(min(x - h for x, _, h in solid) - room), 0)
        y0 = max(math.floor(min(y - h for _, y, h in solid) - room), 0)
        x1 = min(math.ceil(max(x + h for x, _, h in solid) + room), self.size)
        y1 = min(math.ceil(max(y + h for _, y, h in solid) + room), self.size)
        if x1 <= x0 or y1 <= y0:
            return None
        big = Image.new("L", ((x1 - x0) * SUPERSAMPLE, (y1 - y0) * SUPERSAMPLE))
        pen = ImageDraw.Draw(big)
        for points, width, role in pieces:
            path = [((x - x0) * SUPERSAMPLE, (y - y0) * SUPERSAMPLE) for x, y in points]
            self._stroke(pen, path, width * SUPERSAMPLE, 0 if role == "cut" else 255)
        # The gap lets Pillow halve the mask cheaply first: the edges look the same in a third of the time.
        small = big.resize((x1 - x0, y1 - y0), Image.Resampling.LANCZOS, reducing_gap=1.5)
        return Mask(small, x0, y0)

    @staticmethod
    def _stroke(pen: ImageDraw.ImageDraw, path: list[Point], width: float, value: int) -> None:
        if not width:
            pen.polygon(path, fill=value)
            return
        # Segments and a disc at each bend: Pillow's own joints leave hairlines in wide strokes.
        r = width / 2
        for (x0, y0), (x1, y1) in pairwise(path):
            length = math.hypot(x1 - x0, y1 - y0) or 1.0
            nx, ny = (y1 - y0) / length * r, (x0 - x1) / length * r
            pen.polygon(((x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)), fill=value)
        for x, y in path:
            pen.ellipse((x - r, y - r, x + r, y + r), fill=value)

    # Painting

    def _put(self, mask: Mask, paint: Image.Image | RGB, strength: float = 1.0) -> None:
        cover = mask.image if strength >= 1 else mask.image.point(lambda v: round(v * strength))
        box = (mask.x, mask.y, mask.x + mask.image.width, mask.y + mask.image.height)
        self.image.paste(paint, box, cover)

    def _gradient(self, mask: Mask, start: Point, end: Point, stops: Stops) -> Image.Image:
        (sx, sy), (ex, ey) = self._at(start), self._at(end)
        dx, dy = ex - sx, ey - sy
        length = max(dx * dx + dy * dy, 1.0)
        a, b = 85 * dx / length, 85 * dy / length
        c = 85 + a * (mask.x - sx) + b * (mask.y - sy)
        return _ramp(tuple(stops)).transform(
            mask.image.size, Image.Transform.AFFINE, (a, b, c, 0, 0, 1.5), Image.Resampling.BILINEAR
        )

    def fill(self, shape: Shape, tone: RGB, alpha: float = 1.0, soft: float = 0.0) -> None:
        """Flat colour; `soft` blurs the edge, for glows, blushes and liquid."""
        mask = self.mask(shape, soft * 3)
        if mask:
            image = _blur(mask.image, soft * self._zoom())
            self._put(Mask(image, mask.x, mask.y), tone, alpha)

    def ramp(self, shape: Shape, start: Point, end: Point, stops: Stops, alpha: float = 1.0) -> None:
        mask = self.mask(shape)
        if mask:
            self._put(mask, self._gradient(mask, start, end, stops), alpha)

    def solid(self, shape: Shape, tone: RGB, depth: float = 14, gloss: float = 0.55, shade: float = 0.42) -> None:
        """A rounded body: lighter towards the lamp, a bright rim there and a dark one opposite."""
        mask = self.mask(shape)
        if not mask:
            return
        x0, y0, x1, y1 = shape.bounds()
        stops = ((0.0, light(tone, 0.28)), (0.45, tone), (1.0, dark(tone, 0.16)))
        self._put(mask, self._gradient(mask, (x0, y0), (x1, y1), stops))
        self.rims(mask, depth, gloss, shade, tone)

    def rims(self, mask: Mask, depth: float, gloss: float, shade: float, tone: RGB) -> None:
        reach = max(depth * self._zoom(), 1.0)
        pad = int(reach) + 2
        width, height = mask.image.size
        roomy = Image.new("L", (width + 2 * pad, height + 2 * pad))
        roomy.paste(mask.image, (pad, pad))
        soft = _blur(roomy, reach * 0.55)
        step = round(reach * 0.55)
        for sign, colour, alpha in ((-1, dark(tone, 0.6), shade), (1, (255, 255, 255), gloss)):
            inner = ImageChops.offset(soft, sign * step).crop((pad, pad, pad + width, pad + height))
            rim = ImageChops.subtract(mask.image, inner)
            self._put(Mask(rim, mask.x, mask.y), colour, alpha)

    def round(self, shape: Shape, start: Point, end: Point, tone: RGB, shine: float = 0.6) -> None:
        """A cylinder seen from the side: start and end are its two edges, across the axis."""
        stops = (
            (0.0, dark(tone, 0.22)), (0.1, tone), (0.24, light(tone, shine)), (0.36, light(tone, shine * 0.5)),
            (0.56, tone), (0.86, dark(tone, 0.24)), (1.0, dark(tone, 0.12)),
        )  # fmt: skip
        self.ramp(shape, start, end, stops)

    def metal(self, shape: Shape, start: Point, end: Point, tone: RGB = (188, 196, 204)) -> None:
        stops = (
            (0.0, dark(tone, 0.35)), (0.18, light(tone, 0.75)), (0.34, tone), (0.5, light(tone, 0.55)),
            (0.72, dark(tone, 0.3)), (0.9, light(tone, 0.4)), (1.0, dark(tone, 0.2)),
        )  # fmt: skip
        self.ramp(shape, start, end, stops)

    def glass(self, shape: Shape, tone: RGB = (206, 225, 237), body: float = 0.35, depth: float = 18) -> None:
        """Clear plastic: almost nothing in the middle, the colour gathers along both edges."""
        mask = self.mask(shape)
        if not mask:
            return
        self._put(mask, light(tone, 0.35), body)
        soft = _blur(mask.image, depth * self._zoom() * 0.5)
        edge = ImageChops.subtract(mask.image, soft)
        self._put(Mask(edge, mask.x, mask.y), dark(tone, 0.4), 0.75)
        self.rims(mask, depth * 0.8, 0.8, 0.16, tone)

    def hose(self, *points: Point, width: float, tone: RGB, clear: bool = False) -> None:
        """A tube or cable: a bright thread runs along its lit side."""
        body = line(*points, width=width)
        if clear:
            self.glass(body, tone, 0.5, width * 0.7)
        else:
            self.solid(body, tone, width * 0.55, 0.5, 0.5)
        lit = [(x - width * 0.16, y - width * 0.16) for x, y in points]
        self.fill(line(*lit, width=max(width * 0.16, 2)), (255, 255, 255), 0.6, width * 0.05)

    def shine(self, *points: Point, width: float = 10, alpha: float = 0.6, soft: float = 4) -> None:
        self.fill(line(*points, width=width), (255, 255, 255), alpha, soft)

    # Shadows

    def ground(self, cx: float, y: float, rx: float, ry: float | None = None, alpha: float = 0.34) -> None:
        """The contact shadow under something that stands: a wide breath and a dark core."""
        ry = ry or max(rx * 0.11, 14)
        for wide, high, share in ((1.35, 1.9, 0.45), (0.98, 0.9, 1.0)):
            self._smudge(cx + rx * 0.05, y + ry * 0.2, rx * wide, ry * high, alpha * share)

    def _smudge(self, cx: float, cy: float, rx: float, ry: float, alpha: float) -> None:
        (x, y), zoom = self._at((cx, cy)), self._zoom()
        width, height = max(round(2 * rx * zoom), 2), max(round(2 * ry * zoom), 2)
        spot = _spot().resize((width, height), Image.Resampling.BICUBIC).point(lambda v: round(v * alpha))
        self.image.paste((62, 82, 110), (round(x - width / 2), round(y - height / 2)), spot)

    def cast(self, shape: Shape, lift: float = 16, soft: float = 16, alpha: float = 0.3) -> None:
        """The shadow of something that lies on the table or hangs before the wall."""
        mask = self.mask(shape, soft * 3)
        if not mask:
            return
        image, shift = _blur(mask.image, soft * self._zoom()), lift * self.scale
        self._put(Mask(image, mask.x + round(shift * 0.45), mask.y + round(shift)), (62, 82, 110), alpha)

    # Signs

    def text(self, x: float, y: float, words: str, height: float, tone: RGB = INK, alpha: float = 1.0) -> None:
        """Centred letters; they follow the turn of the canvas."""
        zoom = self._zoom()
        font = _font(max(round(height * zoom), 4))
        left, top, right, bottom = font.getbbox(words)
        tile = Image.new("L", (round(right - left) + 4, round(bottom - top) + 4))
        ImageDraw.Draw(tile).text((2 - left, 2 - top), words, fill=255, font=font)
        angle = -math.degrees(math.atan2(self.matrix[3], self.matrix[0]))
        if abs(angle) > 0.5:
            tile = tile.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        px, py = self._at((x, y))
        self._put(Mask(tile, round(px - tile.width / 2), round(py - tile.height / 2)), tone, alpha)

    def lines(self, x: float, y: float, widths: Sequence[float], gap: float = 22, tone: RGB = INK) -> None:
        """Rows of print too small to read."""
        for row, width in enumerate(widths):
            bar = rect(x, y + row * gap, x + width, y + row * gap + gap * 0.36, gap * 0.18)
            self.fill(bar, tone, 0.32)

    def cross(self, cx: float, cy: float, arm: float, tone: RGB = WHITE) -> None:
        third = arm * 0.32
        self.fill(
            rect(cx - third, cy - arm, cx + third, cy + arm, 4) + rect(cx - arm, cy - third, cx + arm, cy + third, 4),
            tone,
        )

    def drop(self, cx: float, cy: float, r: float, tone: RGB) -> None:
        points = [(cx, cy - r * 1.7), (cx + r * 0.75, cy - r * 0.35), (cx + r, cy + r * 0.3)]
        mirrored = [(2 * cx - x, y) for x, y in reversed(points[1:])]
        self.solid(oval(cx, cy + r * 0.25, r) + Shape((_piece([*points, *mirrored]),)), tone, r * 0.4)


def _piece(points: list[Point]) -> Piece:
    return Piece(tuple(points))


@cache
def _spot() -> Image.Image:
    """A round smudge that fades out smoothly before its edge."""
    fall = [round(255 * max(0.0, 1 - v / 180) ** 1.7) for v in range(256)]
    return Image.radial_gradient("L").point(fall)
