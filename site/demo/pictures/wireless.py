"""Sound from elsewhere and signals one can feel: streamers, microphones, remotes, phones and alarms."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, ink_on, light
from .registry import kind
from .shapes import arc, blob, line, oval, poly, rect, ring


def _sign(c: Canvas, y: float, plus: bool, tone: RGB) -> None:
    c.fill(rect(472, y - 5, 528, y + 5, 5), tone, 0.92)
    if plus:
        c.fill(rect(495, y - 28, 505, y + 28, 5), tone, 0.92)


@kind("remote", "graphite")
def remote(c: Canvas, tone: RGB) -> None:
    c.ground(500, 880, 150)
    body = rect(350, 110, 650, 870, 120)
    c.solid(body, tone, 50, 0.6, 0.45)
    for y, sign in ((290, True), (450, False)):
        c.solid(oval(500, y, 74), light(tone, 0.18), 20, 0.6, 0.5)
        _sign(c, y, sign, ink_on(tone))
    c.solid(rect(420, 570, 580, 650, 40), light(tone, 0.12), 18, 0.6, 0.5)
    c.fill(oval(500, 610, 14), ink_on(tone), 0.85)
    c.solid(rect(420, 690, 580, 770, 40), light(tone, 0.12), 18, 0.6, 0.5)
    c.fill(line((470, 730), (530, 730), width=8), ink_on(tone), 0.85)
    c.fill(oval(500, 170, 10), (108, 214, 150))
    c.shine((382, 250), (392, 190), (440, 146), width=14, alpha=0.5, soft=6)


@kind("key-fob", "blue")
def key_fob(c: Canvas, tone: RGB) -> None:
    c.cast(ring(500, 220, 110, 110, 20), 16, 10, 0.25)
    c.metal(ring(500, 220, 110, 110, 20), (390, 110), (610, 330))
    body = rect(350, 290, 650, 800, 150)
    c.cast(body, 26, 22, 0.32)
    c.solid(body, tone, 60, 0.65, 0.45)
    c.fill(oval(500, 345, 30, 22), dark(tone, 0.6), 0.7)
    for y, sign in ((490, True), (650, False)):
        c.solid(oval(500, y, 70), (244, 247, 250), 20, 0.7, 0.4)
        _sign(c, y, sign, dark(tone, 0.4))


@kind("tv-streamer", "graphite")
def tv_streamer(c: Canvas, tone: RGB) -> None:
    """A small box before a television; the waves say what it does."""
    screen = rect(150, 130, 850, 560, 22)
    c.cast(screen, 16, 24, 0.25)
    c.solid(screen, (52, 60, 72), 10, 0.4, 0.4)
    c.ramp(
        rect(172, 152, 828, 534, 8),
        (172, 152),
        (828, 534),
        ((0, (138, 176, 214)), (0.5, (86, 124, 172)), (1, (52, 74, 118))),
    )
    c.fill(poly((172, 152), (480, 152), (330, 534), (172, 534)), (255, 255, 255), 0.1)
    c.ground(500, 640, 180, 14, 0.25)
    c.metal(rect(420, 556, 580, 630, 6), (420, 0), (580, 0), (90, 98, 110))
    c.ground(500, 868, 240)
    body = rect(300, 700, 700, 860, 60)
    c.solid(body, tone, 36, 0.7, 0.45)
    c.fill(oval(370, 780, 12), (108, 214, 150))
    for r in (34, 60, 86):
        c.fill(arc(560, 820, r, r, 222, 318, 11), ink_on(tone), 0.85)
    c.fill(oval(560, 818, 11), ink_on(tone), 0.9)


@kind("microphone", "graphite")
def microphone(c: Canvas, tone: RGB) -> None:
    c.ground(500, 868, 170)
    c.metal(rect(560, 250, 690, 640, 40), (560, 0), (690, 0))
    body = rect(340, 150, 640, 860, 130)
    c.cast(body, 14, 16, 0.25)
    c.solid(body, tone, 56, 0.65, 0.45)
    grille = rect(392, 206, 588, 380, 80)
    c.solid(grille, dark(tone, 0.35), 20, 0.3, 0.5)
    for row in range(5):
        for column in range(6):
            c.fill(oval(420 + column * 28, 236 + row * 28, 7), (226, 232, 238), 0.6)
    c.solid(oval(490, 560, 78), light(tone, 0.15), 22, 0.6, 0.5)
    c.fill(rect(474, 520, 506, 566, 16), ink_on(tone))
    c.fill(arc(490, 560, 30, 30, 10, 170, 7) + rect(486, 588, 494, 606), ink_on(tone), 0.95)
    c.fill(oval(490, 720, 11), (108, 214, 150))


@kind("table-mic", "graphite")
def table_mic(c: Canvas, tone: RGB) -> None:
    c.ground(500, 690, 350, 60)
    c.solid(oval(500, 590, 345, 150), dark(tone, 0.2), 30, 0.4, 0.5)
    c.solid(oval(500, 540, 345, 150), tone, 40, 0.7, 0.4)
    c.solid(oval(500, 530, 240, 98), dark(tone, 0.25), 20, 0.35, 0.4)
    for start in range(0, 360, 60):
        c.fill(arc(500, 530, 292, 124, start + 8, start + 52, 9), (116, 196, 236), 0.9)
    c.solid(oval(500, 524, 60, 25), light(tone, 0.25), 12, 0.7)


@kind("phone-clip", "silver")
def phone_clip(c: Canvas, tone: RGB) -> None:
    phone = rect(470, 110, 800, 800, 46)
    c.cast(phone, 24, 22, 0.3)
    c.solid(phone, (52, 58, 68), 12, 0.5, 0.4)
    c.ramp(rect(488, 130, 782, 780, 32), (488, 130), (782, 780), ((0, (168, 204, 236)), (1, (84, 122, 184))))
    c.fill(oval(635, 360, 62) + rect(540, 440, 730, 560, (95, 95, 10, 10)), (255, 255, 255), 0.5)
    c.fill(oval(635, 690, 44), (96, 196, 126))
    clip = rect(210, 390, 450, 870, 100)
    c.cast(clip, 26, 22, 0.34)
    c.solid(clip, tone, 48, 0.75, 0.45)
    c.solid(oval(330, 520, 66), dark(tone, 0.12), 20, 0.6, 0.5)
    c.fill(arc(330, 520, 34, 34, 130, 320, 13), (255, 255, 255), 0.95)
    c.fill(rect(270, 650, 390, 664, 7) + rect(270, 690, 390, 704, 7), dark(tone, 0.5), 0.6)
    c.fill(oval(330, 790, 10), (72, 150, 226))


@kind("neckloop", "graphite")
def neckloop(c: Canvas, tone: RGB) -> None:
    cord = ((420, 640), (280, 520), (210, 350), (290, 190), (500, 130), (710, 190), (790, 350), (720, 520), (580, 640))
    c.cast(line(*cord, width=20), 24, 16, 0.25)
    c.hose(*cord, width=22, tone=tone)
    body = rect(400, 580, 600, 860, 70)
    c.cast(body, 24, 20, 0.3)
    c.solid(body, tone, 40, 0.65, 0.45)
    c.solid(oval(500, 680, 52), light(tone, 0.2), 16, 0.6)
    c.fill(arc(500, 680, 26, 26, 130, 320, 10), (255, 255, 255), 0.9)
    c.fill(rect(440, 784, 560, 794, 5), (255, 255, 255), 0.4)


@kind("desk-phone", "white")
def desk_phone(c: Canvas, tone: RGB) -> None:
    c.ground(520, 840, 360, 40)
    c.solid(
        blob((180, 420), (330, 330), (720, 330), (850, 420), (880, 780), (800, 830), (220, 830), (140, 780)),
        tone,
        50,
        0.8,
        0.4,
    )
    for row in range(4):
        for column in range(3):
            key = rect(452 + column * 118, 424 + row * 92, 552 + column * 118, 500 + row * 92, 20)
            c.solid(key, INK, 12, 0.4, 0.4)
            c.text(502 + column * 118, 462 + row * 92, "123456789*0#"[row * 3 + column], 52, (255, 255, 255))
    c.cast(rect(190, 270, 380, 850, 80), 18, 18, 0.35)
    c.solid(rect(220, 330, 350, 800, 50), dark(tone, 0.06), 36, 0.8, 0.42)
    for y in (330, 800):
        c.solid(rect(180, y - 80, 384, y + 80, 70), tone, 40, 0.8, 0.42)


@kind("alarm-clock", "graphite")
def alarm_clock(c: Canvas, tone: RGB) -> None:
    c.ground(440, 740, 320)
    c.hose((660, 640), (760, 650), (780, 740), (800, 800), width=16, tone=(120, 128, 140))
    c.solid(rect(130, 290, 720, 730, 90), tone, 50, 0.65, 0.45)
    c.ramp(rect(180, 350, 670, 600, 30), (180, 350), (670, 600), ((0, (40, 50, 64)), (1, (22, 30, 44))))
    c.text(425, 475, "07:30", 170, (138, 232, 226))
    c.solid(rect(300, 250, 550, 310, (30, 30, 8, 8)), light(tone, 0.3), 18, 0.6)
    for x in (260, 425, 590):
        c.solid(oval(x, 664, 26), light(tone, 0.2), 10, 0.6)
    _shaker(c, 810, 810, 88)


def _shaker(c: Canvas, x: float, y: float, r: float) -> None:
    c.cast(oval(x, y, r), 14, 14, 0.35)
    c.solid(oval(x, y, r), (214, 222, 230), r * 0.3, 0.8, 0.45)
    c.solid(oval(x, y, r * 0.62), (200, 210, 220), r * 0.14, 0.7, 0.4)
    c.fill(arc(x, y, r * 0.3, r * 0.3, 0, 360, r * 0.06), (96, 150, 206), 0.8)


@kind("bed-shaker", "silver")
def bed_shaker(c: Canvas, tone: RGB) -> None:
    cord = ((560, 520), (720, 600), (820, 480), (760, 320), (600, 250), (640, 150))
    c.cast(line(*cord, width=18), 20, 14, 0.25)
    c.hose(*cord, width=20, tone=tone)
    _shaker(c, 400, 560, 240)
    for r in (285, 325):
        c.fill(arc(400, 560, r, r, 150, 210, 12), (96, 150, 206), 0.5)
        c.fill(arc(400, 560, r, r, 60, 120, 12), (96, 150, 206), 0.5)


@kind("flash-receiver", "white")
def flash_receiver(c: Canvas, tone: RGB) -> None:
    c.fill(oval(500, 330, 300), (255, 236, 160), 0.6, 60)
    c.ground(500, 860, 220)
    c.solid(rect(300, 200, 700, 850, 90), tone, 50, 0.8, 0.4)
    c.glass(rect(350, 250, 650, 460, 60), (250, 222, 120), 0.9, 40)
    c.fill(poly((520, 270), (450, 372), (498, 372), (474, 446), (556, 340), (506, 340)), (255, 255, 255), 0.95)
    for i, tint in enumerate(((92, 172, 126), (72, 134, 202), (212, 78, 78))):
        c.fill(oval(410 + i * 90, 560, 15), tint)
    for y in (650, 690, 730):
        c.fill(rect(400, y, 600, y + 12, 6), dark(tone, 0.4), 0.35)


@kind("smoke-alarm", "white")
def smoke_alarm(c: Canvas, tone: RGB) -> None:
    c.cast(oval(500, 500, 330), 30, 30, 0.35)
    c.solid(oval(500, 500, 330), tone, 50, 0.8, 0.35)
    c.solid(oval(500, 490, 245), light(tone, 0.3), 40, 0.8, 0.3)
    for start in range(0, 360, 30):
        c.fill(arc(500, 495, 286, 286, start + 4, start + 24, 14), dark(tone, 0.6), 0.55)
    c.solid(oval(500, 480, 76), tone, 24, 0.8, 0.35)
    c.fill(oval(500, 640, 12), (226, 70, 70))
    c.fill(oval(500, 640, 30), (226, 70, 70), 0.25, 8)


@kind("headphones", "graphite")
def headphones(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 280)
    c.hose((262, 560), (250, 330), (360, 190), (500, 150), (640, 190), (750, 330), (738, 560), width=56, tone=tone)
    c.fill(arc(500, 420, 222, 236, 205, 335, 10), light(STEEL, 0.3), 0.5)
    for side, tint in ((1, (72, 134, 202)), (-1, (212, 78, 78))):
        x = 500 + side * 238
        c.solid(rect(x - 80, 480, x + 80, 800, 76), tint, 36, 0.6, 0.45)
        inner = x - side * 62
        c.solid(rect(inner - 56, 500, inner + 56, 780, 54), INK, 36, 0.45, 0.5)
    c.hose((262, 800), (270, 880), (360, 900), (470, 880), width=12, tone=(90, 98, 110))
