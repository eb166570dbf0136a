"""What is worn: masks, goggles, aprons and covers."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, dark, light
from .registry import kind
from .shapes import arc, blob, line, oval, poly, rect

SHELL: RGB = (240, 244, 248)
CLEAR: RGB = (206, 225, 237)


@kind("face-mask", "blue")
def face_mask(c: Canvas, tone: RGB) -> None:
    tone = light(tone, 0.42)
    for side in (-1, 1):
        loop = (
            (500 + side * 300, 360),
            (500 + side * 420, 400),
            (500 + side * 440, 520),
            (500 + side * 400, 640),
            (500 + side * 290, 660),
        )
        c.cast(line(*loop, width=14), 16, 12, 0.2)
        c.hose(*loop, width=15, tone=SHELL)
    sheet = blob(
        (190, 330),
        (500, 270),
        (810, 330),
        (826, 500),
        (800, 680),
        (660, 740),
        (500, 756),
        (340, 740),
        (200, 680),
        (174, 500),
    )
    c.cast(sheet, 24, 24, 0.3)
    c.solid(sheet, tone, 56, 0.6, 0.42)
    for y in (420, 520, 620):
        c.fill(line((184, y - 10), (500, y + 14), (816, y - 10), width=14), dark(tone, 0.4), 0.24, 5)
        c.fill(line((184, y - 26), (500, y - 4), (816, y - 26), width=8), (255, 255, 255), 0.4, 3)
    c.fill(line((340, 318), (500, 304), (660, 318), width=16), (255, 255, 255), 0.55, 2)
    c.fill(
        line((200, 346), (500, 288), (800, 346), width=4) + line((208, 672), (500, 742), (792, 672), width=4),
        (255, 255, 255),
        0.5,
    )


@kind("respirator", "white")
def respirator(c: Canvas, tone: RGB) -> None:
    for y, sag in ((380, -70), (600, 60)):
        c.hose((240, y), (120, y + sag), (60, y + sag * 2), width=16, tone=(232, 206, 120))
        c.hose((760, y), (880, y + sag), (940, y + sag * 2), width=16, tone=(232, 206, 120))
    cup = blob(
        (500, 180),
        (640, 260),
        (780, 440),
        (790, 600),
        (680, 740),
        (500, 800),
        (320, 740),
        (210, 600),
        (220, 440),
        (360, 260),
    )
    c.cast(cup, 24, 24, 0.3)
    c.solid(cup, tone, 110, 0.7, 0.5)
    c.fill(line((232, 600), (360, 520), (500, 500), (640, 520), (768, 600), width=8), dark(tone, 0.4), 0.24, 4)
    c.metal(line((410, 262), (500, 226), (590, 262), width=26), (0, 220), (0, 280))
    c.solid(rect(430, 590, 570, 690, 20), light(tone, 0.1), 22, 0.7, 0.42)
    for y in (616, 640, 664):
        c.fill(rect(450, y, 550, y + 8, 4), dark(tone, 0.5), 0.4)


@kind("face-shield", "blue")
def face_shield(c: Canvas, tone: RGB) -> None:
    c.hose((200, 290), (300, 180), (500, 140), (700, 180), (800, 290), width=30, tone=INK)
    shield = blob((190, 280), (500, 330), (810, 280), (830, 560), (770, 800), (500, 880), (230, 800), (170, 560))
    c.cast(shield, 24, 24, 0.2)
    c.glass(shield, CLEAR, 0.45, 60)
    c.solid(line((190, 300), (350, 350), (500, 362), (650, 350), (810, 300), width=72), tone, 30, 0.6, 0.45)
    for x in (300, 400):
        c.fill(poly((x, 780), (x + 50, 790), (x + 190, 430), (x + 120, 424)), (255, 255, 255), 0.4, 4)


@kind("goggles", "clear")
def goggles(c: Canvas, tone: RGB) -> None:
    c.ground(500, 720, 340)
    for side in (-1, 1):
        c.hose((500 + side * 350, 420), (500 + side * 440, 400), (500 + side * 450, 520), width=26, tone=INK)
    frame = blob(
        (130, 400),
        (300, 340),
        (500, 370),
        (700, 340),
        (870, 400),
        (880, 560),
        (760, 690),
        (600, 680),
        (500, 560),
        (400, 680),
        (240, 690),
        (120, 560),
    )
    c.cast(frame, 24, 22, 0.28)
    c.glass(frame, tone, 0.65, 70)
    c.solid(line((130, 398), (300, 346), (500, 374), (700, 346), (870, 398), width=30), (96, 150, 206), 14, 0.6)
    for x in (220, 620):
        c.fill(poly((x, 640), (x + 50, 650), (x + 160, 410), (x + 90, 410)), (255, 255, 255), 0.55, 4)


def _folds(c: Canvas, tone: RGB, paths: tuple[tuple[tuple[float, float], ...], ...]) -> None:
    for path in paths:
        c.fill(line(*path, width=16), dark(tone, 0.45), 0.2, 9)
        c.fill(line(*((x + 20, y) for x, y in path), width=10), (255, 255, 255), 0.35, 6)


@kind("apron", "blue")
def apron(c: Canvas, tone: RGB) -> None:
    tone = light(tone, 0.32)
    c.hose((410, 210), (420, 110), (500, 80), (580, 110), (590, 210), width=18, tone=tone)
    c.hose((300, 470), (190, 500), (150, 620), width=16, tone=tone)
    c.hose((700, 470), (810, 500), (850, 620), width=16, tone=tone)
    sheet = blob(
        (390, 190),
        (500, 210),
        (610, 190),
        (640, 340),
        (720, 450),
        (750, 700),
        (760, 900),
        (500, 915),
        (240, 900),
        (250, 700),
        (280, 450),
        (360, 340),
    )
    c.cast(sheet, 24, 24, 0.3)
    c.solid(sheet, tone, 40, 0.6, 0.42)
    _folds(
        c,
        tone,
        (
            ((420, 480), (390, 680), (350, 880)),
            ((520, 520), (530, 700), (510, 890)),
            ((610, 480), (640, 690), (660, 880)),
        ),
    )


@kind("gown", "yellow")
def gown(c: Canvas, tone: RGB) -> None:
    tone = light(tone, 0.4)
    for side in (-1, 1):
        sleeve = line((500 + side * 130, 240), (500 + side * 260, 400), (500 + side * 330, 620), width=120)
        c.cast(sleeve, 22, 20, 0.28)
        c.solid(sleeve, tone, 40, 0.6, 0.45)
        c.solid(line((500 + side * 326, 610), (500 + side * 344, 690), width=92), SHELL, 22, 0.6, 0.4)
    body = blob(
        (400, 160),
        (500, 200),
        (600, 160),
        (690, 220),
        (680, 480),
        (730, 700),
        (750, 900),
        (500, 920),
        (250, 900),
        (270, 700),
        (320, 480),
        (310, 220),
    )
    c.cast(body, 24, 24, 0.28)
    c.solid(body, tone, 44, 0.6, 0.42)
    c.fill(line((420, 164), (500, 206), (580, 164), width=18), light(tone, 0.5), 0.9)
    _folds(
        c,
        tone,
        (
            ((420, 520), (390, 700), (350, 880)),
            ((510, 560), (520, 720), (505, 890)),
            ((600, 520), (640, 700), (660, 880)),
        ),
    )
    c.solid(line((330, 480), (500, 510), (670, 480), width=26), dark(tone, 0.06), 12, 0.5)


@kind("shoe-cover", "blue")
def shoe_cover(c: Canvas, tone: RGB) -> None:
    tone = light(tone, 0.32)
    for dx, dy, zoom in ((90, -110, 0.8), (-40, 90, 0.95)):
        with c.placed(dx=dx, dy=dy, zoom=zoom):
            c.ground(500, 690, 380)
            shoe = blob(
                (170, 420),
                (300, 350),
                (430, 390),
                (560, 470),
                (760, 530),
                (870, 610),
                (850, 690),
                (500, 706),
                (160, 690),
                (130, 560),
            )
            c.solid(shoe, tone, 60, 0.6, 0.42)
            c.fill(oval(300, 402, 130, 40, 12), dark(tone, 0.55), 0.8)
            for i in range(9):
                x = 186 + i * 30
                c.fill(line((x, 420 + i * 3), (x + 14, 470 + i * 5), width=7), dark(tone, 0.5), 0.26, 3)
            _folds(c, tone, (((520, 500), (500, 600), (540, 690)), ((680, 550), (670, 620), (700, 690))))


@kind("sleeve-cover", "white")
def sleeve_cover(c: Canvas, tone: RGB) -> None:
    for dx, turn in ((-150, -12), (150, 10)):
        with c.placed(dx=dx, angle=turn):
            sleeve = blob(
                (400, 180), (600, 180), (660, 300), (640, 640), (570, 800), (430, 800), (360, 640), (340, 300)
            )
            c.cast(sleeve, 24, 22, 0.3)
            c.solid(sleeve, tone, 50, 0.6, 0.45)
            c.fill(oval(500, 180, 100, 26), dark(tone, 0.45), 0.6)
            for i in range(8):
                c.fill(
                    line((410 + i * 26, 210), (400 + i * 28, 260), width=6)
                    + line((436 + i * 18, 740), (440 + i * 17, 796), width=6),
                    dark(tone, 0.5),
                    0.25,
                    3,
                )


@kind("bouffant-cap", "white")
def bouffant_cap(c: Canvas, tone: RGB) -> None:
    c.ground(500, 780, 320)
    cap = blob(
        (180, 560),
        (210, 380),
        (340, 260),
        (500, 230),
        (660, 260),
        (790, 380),
        (820, 560),
        (760, 700),
        (500, 750),
        (240, 700),
    )
    c.solid(cap, tone, 100, 0.6, 0.45)
    for i in range(12):
        x = 230 + i * 49
        c.fill(
            line((x, 690 - abs(i - 5.5) * 7), (500 + (x - 500) * 0.82, 560), (500 + (x - 500) * 0.5, 360), width=9),
            dark(tone, 0.5),
            0.17,
            6,
        )
    c.solid(arc(500, 600, 296, 116, 12, 168, 44), dark(tone, 0.08), 18, 0.6, 0.45)
    for turn in range(16, 166, 9):
        c.fill(arc(500, 600, 296, 116, turn, turn + 2, 40), dark(tone, 0.5), 0.18, 2)
