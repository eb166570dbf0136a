"""Paper and textile: rolls, towels, cloths, and what absorbs."""

from __future__ import annotations

from .canvas import Canvas
from .colours import RGB, dark, light
from .registry import kind
from .shapes import Shape, blob, line, oval, poly, rect

SHELL: RGB = (240, 244, 248)
CORE: RGB = (206, 180, 146)


@kind("couch-roll", "white")
def couch_roll(c: Canvas, tone: RGB) -> None:
    """A wide roll with its sheet running towards the viewer."""
    c.ground(500, 850, 370)
    sheet = poly((190, 380), (810, 380), (900, 850), (100, 850))
    c.cast(sheet, 12, 16, 0.25)
    c.ramp(sheet, (0, 380), (0, 850), ((0, dark(tone, 0.16)), (0.25, tone), (1, light(tone, 0.6))))
    for y, x in ((560, 152), (720, 124)):
        for k in range(24):
            step = (1000 - 2 * x) / 24
            c.fill(rect(x + k * step, y, x + k * step + step * 0.55, y + 5), dark(tone, 0.5), 0.28)
    c.round(rect(170, 200, 830, 440) + oval(830, 320, 42, 120) + oval(170, 320, 42, 120), (0, 200), (0, 440), tone)
    c.solid(oval(170, 320, 42, 120), light(tone, 0.2), 10, 0.5, 0.3)
    c.fill(oval(170, 320, 17, 48), CORE)
    c.fill(oval(174, 320, 11, 36), dark(CORE, 0.5))


