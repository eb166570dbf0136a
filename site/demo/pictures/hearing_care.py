"""Keeping aids dry, clean and safe, and protecting the hearing one has."""

from __future__ import annotations

from .canvas import Canvas
from .colours import INK, RGB, STEEL, dark, light, mix
from .registry import kind
from .shapes import arc, blob, line, oval, poly, rect, ring, spray


@kind("drying-box", "white")
def drying_box(c: Canvas, tone: RGB) -> None:
    c.ground(500, 840, 360, 40)
    c.solid(rect(170, 180, 830, 480, (100, 100, 30, 30)), tone, 46, 0.8, 0.35)
    c.fill(rect(220, 230, 780, 480, (70, 70, 10, 10)), (120, 104, 196), 0.55)
    c.fill(rect(250, 250, 750, 290, 20), (196, 186, 255), 0.9, 8)
    c.solid(rect(140, 470, 860, 830, (30, 30, 110, 110)), tone, 50, 0.8, 0.4)
    c.fill(oval(500, 512, 300, 46), dark(tone, 0.55), 0.75)
    for x, flip in ((400, 1), (600, -1)):
        aid = line((x, 440), (x + flip * 34, 480), (x + flip * 24, 530), width=44)
        c.solid(aid, (226, 197, 168), 16, 0.7, 0.5)
    c.ramp(
        rect(140, 556, 860, 830, (10, 10, 110, 110)),
        (0, 556),
        (0, 830),
        ((0, light(tone, 0.35)), (0.3, tone), (1, dark(tone, 0.2))),
    )
    c.solid(oval(500, 690, 46), light(tone, 0.3), 14, 0.8, 0.4)
    c.drop(500, 696, 16, (72, 134, 202))
    for i in range(3):
        c.fill(oval(610 + i * 40, 690, 9), (92, 204, 132) if i == 0 else dark(tone, 0.25))


@kind("drying-cup", "blue")
def drying_cup(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 240)
    c.solid(oval(500, 790, 150, 40), (240, 150, 70), 20, 0.6)
    c.glass(rect(280, 330, 720, 850, (20, 20, 70, 70)), (206, 225, 237), 0.4, 50)
    c.solid(line((430, 480), (480, 560), (460, 650), width=60), (226, 197, 168), 20, 0.6, 0.4)
    c.solid(line((590, 470), (550, 560), (570, 650), width=60), (226, 197, 168), 20, 0.6, 0.4)
    c.fill(rect(300, 690, 700, 704, 6), (150, 172, 192), 0.7)
    c.round(rect(262, 190, 738, 350, 34), (262, 0), (738, 0), tone)
    for x in range(290, 730, 24):
        c.fill(rect(x, 210, x + 6, 336, 3), dark(tone, 0.4), 0.22)
    c.shine((330, 430), (330, 700), width=26, alpha=0.7, soft=8)


@kind("drying-capsule", "orange")
def drying_capsule(c: Canvas, tone: RGB) -> None:
    for x, y, r in ((610, 360, 180), (360, 560, 210), (690, 700, 150)):
        c.cast(oval(x, y, r), 28, 20, 0.3)
        c.metal(oval(x, y, r), (x - r, y - r), (x + r, y + r), (214, 220, 226))
        c.fill(oval(x, y, r * 0.8), dark(tone, 0.2))
        for k, dots in ((0.62, 14), (0.4, 9), (0.16, 4)):
            for px, py in spray(x, y, r * k, dots, k * 90):
                c.solid(oval(px, py, r * 0.105), light(tone, 0.12), r * 0.08, 0.7, 0.4)
        c.glass(oval(x, y, r * 0.82), (240, 246, 250), 0.14, r * 0.14)
        c.fill(arc(x, y, r * 0.66, r * 0.66, 190, 260, r * 0.07), (255, 255, 255), 0.7, 4)


@kind("brush", "blue")
def brush(c: Canvas, tone: RGB) -> None:
    with c.placed(angle=38):
        handle = rect(462, 330, 538, 780, 36)
        c.cast(handle + rect(470, 130, 530, 340), 24, 16, 0.3)
        for i in range(13):
            x = 464 + i * 6
            c.fill(line((x, 300), (464 + (x - 500) * 1.25 + 36, 130), width=5), mix(INK, (120, 132, 148), (i % 3) / 3))
        c.metal(rect(456, 286, 544, 350, 10), (456, 0), (544, 0))
        c.round(handle, (462, 0), (538, 0), tone)
        for y in range(420, 560, 28):
            c.fill(rect(470, y, 530, y + 9, 4), dark(tone, 0.4), 0.35)
        c.metal(rect(474, 770, 526, 810, 8), (474, 0), (526, 0))
        c.solid(ring(500, 850, 30, 44, 9), STEEL, 6, 0.8)
        c.fill(oval(500, 700, 16), light(STEEL, 0.2))


