"""Named tones and the little arithmetic that light needs."""

from __future__ import annotations

RGB = tuple[int, int, int]

WHITE: RGB = (250, 251, 252)
INK: RGB = (44, 58, 76)
STEEL: RGB = (190, 198, 206)
PALETTE: dict[str, RGB] = {
    "amber": (219, 168, 98),
    "beige": (226, 197, 168),
    "black": (54, 58, 65),
    "blue": (72, 134, 202),
    "brown": (132, 92, 68),
    "burgundy": (128, 44, 66),
    "champagne": (217, 201, 176),
    "clear": (206, 225, 237),
    "cream": (242, 229, 204),
    "graphite": (96, 103, 112),
    "green": (92, 172, 126),
    "grey": (150, 158, 168),
    "orange": (240, 146, 66),
    "paper": (206, 192, 168),
    "pink": (238, 148, 176),
    "purple": (144, 112, 194),
    "red": (212, 78, 78),
    "rose": (236, 164, 180),
    "silver": (200, 206, 213),
    "smoke": (136, 144, 154),
    "teal": (64, 164, 168),
    "white": (244, 247, 250),
    "yellow": (245, 205, 76),
}


def mix(a: RGB, b: RGB, share: float) -> RGB:
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def light(tone: RGB, share: float = 0.35) -> RGB:
    return mix(tone, (255, 255, 255), share)


def ink_on(tone: RGB) -> RGB:
    """Signs must be read on white plastic as well as on black."""
    return INK if sum(tone) > 570 else (255, 255, 255)


def dark(tone: RGB, share: float = 0.3) -> RGB:
    # Shade leans to blue, as shadows do in daylight; plain black would look dirty.
    return mix(tone, (24, 34, 54), share)
