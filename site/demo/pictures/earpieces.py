"""What goes into the ear: domes, moulds, tubes, hooks and filters."""

from __future__ import annotations

from .canvas import Canvas
from .colours import RGB, dark, light
from .registry import kind
from .shapes import Shape, arc, blob, line, oval, rect

CLEAR: RGB = (206, 225, 237)


def _cup(x: float, y: float, r: float) -> Shape:
    return blob((x - r, y + r * 0.55), (x - r * 0.88, y - r * 0.2), (x - r * 0.4, y - r * 0.72), (x + r * 0.4, y - r * 0.72),
                (x + r * 0.88, y - r * 0.2), (x + r, y + r * 0.55), (x, y + r * 0.78))  # fmt: skip


def _stem(c: Canvas, tone: RGB, top: float) -> None:
    c.glass(rect(452, top, 548, 770, (20, 20, 34, 34)), tone, 0.85, 30)
    c.fill(oval(500, 764, 46, 15), dark(tone, 0.35), 0.5)
    c.fill(oval(500, 764, 24, 8), dark(tone, 0.65), 0.7)


def _nozzle(c: Canvas, tone: RGB, x: float, y: float) -> None:
    c.glass(oval(x, y, 62, 22), light(tone, 0.2), 0.8, 12)
    c.fill(oval(x, y, 34, 12), dark(tone, 0.65), 0.75)


@kind("dome-open", "clear")
def dome_open(c: Canvas, tone: RGB) -> None:
    c.ground(500, 790, 200)
    _stem(c, tone, 520)
    cup = _cup(500, 430, 250)
    c.glass(cup, tone, 0.7, 70)
    for x, rx in ((345, 34), (500, 48), (655, 34)):
        c.fill(oval(x, 440, rx, 74), dark(tone, 0.28), 0.5)
        c.fill(oval(x + 5, 450, rx - 8, 64), (247, 250, 253), 0.75)
    c.fill(arc(500, 566, 238, 50, 5, 175, 6), dark(tone, 0.3), 0.4)
    _nozzle(c, tone, 500, 262)
    c.shine((325, 330), (372, 285), (432, 262), width=22, alpha=0.85, soft=8)


@kind("dome-closed", "clear")
def dome_closed(c: Canvas, tone: RGB) -> None:
    c.ground(500, 790, 200)
    _stem(c, tone, 520)
    c.glass(_cup(500, 430, 250), tone, 0.9, 90)
    c.fill(arc(500, 566, 238, 50, 5, 175, 8), dark(tone, 0.35), 0.45)
    c.fill(oval(620, 500, 13, 17), dark(tone, 0.6), 0.55)
    _nozzle(c, tone, 500, 262)
    c.shine((318, 350), (365, 292), (432, 262), width=26, alpha=0.9, soft=9)


@kind("dome-power", "clear")
def dome_power(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 210)
    _stem(c, tone, 600)
    c.glass(_cup(500, 555, 270), tone, 0.9, 90)
    c.fill(_cup(500, 478, 205), dark(tone, 0.45), 0.3, 16)
    c.shine((300, 500), (328, 450), width=22, alpha=0.8, soft=8)
    c.glass(_cup(500, 390, 205), tone, 0.95, 76)
    _nozzle(c, tone, 500, 252)
    c.shine((355, 320), (395, 278), (445, 260), width=20, alpha=0.9, soft=8)


def _canal(c: Canvas, tone: RGB) -> None:
    canal = blob((560, 430), (650, 395), (745, 400), (830, 440), (845, 520), (800, 580), (700, 590), (600, 600))
    c.solid(canal, tone, 54, 0.7, 0.45)
    c.fill(oval(828, 494, 19, 42, -12), dark(tone, 0.35), 0.9)
    c.fill(oval(831, 484, 9, 16, -12), dark(tone, 0.8), 0.9)
    c.shine((610, 442), (690, 420), (770, 428), width=18, alpha=0.6, soft=8)


@kind("mould-skeleton", "clear")
def mould_skeleton(c: Canvas, tone: RGB) -> None:
    c.ground(500, 815, 300)
    _canal(c, tone)
    outer = blob((330, 250), (450, 220), (560, 280), (620, 400), (625, 560), (560, 690), (430, 770), (300, 730), (215, 610),
                 (205, 450), (250, 320))  # fmt: skip
    inner = blob(
        (355, 330), (440, 310), (510, 370), (530, 460), (490, 560), (420, 640), (340, 630), (285, 550), (280, 430)
    )
    ring = outer - inner
    c.cast(ring, 20, 16, 0.22)
    c.solid(ring, tone, 42, 0.75, 0.45)
    c.hose((600, 470), (560, 330), (570, 210), (640, 130), (730, 110), width=34, tone=CLEAR, clear=True)
    c.fill(oval(600, 474, 20, 16), dark(tone, 0.5), 0.45)
    c.shine((255, 400), (290, 310), (370, 262), width=16, alpha=0.75, soft=6)


@kind("mould-full", "clear")
def mould_full(c: Canvas, tone: RGB) -> None:
    c.ground(500, 815, 300)
    _canal(c, tone)
    body = blob((320, 250), (440, 210), (570, 270), (640, 400), (640, 570), (570, 700), (430, 775), (295, 735), (210, 610),
                (200, 450), (240, 320))  # fmt: skip
    c.cast(body, 20, 16, 0.2)
    c.solid(body, tone, 76, 0.75, 0.45)
    c.fill(blob((330, 400), (420, 370), (500, 440), (490, 560), (400, 620), (310, 560)), dark(tone, 0.35), 0.28, 18)
    c.fill(oval(440, 500, 28, 24), dark(tone, 0.55), 0.55)
    c.hose((440, 500), (360, 420), (300, 290), (310, 190), (380, 125), width=34, tone=CLEAR, clear=True)
    c.shine((245, 430), (280, 330), (350, 262), width=20, alpha=0.75, soft=8)


