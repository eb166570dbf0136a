"""Gloves, their boxes and their rack."""

from __future__ import annotations

from .canvas import Canvas
from .colours import RGB, dark, light, mix
from .registry import kind
from .shapes import Shape, blob, line, oval, poly, rect

SHELL: RGB = (240, 244, 248)
CLEAR: RGB = (206, 225, 237)
FINGERS = (((352, 470), (318, 330), (306, 210), 60), ((432, 440), (420, 260), (414, 130), 64),
           ((522, 440), (530, 260), (536, 136), 64), ((606, 470), (634, 330), (648, 210), 58))  # fmt: skip


def _hand() -> Shape:
    palm = blob(
        (310, 500),
        (350, 430),
        (480, 400),
        (610, 430),
        (650, 500),
        (650, 640),
        (620, 740),
        (600, 900),
        (380, 900),
        (366, 740),
        (312, 640),
    )
    for a, b, d, width in FINGERS:
        palm = palm + line(a, b, d, width=width * 1.3)
    return palm + line((630, 660), (740, 560), (790, 450), width=78)


@kind("glove", "blue")
def glove(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=-8, dx=-20):
        hand = _hand()
        c.cast(hand, 26, 22, 0.3)
        c.solid(hand, tone, 40, 0.55, 0.5)
        for a, b, d, _ in FINGERS:
            c.shine((a[0] - 14, a[1]), (b[0] - 14, b[1]), (d[0] - 14, d[1]), width=10, alpha=0.35, soft=6)
        for x in (394, 476, 564):
            c.fill(line((x, 470), (x + 2, 410), width=6), dark(tone, 0.5), 0.35, 3)
        c.fill(line((380, 640), (470, 600), (560, 640), width=8), dark(tone, 0.5), 0.2, 6)
        c.solid(rect(370, 870, 612, 912, 20), tone, 16, 0.6, 0.5)
        c.fill(line((400, 800), (580, 800), width=6), dark(tone, 0.4), 0.16, 4)


def _print_tone(tone: RGB) -> RGB:
    """White gloves come in a box with blue-grey print, or the box would vanish."""
    return mix(tone, (96, 124, 158), 0.55) if sum(tone) > 640 else tone


def _box(c: Canvas, tone: RGB) -> None:
    """A cardboard box seen a little from above; the opening is on the front."""
    c.ground(500, 800, 390, 40)
    c.ramp(
        poly((120, 330), (196, 220), (804, 220), (880, 330)),
        (0, 220),
        (0, 330),
        ((0, light(tone, 0.55)), (1, light(tone, 0.3))),
    )
    c.ramp(
        rect(120, 330, 880, 800, (6, 6, 16, 16)),
        (120, 330),
        (880, 800),
        ((0, (252, 253, 254)), (0.6, (243, 246, 249)), (1, (226, 232, 239))),
    )
    c.ramp(
        rect(120, 620, 880, 800, (0, 0, 16, 16)), (120, 620), (880, 800), ((0, light(tone, 0.1)), (1, dark(tone, 0.14)))
    )
    c.fill(rect(120, 326, 880, 334), (255, 255, 255), 0.8)


@kind("glove-box", "blue")
def glove_box(c: Canvas, tone: RGB) -> None:
    _box(c, _print_tone(tone))
    c.fill(oval(400, 486, 200, 92), dark(tone, 0.6), 0.7)
    c.fill(oval(400, 490, 186, 80), dark(tone, 0.75), 0.85)
    tuft = blob(
        (240, 500),
        (300, 400),
        (330, 290),
        (370, 250),
        (410, 330),
        (440, 250),
        (480, 240),
        (490, 350),
        (540, 300),
        (560, 350),
        (530, 430),
        (570, 500),
        (480, 550),
        (320, 556),
    )
    c.cast(tuft, 10, 12, 0.3)
    c.solid(tuft, tone, 34, 0.6, 0.5)
    for a, b in (((350, 300), (372, 480)), ((462, 290), (440, 480)), ((536, 350), (490, 490))):
        c.fill(line(a, b, width=8), dark(tone, 0.5), 0.25, 5)
    with c.placed(dx=230, dy=-16, zoom=0.24):
        c.fill(_hand(), dark(_print_tone(tone), 0.1), 0.75)
    c.text(725, 710, "100", 96, (255, 255, 255))
    c.lines(180, 670, (280, 220, 250), 36, (255, 255, 255))


@kind("glove-holder", "silver")
def glove_holder(c: Canvas, tone: RGB) -> None:
    frame = rect(200, 110, 800, 900, 40)
    c.cast(frame, 22, 24, 0.32)
    c.solid(frame, tone, 24, 0.7, 0.45)
    for i, tint in enumerate(((72, 134, 202), (144, 112, 194), (92, 172, 126))):
        y = 150 + i * 246
        c.solid(rect(240, y, 760, y + 210, 14), SHELL, 12, 0.6, 0.3)
        c.fill(rect(240, y + 160, 760, y + 210, (0, 0, 14, 14)), tint)
        c.fill(oval(500, y + 84, 150, 50), dark(tint, 0.6), 0.8)
        c.solid(
            blob((420, y + 90), (460, y + 30), (500, y + 50), (550, y + 26), (586, y + 92), (500, y + 116)),
            tint,
            18,
            0.6,
            0.45,
        )
