"""Samples and quick tests."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, dark, light
from .registry import kind
from .shapes import arc, blob, line, oval, poly, rect

CLEAR: RGB = (206, 225, 237)
SHELL: RGB = (240, 244, 248)
BLOOD: RGB = (150, 30, 40)
PADS: tuple[RGB, ...] = (
    (245, 205, 76),
    (120, 180, 90),
    (238, 148, 120),
    (96, 150, 206),
    (214, 120, 170),
    (250, 236, 200),
    (150, 120, 190),
)


@kind("glucose-meter", "white")
def glucose_meter(c: Canvas, tone: RGB) -> None:
    strip = rect(470, 60, 530, 300, 10)
    c.cast(strip, 16, 12, 0.25)
    c.solid(strip, SHELL, 8, 0.6)
    c.fill(rect(470, 60, 530, 110, (10, 10, 0, 0)), (72, 134, 202))
    c.solid(oval(500, 66, 20), (196, 40, 48), 8, 0.7)
    c.ground(500, 880, 220)
    body = rect(300, 220, 700, 870, 130)
    c.cast(body, 16, 20, 0.25)
    c.solid(body, tone, 60, 0.8, 0.42)
    c.fill(rect(360, 310, 640, 570, 40), (26, 36, 52))
    c.text(500, 420, "5,6", 150, (150, 236, 206))
    c.text(500, 520, "mmol/l", 50, (240, 244, 248), 0.8)
    c.solid(oval(500, 690, 66), (72, 134, 202), 24, 0.6)
    for x in (400, 600):
        c.solid(oval(x, 690, 26), dark(tone, 0.1), 10, 0.7)


@kind("test-strips", "blue")
def test_strips(c: Canvas, tone: RGB) -> None:
    c.ground(470, 880, 230)
    for x, turn in ((380, -12), (440, -3), (510, 6), (570, 14)):
        with c.placed(dx=x - 500, dy=-140, angle=turn):
            c.solid(rect(472, 230, 528, 560, 8), SHELL, 8, 0.6)
            c.fill(rect(472, 230, 528, 286, (8, 8, 0, 0)), tone)
            c.fill(rect(488, 300, 512, 420, 4), INK, 0.5)
    c.round(rect(290, 420, 650, 880, (10, 10, 50, 50)), (290, 0), (650, 0), tone)
    c.round(rect(290, 520, 650, 780), (290, 0), (650, 0), SHELL)
    c.drop(470, 610, 34, (196, 40, 48))
    c.lines(390, 690, (160, 110), 34)
    with c.placed(dx=210, dy=-60, angle=32):
        c.round(rect(400, 380, 640, 450, 26), (400, 0), (640, 0), dark(tone, 0.15))


@kind("urine-strips", "green")
def urine_strips(c: Canvas, tone: RGB) -> None:
    c.ground(400, 880, 190)
    c.round(rect(230, 230, 550, 320, 20), (230, 0), (550, 0), SHELL)
    c.round(rect(244, 314, 536, 880, (6, 6, 40, 40)), (244, 0), (536, 0), tone)
    c.round(rect(244, 430, 536, 780), (244, 0), (536, 0), SHELL)
    for i in range(12):
        c.fill(rect(276 + (i % 4) * 60, 470 + i // 4 * 60, 318 + (i % 4) * 60, 512 + i // 4 * 60, 6), PADS[i % 7])
    for dx, turn in ((150, 8), (250, 18)):
        with c.placed(dx=dx, angle=turn):
            strip = rect(470, 160, 530, 820, 6)
            c.cast(strip, 18, 12, 0.28)
            c.solid(strip, SHELL, 6, 0.6)
            for i in range(7):
                c.fill(rect(476, 180 + i * 58, 524, 222 + i * 58, 4), PADS[i])


@kind("blood-tube", "purple")
def blood_tube(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((-150, 20, -14), (20, -20, 4), (190, 30, 20)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            tube = rect(436, 220, 564, 860, (8, 8, 64, 64))
            c.cast(tube, 26, 18, 0.28)
            c.ramp(
                rect(446, 450, 554, 850, (0, 0, 54, 54)),
                (446, 0),
                (554, 0),
                ((0, dark(BLOOD, 0.2)), (0.25, light(BLOOD, 0.3)), (0.5, BLOOD), (1, dark(BLOOD, 0.4))),
            )
            c.glass(tube, CLEAR, 0.22, 26)
            c.round(rect(440, 400, 560, 640), (440, 0), (560, 0), (250, 251, 252))
            c.fill(rect(440, 400, 560, 440), tone, 0.85)
            c.lines(458, 470, (80, 60, 84, 50), 34)
            c.round(rect(420, 120, 580, 250, (26, 26, 10, 10)), (420, 0), (580, 0), tone)
            for x in range(436, 572, 22):
                c.fill(rect(x, 150, x + 7, 244, 3), dark(tone, 0.45), 0.25)
            c.shine((460, 300), (460, 760), width=10, alpha=0.7, soft=3)


@kind("tube-holder", "clear")
def tube_holder(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-30):
        c.cast(rect(160, 390, 700, 610, 20), 30, 20, 0.28)
        c.glass(rect(190, 410, 660, 590, (10, 40, 40, 10)), tone, 0.5, 44)
        c.glass(rect(150, 350, 210, 650, 24), tone, 0.9, 24)
        c.round(rect(650, 456, 720, 544, 14), (0, 456), (0, 544), SHELL)
        c.round(rect(714, 470, 770, 530, 12), (0, 470), (0, 530), (92, 172, 126))
        c.metal(poly((766, 495), (920, 495), (940, 505), (766, 505)), (0, 493), (0, 507))
        c.metal(rect(560, 495, 656, 505), (0, 493), (0, 507))
        c.shine((240, 440), (620, 440), width=16, alpha=0.9, soft=4)


@kind("tourniquet", "blue")
def tourniquet(c: Canvas, tone: RGB) -> None:
    c.ground(500, 760, 300)
    c.solid(oval(500, 380, 300, 120), dark(tone, 0.45), 24, 0.2, 0.4)
    band = blob(
        (202, 380),
        (280, 450),
        (500, 502),
        (720, 450),
        (798, 380),
        (798, 520),
        (710, 610),
        (500, 666),
        (290, 610),
        (202, 520),
    )
    tail = poly((560, 560), (700, 560), (880, 780), (760, 830))
    c.cast(tail, 16, 14, 0.3)
    c.solid(tail, dark(tone, 0.12), 14, 0.4, 0.4)
    c.solid(band, tone, 44, 0.5, 0.45)
    for low in (20, 128):
        c.fill(
            line((206, 390 + low), (300, 466 + low), (500, 508 + low), (700, 466 + low), (794, 390 + low), width=5),
            light(tone, 0.6),
            0.6,
        )
    clasp = rect(410, 490, 640, 690, 34)
    c.cast(clasp, 14, 14, 0.35)
    c.solid(clasp, SHELL, 28, 0.8, 0.42)
    c.solid(rect(462, 544, 588, 636, 26), (212, 78, 78), 16, 0.6)


@kind("specimen-cup", "red")
def specimen_cup(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 240)
    cup = poly((270, 330), (730, 330), (680, 850), (320, 850))
    c.ramp(
        poly((292, 560), (708, 560), (676, 842), (324, 842)),
        (300, 0),
        (700, 0),
        ((0, (240, 206, 100)), (0.3, (252, 234, 160)), (1, (222, 184, 84))),
        0.75,
    )
    c.glass(cup, CLEAR, 0.35, 50)
    c.solid(rect(400, 470, 620, 720, 12), (251, 252, 253), 6, 0.4, 0.15)
    c.lines(424, 510, (170, 120, 150, 90), 48)
    c.round(rect(244, 190, 756, 340, 34), (244, 0), (756, 0), tone)
    for x in range(270, 744, 26):
        c.fill(rect(x, 224, x + 8, 330, 4), dark(tone, 0.45), 0.22)
    c.shine((318, 400), (336, 740), width=20, alpha=0.7, soft=6)


@kind("transport-swab", "blue")
def transport_swab(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-30):
        with c.placed(dy=-80):
            tube = rect(180, 454, 760, 546, (20, 46, 46, 20))
            c.cast(tube, 26, 18, 0.28)
            c.ramp(
                rect(480, 466, 748, 534, (0, 36, 36, 0)),
                (0, 466),
                (0, 534),
                ((0, light((214, 120, 140), 0.5)), (0.6, (224, 130, 150)), (1, (190, 90, 116))),
                0.8,
            )
            c.glass(tube, CLEAR, 0.25, 24)
            c.round(rect(110, 440, 230, 560, 22), (0, 440), (0, 560), tone)
            c.shine((250, 472), (720, 472), width=8, alpha=0.9, soft=3)
        with c.placed(dy=90):
            stick = line((210, 500), (760, 500), width=12)
            c.cast(stick, 18, 10, 0.25)
            c.solid(stick, SHELL, 6, 0.6)
            c.round(rect(130, 462, 240, 538, 18), (0, 462), (0, 538), tone)
            c.solid(oval(790, 500, 62, 24), (252, 252, 252), 16, 0.7, 0.4)


@kind("cotton-swab", "white")
def cotton_swab(c: Canvas, tone: RGB) -> None:
    for dx, turn in ((-150, 18), (0, 26), (150, 34), (-20, 44)):
        with c.placed(dx=dx, angle=turn):
            stick = line((500, 240), (500, 860), width=14)
            c.cast(stick + oval(500, 200, 34, 70), 20, 12, 0.28)
            c.round(rect(493, 240, 507, 870, 5), (493, 0), (507, 0), (226, 198, 150))
            c.solid(oval(500, 200, 34, 74), tone, 26, 0.8, 0.42)


@kind("rapid-test", "white")
def rapid_test(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((150, 30, 16), (-90, 0, -8)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            body = rect(390, 130, 610, 870, 50)
            c.cast(body, 26, 20, 0.3)
            c.solid(body, light(tone, 0.55), 26, 0.7, 0.4)
            c.fill(rect(390, 130, 610, 230, (50, 50, 0, 0)), tone, 0.6)
            window = rect(452, 300, 548, 560, 40)
            c.fill(window, dark(SHELL, 0.25))
            c.fill(rect(458, 310, 542, 556, 36), (253, 252, 250))
            c.fill(rect(458, 370, 542, 388) + rect(458, 460, 542, 476), (206, 56, 96), 0.85)
            c.text(575, 380, "C", 40, INK, 0.8)
            c.text(575, 468, "T", 40, INK, 0.8)
            c.fill(oval(500, 700, 50, 62), dark(SHELL, 0.28))
            c.fill(oval(500, 706, 40, 52), (236, 226, 226))
            c.fill(arc(500, 700, 50, 62, 20, 160, 5), (255, 255, 255), 0.9)