@kind("wax-loop", "white")
def wax_loop(c: Canvas, tone: RGB) -> None:
    for dx, turn, tint in ((-150, 20, tone), (0, 20, (72, 134, 202)), (150, 20, (92, 172, 126))):
        with c.placed(dx=dx, angle=turn):
            handle = rect(478, 420, 522, 830, 22)
            c.cast(handle, 20, 12, 0.28)
            c.round(handle, (478, 0), (522, 0), tint)
            c.round(rect(470, 520, 530, 600, 20), (470, 0), (530, 0), tint)
            c.metal(rect(494, 240, 506, 424, 4), (494, 0), (506, 0))
            c.solid(ring(500, 200, 26, 46, 8), STEEL, 5, 0.8)


@kind("blower", "blue")
def blower(c: Canvas, tone: RGB) -> None:
    c.ground(470, 850, 230)
    with c.placed(angle=24, dx=-10):
        c.round(poly((478, 120), (522, 120), (548, 390), (452, 390)), (452, 0), (548, 0), (236, 241, 246))
        c.round(rect(436, 372, 564, 430, 20), (436, 0), (564, 0), dark(tone, 0.2))
        c.solid(
            blob((500, 420), (640, 500), (700, 640), (640, 790), (500, 840), (360, 790), (300, 640), (360, 500)),
            tone,
            100,
            0.6,
            0.5,
        )
        c.shine((370, 590), (400, 520), (450, 480), width=34, alpha=0.6, soft=12)


@kind("ultrasonic-bath", "white")
def ultrasonic_bath(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 360, 36)
    c.solid(rect(160, 420, 840, 850, (30, 30, 80, 80)), tone, 50, 0.8, 0.4)
    c.metal(oval(500, 430, 340, 110), (160, 0), (840, 0))
    c.ramp(oval(500, 436, 300, 88), (200, 350), (800, 520), ((0, (150, 200, 226)), (1, (92, 152, 194))))
    for x, y, r in ((380, 430, 18), (450, 470, 12), (560, 440, 22), (640, 460, 13), (500, 410, 10), (320, 450, 9)):
        c.fill(ring(x, y, r, r, 4), (255, 255, 255), 0.8)
    c.solid(oval(470, 440, 50, 26), (226, 197, 168), 14, 0.7, 0.4)
    c.fill(rect(360, 620, 640, 720, 20), INK)
    c.text(500, 670, "180", 84, (132, 226, 236))
    for x in (300, 700):
        c.solid(oval(x, 670, 32), light(STEEL, 0.3), 12, 0.8)


@kind("case", "blue")
def case(c: Canvas, tone: RGB) -> None:
    c.ground(500, 840, 350, 40)
    c.solid(rect(150, 260, 850, 830, 190), tone, 80, 0.6, 0.5)
    c.fill(line((154, 560), (330, 588), (670, 588), (846, 560), width=22), dark(tone, 0.5), 0.65)
    c.fill(line((154, 560), (330, 588), (670, 588), (846, 560), width=5), light(STEEL, 0.4), 0.8)
    c.metal(rect(610, 560, 690, 600, 12), (0, 560), (0, 600))
    c.metal(line((690, 582), (760, 610), (770, 670), width=20), (690, 0), (780, 0))
    ear = line((470, 460), (470, 380), (520, 350), (560, 400), (530, 450), (520, 500), (480, 510), width=14)
    c.fill(ear, light(tone, 0.55), 0.85)
    c.shine((240, 420), (300, 340), (420, 300), width=26, alpha=0.4, soft=12)


