"""Bottles, canisters, tubes and tubs: everything that is filled."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, dark, light, mix
from .registry import kind
from .shapes import Shape, blob, line, oval, poly, rect

SHELL: RGB = (243, 246, 249)


def _label(c: Canvas, x0: float, y0: float, x1: float, y1: float, tone: RGB, drop: bool = True) -> None:
    """A wrap-around label with a band of colour and print, shaded like the bottle below it."""
    c.round(rect(x0, y0, x1, y1), (x0, 0), (x1, 0), (250, 251, 253), 0.6)
    c.round(rect(x0, y0, x1, y0 + (y1 - y0) * 0.34), (x0, 0), (x1, 0), tone, 0.3)
    middle, row = (x0 + x1) / 2, y0 + (y1 - y0) * 0.5
    if drop:
        c.drop(middle, y0 + (y1 - y0) * 0.19, (y1 - y0) * 0.07, (250, 251, 253))
    width = (x1 - x0) * 0.5
    c.lines(middle - width / 2, row, (width, width * 0.8, width * 0.9, width * 0.5), (y1 - y0) * 0.1)


@kind("pump-bottle", "blue")
def pump_bottle(c: Canvas, tone: RGB) -> None:
    c.ground(500, 900, 190)
    c.round(rect(478, 190, 522, 330, 8), (478, 0), (522, 0), SHELL)
    c.solid(
        blob(
            (330, 150), (420, 128), (570, 128), (590, 170), (560, 206), (430, 204), (350, 214), (318, 240), (300, 210)
        ),
        SHELL,
        22,
        0.8,
    )
    c.round(rect(424, 280, 576, 368, 18), (424, 0), (576, 0), SHELL)
    body = rect(320, 350, 680, 900, (110, 110, 44, 44))
    c.round(body, (320, 0), (680, 0), light(tone, 0.45))
    _label(c, 320, 500, 680, 830, tone)
    c.shine((372, 430), (372, 480), width=18, alpha=0.6, soft=6)


@kind("spray-bottle", "blue")
def spray_bottle(c: Canvas, tone: RGB) -> None:
    c.ground(500, 900, 150)
    c.round(rect(440, 150, 560, 300, (30, 30, 8, 8)), (440, 0), (560, 0), SHELL)
    c.fill(oval(470, 196, 12), dark(SHELL, 0.7))
    c.round(rect(420, 270, 580, 350, 12), (420, 0), (580, 0), tone)
    c.round(rect(370, 340, 630, 900, (80, 80, 36, 36)), (370, 0), (630, 0), light(tone, 0.6))
    _label(c, 370, 480, 630, 820, tone)
    c.fill(poly((436, 190), (436, 202), (200, 270), (200, 122)), light(tone, 0.35), 0.35, 16)


@kind("aerosol", "green")
def aerosol(c: Canvas, tone: RGB) -> None:
    c.ground(500, 900, 140)
    c.round(rect(392, 130, 608, 330, (40, 40, 6, 6)), (392, 0), (608, 0), SHELL)
    c.metal(rect(384, 324, 616, 360, 10), (384, 0), (616, 0))
    c.round(rect(384, 350, 616, 896, (50, 50, 22, 22)), (384, 0), (616, 0), tone)
    _label(c, 384, 460, 616, 800, dark(tone, 0.15))


@kind("trigger-bottle", "blue")
def trigger_bottle(c: Canvas, tone: RGB) -> None:
    c.ground(520, 900, 190)
    c.solid(line((420, 260), (400, 330), (430, 390), width=34), dark(tone, 0.2), 16, 0.6)
    head = blob(
        (300, 150),
        (420, 120),
        (600, 120),
        (680, 170),
        (650, 240),
        (590, 270),
        (560, 330),
        (470, 330),
        (450, 260),
        (310, 236),
    )
    c.solid(head, SHELL, 34, 0.8, 0.4)
    c.solid(rect(252, 150, 322, 232, 14), tone, 18, 0.6)
    c.round(rect(452, 316, 588, 400, 12), (452, 0), (588, 0), tone)
    body = blob(
        (460, 390),
        (580, 390),
        (620, 480),
        (680, 560),
        (690, 720),
        (680, 880),
        (640, 900),
        (400, 900),
        (360, 880),
        (350, 720),
        (360, 560),
        (420, 480),
    )
    c.round(body, (350, 0), (690, 0), light(tone, 0.5))
    _label(c, 352, 600, 689, 850, tone)


def _squeeze(c: Canvas, tone: RGB) -> None:
    c.round(poly((478, 130), (522, 130), (552, 300), (448, 300)), (448, 0), (552, 0), tone)
    c.round(rect(410, 290, 590, 352, 14), (410, 0), (590, 0), tone)
    c.round(rect(345, 340, 655, 900, (100, 100, 40, 40)), (345, 0), (655, 0), light(tone, 0.62))
    _label(c, 345, 490, 655, 820, tone)


@kind("squeeze-bottle", "blue")
def squeeze_bottle(c: Canvas, tone: RGB) -> None:
    c.ground(500, 900, 170)
    _squeeze(c, tone)


@kind("dropper-bottle", "blue")
def dropper_bottle(c: Canvas, tone: RGB) -> None:
    for dx, tint in ((-180, tone), (180, (212, 78, 78))):
        with c.placed(dx=dx, dy=40, zoom=0.74):
            c.ground(500, 900, 170)
            _squeeze(c, tint)


@kind("refill-bottle", "blue")
def refill_bottle(c: Canvas, tone: RGB) -> None:
    c.ground(500, 880, 230)
    c.round(rect(455, 160, 545, 290, 10), (455, 0), (545, 0), SHELL)
    c.round(rect(430, 250, 570, 330, 12), (430, 0), (570, 0), tone)
    c.round(rect(270, 310, 730, 880, (70, 70, 40, 40)), (270, 0), (730, 0), light(tone, 0.5))
    _label(c, 270, 450, 730, 790, tone)


@kind("canister", "blue")
def canister(c: Canvas, tone: RGB) -> None:
    c.ground(500, 890, 280)
    shell = light(tone, 0.68)
    handle = rect(420, 170, 760, 470, 60) - rect(490, 240, 700, 370, 40)
    c.solid(handle, shell, 30, 0.7, 0.4)
    c.round(rect(280, 150, 410, 250, 14), (280, 0), (410, 0), tone)
    body = rect(240, 330, 770, 890, (90, 40, 50, 50)) + rect(290, 230, 400, 400)
    c.solid(body, shell, 56, 0.75, 0.42)
    c.fill(line((250, 470), (330, 440), width=5) + line((690, 440), (762, 470), width=5), dark(tone, 0.3), 0.2, 3)
    c.solid(rect(300, 500, 710, 820, 18), (250, 251, 253), 8, 0.5, 0.2)
    c.fill(rect(300, 500, 710, 610, (18, 18, 0, 0)), tone)
    c.drop(505, 560, 26, (250, 251, 253))
    c.lines(350, 660, (300, 240, 280, 160), 36)


@kind("tube-cream", "blue")
def tube_cream(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-24):
        shape = poly((370, 130), (630, 130), (586, 720), (414, 720))
        c.cast(shape, 30, 22, 0.3)
        c.round(shape, (380, 0), (620, 0), SHELL)
        c.round(poly((384, 330), (616, 330), (597, 590), (403, 590)), (380, 0), (620, 0), tone, 0.4)
        c.fill(rect(370, 124, 630, 166, 6), dark(SHELL, 0.14), 0.8)
        for x in range(380, 630, 14):
            c.fill(rect(x, 126, x + 4, 164), dark(SHELL, 0.4), 0.25)
        c.lines(440, 430, (120, 90, 110), 36, (255, 255, 255))
        c.round(rect(420, 716, 580, 850, 20), (420, 0), (580, 0), tone)


@kind("wipes-tub", "blue")
def wipes_tub(c: Canvas, tone: RGB) -> None:
    c.ground(500, 890, 230)
    sheet = blob((430, 260), (450, 150), (500, 110), (530, 150), (590, 130), (580, 210), (600, 270))
    c.solid(sheet, (250, 251, 253), 26, 0.8, 0.4)
    c.fill(line((500, 130), (490, 200), (510, 260), width=6), dark(tone, 0.3), 0.2, 3)
    c.round(rect(280, 250, 720, 350, (60, 60, 10, 10)), (280, 0), (720, 0), tone)
    c.fill(oval(510, 268, 80, 14), dark(tone, 0.5), 0.4)
    c.round(rect(290, 346, 710, 890, (6, 6, 44, 44)), (290, 0), (710, 0), SHELL)
    _label(c, 290, 440, 710, 820, tone)


@kind("tablets-tub", "white")
def tablets_tub(c: Canvas, tone: RGB) -> None:
    c.ground(480, 870, 240)
    c.round(rect(300, 190, 640, 310, 26), (300, 0), (640, 0), (72, 134, 202))
    c.round(rect(290, 300, 650, 870, (30, 30, 44, 44)), (290, 0), (650, 0), tone)
    _label(c, 290, 420, 650, 780, (72, 134, 202), drop=False)
    for x, y in ((730, 836), (800, 850), (764, 790)):
        c.cast(oval(x, y, 46, 24), 8, 8, 0.3)
        c.solid(oval(x, y, 46, 26), (252, 252, 252), 14, 0.8, 0.4)
        c.fill(line((x - 30, y), (x + 30, y), width=3), INK, 0.2)


@kind("powder-tin", "blue")
def powder_tin(c: Canvas, tone: RGB) -> None:
    c.ground(480, 880, 240)
    c.round(rect(270, 150, 690, 260, 24), (270, 0), (690, 0), SHELL)
    c.round(rect(280, 254, 680, 880, (4, 4, 30, 30)), (280, 0), (680, 0), tone)
    _label(c, 280, 380, 680, 760, dark(tone, 0.2), drop=False)
    c.metal(rect(276, 852, 684, 882, 12), (276, 0), (684, 0))
    c.ground(790, 880, 90)
    c.solid(line((740, 860), (880, 800), width=20), (232, 238, 244), 10, 0.7)
    c.solid(oval(730, 850, 70, 36), (232, 238, 244), 18, 0.7)
    c.solid(blob((672, 840), (720, 806), (786, 842), (730, 862)), (252, 246, 232), 14, 0.7)


@kind("drink", "pink")
def drink(c: Canvas, tone: RGB) -> None:
    c.ground(500, 900, 160)
    c.round(rect(426, 120, 574, 230, 22), (426, 0), (574, 0), SHELL)
    for x in range(438, 566, 16):
        c.fill(rect(x, 136, x + 5, 220, 2), dark(SHELL, 0.4), 0.25)
    body = blob(
        (440, 225),
        (560, 225),
        (580, 300),
        (650, 400),
        (656, 560),
        (640, 640),
        (656, 720),
        (650, 870),
        (600, 900),
        (400, 900),
        (350, 870),
        (344, 720),
        (360, 640),
        (344, 560),
        (350, 400),
        (420, 300),
    )
    c.round(body, (344, 0), (656, 0), tone)
    swirl = _band(344, 656, 470, 790)
    c.round(swirl, (344, 0), (656, 0), mix(tone, (255, 255, 255), 0.72), 0.7)
    c.fill(oval(500, 590, 62), dark(tone, 0.15))
    c.cross(500, 590, 34, (255, 255, 255))
    c.lines(430, 690, (140, 100), 30)


def _band(x0: float, x1: float, y0: float, y1: float) -> Shape:
    """A label whose edges sink with the roundness of what it is stuck to."""
    middle = (x0 + x1) / 2
    return poly((x0, y0), (middle, y0 + 26), (x1, y0), (x1, y1), (middle, y1 + 26), (x0, y1))


@kind("pudding-cup", "cream")
def pudding_cup(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 230)
    c.round(poly((240, 360), (760, 360), (690, 800), (310, 800)), (260, 0), (740, 0), SHELL)
    c.round(poly((262, 500), (738, 500), (712, 680), (288, 680)), (260, 0), (740, 0), tone)
    c.fill(oval(500, 590, 60), dark(tone, 0.2))
    c.cross(500, 590, 34, (255, 255, 255))
    c.solid(oval(500, 360, 280, 74), (226, 232, 238), 20, 0.8)
    c.metal(oval(500, 354, 250, 60), (250, 300), (750, 410), (214, 220, 228))
    c.solid(blob((740, 350), (830, 330), (850, 380), (770, 400)), (220, 226, 232), 12, 0.8)
