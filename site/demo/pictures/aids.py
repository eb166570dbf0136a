"""Hearing aids: behind the ear, receiver in the canal, and the shells worn inside the ear."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, light
from .registry import kind
from .shapes import arc, blob, line, oval, rect

CLEAR: RGB = (206, 225, 237)
# A banana standing on its end: the way the case lies behind an ear.
CASE = blob((560, 150), (650, 165), (735, 250), (775, 400), (770, 560), (715, 720), (620, 815), (540, 800), (520, 735),
            (590, 640), (620, 520), (610, 400), (560, 310), (505, 250), (505, 180))  # fmt: skip


def _case(c: Canvas, tone: RGB) -> None:
    c.cast(CASE, 26, 22, 0.32)
    c.solid(CASE, tone, 60, 0.65, 0.5)
    # The seam between the two halves, the microphone ports and the push button.
    c.fill(line((548, 232), (640, 290), (690, 420), (688, 560), (640, 700), (575, 778), width=3), dark(tone, 0.5), 0.45)
    c.shine((600, 205), (680, 285), (720, 410), width=20, alpha=0.55, soft=9)
    for x, y, turn in ((640, 208, 40), (716, 300, 62)):
        c.fill(oval(x, y, 22, 7, turn), dark(tone, 0.75), 0.85)
    c.solid(line((739, 420), (742, 505), width=34), light(tone, 0.12), 14, 0.6, 0.6)
    c.fill(line((662, 668), (716, 700), width=3), dark(tone, 0.5), 0.5)


@kind("bte", "beige")
def behind_the_ear(c: Canvas, tone: RGB) -> None:
    c.ground(470, 880, 300)
    tube = ((392, 330), (330, 300), (262, 350), (236, 470), (262, 580), (318, 640))
    c.cast(line(*tube, width=26), 26, 18, 0.22)
    c.hose(*tube, width=26, tone=CLEAR, clear=True)
    hook = blob((535, 200), (450, 178), (380, 230), (362, 330), (392, 356), (424, 330), (440, 268), (520, 262))
    c.cast(hook, 20, 14, 0.22)
    c.glass(hook, CLEAR, 0.75, 26)
    mould = blob((300, 600), (380, 610), (430, 670), (425, 760), (370, 830), (290, 825), (245, 765), (250, 680))
    c.cast(mould, 24, 18, 0.3)
    c.glass(mould, (226, 196, 180), 0.92, 40)
    canal = blob((392, 700), (450, 690), (500, 716), (500, 770), (450, 794), (395, 780))
    c.glass(canal, (226, 196, 180), 0.9, 30)
    c.fill(oval(492, 744, 10, 22), dark((226, 196, 180), 0.6), 0.7)
    c.hose((262, 580), (296, 628), (340, 690), width=24, tone=CLEAR, clear=True)
    c.shine((290, 665), (278, 715), width=14, alpha=0.7)
    _case(c, tone)


def dome(c: Canvas, x: float, y: float, r: float, tone: RGB, turn: float = 0) -> None:
    """A small open dome on a receiver, seen from the side."""
    cup = blob((x - r, y + r * 0.5), (x - r * 0.85, y - r * 0.35), (x, y - r * 0.75), (x + r * 0.85, y - r * 0.35),
               (x + r, y + r * 0.5), (x, y + r * 0.68))  # fmt: skip
    c.cast(cup, 16, 12, 0.25)
    c.glass(cup, tone, 0.75, r * 0.5)
    for side in (-0.48, 0.0, 0.48):
        c.fill(oval(x + side * r, y + r * 0.02, r * 0.12, r * 0.24), dark(tone, 0.45), 0.42)


@kind("ric", "silver")
def receiver_in_canal(c: Canvas, tone: RGB) -> None:
    c.ground(470, 880, 300)
    with c.placed(dx=15, dy=-5):
        wire = ((530, 205), (440, 158), (350, 190), (285, 300), (262, 440), (280, 560), (318, 640))
        c.cast(line(*wire, width=12), 26, 14, 0.26)
        c.hose(*wire, width=13, tone=(150, 164, 180))
        c.solid(blob((548, 176), (490, 160), (478, 190), (500, 226), (548, 240)), dark(tone, 0.25), 16)
        with c.placed(angle=-38, dx=-130, dy=238):
            c.ground(500, 640, 10, 4, 0.01)
            c.round(rect(456, 380, 544, 500, 26), (456, 0), (544, 0), (128, 140, 154))
            dome(c, 500, 530, 92, (190, 208, 222))
            c.fill(rect(474, 396, 526, 410, 6), (206, 74, 74))
        c.hose((318, 640), (352, 690), (398, 716), width=9, tone=(186, 204, 218), clear=True)
        _case(c, tone)
        c.fill(oval(648, 756, 9), (120, 205, 150))


def _faceplate(c: Canvas, x: float, y: float, r: float, tone: RGB, knob: bool) -> None:
    c.solid(oval(x, y, r, r * 0.86, -18), dark(tone, 0.14), r * 0.16, 0.5, 0.5)
    door = blob(
        (x - r * 0.5, y - r * 0.3),
        (x + r * 0.18, y - r * 0.42),
        (x + r * 0.3, y + r * 0.2),
        (x - r * 0.35, y + r * 0.4),
    )
    c.solid(door, dark(tone, 0.06), r * 0.1, 0.55, 0.5)
    c.fill(arc(x - r * 0.1, y, r * 0.42, r * 0.4, 100, 200, r * 0.03), dark(tone, 0.6), 0.5)
    c.fill(oval(x + r * 0.55, y - r * 0.3, r * 0.07), dark(tone, 0.8), 0.9)
    if knob:
        c.solid(oval(x + r * 0.45, y + r * 0.3, r * 0.2), (98, 88, 84), r * 0.1, 0.6, 0.6)
        c.fill(line((x + r * 0.36, y + r * 0.3), (x + r * 0.54, y + r * 0.3), width=r * 0.04), light(INK, 0.75))


@kind("ite", "beige")
def in_the_ear(c: Canvas, tone: RGB) -> None:
    c.ground(490, 810, 330)
    shell = blob((300, 300), (420, 215), (560, 230), (650, 330), (760, 420), (850, 470), (870, 560), (800, 620), (690, 640),
                 (600, 730), (470, 785), (330, 750), (230, 640), (215, 470))  # fmt: skip
    c.cast(shell, 20, 20, 0.2)
    c.solid(shell, tone, 80, 0.65, 0.5)
    c.fill(oval(846, 546, 22, 44, -18), dark(tone, 0.25))
    c.fill(oval(850, 532, 9, 15, -18), dark(tone, 0.85))
    c.fill(oval(842, 566, 7, 11, -18), dark(tone, 0.8), 0.8)
    _faceplate(c, 420, 500, 205, tone, knob=True)
    c.shine((560, 262), (632, 345), (735, 432), width=24, alpha=0.5, soft=12)


@kind("cic", "beige")
def completely_in_canal(c: Canvas, tone: RGB) -> None:
    c.ground(510, 745, 260)
    shell = blob((345, 400), (440, 345), (540, 375), (640, 430), (740, 450), (775, 520), (745, 590), (640, 610), (545, 680),
                 (430, 705), (340, 650), (300, 520))  # fmt: skip
    c.solid(shell, tone, 64, 0.65, 0.5)
    c.fill(oval(752, 524, 17, 36, -12), dark(tone, 0.28))
    c.fill(oval(755, 522, 8, 14, -12), dark(tone, 0.85))
    c.hose((372, 640), (300, 690), (240, 700), (196, 670), width=9, tone=(170, 190, 205), clear=True)
    c.solid(oval(188, 664, 17), (190, 205, 216), 10, 0.8)
    _faceplate(c, 412, 528, 132, tone, knob=False)
    c.shine((480, 378), (560, 412), (650, 452), width=16, alpha=0.5, soft=8)


@kind("battery-door", "beige")
def battery_door(c: Canvas, tone: RGB) -> None:
    c.ground(500, 745, 260)
    frame = blob((300, 420), (420, 330), (600, 330), (730, 420), (745, 590), (640, 700), (400, 715), (280, 590))
    c.solid(frame, tone, 46, 0.65, 0.5)
    c.fill(oval(505, 520, 160, 150), dark(tone, 0.55), 0.75)
    c.solid(oval(508, 528, 146, 138), STEEL, 24, 0.8, 0.5)
    c.fill(oval(508, 528, 108, 102), light(STEEL, 0.3), 0.7)
    c.text(508, 528, "+", 110, dark(STEEL, 0.5))
    c.solid(rect(696, 470, 790, 545, 30), dark(tone, 0.1), 18)
    c.metal(oval(312, 470, 20), (292, 450), (332, 490))


@kind("receiver", "red")
def receiver(c: Canvas, tone: RGB) -> None:
    wire = ((640, 250), (700, 330), (690, 460), (600, 540), (470, 560), (390, 620))
    c.cast(line(*wire, width=16), 22, 14, 0.25)
    c.hose(*wire, width=16, tone=(196, 210, 222), clear=True)
    plug = rect(560, 160, 680, 262, 22)
    c.cast(plug, 20, 14, 0.25)
    c.round(plug, (0, 160), (0, 262), (120, 130, 144))
    for y in (186, 212, 238):
        c.metal(rect(548, y - 7, 580, y + 7, 3), (0, y - 7), (0, y + 7), (226, 190, 110))
    c.fill(rect(636, 166, 658, 256, 8), tone)
    with c.placed(angle=-40, dx=-175, dy=170):
        can = rect(440, 430, 560, 620, 34)
        c.cast(can, 26, 18, 0.3)
        c.round(can, (440, 0), (560, 0), (176, 186, 196))
        c.round(rect(440, 470, 560, 510), (440, 0), (560, 0), tone)
        c.round(rect(462, 610, 538, 668, 12), (462, 0), (538, 0), (214, 220, 226))
        c.fill(oval(500, 664, 30, 10), INK, 0.75)
        c.text(500, 556, "P", 46, dark(STEEL, 0.5))
    c.hose((430, 590), (330, 520), (270, 420), width=8, tone=(196, 210, 222), clear=True)
