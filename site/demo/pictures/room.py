"""The examination room: waste, cups, dispensers, and small boxes."""

from __future__ import annotations

from .canvas import Canvas
from .colours import RGB, STEEL, dark, light
from .registry import kind
from .shapes import arc, blob, line, oval, poly, rect

SHELL: RGB = (240, 244, 248)


@kind("waste-bag", "yellow")
def waste_bag(c: Canvas, tone: RGB) -> None:
    c.ground(500, 880, 290)
    c.solid(
        blob((430, 270), (380, 160), (440, 120), (500, 170), (560, 110), (630, 160), (580, 270)), tone, 34, 0.6, 0.45
    )
    bag = blob(
        (440, 260),
        (560, 260),
        (700, 380),
        (780, 560),
        (790, 760),
        (720, 880),
        (500, 900),
        (280, 880),
        (210, 760),
        (220, 560),
        (300, 380),
    )
    c.solid(bag, tone, 90, 0.6, 0.48)
    c.solid(line((426, 272), (500, 286), (574, 272), width=34), dark(tone, 0.2), 14, 0.6)
    for path in (
        ((450, 310), (380, 480), (350, 700)),
        ((520, 310), (540, 520), (520, 800)),
        ((570, 310), (660, 470), (690, 660)),
    ):
        c.fill(line(*path, width=14), dark(tone, 0.5), 0.22, 8)
        c.fill(line(*((x + 18, y + 10) for x, y in path), width=10), (255, 255, 255), 0.4, 6)
    c.fill(rect(400, 560, 610, 730, 14), (250, 251, 253), 0.88)
    c.lines(430, 590, (150, 110, 130), 44)


@kind("vomit-bag", "blue")
def vomit_bag(c: Canvas, tone: RGB) -> None:
    bag = blob(
        (330, 250), (500, 264), (670, 250), (640, 480), (610, 760), (560, 880), (440, 880), (390, 760), (360, 480)
    )
    c.cast(bag, 24, 22, 0.3)
    c.solid(bag, light(tone, 0.3), 60, 0.6, 0.45)
    for i in range(7):
        c.fill(rect(560, 420 + i * 50, 600 - i * 3, 426 + i * 50), (255, 255, 255), 0.8)
    c.solid(oval(500, 240, 210, 84), SHELL, 26, 0.8, 0.42)
    c.fill(oval(500, 236, 158, 54), dark(tone, 0.45))


@kind("medicine-cup", "clear")
def medicine_cup(c: Canvas, tone: RGB) -> None:
    for dx, dy, zoom in ((-160, -60, 0.8), (140, -30, 0.8), (0, 70, 0.95)):
        with c.placed(dx=dx, dy=dy, zoom=zoom):
            c.ground(500, 760, 160, 24)
            cup = poly((290, 330), (710, 330), (640, 740), (360, 740)) + oval(500, 740, 140, 30)
            c.ramp(
                cup,
                (300, 0),
                (700, 0),
                ((0, dark(tone, 0.12)), (0.25, light(tone, 0.7)), (0.6, light(tone, 0.35)), (1, dark(tone, 0.15))),
                0.9,
            )
            c.solid(oval(500, 330, 212, 56), light(tone, 0.6), 16, 0.8, 0.4)
            c.fill(oval(500, 334, 190, 44), dark(tone, 0.22), 0.8)
            for i in range(5):
                c.fill(rect(450, 440 + i * 56, 550 if i % 2 else 520, 445 + i * 56), dark(tone, 0.6), 0.5)


@kind("soap-dispenser", "white")
def soap_dispenser(c: Canvas, tone: RGB) -> None:
    body = rect(300, 110, 700, 730, (60, 60, 90, 90))
    c.cast(body, 26, 26, 0.34)
    c.solid(body, tone, 56, 0.8, 0.42)
    c.ramp(
        rect(380, 200, 620, 480, 30),
        (380, 0),
        (620, 0),
        ((0, (120, 176, 216)), (0.3, (190, 222, 242)), (1, (110, 164, 206))),
        0.85,
    )
    c.fill(rect(380, 200, 620, 280, (30, 30, 0, 0)), (244, 248, 251), 0.75)
    c.drop(500, 400, 30, (250, 252, 254))
    c.solid(rect(350, 560, 650, 680, 40), light(STEEL, 0.3), 26, 0.9, 0.5)
    c.round(rect(470, 726, 530, 780, 10), (470, 0), (530, 0), (150, 160, 172))
    c.drop(500, 860, 24, (120, 176, 216))
    c.fill(oval(500, 530, 10), (92, 204, 132))