@kind("safety-cord", "blue")
def safety_cord(c: Canvas, tone: RGB) -> None:
    cord = ((270, 300), (300, 480), (420, 600), (500, 640), (580, 600), (700, 480), (730, 300))
    c.cast(line(*cord, width=16), 20, 12, 0.26)
    c.hose(*cord, width=18, tone=tone)
    c.hose((500, 640), (500, 720), width=18, tone=tone)
    c.solid(rect(450, 700, 550, 860, 34), tone, 26, 0.6, 0.45)
    c.metal(rect(470, 800, 530, 880, 14), (470, 0), (530, 0))
    for x in (270, 730):
        side = 1 if x < 500 else -1
        aid = line((x + side * 10, 130), (x + side * 62, 180), (x + side * 66, 270), (x + side * 24, 340), width=70)
        c.cast(aid, 20, 14, 0.28)
        c.solid(aid, (226, 197, 168), 28, 0.65, 0.45)
        c.solid(rect(x - 26, 278, x + 34, 322, 16), tone, 12, 0.6)


@kind("headband", "blue")
def headband(c: Canvas, tone: RGB) -> None:
    c.ground(500, 760, 320)
    c.solid(oval(500, 380, 310, 130), dark(tone, 0.45), 30, 0.2, 0.4)
    band = blob(
        (190, 380),
        (270, 455),
        (500, 512),
        (730, 455),
        (810, 380),
        (812, 560),
        (720, 660),
        (500, 730),
        (280, 660),
        (188, 560),
    )
    c.solid(band, tone, 60, 0.5, 0.45)
    c.fill(line((200, 420), (300, 500), (500, 544), (700, 500), (800, 420), width=6), light(tone, 0.6), 0.7)
    c.fill(line((200, 560), (300, 640), (500, 696), (700, 640), (800, 560), width=6), light(tone, 0.6), 0.7)
    c.solid(poly((620, 494), (748, 446), (740, 648), (620, 694)), light(tone, 0.25), 20, 0.5, 0.35)


@kind("ear-plugs", "blue")
def ear_plugs(c: Canvas, tone: RGB) -> None:
    c.ground(500, 850, 300)
    for dx, turn in ((-150, -14), (150, 14)):
        with c.placed(dx=dx, dy=20, angle=turn, zoom=0.95):
            c.round(rect(468, 560, 532, 860, 26), (468, 0), (532, 0), (226, 232, 238))
            for r, y in ((156, 580), (130, 470), (100, 370)):
                cone = blob((500 - r, y + r * 0.4), (500 - r * 0.86, y - r * 0.3), (500 - r * 0.4, y - r * 0.74), (500 + r * 0.4, y - r * 0.74),
                            (500 + r * 0.86, y - r * 0.3), (500 + r, y + r * 0.4), (500, y + r * 0.56))  # fmt: skip
                c.fill(cone, dark(tone, 0.6), 0.25, 10)
                c.solid(cone, tone, r * 0.5, 0.65, 0.45)
            c.shine((420, 500), (446, 430), width=20, alpha=0.6, soft=8)


@kind("foam-plugs", "yellow")
def foam_plugs(c: Canvas, tone: RGB) -> None:
    for dx, dy, turn in ((-130, 30, -28), (150, -10, 24)):
        with c.placed(dx=dx, dy=dy, angle=turn):
            plug = rect(400, 230, 600, 780, (100, 100, 40, 40))
            c.cast(plug, 30, 24, 0.32)
            c.solid(plug, tone, 80, 0.55, 0.42)
            c.fill(oval(500, 752, 92, 30), light(tone, 0.25), 0.8)
            for i in range(26):
                x, y = 420 + (i * 67) % 160, 300 + (i * 113) % 420
                c.fill(oval(x, y, 5), dark(tone, 0.3), 0.3)


@kind("earmuffs", "black")
def earmuffs(c: Canvas, tone: RGB) -> None:
    c.ground(500, 860, 300)
    c.hose((240, 520), (240, 320), (350, 180), (500, 140), (650, 180), (760, 320), (760, 520), width=70, tone=tone)
    for side in (-1, 1):
        x = 500 + side * 262
        c.metal(rect(x - 16, 420, x + 16, 560, 8), (x - 16, 0), (x + 16, 0))
        c.solid(rect(x - side * 20 - 96, 480, x - side * 20 + 96, 830, 96), tone, 60, 0.6, 0.5)
        pad = x - side * 98
        c.solid(rect(pad - 50, 470, pad + 50, 840, 50), (58, 62, 70), 34, 0.4, 0.5)
        c.fill(oval(x - side * 2, 655, 36, 70), light(tone, 0.4), 0.35, 10)
