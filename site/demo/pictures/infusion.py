"""Bags, lines and catheters: what runs in and what runs out."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, light, mix
from .registry import kind
from .shapes import Shape, arc, blob, line, oval, poly, rect, ring

CLEAR: RGB = (206, 225, 237)
SHELL: RGB = (240, 244, 248)


def _bag(c: Canvas, shape: Shape, liquid: Shape | None, tone: RGB) -> None:
    c.cast(shape, 20, 24, 0.26)
    c.glass(shape, CLEAR, 0.6, 30)
    if liquid:
        x0, y0, x1, y1 = liquid.bounds()
        c.ramp(liquid, (x0, y0), (x1, y1), ((0, light(tone, 0.45)), (0.5, tone), (1, dark(tone, 0.14))), 0.7)
    c.fill(arc(500, 140, 40, 24, 0, 360, 9), dark(CLEAR, 0.4), 0.6)


@kind("drip-bag", "clear")
def drip_bag(c: Canvas, tone: RGB) -> None:
    bag = rect(300, 100, 700, 720, (70, 70, 90, 90)) - oval(500, 140, 34, 18)
    _bag(c, bag, rect(318, 250, 682, 704, (8, 8, 80, 80)), mix(tone, (150, 190, 220), 0.35))
    c.solid(rect(356, 290, 644, 570, 14), (250, 251, 253), 6, 0.4, 0.15)
    c.fill(rect(356, 290, 644, 350, (14, 14, 0, 0)), dark(tone, 0.3))
    c.lines(384, 384, (230, 190, 210, 130), 34)
    for i in range(9):
        c.fill(rect(652, 300 + i * 40, 676 if i % 2 else 682, 304 + i * 40), INK, 0.5)
    for x, w in ((440, 34), (560, 34)):
        c.round(rect(x - w, 712, x + w, 800, 12), (x - w, 0), (x + w, 0), SHELL)
    c.round(rect(412, 790, 468, 850, 10), (412, 0), (468, 0), (72, 134, 202))
    c.round(rect(540, 790, 580, 860, 10), (540, 0), (580, 0), CLEAR)
    c.hose((560, 850), (566, 910), (640, 940), (760, 930), width=16, tone=CLEAR, clear=True)
    c.shine((340, 180), (334, 420), width=18, alpha=0.8, soft=6)


@kind("feeding-bag", "cream")
def feeding_bag(c: Canvas, tone: RGB) -> None:
    bag = blob(
        (330, 110),
        (500, 96),
        (670, 110),
        (700, 200),
        (710, 560),
        (640, 740),
        (560, 800),
        (440, 800),
        (360, 740),
        (290, 560),
        (300, 200),
    )
    c.cast(bag, 20, 24, 0.28)
    c.solid(bag, mix(tone, (255, 255, 255), 0.25), 70, 0.7, 0.35)
    c.fill(oval(500, 146, 34, 18), (240, 244, 248))
    c.fill(rect(340, 260, 660, 380, 20), dark(tone, 0.22))
    c.lines(390, 306, (220, 150), 28, (255, 255, 255))
    c.lines(360, 440, (220, 280, 200, 260, 140), 36)
    c.round(rect(462, 790, 538, 880, 14), (462, 0), (538, 0), (144, 112, 194))
    for y in (820, 846):
        c.fill(rect(462, y, 538, y + 7), dark((144, 112, 194), 0.4), 0.4)


@kind("infusion-set", "blue")
def infusion_set(c: Canvas, tone: RGB) -> None:
    path = (
        (330, 500),
        (336, 760),
        (480, 850),
        (640, 780),
        (690, 620),
        (600, 480),
        (480, 520),
        (480, 680),
        (640, 850),
        (810, 800),
    )
    c.cast(line(*path, width=20), 20, 12, 0.22)
    c.hose(*path, width=20, tone=CLEAR, clear=True)
    c.glass(poly((316, 130), (344, 130), (352, 250), (308, 250)), CLEAR, 0.9, 16)
    c.round(rect(280, 244, 380, 290, 12), (280, 0), (380, 0), tone)
    c.glass(rect(278, 290, 382, 500, (10, 10, 40, 40)), CLEAR, 0.5, 26)
    c.fill(rect(290, 410, 370, 488, (4, 4, 32, 32)), (150, 192, 222), 0.8)
    c.drop(330, 350, 12, (130, 180, 216))
    with c.placed(dx=-18, dy=120, angle=-12):
        clamp = poly((660, 400), (800, 430), (780, 600), (640, 570))
        c.cast(clamp, 18, 12, 0.3)
        c.solid(clamp, SHELL, 20, 0.8, 0.4)
        c.solid(oval(720, 490, 40), tone, 16, 0.6)
    c.round(rect(796, 776, 876, 824, 12), (0, 776), (0, 824), tone)


@kind("feeding-set", "purple")
def feeding_set(c: Canvas, tone: RGB) -> None:
    infusion_set(c, tone)


@kind("three-way-tap", "blue")
def three_way_tap(c: Canvas, tone: RGB) -> None:
    for shape, start, end in (
        (rect(160, 456, 840, 544, 20), (0, 456), (0, 544)), (rect(456, 200, 544, 520, 20), (456, 0), (544, 0))):  # fmt: skip
        c.cast(shape, 28, 20, 0.26)
        c.glass(shape, CLEAR, 0.9, 34)
        c.ramp(
            shape,
            start,
            end,
            ((0, dark(CLEAR, 0.15)), (0.3, (255, 255, 255)), (0.6, CLEAR), (1, dark(CLEAR, 0.3))),
            0.55,
        )
    for x in (160, 770):
        c.round(rect(x, 440, x + 70, 560, 14), (0, 440), (0, 560), SHELL)
    c.round(rect(440, 190, 560, 256, 14), (440, 0), (560, 0), SHELL)
    c.cast(oval(500, 500, 120), 18, 14, 0.3)
    c.solid(oval(500, 500, 118), tone, 34, 0.6, 0.45)
    handle = line((500, 500), (500, 760), width=76)
    c.cast(handle, 22, 16, 0.25)
    c.solid(handle, tone, 34, 0.6, 0.45)
    c.fill(poly((500, 780), (476, 730), (524, 730)), (255, 255, 255), 0.85)


@kind("urine-bag", "clear")
def urine_bag(c: Canvas, tone: RGB) -> None:
    c.hose((500, 240), (500, 150), (620, 110), (760, 150), (800, 60), width=26, tone=CLEAR, clear=True)
    bag = rect(280, 190, 720, 800, (60, 60, 120, 120))
    c.cast(bag, 20, 24, 0.28)
    c.glass(bag, mix(tone, CLEAR, 0.5), 0.75, 34)
    c.ramp(
        rect(300, 480, 700, 782, (6, 6, 110, 110)),
        (300, 480),
        (700, 780),
        ((0, (250, 230, 150)), (0.5, (240, 208, 104)), (1, (216, 174, 70))),
        0.8,
    )
    c.fill(rect(300, 474, 700, 488, 6), (252, 238, 180), 0.9)
    for i in range(12):
        c.fill(rect(330, 300 + i * 38, 390 if i % 3 == 0 else 362, 304 + i * 38), INK, 0.55)
    for x in (330, 670):
        c.fill(oval(x, 232, 16), (250, 251, 253))
    c.round(rect(466, 220, 534, 290, 12), (466, 0), (534, 0), SHELL)
    c.round(rect(468, 790, 532, 880, 12), (468, 0), (532, 0), SHELL)
    c.round(rect(420, 816, 580, 848, 14), (0, 816), (0, 848), (72, 134, 202))


def _coil(c: Canvas, tone: RGB, width: float) -> None:
    path = (
        (760, 250),
        (560, 170),
        (310, 220),
        (200, 420),
        (260, 650),
        (480, 760),
        (700, 690),
        (760, 520),
        (660, 390),
        (500, 380),
        (420, 480),
    )
    c.cast(line(*path, width=width), 24, 14, 0.25)
    c.hose(*path, width=width, tone=tone)


@kind("catheter", "green")
def catheter(c: Canvas, tone: RGB) -> None:
    _coil(c, (238, 226, 206), 26)
    c.fill(oval(438, 452, 12, 7, -50), (120, 100, 84), 0.7)
    with c.placed(dx=270, dy=-250, angle=18):
        c.cast(poly((440, 466), (440, 534), (600, 556), (600, 444)), 18, 12, 0.25)
        c.round(poly((430, 474), (430, 526), (600, 558), (600, 442)), (0, 442), (0, 558), tone)


@kind("foley-catheter", "orange")
def foley_catheter(c: Canvas, tone: RGB) -> None:
    _coil(c, (238, 206, 168), 32)
    c.glass(oval(452, 440, 66, 50, -55), (236, 214, 190), 0.8, 34)
    c.hose((760, 250), (830, 330), (860, 420), width=26, tone=(238, 206, 168))
    with c.placed(dx=280, dy=-250, angle=20):
        c.cast(poly((430, 464), (430, 536), (620, 570), (620, 430)), 18, 12, 0.25)
        c.round(poly((430, 466), (430, 534), (620, 566), (620, 434)), (0, 434), (0, 566), (238, 206, 168))
    c.round(rect(828, 410, 892, 520, 16), (828, 0), (892, 0), tone)


@kind("feeding-tube", "purple")
def feeding_tube(c: Canvas, tone: RGB) -> None:
    _coil(c, (244, 240, 232), 18)
    for x, y in ((430, 460), (470, 410)):
        c.fill(oval(x, y, 9, 5, -50), (120, 100, 84), 0.6)
    with c.placed(dx=270, dy=-250, angle=18):
        c.cast(rect(430, 460, 560, 540, 16), 18, 12, 0.25)
        c.round(rect(430, 458, 550, 542, 18), (0, 458), (0, 542), tone)
        c.round(rect(546, 446, 600, 554, 14), (0, 446), (0, 554), tone)


@kind("external-catheter", "clear")
def external_catheter(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 190)
    c.glass(
        blob(
            (380, 270), (500, 230), (620, 270), (640, 500), (600, 640), (540, 740), (460, 740), (400, 640), (360, 500)
        ),
        (240, 226, 208),
        0.85,
        60,
    )
    c.solid(ring(500, 262, 130, 42, 26), (240, 226, 208), 14, 0.6)
    c.round(rect(456, 730, 544, 850, 14), (456, 0), (544, 0), (236, 224, 208))
    c.shine((410, 360), (400, 520), width=20, alpha=0.8, soft=8)


@kind("stoma-bag", "beige")
def stoma_bag(c: Canvas, tone: RGB) -> None:
    bag = blob(
        (500, 110),
        (640, 150),
        (720, 280),
        (730, 480),
        (700, 700),
        (610, 840),
        (500, 870),
        (390, 840),
        (300, 700),
        (270, 480),
        (280, 280),
        (360, 150),
    )
    c.cast(bag, 22, 24, 0.3)
    c.solid(bag, tone, 44, 0.6, 0.4)
    inner = blob(
        (500, 136),
        (622, 172),
        (696, 290),
        (704, 480),
        (676, 690),
        (598, 818),
        (500, 844),
        (402, 818),
        (324, 690),
        (296, 480),
        (304, 290),
        (378, 172),
    )
    c.fill(inner - oval(500, 480, 900), light(tone, 0.3), 0.3)
    c.solid(oval(500, 340, 150), (238, 214, 184), 22, 0.7, 0.4)
    c.solid(oval(500, 340, 96), light(tone, 0.3), 14, 0.6, 0.35)
    c.fill(oval(500, 344, 42), dark(tone, 0.62), 0.9)
    c.fill(oval(500, 190, 16), dark(tone, 0.5), 0.35)
    c.shine((330, 560), (350, 690), (420, 790), width=16, alpha=0.4, soft=8)


@kind("stoma-bag-drain", "beige")
def stoma_bag_drain(c: Canvas, tone: RGB) -> None:
    c.cast(rect(400, 760, 600, 930, 20), 20, 16, 0.25)
    c.solid(rect(400, 740, 600, 930, 20), tone, 20, 0.6, 0.35)
    c.fill(rect(384, 866, 616, 908, 14), dark(tone, 0.3), 0.8)
    stoma_bag(c, tone)


@kind("urostomy-bag", "clear")
def urostomy_bag(c: Canvas, tone: RGB) -> None:
    c.round(rect(464, 830, 536, 910, 12), (464, 0), (536, 0), SHELL)
    stoma_bag(c, tone)
    c.round(rect(424, 876, 576, 906, 12), (0, 876), (0, 906), (72, 134, 202))
    c.fill(
        blob((330, 620), (500, 600), (670, 620), (650, 740), (570, 820), (430, 820), (350, 740)), (244, 214, 110), 0.5
    )


@kind("stoma-plate", "beige")
def stoma_plate(c: Canvas, tone: RGB) -> None:
    plate = blob((500, 150), (760, 240), (850, 500), (760, 760), (500, 850), (240, 760), (150, 500), (240, 240))
    c.cast(plate, 24, 24, 0.3)
    c.solid(plate, tone, 30, 0.6, 0.35)
    for r in (300, 260):
        c.fill(ring(500, 500, r, r, 4), dark(tone, 0.3), 0.3)
    c.solid(ring(500, 500, 225, 225, 44), SHELL, 20, 0.8, 0.4)
    c.fill(oval(500, 500, 140), light(tone, 0.35), 0.8)
    for r in (120, 92, 64):
        c.fill(ring(500, 500, r, r, 3), dark(tone, 0.5), 0.4)
    c.fill(oval(500, 500, 36), (255, 255, 255), 0.95)


@kind("feeding-pump", "white")
def feeding_pump(c: Canvas, tone: RGB) -> None:
    c.ground(480, 850, 320)
    body = rect(170, 260, 790, 840, 80)
    c.solid(body, tone, 54, 0.8, 0.4)
    c.ramp(rect(230, 330, 560, 560, 24), (230, 330), (560, 560), ((0, (52, 66, 86)), (1, (28, 36, 52))))
    c.text(390, 420, "125", 120, (150, 236, 206))
    c.text(390, 515, "ml/h", 48, (150, 236, 206), 0.85)
    for i, tint in enumerate(((92, 172, 126), (144, 112, 194), (212, 78, 78))):
        c.solid(oval(280 + i * 110, 690, 42), tint, 18, 0.6)
    c.solid(rect(610, 330, 740, 720, 40), (144, 112, 194), 26, 0.6, 0.45)
    c.solid(oval(675, 520, 50), STEEL, 18, 0.8)
    c.hose((660, 130), (670, 240), (676, 340), width=20, tone=CLEAR, clear=True)
    c.hose((676, 700), (690, 820), (780, 880), (880, 840), width=20, tone=CLEAR, clear=True)