@kind("wall-bracket", "silver")
def wall_bracket(c: Canvas, tone: RGB) -> None:
    plate = rect(330, 140, 670, 560, 40)
    c.cast(plate, 22, 22, 0.32)
    c.solid(plate, tone, 20, 0.8, 0.5)
    for x in (400, 600):
        for y in (210, 330):
            c.fill(oval(x, y, 19), dark(tone, 0.7), 0.8)
    c.solid(arc(500, 640, 300, 110, 180, 360, 40), dark(tone, 0.35), 14, 0.4, 0.5)
    c.solid(arc(500, 640, 300, 110, 0, 180, 60), tone, 24, 0.9, 0.55)
    c.solid(rect(440, 500, 560, 580, 10), dark(tone, 0.1), 12, 0.8, 0.5)


@kind("mouthpieces", "white")
def mouthpieces(c: Canvas, tone: RGB) -> None:
    for x, y in ((340, 330), (560, 330), (230, 560), (450, 560), (670, 560)):
        end = 250
        c.cast(rect(x, y - 92, x + end, y + 92, 30), 20, 18, 0.25)
        c.round(rect(x, y - 90, x + end, y + 90) + oval(x + end, y, 30, 90), (0, y - 90), (0, y + 90), tone)
        c.fill(rect(x + 160, y - 90, x + 190, y + 90), (96, 150, 206), 0.55)
        c.solid(oval(x, y, 32, 90), light(tone, 0.2), 8, 0.6)
        c.fill(oval(x, y, 25, 78), dark(tone, 0.5))


@kind("wipe-sachet", "blue")
def wipe_sachet(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((110, 60, 18), (-80, -20, -10)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            pack = rect(270, 270, 730, 730, 12)
            c.cast(pack, 20, 18, 0.3)
            c.solid(pack, SHELL, 30, 0.8, 0.42)
            c.fill(rect(320, 320, 680, 470, 8), tone)
            c.drop(500, 400, 32, (250, 252, 254))
            c.lines(360, 540, (280, 220, 250), 40)
            for k in range(12):
                x = 280 + k * 38
                c.fill(rect(x, 274, x + 4, 300) + rect(x, 700, x + 4, 726), dark(SHELL, 0.5), 0.25)


@kind("wipes-pack", "blue")
def wipes_pack(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 350)
    pack = blob(
        (140, 380),
        (300, 330),
        (700, 330),
        (860, 380),
        (870, 580),
        (850, 760),
        (700, 800),
        (300, 800),
        (150, 760),
        (130, 580),
    )
    c.solid(pack, light(tone, 0.12), 70, 0.65, 0.45)
    for x in (118, 846):
        c.solid(rect(x, 390, x + 36, 750, 8), light(tone, 0.3), 10, 0.6)
    sheet = blob((420, 400), (430, 270), (480, 200), (520, 250), (580, 210), (580, 300), (590, 410))
    c.solid(sheet, (252, 253, 254), 26, 0.8, 0.42)
    c.solid(rect(340, 390, 660, 540, 50), SHELL, 22, 0.8, 0.42)
    c.fill(oval(500, 424, 106, 20), dark(tone, 0.5), 0.5)
    c.lines(300, 610, (400, 320, 360), 44, (255, 255, 255))


@kind("battery-box", "brown")
def battery_box(c: Canvas, tone: RGB) -> None:
    c.ground(500, 810, 340, 40)
    sizes = {(245, 205, 76): "10", (132, 92, 68): "312", (240, 146, 66): "13", (72, 134, 202): "675"}
    for i in range(5):
        x = 250 + i * 100
        c.solid(rect(x, 190 + i % 2 * 10, x + 92, 460, 10), light(tone, 0.12 * (i % 2)), 12, 0.6, 0.45)
        c.solid(oval(x + 46, 300, 30), STEEL, 10, 0.8)
    c.ramp(rect(170, 400, 830, 800, 14), (170, 400), (830, 800), ((0, (252, 253, 254)), (1, (228, 234, 240))))
    c.ramp(
        rect(170, 400, 830, 640, (14, 14, 0, 0)), (170, 400), (830, 640), ((0, light(tone, 0.2)), (1, dark(tone, 0.14)))
    )
    c.text(500, 520, sizes.get(tone, ""), 180, (255, 255, 255))
    c.lines(240, 690, (240, 180), 40)
    c.text(720, 715, "60", 90, dark(tone, 0.2))
