"""The fitting room: looking into ears, taking impressions, measuring."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, light
from .registry import kind
from .shapes import arc, blob, line, oval, poly, rect


@kind("otoscope", "graphite")
def otoscope(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=16, dx=20):
        handle = rect(452, 420, 548, 890, (26, 26, 44, 44))
        c.cast(handle, 30, 20, 0.3)
        c.round(handle, (452, 0), (548, 0), tone)
        for y in range(560, 800, 26):
            c.fill(rect(458, y, 542, y + 8, 4), dark(tone, 0.55), 0.4)
        c.metal(rect(444, 404, 556, 450, 12), (444, 0), (556, 0))
        c.solid(rect(474, 470, 526, 520, 22), (92, 172, 126), 10, 0.6)
        head = blob((430, 250), (500, 190), (600, 200), (650, 280), (620, 370), (560, 420), (450, 420), (420, 340))
        c.cast(head, 26, 20, 0.26)
        c.solid(head, dark(tone, 0.3), 50, 0.55, 0.5)
        c.solid(oval(620, 280, 46, 96, -8), STEEL, 20, 0.8, 0.5)
        c.fill(oval(628, 280, 32, 78, -8), (176, 208, 232))
        c.shine((620, 240), (616, 290), width=12, alpha=0.9, soft=3)
        c.round(poly((432, 230), (432, 350), (236, 306), (236, 278)), (0, 230), (0, 350), INK)
        c.fill(oval(238, 292, 8, 15), (255, 236, 170))
    c.fill(oval(196, 240, 90, 60), (255, 240, 180), 0.5, 26)


@kind("video-otoscope", "graphite")
def video_otoscope(c: Canvas, tone: RGB) -> None:
    c.ground(400, 800, 300)
    body = rect(110, 170, 690, 600, 50)
    c.cast(body, 20, 24, 0.28)
    c.solid(body, tone, 34, 0.6, 0.45)
    c.fill(rect(150, 208, 650, 562, 20), (20, 24, 34))
    c.ramp(
        oval(400, 385, 165), (240, 240), (560, 540), ((0, (250, 206, 178)), (0.5, (226, 150, 122)), (1, (152, 70, 62)))
    )
    c.ramp(oval(406, 392, 112), (300, 280), (510, 500), ((0, (250, 236, 224)), (1, (212, 180, 166))))
    c.fill(line((412, 300), (402, 350), (420, 400), width=12), (238, 226, 212), 0.95)
    c.fill(poly((420, 404), (380, 476), (440, 470)), (255, 255, 255), 0.55, 5)
    c.metal(rect(340, 600, 460, 740, 10), (340, 0), (460, 0))
    c.solid(rect(240, 730, 560, 800, 34), tone, 24, 0.6, 0.45)
    c.hose((640, 590), (740, 700), (780, 860), (860, 820), width=16, tone=INK)
    with c.placed(dx=310, dy=90, angle=24):
        c.cast(rect(450, 380, 550, 760, 46), 22, 16, 0.3)
        c.round(rect(450, 380, 550, 760, 46), (450, 0), (550, 0), (238, 242, 246))
        c.round(poly((452, 400), (548, 400), (512, 210), (488, 210)), (452, 0), (548, 0), INK)
        c.solid(oval(500, 500, 26), (72, 134, 202), 10, 0.6)


@kind("ear-specula", "black")
def ear_specula(c: Canvas, tone: RGB) -> None:
    for x, y in ((360, 130), (640, 130), (220, 330), (500, 330), (780, 330)):
        with c.placed(dx=x - 500, dy=y - 90, zoom=0.92):
            c.ground(500, 672, 96, 18, 0.25)
            c.round(poly((484, 330), (516, 330), (580, 610), (420, 610)), (420, 0), (580, 0), tone)
            c.round(rect(406, 600, 594, 668, (8, 8, 30, 30)), (406, 0), (594, 0), tone)
            c.fill(oval(500, 331, 16, 6), dark(tone, 0.6))


@kind("impression-syringe", "blue")
def impression_syringe(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-34):
        barrel = rect(250, 420, 650, 580, 24)
        c.cast(barrel, 34, 22, 0.3)
        c.round(rect(80, 476, 300, 524, 8), (0, 476), (0, 524), (238, 242, 246))
        c.round(rect(56, 400, 96, 600, 18), (0, 400), (0, 600), (238, 242, 246))
        c.round(rect(420, 434, 640, 566, 10), (0, 434), (0, 566), tone)
        c.glass(barrel, (206, 225, 237), 0.4, 34)
        c.round(rect(236, 370, 268, 630, 16), (0, 370), (0, 630), (226, 233, 240))
        c.round(poly((646, 430), (646, 570), (760, 524), (760, 476)), (0, 430), (0, 570), (222, 232, 240))
        c.round(rect(756, 478, 880, 522, 10), (0, 478), (0, 522), (222, 232, 240))
        c.solid(blob((874, 470), (930, 466), (950, 500), (930, 540), (874, 530)), tone, 20, 0.6)
        c.shine((300, 446), (620, 446), width=14, alpha=0.8, soft=4)


@kind("impression-material", "blue")
def impression_material(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 360, 40)
    for x, tint in ((310, tone), (690, (246, 240, 226))):
        c.round(rect(x - 170, 470, x + 170, 840, (10, 10, 50, 50)), (x - 170, 0), (x + 170, 0), (240, 244, 248))
        c.round(rect(x - 170, 590, x + 170, 740), (x - 170, 0), (x + 170, 0), tint)
        c.text(x, 664, "A" if x < 500 else "B", 96, (255, 255, 255) if x < 500 else INK)
        c.solid(oval(x, 470, 178, 52), (228, 234, 240), 14, 0.8)
        c.fill(oval(x, 472, 158, 40), dark(tint, 0.25))
        mound = blob((x - 140, 470), (x - 90, 380), (x - 10, 340), (x + 80, 372), (x + 142, 468), (x, 504))
        c.solid(mound, tint, 56, 0.6, 0.4)
        c.fill(line((x - 70, 420), (x - 10, 380), (x + 60, 410), width=8), dark(tint, 0.4), 0.25, 3)


def _cartridge(c: Canvas, x: float, tone: RGB) -> None:
    for dx, tint in ((-58, tone), (58, (246, 240, 226))):
        c.round(rect(x + dx - 50, 470, x + dx + 50, 800, 14), (x + dx - 50, 0), (x + dx + 50, 0), tint)
        c.glass(rect(x + dx - 54, 440, x + dx + 54, 810, 16), (226, 236, 244), 0.14, 20)
    c.round(rect(x - 124, 800, x + 124, 836, 12), (x - 124, 0), (x + 124, 0), (236, 241, 246))
    c.round(rect(x - 100, 390, x + 100, 450, 20), (x - 100, 0), (x + 100, 0), (236, 241, 246))
    c.round(rect(x - 48, 320, x + 48, 400, 14), (x - 48, 0), (x + 48, 0), (244, 208, 84))


@kind("impression-cartridge", "blue")
def impression_cartridge(c: Canvas, tone: RGB) -> None:
    c.ground(500, 845, 280)
    _cartridge(c, 345, tone)
    _cartridge(c, 660, tone)
    c.round(poly((318, 320), (372, 320), (354, 150), (336, 150)), (318, 0), (372, 0), (250, 226, 150))
    for y in range(180, 320, 22):
        c.fill(line((332, y), (358, y + 12), width=5), (196, 160, 60), 0.5)


@kind("impression-gun", "graphite")
def impression_gun(c: Canvas, tone: RGB) -> None:
    with c.placed(dy=-20):
        c.metal(rect(80, 330, 420, 352, 8), (0, 330), (0, 352))
        c.metal(rect(80, 400, 420, 422, 8), (0, 400), (0, 422))
        c.solid(rect(66, 310, 100, 442, 14), tone, 12, 0.6)
        grip = blob(
            (400, 300), (520, 290), (560, 380), (520, 480), (440, 700), (420, 800), (320, 800), (310, 740), (380, 520)
        )
        c.cast(grip, 30, 22, 0.3)
        c.solid(grip, tone, 46, 0.6, 0.45)
        trigger = line((560, 440), (590, 560), (540, 700), width=46)
        c.cast(trigger, 20, 14, 0.25)
        c.solid(trigger, light(tone, 0.2), 22, 0.6, 0.45)
        for y, tint in ((318, (72, 134, 202)), (392, (246, 240, 226))):
            c.round(rect(530, y, 740, y + 64, 12), (0, y), (0, y + 64), tint)
        c.metal(rect(520, 296, 556, 476, 10), (520, 0), (556, 0))
        c.round(rect(736, 310, 776, 464, 10), (0, 310), (0, 464), (236, 241, 246))
        c.round(poly((776, 350), (776, 424), (930, 400), (930, 376)), (0, 350), (0, 424), (244, 208, 84))


@kind("mixing-tips", "yellow")
def mixing_tips(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((-210, 20, 18), (-70, -20, 18), (70, 20, 18), (210, -20, 18)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            tip = poly((468, 640), (532, 640), (518, 210), (482, 210))
            c.cast(tip, 24, 14, 0.28)
            c.glass(tip, light(tone, 0.5), 0.7, 24)
            for y in range(260, 640, 38):
                c.fill(line((486, y), (514, y + 20), width=7), dark(tone, 0.3), 0.45)
            c.round(rect(446, 630, 554, 740, 16), (446, 0), (554, 0), tone)


@kind("otostop", "yellow")
def otostop(c: Canvas, tone: RGB) -> None:
    for x, y, r in ((330, 620, 130), (560, 700, 105), (720, 520, 80)):
        thread = ((x + 10, y - r * 0.7), (x + 90, y - 240), (x + 20, y - 330), (x + 100, y - 440))
        c.cast(line(*thread, width=8), 14, 8, 0.2)
        c.hose(*thread, width=9, tone=(232, 238, 244))
        foam = rect(x - r, y - r * 0.8, x + r, y + r * 0.8, r * 0.42)
        c.cast(foam, 26, 20, 0.3)
        c.solid(foam, tone, r * 0.5, 0.5, 0.4)
        for i in range(18):
            c.fill(
                oval(x - r * 0.75 + (i * 53) % (r * 1.5), y - r * 0.6 + (i * 37) % (r * 1.2), 4.5),
                dark(tone, 0.35),
                0.3,
            )


@kind("tuning-fork", "silver")
def tuning_fork(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=24):
        fork = line((420, 130), (420, 480), (450, 560), (500, 580), (550, 560), (580, 480), (580, 130), width=44)
        stem = line((500, 580), (500, 840), width=38)
        c.cast(fork + stem, 26, 18, 0.3)
        c.metal(fork, (398, 0), (602, 0))
        c.metal(stem, (480, 0), (520, 0))
        c.metal(oval(500, 860, 34), (466, 826), (534, 894))
        for r in (60, 92):
            c.fill(arc(420, 230, r, r, 150, 210, 8) + arc(580, 230, r, r, -30, 30, 8), (96, 150, 206), 0.5)
