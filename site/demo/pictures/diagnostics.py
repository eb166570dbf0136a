"""Heart and circulation: blood pressure, stethoscopes, electrocardiograms."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, light
from .registry import kind
from .shapes import arc, blob, line, oval, poly, rect, ring

SHELL: RGB = (240, 244, 248)
LCD: RGB = (206, 220, 210)


def _cuff(c: Canvas, tone: RGB) -> None:
    c.solid(oval(500, 330, 290, 120), dark(tone, 0.45), 20, 0.2, 0.4)
    cuff = blob(
        (208, 320),
        (260, 400),
        (500, 450),
        (740, 400),
        (792, 320),
        (800, 500),
        (780, 620),
        (660, 690),
        (500, 706),
        (340, 690),
        (220, 620),
        (200, 500),
    )
    c.cast(cuff, 20, 22, 0.3)
    c.solid(cuff, tone, 56, 0.5, 0.45)
    c.fill(ring(500, 330, 292, 122, 10), light(tone, 0.35), 0.5)
    c.solid(poly((560, 446), (700, 416), (700, 690), (560, 704)), dark(tone, 0.2), 14, 0.4, 0.35)
    c.solid(rect(290, 500, 480, 610, 14), SHELL, 8, 0.5, 0.2)
    c.lines(316, 530, (130, 90), 30)


@kind("bp-cuff", "blue")
def bp_cuff(c: Canvas, tone: RGB) -> None:
    c.ground(500, 750, 300)
    with c.placed(dy=40):
        _cuff(c, tone)
        c.hose((420, 690), (400, 800), (520, 860), (700, 820), (860, 850), width=22, tone=INK)


@kind("bp-monitor", "white")
def bp_monitor(c: Canvas, tone: RGB) -> None:
    with c.placed(dx=190, dy=-190, zoom=0.62):
        _cuff(c, (84, 104, 138))
    c.hose((690, 320), (800, 460), (820, 600), (700, 640), (600, 600), width=18, tone=INK)
    c.ground(430, 880, 340, 34)
    body = rect(110, 400, 690, 870, 80)
    c.cast(body, 16, 18, 0.22)
    c.solid(body, tone, 50, 0.8, 0.4)
    c.ramp(rect(165, 450, 500, 820, 28), (165, 450), (500, 820), ((0, light(LCD, 0.3)), (1, dark(LCD, 0.1))))
    for y, number, height in ((520, "122", 120), (635, "78", 120), (745, "64", 84)):
        c.text(370, y, number, height, INK)
    c.fill(oval(222, 742, 13) + oval(244, 742, 13) + poly((210, 748), (256, 748), (233, 776)), (206, 70, 76))
    c.solid(oval(595, 560, 60), (72, 134, 202), 22, 0.6)
    c.text(595, 560, "I", 60, (255, 255, 255))
    for y in (690, 770):
        c.solid(rect(550, y - 24, 640, y + 24, 24), dark(tone, 0.1), 12, 0.7)


@kind("bp-wrist", "white")
def bp_wrist(c: Canvas, tone: RGB) -> None:
    c.ground(500, 820, 280)
    c.solid(arc(500, 520, 250, 250, 0, 360, 100), (84, 104, 138), 40, 0.4, 0.45)
    body = rect(270, 180, 730, 560, 70)
    c.cast(body, 20, 20, 0.3)
    c.solid(body, tone, 40, 0.8, 0.4)
    c.fill(rect(320, 220, 600, 520, 24), LCD)
    for y, number, height in ((290, "122", 100), (390, "78", 100), (475, "64", 64)):
        c.text(490, y, number, height, INK)
    c.solid(oval(665, 370, 40), (72, 134, 202), 16, 0.6)


@kind("bp-aneroid", "graphite")
def bp_aneroid(c: Canvas, tone: RGB) -> None:
    with c.placed(dx=-150, dy=-190, zoom=0.58):
        _cuff(c, (58, 92, 146))
    c.hose((260, 490), (240, 620), (330, 720), (450, 700), width=20, tone=INK)
    c.hose((600, 400), (560, 300), (470, 340), width=20, tone=INK)
    c.cast(oval(660, 420, 200), 20, 22, 0.3)
    c.metal(oval(660, 420, 200), (500, 260), (820, 580))
    c.fill(oval(660, 420, 168), (252, 253, 254))
    for i in range(21):
        with c.placed(dx=160, dy=-80, angle=i * 14 - 140):
            c.fill(rect(497, 344, 503, 378 if i % 5 == 0 else 360), INK, 0.8)
    c.fill(poly((654, 428), (666, 412), (752, 340)), (206, 62, 62))
    c.fill(oval(660, 420, 16), INK)
    with c.placed(dx=10, dy=230, angle=16):
        c.solid(
            blob((500, 440), (590, 470), (620, 560), (580, 660), (500, 690), (420, 660), (380, 560), (410, 470)),
            tone,
            60,
            0.5,
            0.5,
        )
        c.metal(rect(470, 390, 530, 450, 12), (470, 0), (530, 0))


@kind("stethoscope", "blue")
def stethoscope(c: Canvas, tone: RGB) -> None:
    left, right = ((330, 130), (300, 250), (350, 380), (440, 470)), ((600, 130), (630, 250), (570, 380), (490, 470))
    for path in (left, right):
        c.cast(line(*path, width=18), 22, 14, 0.25)
        c.hose(*path, width=18, tone=STEEL)
        c.solid(
            oval(path[0][0] + (14 if path is left else -14), path[0][1] - 6, 30, 22, 30 if path is left else -30),
            INK,
            14,
            0.5,
        )
    hose = ((465, 470), (470, 640), (420, 780), (530, 870), (690, 830), (760, 700), (740, 620))
    c.cast(line(*hose, width=36), 22, 16, 0.28)
    c.hose((440, 460), (462, 500), (466, 560), width=34, tone=tone)
    c.hose((490, 460), (470, 500), (466, 560), width=34, tone=tone)
    c.hose(*hose, width=36, tone=tone)
    c.metal(rect(716, 560, 756, 640, 14), (716, 0), (756, 0))
    c.cast(oval(730, 480, 122), 24, 20, 0.35)
    c.metal(oval(730, 480, 122), (610, 360), (850, 600))
    c.solid(oval(730, 480, 98), (226, 232, 238), 20, 0.8, 0.4)
    c.fill(ring(730, 480, 102, 102, 9), dark(tone, 0.2))
    c.shine((680, 440), (710, 410), (750, 404), width=14, alpha=0.9, soft=5)


@kind("ecg-electrode", "white")
def ecg_electrode(c: Canvas, tone: RGB) -> None:
    for x, y, r in ((350, 360, 190), (650, 420, 190), (480, 680, 190)):
        tab = oval(x, y, r) + rect(x + r * 0.5, y - 50, x + r * 1.3, y + 50, 40)
        c.cast(tab, 18, 16, 0.28)
        c.solid(tab, tone, 24, 0.6, 0.35)
        c.fill(oval(x, y, r * 0.42), (206, 220, 232), 0.8)
        c.metal(oval(x, y, r * 0.26), (x - 50, y - 50), (x + 50, y + 50))
        c.metal(oval(x - 2, y - 3, r * 0.12), (x - 24, y - 24), (x + 24, y + 24))


@kind("ecg-paper", "white")
def ecg_paper(c: Canvas, tone: RGB) -> None:
    c.ground(500, 790, 360)
    sheet = poly((170, 420), (830, 420), (880, 800), (120, 800))
    c.cast(sheet, 14, 16, 0.25)
    c.fill(sheet, (255, 246, 244))
    for k in range(20):
        y, top, low = 430 + k * 20, 170 + k * 34.7, 120 + k * 40
        c.fill(line((160, y), (845, y), width=2) + line((top, 420), (low, 800), width=2), (232, 128, 120), 0.5)
    beat = [(150, 640)]
    for k in range(4):
        x = 170 + k * 170
        beat += [
            (x + 30, 640),
            (x + 46, 616),
            (x + 60, 640),
            (x + 74, 660),
            (x + 86, 510),
            (x + 98, 700),
            (x + 110, 640),
            (x + 140, 608),
            (x + 160, 640),
        ]
    c.fill(line(*beat, width=6, smooth=False), INK)
    c.round(oval(170, 330, 44, 110) + rect(170, 220, 830, 440) + oval(830, 330, 44, 110), (0, 220), (0, 440), tone)
    c.fill(oval(170, 330, 30, 84), dark(tone, 0.15))
    c.fill(oval(170, 330, 12, 34), dark(tone, 0.7))
