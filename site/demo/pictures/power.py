"""Batteries, chargers and leads."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, light, mix
from .registry import kind
from .shapes import arc, blob, oval, rect, spray

SIZES: dict[RGB, str] = {
    (245, 205, 76): "10",
    (132, 92, 68): "312",
    (240, 146, 66): "13",
    (72, 134, 202): "675",
    (212, 78, 78): "5",
}


def _cell(c: Canvas, x: float, y: float, r: float, tone: RGB) -> None:
    c.cast(oval(x, y, r), 8, 8, 0.35)
    c.solid(oval(x, y, r), STEEL, r * 0.24, 0.9, 0.55)
    c.solid(oval(x, y, r * 0.8), light(STEEL, 0.25), r * 0.14, 0.7, 0.35)
    tab = rect(x - r * 0.42, y - r * 1.55, x + r * 0.42, y + r * 0.5, r * 0.4)
    c.cast(tab, 5, 5, 0.22)
    c.solid(tab, tone, r * 0.14, 0.5, 0.3)
    c.fill(oval(x, y + r * 0.02, r * 0.1), dark(tone, 0.4), 0.45)


@kind("battery", "brown")
def battery(c: Canvas, tone: RGB) -> None:
    """A dial card: six zinc-air cells in a wheel, each with its tab in the colour of the size."""
    card = rect(190, 130, 810, 880, 40)
    c.cast(card, 22, 22, 0.32)
    c.solid(card, (248, 250, 252), 16, 0.9, 0.22)
    c.ramp(
        rect(190, 130, 810, 300, (40, 40, 0, 0)),
        (190, 130),
        (810, 300),
        ((0, light(tone, 0.22)), (1, dark(tone, 0.14))),
    )
    label = SIZES.get(tone, "")
    c.text(330, 215, label, 112, (255, 255, 255))
    c.fill(oval(700, 215, 26) - oval(700, 215, 12), (255, 255, 255), 0.9)
    c.lines(480, 196, (120, 90), 26, (255, 255, 255))
    c.cast(oval(500, 590, 252), 10, 12, 0.22)
    c.glass(oval(500, 590, 252), (214, 226, 236), 0.7, 34)
    for x, y in spray(500, 600, 152, 6, -90):
        _cell(c, x, y, 58, tone)
    c.solid(oval(500, 598, 44), light(tone, 0.12), 14, 0.7, 0.4)
    c.shine((300, 480), (370, 400), (460, 362), width=16, alpha=0.75, soft=7)


def _tiny_aid(c: Canvas, tone: RGB, flip: int) -> None:
    def at(x: float, y: float) -> tuple[float, float]:
        return 500 + flip * (x - 500), y

    case = blob(
        *(
            at(x, y)
            for x, y in ((430, 330), (490, 315), (548, 380), (565, 500), (545, 620), (450, 620), (462, 500), (440, 420))
        )
    )
    c.cast(case, 10, 10, 0.25)
    c.hose(at(440, 350), at(380, 330), at(340, 390), at(330, 470), at(360, 540), width=8, tone=(176, 190, 204))
    c.solid(case, tone, 26, 0.7, 0.5)
    c.shine(at(512, 365), at(538, 430), width=9, alpha=0.6, soft=4)


@kind("charger", "white")
def charger(c: Canvas, tone: RGB) -> None:
    c.ground(500, 822, 370, 40)
    lid = rect(170, 190, 830, 560, (90, 90, 20, 20))
    c.solid(lid, light(tone, 0.1), 40, 0.7, 0.3)
    c.ramp(rect(205, 226, 795, 560, (66, 66, 0, 0)), (0, 226), (0, 560), ((0, dark(tone, 0.32)), (1, dark(tone, 0.16))))
    base = rect(140, 540, 860, 810, (30, 30, 110, 110))
    c.solid(base, tone, 46, 0.8, 0.36)
    c.fill(oval(330, 590, 112, 34), dark(tone, 0.6), 0.5, 6)
    c.fill(oval(670, 590, 112, 34), dark(tone, 0.6), 0.5, 6)
    for dx, flip in ((-155, 1), (155, -1)):
        with c.placed(dx=dx, dy=0, zoom=0.92):
            _tiny_aid(c, STEEL, flip)
    c.ramp(
        rect(140, 606, 860, 810, (10, 10, 110, 110)),
        (0, 606),
        (0, 810),
        ((0, light(tone, 0.35)), (0.3, tone), (1, dark(tone, 0.2))),
    )
    for x in (330, 670):
        c.fill(oval(x, 690, 22), (116, 214, 150), 0.35, 8)
        c.fill(oval(x, 690, 9), (92, 204, 132))
    c.shine((190, 640), (190, 700), (220, 760), width=12, alpha=0.7, soft=5)


@kind("cell-battery", "green")
def cell_battery(c: Canvas, tone: RGB) -> None:
    c.ground(500, 830, 270)
    for x in (330, 500, 670):
        c.metal(rect(x - 28, 176, x + 28, 220, 8), (x - 28, 0), (x + 28, 0))
        c.round(rect(x - 76, 206, x + 76, 820, 20), (x - 76, 0), (x + 76, 0), INK)
        c.round(rect(x - 76, 206, x + 76, 420, (20, 20, 0, 0)), (x - 76, 0), (x + 76, 0), tone)
        c.text(x, 610, "AA", 74, (255, 255, 255), 0.92)
        c.text(x, 300, "+", 90, (255, 255, 255), 0.92)


@kind("power-adapter", "white")
def power_adapter(c: Canvas, tone: RGB) -> None:
    c.ground(480, 770, 250)
    for y in (420, 560):
        c.metal(rect(150, y, 260, y + 34, 17), (0, y), (0, y + 34))
    c.solid(rect(235, 360, 330, 650, 40), tone, 26, 0.8, 0.35)
    c.solid(rect(300, 280, 720, 740, 70), tone, 52, 0.8, 0.4)
    c.fill(rect(684, 470, 712, 560, 12), dark(tone, 0.75), 0.8)
    c.lines(400, 460, (180, 220, 140), 34)
    c.shine((330, 340), (345, 310), (400, 300), width=12, alpha=0.9, soft=5)


@kind("cable", "white")
def cable(c: Canvas, tone: RGB) -> None:
    tint = mix(tone, (170, 180, 192), 0.3)
    for k in (0, 26, 52):
        c.cast(arc(500, 500, 250 - k, 220 - k, 0, 360, 20), 18, 12, 0.16)
    for k in (52, 26, 0):
        c.solid(arc(500, 500, 250 - k, 220 - k, 0, 360, 20), tint, 11, 0.6, 0.5)
    c.hose((280, 590), (250, 720), (330, 800), width=20, tone=tint)
    c.hose((720, 590), (780, 700), (720, 800), width=20, tone=tint)
    c.solid(rect(468, 690, 532, 770, 14), INK, 12, 0.4)
    for x, y, turn in ((375, 826, -60), (680, 838, 50)):
        with c.placed(dx=x - 500, dy=y - 500, angle=turn):
            c.metal(rect(482, 545, 518, 612, 10), (482, 0), (518, 0))
            c.round(rect(466, 440, 534, 556, 20), (466, 0), (534, 0), tint)


@kind("battery-tester", "graphite")
def battery_tester(c: Canvas, tone: RGB) -> None:
    c.ground(500, 840, 200)
    c.solid(rect(310, 150, 690, 830, 80), tone, 46, 0.6, 0.45)
    c.ramp(rect(370, 220, 630, 400, 24), (370, 220), (630, 400), ((0, (226, 240, 226)), (1, (190, 214, 196))))
    for i in range(4):
        c.fill(rect(396 + i * 54, 340 - i * 24, 436 + i * 54, 376, 6), (64, 130, 92), 0.9)
    for i, (x, r) in enumerate(((420, 46), (580, 38))):
        c.fill(oval(x, 520, r), dark(tone, 0.6), 0.8)
        c.solid(oval(x, 522, r * 0.75), STEEL, 12, 0.8)
        c.text(x, 610, ("675", "312")[i], 34, (255, 255, 255), 0.8)
    c.solid(rect(420, 690, 580, 760, 35), light(tone, 0.25), 18, 0.6)
