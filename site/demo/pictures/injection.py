"""Syringes, needles and the box they end in."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, dark, light
from .registry import kind
from .shapes import blob, line, oval, poly, rect

CLEAR: RGB = (206, 225, 237)
SHELL: RGB = (240, 244, 248)


def needle_at(c: Canvas, x: float, y: float, length: float, hub: RGB, thick: float = 7) -> None:
    """A needle that points to the right from a hub at x."""
    c.metal(
        poly((x + 96, y - thick), (x + 96 + length - 26, y - thick), (x + 96 + length, y + thick), (x + 96, y + thick)),
        (0, y - thick),
        (0, y + thick),
    )
    c.round(
        poly((x, y - 34), (x + 40, y - 34), (x + 106, y - 15), (x + 106, y + 15), (x + 40, y + 34), (x, y + 34)),
        (0, y - 34),
        (0, y + 34),
        hub,
    )
    c.round(rect(x - 14, y - 42, x + 8, y + 42, 6), (0, y - 42), (0, y + 42), hub)


def barrel(c: Canvas, tone: RGB, half: float = 66, fill: float = 0.5) -> None:
    """A syringe lying to the right between x = 150 and x = 700; `fill` is how far the plunger is drawn."""
    stop = 690 - 400 * fill
    shape = rect(270, 500 - half, 690, 500 + half, 16) + poly(
        (686, 500 - half * 0.7), (720, 486), (720, 514), (686, 500 + half * 0.7)
    )
    c.cast(shape + rect(stop - 330, 478, 300, 522), 34, 20, 0.28)
    c.round(rect(stop - 320, 480, stop, 520, 6), (0, 480), (0, 520), SHELL)
    c.round(
        rect(stop - 340, 500 - half * 0.9, stop - 312, 500 + half * 0.9, 12), (0, 500 - half), (0, 500 + half), SHELL
    )
    c.ramp(
        rect(stop, 504 - half, 684, 496 + half, 10),
        (0, 440),
        (0, 560),
        ((0, light(tone, 0.55)), (0.4, light(tone, 0.75)), (1, light(tone, 0.2))),
        0.75,
    )
    c.glass(shape, CLEAR, 0.3, half * 0.5)
    c.round(rect(stop - 26, 506 - half, stop + 16, 494 + half, 8), (0, 506 - half), (0, 494 + half), (62, 70, 82))
    c.round(rect(706, 484, 770, 516, 6), (0, 484), (0, 516), SHELL)
    c.solid(rect(254, 500 - half * 1.5, 286, 500 + half * 1.5, 14), (220, 228, 236), 12, 0.8, 0.5)
    for i in range(15):
        c.fill(rect(320 + i * 24, 500 + half - (52 if i % 5 == 0 else 34), 324 + i * 24, 496 + half), INK, 0.7)
    c.shine((300, 516 - half), (670, 516 - half), width=12, alpha=0.85, soft=3)


@kind("syringe", "clear")
def syringe(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-36, dx=40, dy=0, zoom=1.22):
        barrel(c, tone)
        c.round(rect(736, 470, 786, 530, 8), (0, 470), (0, 530), tone)


@kind("syringe-small", "orange")
def syringe_small(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-36, dx=-20, dy=0, zoom=1.18):
        barrel(c, CLEAR, 36, 0.35)
        c.metal(rect(770, 497, 900, 503), (0, 497), (0, 503))
        c.round(rect(764, 478, 800, 522, 8), (0, 478), (0, 522), tone)
        with c.placed(dx=20, dy=140):
            c.cast(rect(600, 474, 800, 526, 22), 20, 12, 0.25)
            c.round(rect(600, 474, 800, 526, 22), (0, 474), (0, 526), tone)


@kind("enteral-syringe", "purple")
def enteral_syringe(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-36, dx=10, dy=20):
        barrel(c, (246, 232, 206), 96, 0.6)
        c.round(rect(90, 414, 124, 586, 14), (0, 414), (0, 586), tone)
        c.round(rect(716, 462, 796, 538, 12), (0, 462), (0, 538), tone)


def _sheath(c: Canvas, x: float, y: float, length: float) -> None:
    tube = rect(x, y - 24, x + length, y + 24, (10, 24, 24, 10))
    c.cast(tube, 20, 12, 0.22)
    c.glass(tube, CLEAR, 0.55, 18)
    c.shine((x + 20, y - 10), (x + length - 30, y - 10), width=6, alpha=0.9, soft=2)


@kind("needle", "green")
def needle(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-34, zoom=1.25, dy=-20):
        for dy in (-110, 30):
            with c.placed(dy=dy):
                c.cast(rect(210, 470, 320, 530), 22, 14, 0.3)
                c.cast(rect(300, 494, 800, 506), 22, 8, 0.2)
                needle_at(c, 216, 500, 470, tone)
        with c.placed(dy=160):
            _sheath(c, 270, 500, 470)


@kind("safety-needle", "green")
def safety_needle(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-34, dx=20):
        c.cast(rect(210, 440, 320, 560), 26, 16, 0.3)
        needle_at(c, 220, 520, 470, tone)
        guard = line((250, 470), (330, 400), (560, 330), width=40)
        c.cast(guard, 18, 12, 0.2)
        c.glass(guard, tone, 0.85, 26)
        c.glass(rect(540, 296, 800, 350, 18), tone, 0.7, 26)
        c.solid(oval(252, 474, 24), tone, 12, 0.6)


@kind("pen-needle", "purple")
def pen_needle(c: Canvas, tone: RGB) -> None:
    for dx, dy in ((-190, 60), (190, 60), (0, -60)):
        with c.placed(dx=dx, dy=dy, zoom=0.82):
            c.ground(500, 800, 140, 26)
            c.metal(poly((495, 250), (502, 236), (505, 250), (505, 480), (495, 480)), (495, 0), (505, 0))
            c.glass(poly((462, 330), (538, 330), (560, 500), (440, 500)), tone, 0.55, 26)
            c.round(rect(380, 490, 620, 790, (60, 60, 26, 26)), (380, 0), (620, 0), light(tone, 0.12))
            for x in range(404, 610, 34):
                c.fill(rect(x, 580, x + 12, 770, 6), dark(tone, 0.45), 0.25)


@kind("iv-cannula", "pink")
def iv_cannula(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-30):
        c.cast(rect(180, 460, 620, 540), 34, 18, 0.26)
        wings = blob(
            (420, 440), (470, 330), (560, 320), (580, 400), (560, 500), (580, 600), (560, 680), (470, 670), (420, 560)
        )
        c.cast(wings, 26, 18, 0.24)
        c.solid(wings, tone, 30, 0.6, 0.4)
        c.glass(rect(120, 466, 400, 534, 14), CLEAR, 0.6, 24)
        c.round(rect(90, 454, 140, 546, 12), (0, 454), (0, 546), SHELL)
        c.round(rect(380, 456, 610, 544, 24), (0, 456), (0, 544), tone)
        c.round(rect(450, 390, 540, 470, (30, 30, 6, 6)), (450, 0), (540, 0), tone)
        c.round(rect(436, 360, 554, 404, 18), (436, 0), (554, 0), light(tone, 0.2))
        c.round(poly((606, 468), (606, 532), (700, 512), (700, 488)), (0, 468), (0, 532), light(tone, 0.3))
        c.round(poly((696, 489), (880, 494), (880, 506), (696, 511)), (0, 489), (0, 511), (236, 240, 244))
        c.metal(poly((876, 496), (950, 498), (964, 506), (876, 505)), (0, 494), (0, 506))


@kind("butterfly", "green")
def butterfly(c: Canvas, tone: RGB) -> None:
    path = ((480, 560), (360, 660), (200, 600), (180, 440), (300, 330), (420, 400), (400, 540), (280, 760), (420, 850))
    c.cast(line(*path, width=18), 18, 12, 0.2)
    c.hose(*path, width=20, tone=CLEAR, clear=True)
    with c.placed(angle=-40, dx=80, dy=-10):
        wings = blob(
            (470, 470),
            (430, 340),
            (500, 270),
            (580, 330),
            (570, 460),
            (580, 540),
            (600, 670),
            (520, 730),
            (440, 660),
            (470, 530),
        )
        c.cast(wings, 28, 20, 0.28)
        c.solid(wings, tone, 34, 0.6, 0.4)
        for y in (340, 380, 620, 660):
            c.fill(line((476, y), (560, y), width=5), dark(tone, 0.4), 0.25)
        c.round(rect(440, 470, 640, 530, 20), (0, 470), (0, 530), light(tone, 0.3))
        c.metal(poly((636, 493), (846, 493), (872, 507), (636, 507)), (0, 493), (0, 507))
    c.round(rect(410, 826, 520, 876, 12), (0, 826), (0, 876), tone)


@kind("sharps-box", "yellow")
def sharps_box(c: Canvas, tone: RGB) -> None:
    c.ground(500, 880, 280)
    c.round(poly((250, 340), (750, 340), (710, 880), (290, 880)), (260, 0), (740, 0), tone)
    c.round(rect(226, 250, 774, 356, 30), (226, 0), (774, 0), (206, 62, 58))
    c.solid(oval(500, 252, 200, 54), (214, 74, 68), 20, 0.6)
    c.fill(oval(480, 252, 104, 27), (60, 22, 26))
    c.metal(poly((470, 130), (482, 130), (478, 258), (474, 258)), (470, 0), (482, 0))
    c.round(rect(454, 90, 498, 140, 10), (454, 0), (498, 0), (92, 172, 126))
    c.fill(poly((500, 460), (610, 650), (390, 650)), INK, 0.92)
    c.fill(poly((500, 496), (580, 634), (420, 634)), tone)
    c.fill(rect(492, 540, 508, 596, 6) + oval(500, 614, 9), INK)
    c.lines(390, 700, (220, 170, 200), 34)


@kind("lancet", "blue")
def lancet(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((-200, 40, -18), (0, -20, 8), (200, 50, 26)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            body = rect(448, 400, 552, 760, 26)
            c.cast(body + rect(470, 230, 530, 400), 26, 18, 0.28)
            c.round(rect(486, 300, 514, 410, 6), (486, 0), (514, 0), light(tone, 0.4))
            c.solid(oval(500, 262, 48), tone, 24, 0.65)
            c.round(body, (448, 0), (552, 0), tone)
            for y in range(560, 720, 30):
                c.fill(rect(462, y, 538, y + 10, 5), dark(tone, 0.4), 0.3)


@kind("safety-lancet", "orange")
def safety_lancet(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((-150, 40, -14), (150, -10, 14)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            body = rect(400, 330, 600, 740, (40, 40, 60, 60))
            c.cast(body, 28, 20, 0.3)
            c.round(rect(440, 240, 560, 350, 20), (440, 0), (560, 0), light(tone, 0.3))
            c.round(body, (400, 0), (600, 0), SHELL)
            c.round(rect(400, 430, 600, 560), (400, 0), (600, 0), tone)
            c.round(rect(468, 730, 532, 800, 12), (468, 0), (532, 0), tone)