@kind("paper-roll", "white")
def paper_roll(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 290)
    body = rect(220, 250, 780, 800) + oval(500, 800, 280, 72)
    c.round(body, (220, 0), (780, 0), tone, 0.4)
    c.solid(oval(500, 250, 280, 84), light(tone, 0.4), 16, 0.6, 0.3)
    for share in (0.88, 0.76, 0.64, 0.52, 0.42):
        c.fill(
            oval(500, 250, 280 * share, 84 * share) - oval(500, 250, 280 * share - 4, 84 * share - 2.5),
            dark(tone, 0.4),
            0.22,
        )
    c.fill(oval(500, 250, 92, 28), CORE)
    c.fill(oval(500, 256, 74, 20), dark(CORE, 0.55))
    sheet = blob((700, 270), (782, 262), (800, 500), (796, 860), (720, 852), (690, 560))
    c.solid(sheet, light(tone, 0.3), 20, 0.7, 0.4)
    for y in range(330, 800, 66):
        for x in range(260, 680, 66):
            c.fill(oval(x + (y // 66 % 2) * 33, y + 40 * (1 - ((x - 500) / 290) ** 2), 5), dark(tone, 0.3), 0.18)


@kind("paper-towels", "white")
def paper_towels(c: Canvas, tone: RGB) -> None:
    c.ground(500, 810, 330, 34)
    for i in range(13):
        y = 780 - i * 34
        c.solid(
            rect(200 + (i * 7) % 10, y - 16, 800 - (i * 5) % 12, y + 22, 14), light(tone, 0.15 * (i % 2)), 10, 0.6, 0.45
        )
    c.solid(poly((200, 372), (300, 250), (880, 250), (800, 372)), light(tone, 0.4), 10, 0.5, 0.25)
    c.solid(blob((430, 320), (460, 190), (560, 150), (680, 180), (660, 310)), light(tone, 0.3), 26, 0.7, 0.4)
    c.fill(rect(430, 372, 570, 800), (96, 150, 206), 0.85)


@kind("washcloth", "blue")
def washcloth(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 330, 36)
    for i, share in enumerate((0.5, 0.4, 0.55, 0.35, 0.5)):
        y = 740 - i * 84
        c.solid(rect(180, y - 46, 820, y + 46, (46, 16, 16, 46)), light(tone, share), 30, 0.6, 0.42)
        c.fill(line((230, y), (806, y), width=4), dark(tone, 0.4), 0.28)
    top = poly((190, 368), (300, 240), (870, 240), (810, 368))
    c.solid(top, light(tone, 0.5), 14, 0.6, 0.25)
    c.fill(
        Shape(tuple(p for k in range(1, 13) for p in line((190 + k * 47, 364), (300 + k * 43, 244), width=3).pieces)),
        dark(tone, 0.4),
        0.14,
    )


@kind("pillow-cover", "white")
def pillow_cover(c: Canvas, tone: RGB) -> None:
    c.ground(500, 770, 380, 44)
    pillow = blob(
        (140, 330),
        (300, 270),
        (500, 290),
        (700, 270),
        (860, 330),
        (880, 520),
        (850, 720),
        (680, 750),
        (500, 730),
        (320, 750),
        (150, 720),
        (120, 520),
    )
    c.solid(pillow, tone, 110, 0.7, 0.45)
    c.fill(line((730, 290), (750, 520), (720, 740), width=8), dark(tone, 0.4), 0.25, 4)
    for x, y in ((220, 380), (640, 420), (300, 640)):
        c.fill(line((x, y), (x + 60, y + 20), (x + 100, y + 70), width=12), dark(tone, 0.4), 0.16, 8)


@kind("incontinence-pad", "white")
def incontinence_pad(c: Canvas, tone: RGB) -> None:
    for dx, turn, tint in ((130, 22, dark(tone, 0.05)), (-90, 6, tone)):
        with c.placed(dx=dx, angle=turn):
            pad = blob(
                (500, 110),
                (620, 150),
                (650, 280),
                (600, 480),
                (640, 680),
                (640, 820),
                (500, 900),
                (360, 820),
                (360, 680),
                (400, 480),
                (350, 280),
                (380, 150),
            )
            c.cast(pad, 22, 20, 0.3)
            c.solid(pad, light(tint, 0.35), 40, 0.7, 0.45)
            with c.placed(zoom=0.76):
                c.solid(pad, light(tint, 0.7), 24, 0.5, 0.25)
            for y in range(300, 740, 44):
                c.fill(line((470, y), (500, y + 14), (530, y), width=6), (96, 150, 206), 0.35, 1)


@kind("adult-brief", "white")
def adult_brief(c: Canvas, tone: RGB) -> None:
    c.ground(500, 800, 270)
    brief = blob(
        (130, 300),
        (300, 270),
        (500, 280),
        (700, 270),
        (870, 300),
        (860, 430),
        (780, 500),
        (660, 620),
        (610, 760),
        (500, 800),
        (390, 760),
        (340, 620),
        (220, 500),
        (140, 430),
    )
    c.solid(brief, tone, 80, 0.7, 0.45)
    for flip in (-1, 1):
        c.solid(rect(500 + flip * 300 - 70, 330, 500 + flip * 300 + 70, 390, 16), (150, 190, 230), 14, 0.6)
        c.solid(rect(500 + flip * 280 - 60, 420, 500 + flip * 280 + 60, 474, 16), (150, 190, 230), 14, 0.6)
        c.fill(
            line((500 + flip * 270, 500), (500 + flip * 160, 600), (500 + flip * 116, 740), width=10),
            dark(tone, 0.4),
            0.22,
            5,
        )
    c.fill(line((500, 420), (500, 740), width=10), (245, 205, 76), 0.8)
    c.fill(line((150, 312), (500, 296), (850, 312), width=8), dark(tone, 0.4), 0.16, 3)


@kind("bed-pad", "blue")
def bed_pad(c: Canvas, tone: RGB) -> None:
    sheet = poly((250, 280), (850, 250), (900, 750), (110, 780))
    c.cast(sheet, 22, 24, 0.3)
    c.solid(sheet, light(tone, 0.35), 16, 0.5, 0.35)
    c.solid(poly((300, 320), (804, 296), (846, 704), (182, 730)), (252, 253, 254), 26, 0.5, 0.28)
    for k in range(1, 6):
        c.fill(line((300 - k * 20, 320 + k * 68), (804 + k * 7, 296 + k * 68), width=6), (110, 140, 176), 0.2, 3)
        c.fill(line((300 + k * 84, 318), (182 + k * 111, 726), width=6), (110, 140, 176), 0.2, 3)
    corner = poly((110, 780), (300, 773), (156, 620))
    c.cast(corner, 12, 12, 0.3)
    c.solid(corner, tone, 20, 0.6, 0.4)