@kind("mould-canal", "clear")
def mould_canal(c: Canvas, tone: RGB) -> None:
    c.ground(510, 745, 250)
    body = blob((300, 420), (400, 360), (520, 385), (640, 420), (740, 440), (780, 520), (745, 600), (630, 620), (520, 690),
                (390, 715), (300, 650), (265, 530))  # fmt: skip
    c.solid(body, tone, 64, 0.75, 0.42)
    c.solid(oval(382, 540, 102, 132, 8), light(tone, 0.1), 22, 0.6, 0.4)
    c.fill(oval(372, 520, 30, 32), dark(tone, 0.65), 0.75)
    c.fill(oval(410, 622, 12, 12), dark(tone, 0.65), 0.7)
    c.fill(oval(754, 520, 16, 36, -8), dark(tone, 0.5), 0.8)
    c.hose((345, 470), (300, 380), (235, 330), (190, 350), width=9, tone=(170, 188, 205), clear=True)
    c.shine((470, 402), (570, 425), (680, 455), width=18, alpha=0.7, soft=8)


@kind("tube", "clear")
def tube(c: Canvas, tone: RGB) -> None:
    for dx, dy in ((-130, -40), (0, 0), (130, 40)):
        path = [(x + dx, y + dy) for x, y in ((350, 760), (352, 560), (370, 380), (440, 290), (540, 290), (610, 350))]
        c.cast(line(*path, width=44), 26, 18, 0.26)
        c.hose(*path, width=44, tone=tone, clear=True)
        c.fill(oval(path[0][0], path[0][1] + 20, 20, 7), dark(tone, 0.55), 0.6)


@kind("slim-tube", "red")
def slim_tube(c: Canvas, tone: RGB) -> None:
    path = ((600, 250), (500, 190), (390, 220), (310, 340), (300, 480), (350, 600), (450, 680))
    c.cast(line(*path, width=22), 24, 14, 0.28)
    c.hose(*path, width=22, tone=CLEAR, clear=True)
    c.fill(line((440, 675), (380, 720), (300, 720), width=9), (190, 208, 222), 0.9)
    with c.placed(dx=118, dy=-255, angle=28):
        c.round(rect(450, 460, 580, 540, 18), (0, 460), (0, 540), tone)
        c.round(rect(574, 474, 640, 526, 12), (0, 474), (0, 526), (214, 222, 230))
        c.text(512, 500, "2", 44, (255, 255, 255))
    with c.placed(dx=10, dy=240, angle=125, zoom=0.42):
        c.glass(rect(452, 520, 548, 760, 20), tone, 0.85, 30)
        c.glass(_cup(500, 430, 250), CLEAR, 0.9, 80)
        for x in (345, 500, 655):
            c.fill(oval(x, 440, 36, 70), dark(CLEAR, 0.4), 0.4)


@kind("ear-hook", "clear")
def ear_hook(c: Canvas, tone: RGB) -> None:
    for dx, dy, zoom in ((-150, 60, 0.8), (150, -10, 0.95)):
        with c.placed(dx=dx, dy=dy, zoom=zoom):
            hook = line((620, 700), (630, 540), (590, 400), (490, 330), (390, 380), (350, 500), width=78)
            c.cast(hook, 28, 20, 0.28)
            c.glass(hook, tone, 0.7, 46)
            c.round(rect(556, 690, 690, 800, 16), (556, 0), (690, 0), light(tone, 0.1))
            for y in (716, 744, 772):
                c.fill(rect(556, y, 690, y + 5), dark(tone, 0.5), 0.3)
            c.shine((600, 520), (560, 400), (480, 345), (400, 390), width=16, alpha=0.85, soft=5)
            c.fill(oval(347, 534, 26, 10, -12), dark(tone, 0.6), 0.6)


@kind("wax-filter", "white")
def wax_filter(c: Canvas, tone: RGB) -> None:
    """Sticks with a hook at one end and a new filter at the other, beside their round dispenser."""
    c.cast(oval(370, 560, 225), 26, 22, 0.3)
    c.solid(oval(370, 560, 225), (238, 242, 246), 40, 0.8, 0.35)
    c.solid(oval(370, 560, 150), light(tone, 0.15), 24, 0.6, 0.4)
    for turn in range(0, 360, 45):
        with c.placed(dx=-130, dy=60, angle=turn):
            c.fill(oval(500, 312, 22), dark(tone, 0.55), 0.55)
            c.solid(oval(500, 310, 15), (250, 251, 252), 8)
    for dx, dy, turn in ((195, -80, 24), (270, 20, 38)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            stick = rect(482, 300, 518, 690, 18)
            c.cast(stick, 22, 12, 0.3)
            c.round(stick, (482, 0), (518, 0), tone)
            c.round(rect(492, 252, 508, 304, 5), (492, 0), (508, 0), dark(tone, 0.2))
            c.metal(rect(486, 688, 514, 726, 6), (486, 0), (514, 0))
            c.round(rect(476, 470, 524, 520, 12), (476, 0), (524, 0), dark(tone, 0.12))
