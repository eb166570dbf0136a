"""At the couch: temperature, oxygen, weight, light and reflexes."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, light
from .registry import kind
from .shapes import blob, line, oval, poly, rect, ring

SHELL: RGB = (240, 244, 248)
LCD: RGB = (206, 220, 210)


@kind("thermometer", "blue")
def thermometer(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-34):
        tip = rect(700, 482, 930, 518, 18)
        body = blob(
            (90, 450),
            (140, 428),
            (420, 430),
            (600, 452),
            (760, 480),
            (760, 520),
            (600, 548),
            (420, 570),
            (140, 572),
            (90, 550),
        )
        c.cast(body + tip, 30, 20, 0.3)
        c.metal(rect(880, 486, 950, 514, 14), (0, 486), (0, 514))
        c.round(rect(740, 484, 900, 516, 12), (0, 484), (0, 516), light(tone, 0.2))
        c.solid(body, SHELL, 34, 0.8, 0.42)
        c.fill(rect(300, 454, 520, 546, 18), LCD)
        c.text(410, 500, "37,2", 84, INK)
        c.solid(oval(200, 500, 44), tone, 18, 0.6)


@kind("ear-thermometer", "white")
def ear_thermometer(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=10):
        probe = poly((430, 170), (430, 300), (180, 236), (180, 200))
        c.cast(probe, 20, 14, 0.25)
        c.round(probe, (0, 170), (0, 300), (206, 216, 226))
        body = blob(
            (440, 130),
            (580, 120),
            (670, 200),
            (680, 420),
            (650, 700),
            (610, 850),
            (500, 860),
            (450, 700),
            (430, 460),
            (400, 300),
        )
        c.cast(body, 24, 22, 0.3)
        c.solid(body, tone, 54, 0.8, 0.42)
        c.fill(rect(480, 380, 620, 520, 24), (176, 222, 176))
        c.text(550, 450, "36,9", 62, INK)
        c.solid(oval(546, 270, 52), (72, 134, 202), 20, 0.6)
        c.solid(oval(546, 610, 30), light(tone, 0.1), 12, 0.7)


@kind("forehead-thermometer", "white")
def forehead_thermometer(c: Canvas, tone: RGB) -> None:
    grip = blob((520, 460), (660, 460), (690, 640), (680, 850), (620, 890), (540, 860), (520, 680))
    c.cast(grip, 24, 20, 0.3)
    c.solid(grip, tone, 44, 0.8, 0.42)
    head = blob(
        (230, 220), (400, 170), (640, 170), (760, 230), (780, 380), (720, 490), (560, 510), (380, 470), (240, 400)
    )
    c.cast(head, 20, 20, 0.24)
    c.solid(head, tone, 50, 0.8, 0.42)
    c.solid(oval(238, 310, 34, 88), (72, 134, 202), 18, 0.6)
    c.fill(oval(230, 310, 17, 46), INK)
    c.fill(rect(480, 230, 720, 400, 30), (176, 222, 176))
    c.text(600, 315, "36,9", 96, INK)
    c.solid(line((520, 540), (540, 610), width=40), (72, 134, 202), 18, 0.6)


@kind("oximeter", "blue")
def oximeter(c: Canvas, tone: RGB) -> None:
    c.ground(500, 820, 340)
    c.solid(
        blob((140, 560), (300, 590), (700, 570), (850, 600), (840, 760), (700, 810), (300, 810), (150, 740)),
        dark(tone, 0.15),
        46,
        0.5,
        0.45,
    )
    c.fill(blob((130, 560), (300, 600), (500, 610), (500, 660), (300, 660), (140, 620)), INK, 0.75)
    top = blob(
        (150, 400),
        (300, 310),
        (560, 270),
        (780, 300),
        (870, 420),
        (860, 570),
        (740, 610),
        (480, 600),
        (260, 580),
        (140, 520),
    )
    c.cast(top, 14, 16, 0.3)
    c.solid(top, tone, 52, 0.6, 0.45)
    c.fill(rect(360, 350, 740, 540, 30), (20, 26, 38))
    c.text(470, 446, "98", 140, (132, 236, 226))
    c.text(650, 446, "72", 100, (255, 214, 110))
    c.text(560, 376, "SpO2 %", 34, (240, 244, 248), 0.8)
    c.shine((240, 390), (340, 330), (480, 302), width=16, alpha=0.5, soft=8)


@kind("scale", "white")
def scale(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 390, 46)
    c.solid(poly((170, 560), (830, 560), (910, 780), (90, 780)), dark(tone, 0.12), 16, 0.5, 0.35)
    c.round(rect(88, 770, 912, 820, 20), (0, 770), (0, 820), dark(tone, 0.1))
    c.solid(poly((200, 580), (800, 580), (860, 752), (140, 752)), (96, 108, 124), 16, 0.4, 0.35)
    lines = [line((220 + k * 62, 592), (170 + k * 73, 742), width=4) for k in range(10)]
    for one in lines:
        c.fill(one, (255, 255, 255), 0.12)
    c.round(rect(476, 300, 524, 570, 8), (476, 0), (524, 0), STEEL)
    c.cast(rect(330, 170, 670, 360, 40), 16, 16, 0.25)
    c.solid(rect(330, 170, 670, 360, 40), tone, 26, 0.8, 0.4)
    c.fill(rect(370, 204, 630, 304, 16), LCD)
    c.text(500, 254, "72,4 kg", 68, INK)


@kind("baby-scale", "white")
def baby_scale(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 350, 40)
    c.solid(rect(220, 600, 780, 800, 50), tone, 34, 0.8, 0.4)
    c.fill(rect(390, 660, 610, 750, 14), LCD)
    c.text(500, 705, "4,215", 70, INK)
    tray = blob(
        (70, 420),
        (110, 400),
        (300, 500),
        (500, 520),
        (700, 500),
        (890, 400),
        (930, 420),
        (880, 560),
        (720, 640),
        (500, 660),
        (280, 640),
        (120, 560),
    )
    c.cast(tray, 14, 16, 0.25)
    c.solid(tray, (196, 216, 236), 46, 0.7, 0.4)
    c.shine((170, 480), (300, 556), (500, 580), width=16, alpha=0.6, soft=8)


@kind("exam-lamp", "white")
def exam_lamp(c: Canvas, tone: RGB) -> None:
    c.fill(poly((300, 330), (470, 250), (560, 700), (100, 700)), (255, 242, 190), 0.5, 40)
    c.ground(680, 890, 210)
    c.metal(rect(664, 360, 700, 850, 10), (664, 0), (700, 0))
    c.hose((682, 380), (700, 240), (600, 150), (480, 180), (420, 240), width=30, tone=(150, 160, 172))
    c.solid(blob((500, 860), (680, 830), (860, 860), (840, 890), (680, 900), (520, 890)), tone, 20, 0.7)
    with c.placed(dx=-110, dy=-220, angle=-26):
        c.solid(blob((420, 470), (460, 400), (540, 400), (580, 470), (640, 560), (360, 560)), tone, 50, 0.8, 0.42)
        c.fill(oval(500, 562, 136, 30), (255, 244, 200))
        c.fill(ring(500, 562, 140, 34, 9), dark(tone, 0.3), 0.5)


@kind("penlight", "blue")
def penlight(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-34):
        c.fill(oval(870, 500, 60, 46), (255, 240, 180), 0.8, 26)
        c.cast(rect(130, 452, 830, 548, 30), 30, 20, 0.3)
        c.round(rect(180, 456, 740, 544, 12), (0, 456), (0, 544), tone)
        c.metal(rect(736, 448, 836, 552, 14), (0, 448), (0, 552))
        c.metal(rect(124, 468, 190, 532, 16), (0, 468), (0, 532))
        c.metal(rect(250, 436, 520, 456, 8), (0, 436), (0, 456))
        for i in range(6):
            c.fill(oval(570 + i * 24, 505, 3 + i * 1.3), (255, 255, 255), 0.9)


@kind("reflex-hammer", "graphite")
def reflex_hammer(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=32):
        handle = rect(480, 280, 520, 900, 18)
        head = poly((330, 190), (670, 150), (670, 330), (330, 290))
        c.cast(handle + head, 28, 18, 0.3)
        c.metal(handle, (480, 0), (520, 0))
        c.round(rect(474, 640, 526, 900, 24), (474, 0), (526, 0), tone)
        c.solid(
            blob((330, 180), (500, 186), (680, 140), (700, 240), (680, 340), (500, 294), (330, 300), (310, 240)),
            (196, 92, 70),
            46,
            0.55,
            0.5,
        )
        c.metal(rect(468, 176, 532, 304, 10), (468, 0), (532, 0))


@kind("tongue-depressor", "amber")
def tongue_depressor(c: Canvas, tone: RGB) -> None:
    for dx, turn in ((-150, -40), (-70, -24), (10, -8), (90, 8), (170, 24)):
        with c.placed(dx=dx, dy=abs(turn) * 1.5, angle=turn):
            stick = rect(462, 140, 538, 840, 38)
            c.cast(stick, 16, 12, 0.26)
            c.solid(stick, light(tone, 0.4), 14, 0.6, 0.4)
            for x in (480, 496, 515):
                c.fill(line((x, 190), (x + 4, 500), (x - 2, 790), width=2.5), dark(tone, 0.3), 0.25)
