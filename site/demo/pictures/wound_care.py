"""Dressings, compresses, plasters, tape and bandages."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, dark, light, mix
from .registry import kind
from .shapes import Shape, blob, line, oval, poly, rect, spray

SKIN: RGB = (232, 204, 178)
PAPER: RGB = (246, 248, 250)


def _weave(c: Canvas, x0: float, y0: float, x1: float, y1: float, step: int, tone: RGB, alpha: float = 0.16) -> None:
    """Threads of a woven or non-woven sheet, all in one stroke of the brush."""
    xs, ys = range(int(x0) + step, int(x1), step), range(int(y0) + step, int(y1), step)
    parts = [rect(x, y0, x + 2.4, y1) for x in xs] + [rect(x0, y, x1, y + 2.4) for y in ys]
    c.fill(Shape(tuple(piece for part in parts for piece in part.pieces)), tone, alpha)


def _pad(c: Canvas, shape: Shape, tone: RGB, depth: float = 26) -> None:
    c.cast(shape, 20, 20, 0.3)
    c.solid(shape, tone, depth, 0.65, 0.35)


@kind("foam-dressing", "beige")
def foam_dressing(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-8):
        back = rect(330, 240, 870, 780, 70)
        _pad(c, back, PAPER, 16)
        c.solid(rect(410, 320, 790, 700, 40), light(tone, 0.4), 20, 0.5, 0.35)
    with c.placed(angle=6):
        front = rect(130, 180, 690, 740, 74)
        _pad(c, front, light(tone, 0.14), 18)
        c.solid(rect(215, 265, 605, 655, 46), tone, 34, 0.6, 0.35)
        for i in range(90):
            c_x, c_y = 235 + (i * 83) % 350, 285 + (i * 131) % 350
            if i % 3 == 0:
                c.fill(oval(c_x, c_y, 6), dark(tone, 0.3), 0.22)


@kind("foam-pad", "cream")
def foam_pad(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((60, 90, -10), (0, 0, 4)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            c.cast(rect(220, 230, 760, 730, 24), 18, 20, 0.3)
            c.solid(rect(220, 266, 760, 760, 24), dark(tone, 0.14), 12, 0.2, 0.4)
            c.solid(rect(220, 220, 760, 716, 24), tone, 16, 0.6, 0.2)
    holes = [oval(250 + (i * 97) % 480, 250 + (i * 61) % 440, 5 + i % 4) for i in range(60)]
    with c.placed(angle=4):
        c.fill(Shape(tuple(p for h in holes for p in h.pieces)), dark(tone, 0.3), 0.22)


@kind("foam-sacral", "beige")
def foam_sacral(c: Canvas, tone: RGB) -> None:
    heart = blob(
        (500, 270),
        (610, 170),
        (760, 180),
        (840, 310),
        (800, 500),
        (660, 700),
        (500, 840),
        (340, 700),
        (200, 500),
        (160, 310),
        (240, 180),
        (390, 170),
    )
    _pad(c, heart, light(tone, 0.16), 18)
    with c.placed(zoom=0.72, dy=-20):
        c.solid(heart, tone, 40, 0.6, 0.35)
    c.shine((225, 330), (270, 245), (350, 210), width=16, alpha=0.6, soft=8)


@kind("film-dressing", "clear")
def film_dressing(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-7):
        frame = rect(190, 230, 810, 770, 60)
        c.cast(frame, 18, 20, 0.28)
        c.solid(frame, (240, 244, 248), 14, 0.7, 0.3)
        c.ramp(
            rect(255, 295, 745, 705, 40),
            (255, 295),
            (745, 705),
            ((0, (226, 240, 250)), (0.5, (196, 220, 238)), (1, (174, 204, 226))),
            0.85,
        )
        for x in (300, 430):
            c.fill(poly((x, 705), (x + 60, 705), (x + 250, 295), (x + 170, 295)), (255, 255, 255), 0.35)
        c.solid(rect(700, 300, 870, 400, 16), (72, 134, 202), 14, 0.6)
        c.text(785, 350, "1", 60, (255, 255, 255))
        c.lines(230, 248, (120,), 24)


@kind("island-dressing", "white")
def island_dressing(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((70, 70, -22), (-30, -20, -8)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            _pad(c, rect(180, 330, 820, 670, 44), tone, 14)
            _weave(c, 196, 346, 804, 654, 22, INK, 0.07)
            c.solid(rect(300, 410, 700, 590, 16), light(tone, 0.5), 16, 0.6, 0.28)
            _weave(c, 306, 416, 694, 584, 16, (72, 110, 150), 0.14)


@kind("hydrocolloid", "amber")
def hydrocolloid(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-8):
        pad = rect(210, 220, 790, 790, 80)
        c.cast(pad, 20, 22, 0.3)
        c.solid(pad, mix(tone, (236, 214, 178), 0.5), 24, 0.6, 0.3)
        c.glass(rect(270, 280, 730, 730, 60), mix(tone, (236, 214, 178), 0.2), 0.7, 40)
        corner = blob((790, 560), (800, 780), (560, 790), (620, 690), (700, 640))
        c.cast(corner, 14, 14, 0.3)
        c.solid(corner, PAPER, 24, 0.8, 0.35)


@kind("plaster", "beige")
def plaster(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((0, 130, -38), (0, -90, -24)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            strip = rect(110, 410, 890, 590, 90)
            _pad(c, strip, tone, 22)
            dots = [oval(x, y, 6) for x in (*range(170, 360, 34), *range(660, 850, 34)) for y in (450, 484, 518, 552)]
            c.fill(Shape(tuple(p for d in dots for p in d.pieces)), dark(tone, 0.45), 0.32)
            c.solid(rect(390, 424, 610, 576, 20), light(tone, 0.42), 14, 0.6, 0.3)
            _weave(c, 396, 430, 604, 570, 18, dark(tone, 0.5), 0.18)


@kind("plaster-round", "beige")
def plaster_round(c: Canvas, tone: RGB) -> None:
    for x, y in ((340, 360), (660, 330), (350, 680), (670, 660)):
        disc = oval(x, y, 145)
        _pad(c, disc, tone, 20)
        c.solid(oval(x, y, 66), light(tone, 0.5), 12, 0.6, 0.3)
        dots = [oval(px, py, 6) for px, py in spray(x, y, 108, 14)]
        c.fill(Shape(tuple(p for d in dots for p in d.pieces)), dark(tone, 0.45), 0.3)


@kind("wound-strips", "beige")
def wound_strips(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-6):
        card = rect(200, 180, 800, 820, 20)
        _pad(c, card, PAPER, 10)
        for i in range(6):
            y = 250 + i * 90
            c.cast(rect(250, y, 750, y + 48, 8), 6, 6, 0.2)
            c.solid(rect(250, y, 750, y + 48, 8), tone, 10, 0.5, 0.3)
            for k in (12, 24, 36):
                c.fill(rect(254, y + k, 746, y + k + 2.5), dark(tone, 0.5), 0.25)


def _roll(c: Canvas, x: float, y: float, rx: float, width: float, tone: RGB, core: float, core_tone: RGB) -> None:
    """A roll lying on its side: a drum whose round end faces left."""
    ry = rx * 2.1
    side = oval(x, y, rx, ry) + rect(x, y - ry, x + width, y + ry) + oval(x + width, y, rx, ry)
    c.cast(side, 18, 20, 0.28)
    c.round(side, (0, y - ry), (0, y + ry), tone, 0.4)
    c.solid(oval(x, y, rx, ry), light(tone, 0.25), 10, 0.4, 0.25)
    for k in range(1, 7):
        share = core + (1 - core) * k / 7
        c.fill(oval(x, y, rx * share, ry * share) - oval(x, y, rx * share - 2.5, ry * share - 4), dark(tone, 0.4), 0.2)
    if core:
        c.fill(oval(x, y, rx * core, ry * core), core_tone)
        c.fill(oval(x + rx * core * 0.3, y, rx * core * 0.66, ry * core * 0.86), dark(core_tone, 0.45))


@kind("bandage-roll", "white")
def bandage_roll(c: Canvas, tone: RGB) -> None:
    c.ground(520, 730, 320)
    tail = poly((330, 660), (700, 660), (880, 800), (510, 812))
    c.cast(tail, 14, 16, 0.25)
    c.ramp(tail, (330, 640), (700, 820), ((0, dark(tone, 0.2)), (0.5, tone), (1, light(tone, 0.3))))
    _roll(c, 330, 480, 112, 360, tone, 0.0, tone)
    lines = [rect(352 + k * 40, 246, 356 + k * 40, 712) for k in range(1, 11)]
    c.fill(Shape(tuple(p for d in lines for p in d.pieces)), dark(tone, 0.4), 0.16)


@kind("cohesive-bandage", "blue")
def cohesive_bandage(c: Canvas, tone: RGB) -> None:
    bandage_roll(c, tone)
    with c.placed(zoom=0.5, dx=150, dy=-270):
        _roll(c, 330, 480, 112, 360, light(tone, 0.3), 0.0, tone)


@kind("tubular-bandage", "cream")
def tubular_bandage(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 300)
    for y in (690, 560, 430):
        c.solid(rect(210, y - 66, 790, y + 66, 66), tone, 44, 0.6, 0.4)
        ribs = [rect(250 + k * 24, y - 58, 254 + k * 24, y + 58) for k in range(21)]
        c.fill(Shape(tuple(p for d in ribs for p in d.pieces)), dark(tone, 0.4), 0.16)
    c.solid(oval(770, 430, 34, 66), dark(tone, 0.2), 14, 0.4)
    c.fill(oval(776, 430, 20, 48), dark(tone, 0.5))


@kind("tape-roll", "white")
def tape_roll(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 270)
    c.solid(poly((430, 740), (640, 740), (890, 790), (690, 812)), light(tone, 0.2), 8, 0.4, 0.3)
    _roll(c, 430, 500, 138, 210, tone, 0.58, (226, 210, 184))


@kind("plaster-roll", "beige")
def plaster_roll(c: Canvas, tone: RGB) -> None:
    c.ground(520, 770, 320)
    c.solid(poly((340, 700), (700, 700), (900, 790), (560, 812)), light(tone, 0.12), 8, 0.4, 0.3)
    c.fill(poly((480, 726), (580, 726), (770, 802), (670, 806)), PAPER, 0.9)
    _roll(c, 340, 480, 112, 350, tone, 0.36, (236, 240, 244))


@kind("compress", "white")
def compress(c: Canvas, tone: RGB) -> None:
    """A peel pouch half open, with the folded compress showing."""
    with c.placed(angle=-8):
        pouch = rect(240, 140, 760, 860, 16)
        c.cast(pouch, 22, 22, 0.3)
        c.solid(pouch, (226, 236, 244), 10, 0.7, 0.3)
        _pad(c, rect(300, 190, 700, 590, 10), tone, 16)
        c.fill(rect(498, 194, 502, 586) + rect(304, 388, 696, 392), INK, 0.12)
        _weave(c, 304, 194, 696, 586, 14, (72, 96, 130), 0.12)
        c.ramp(
            rect(240, 520, 760, 860, (0, 0, 16, 16)),
            (240, 520),
            (760, 860),
            ((0, (252, 253, 254)), (1, (224, 231, 238))),
        )
        c.fill(rect(240, 520, 760, 600), (72, 134, 202), 0.92)
        c.lines(300, 650, (320, 260, 300), 40)
        c.fill(rect(262, 816, 738, 822), INK, 0.16)


@kind("compress-stack", "white")
def compress_stack(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 330, 34)
    for i in range(9):
        y = 760 - i * 44
        c.solid(
            rect(190 + (i * 7) % 12, y - 22, 806 - (i * 5) % 14, y + 24, 20), light(tone, 0.1 * (i % 2)), 14, 0.6, 0.4
        )
    top = poly((200, 408), (330, 250), (860, 250), (800, 408))
    c.solid(top, light(tone, 0.4), 10, 0.5, 0.22)
    for k in range(1, 16):
        c.fill(line((200 + k * 38, 406), (330 + k * 33, 252), width=2.4), (72, 96, 130), 0.13)
        c.fill(line((200 + k * 8, 408 - k * 9.8), (800 + k * 4, 408 - k * 9.8), width=2.4), (72, 96, 130), 0.1)


@kind("absorbent-pad", "white")
def absorbent_pad(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-8):
        c.cast(rect(220, 260, 820, 800, 30), 22, 22, 0.3)
        c.solid(rect(220, 260, 820, 800, 30), (116, 168, 216), 24, 0.5, 0.35)
        c.solid(rect(180, 200, 780, 740, 30), tone, 50, 0.7, 0.3)
        for k in range(1, 5):
            c.fill(line((190, 200 + k * 108), (770, 200 + k * 108), width=6), (90, 120, 156), 0.13, 4)
            c.fill(line((180 + k * 120, 210), (180 + k * 120, 730), width=6), (90, 120, 156), 0.13, 4)


@kind("cotton-balls", "white")
def cotton_balls(c: Canvas, tone: RGB) -> None:
    c.ground(500, 790, 340, 46)
    for x, y, r in ((380, 430, 130), (620, 420, 135), (260, 640, 140), (500, 640, 155), (740, 640, 140)):
        for px, py in spray(x, y, r * 0.5, 6, 20):
            c.solid(oval(px, py, r * 0.56), tone, r * 0.3, 0.5, 0.2)
        c.fill(oval(x - r * 0.1, y - r * 0.1, r * 0.66), (253, 254, 255), 0.85, r * 0.12)


@kind("ampoule", "blue")
def ampoule(c: Canvas, tone: RGB) -> None:
    c.ground(500, 860, 330)
    for x in (260, 420, 580, 740):
        c.glass(
            blob(
                (x - 20, 210),
                (x + 20, 210),
                (x + 22, 320),
                (x + 66, 400),
                (x + 70, 600),
                (x + 66, 840),
                (x - 66, 840),
                (x - 70, 600),
                (x - 66, 400),
                (x - 22, 320),
            ),
            (206, 225, 237),
            0.5,
            34,
        )
        c.ramp(
            rect(x - 58, 470, x + 58, 836, (0, 0, 18, 18)),
            (x - 58, 0),
            (x + 58, 0),
            ((0, light(tone, 0.5)), (0.3, light(tone, 0.8)), (1, light(tone, 0.3))),
            0.75,
        )
        c.round(rect(x - 50, 140, x + 50, 220, 20), (x - 50, 0), (x + 50, 0), light(tone, 0.35))
        c.lines(x - 36, 600, (72, 50, 64), 34)
        c.shine((x - 44, 420), (x - 44, 780), width=8, alpha=0.8, soft=3)
