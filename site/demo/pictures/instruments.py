"""Steel and single-use instruments, sutures and trays."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, PALETTE, RGB, STEEL, dark, light
from .registry import kind
from .shapes import Shape, arc, blob, line, oval, poly, rect, ring

SHELL: RGB = (240, 244, 248)


def _metal(c: Canvas, shape: Shape, tone: RGB, depth: float = 16) -> None:
    c.cast(shape, 22, 16, 0.3)
    c.solid(shape, tone, depth, 0.95, 0.6)


def _blade(c: Canvas, flip: int, tone: RGB, tip: float) -> None:
    def at(x: float, y: float) -> tuple[float, float]:
        return 500 + flip * x, y

    blade = poly(at(-tip, 110), at(12, 130), at(44, 480), at(-6, 520), at(-26, 300))
    shank = line(at(14, 480), at(-60, 600), at(-120, 690), width=34)
    _metal(c, blade + shank, tone)
    bow = ring(*at(-150, 780), 92, 108, 30)
    _metal(c, bow, tone, 14)
    c.shine(at(2, 180), at(14, 420), width=6, alpha=0.8, soft=2)


@kind("scissors", "silver")
def scissors(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=28):
        with c.placed(angle=7):
            _blade(c, -1, dark(tone, 0.06), 6)
        with c.placed(angle=-7):
            _blade(c, 1, tone, 6)
        c.metal(oval(500, 500, 24), (476, 476), (524, 524))
        c.fill(line((488, 508), (512, 492), width=5), dark(STEEL, 0.7), 0.7)


@kind("bandage-scissors", "silver")
def bandage_scissors(c: Canvas, tone: RGB) -> None:
    scissors(c, tone)
    with c.placed(angle=28), c.placed(angle=7):
        _metal(c, oval(502, 124, 26, 20), tone, 12)


@kind("tweezers", "silver")
def tweezers(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=34):
        for flip in (-1, 1):
            arm = blob((500, 890), (500 + flip * 40, 820), (500 + flip * 66, 600), (500 + flip * 54, 400), (500 + flip * 22, 170),
                       (500 + flip * 8, 110), (500 + flip * 6, 200), (500 + flip * 22, 420), (500 + flip * 30, 620), (500 + flip * 8, 800))  # fmt: skip
            _metal(c, arm, tone)
            for y in range(480, 640, 20):
                c.fill(line((500 + flip * 34, y), (500 + flip * 62, y - 4), width=5), dark(tone, 0.7), 0.35)
        _metal(c, rect(478, 800, 522, 900, 20), tone, 10)


@kind("tweezers-fine", "silver")
def tweezers_fine(c: Canvas, tone: RGB) -> None:
    with c.placed(zoom=0.9):
        tweezers(c, tone)


@kind("needle-holder", "silver")
def needle_holder(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=30):
        for flip in (-1, 1):
            jaw = poly((500 + flip * 2, 120), (500 + flip * 20, 140), (500 + flip * 26, 280), (500, 290))
            shank = line((500 + flip * 14, 280), (500 - flip * 40, 480), (500 - flip * 96, 690), width=24)
            _metal(c, jaw + shank, tone)
            _metal(c, ring(500 - flip * 120, 780, 82, 98, 26), (206, 170, 96), 14)
        c.metal(oval(500, 296, 26), (474, 270), (526, 322))
        for flip in (-1, 1):
            _metal(c, line((500 + flip * 84, 640), (500 - flip * 4, 650), width=18), tone, 9)
        c.fill(arc(500, 100, 60, 34, 200, 340, 6), dark(STEEL, 0.6), 0.8)


@kind("scalpel", "silver")
def scalpel(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-36):
        handle = blob(
            (110, 470), (180, 462), (420, 466), (600, 474), (640, 500), (600, 532), (420, 538), (180, 540), (110, 532)
        )
        c.cast(handle + rect(600, 470, 860, 530), 28, 18, 0.3)
        c.metal(
            poly((610, 474), (820, 462), (900, 478), (868, 530), (790, 544), (700, 530), (610, 526)),
            (0, 462),
            (0, 544),
            tone,
        )
        c.fill(line((700, 526), (786, 537), (858, 524), (890, 484), width=5), (255, 255, 255), 0.9)
        c.fill(rect(640, 490, 760, 502, 6), dark(STEEL, 0.5), 0.6)
        c.round(handle, (0, 462), (0, 540), (72, 150, 170))
        for x in range(380, 580, 22):
            c.fill(rect(x, 474, x + 7, 528, 3), dark((72, 150, 170), 0.5), 0.35)
        c.lines(160, 496, (120,), 20, (255, 255, 255))


@kind("biopsy-punch", "blue")
def biopsy_punch(c: Canvas, tone: RGB) -> None:
    for dx, turn in ((-120, 26), (120, 26)):
        with c.placed(dx=dx, angle=turn):
            c.cast(rect(440, 170, 560, 860, 40), 26, 18, 0.28)
            c.metal(rect(470, 150, 530, 280, 6), (470, 0), (530, 0))
            c.fill(oval(500, 152, 30, 10), dark(STEEL, 0.6), 0.8)
            c.round(poly((466, 270), (534, 270), (556, 340), (444, 340)), (444, 0), (556, 0), SHELL)
            c.round(rect(440, 336, 560, 860, (10, 10, 44, 44)), (440, 0), (560, 0), tone)
            for y in range(380, 620, 26):
                c.fill(rect(444, y, 556, y + 9, 4), dark(tone, 0.45), 0.3)


@kind("curette", "yellow")
def curette(c: Canvas, tone: RGB) -> None:
    for dx, turn in ((-110, 28), (90, 28)):
        with c.placed(dx=dx, angle=turn):
            c.cast(rect(470, 360, 530, 880, 28), 24, 16, 0.28)
            c.metal(rect(492, 230, 508, 380, 4), (492, 0), (508, 0))
            c.solid(ring(500, 190, 40, 48, 11), STEEL, 7, 0.9)
            c.round(rect(470, 370, 530, 880, 28), (470, 0), (530, 0), tone)
            for y in range(420, 600, 24):
                c.fill(rect(474, y, 526, y + 8, 4), dark(tone, 0.45), 0.3)


@kind("suture", "blue")
def suture(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-7):
        pack = rect(190, 230, 810, 800, 20)
        c.cast(pack, 22, 22, 0.3)
        c.solid(pack, SHELL, 12, 0.8, 0.35)
        c.fill(rect(190, 230, 810, 360, (20, 20, 0, 0)), tone)
        c.cross(270, 296, 34)
        c.lines(340, 274, (300, 220), 34, (255, 255, 255))
        c.solid(rect(240, 400, 760, 750, 30), (224, 232, 240), 16, 0.5, 0.3)
        for r in (150, 134, 118, 102):
            c.fill(arc(480, 575, r * 1.35, r, 30, 350, 6), dark(tone, 0.25), 0.9)
        needle = arc(620, 560, 130, 130, -70, 100, 17)
        c.cast(needle, 10, 8, 0.4)
        c.solid(needle, STEEL, 9, 0.95, 0.7)


@kind("procedure-set", "blue")
def procedure_set(c: Canvas, tone: RGB) -> None:
    tray = rect(110, 230, 890, 810, 70)
    c.cast(tray, 24, 24, 0.32)
    c.solid(tray, light(tone, 0.55), 34, 0.7, 0.4)
    inner = rect(160, 280, 840, 760, 44)
    c.ramp(inner, (160, 280), (840, 760), ((0, dark(light(tone, 0.5), 0.25)), (1, light(tone, 0.45))))
    c.solid(rect(540, 320, 790, 520, 12), (252, 253, 254), 14, 0.6, 0.35)
    c.solid(oval(640, 640, 64) + oval(730, 660, 60), (252, 253, 254), 28, 0.6, 0.35)
    for dx, name in ((-190, "blue"), (-110, "green"), (-30, "yellow")):
        with c.placed(dx=dx, dy=20, zoom=0.52):
            for flip in (-1, 1):
                arm = line((500, 880), (500 + flip * 50, 560), (500 + flip * 10, 120), width=38)
                c.cast(arm, 14, 10, 0.3)
                c.solid(arm, PALETTE[name], 16, 0.6, 0.5)


@kind("kidney-dish", "silver")
def kidney_dish(c: Canvas, tone: RGB) -> None:
    rim = blob(
        (120, 480),
        (200, 330),
        (400, 270),
        (600, 270),
        (800, 330),
        (880, 480),
        (850, 620),
        (740, 650),
        (640, 600),
        (500, 570),
        (360, 600),
        (260, 650),
        (150, 620),
    )
    c.cast(rim, 60, 34, 0.4)
    with c.placed(dy=46):
        c.solid(rim, dark(tone, 0.22), 40, 0.3, 0.6)
    c.solid(rim, light(tone, 0.25), 14, 0.95, 0.5)
    with c.placed(zoom=0.93, dy=2):
        c.ramp(
            rim,
            (150, 300),
            (820, 660),
            ((0, dark(tone, 0.42)), (0.45, dark(tone, 0.12)), (0.8, light(tone, 0.45)), (1, tone)),
        )
    with c.placed(zoom=0.78, dy=24):
        c.ramp(rim, (150, 300), (820, 660), ((0, dark(tone, 0.2)), (0.5, light(tone, 0.4)), (1, light(tone, 0.1))))
    c.shine((230, 400), (400, 330), (600, 326), width=10, alpha=0.5, soft=6)
    c.fill(line((700, 340), (800, 400), width=4), INK, 0.06, 3)
