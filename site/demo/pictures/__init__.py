"""Product pictures drawn by code, so that the demo owns every pixel it shows."""

from __future__ import annotations

from importlib import import_module

from PIL import Image

from .canvas import Canvas
from .colours import PALETTE
from .registry import PAINTERS

FAMILIES = (
    "aids", "bottles", "clinic", "diagnostics", "earpieces", "examination", "gloves", "hearing_care", "infusion",
    "injection", "instruments", "laboratory", "paper", "power", "protection", "room", "wireless", "wound_care",
)  # fmt: skip
for _family in FAMILIES:
    import_module(f".{_family}", __name__)

KINDS: tuple[str, ...] = tuple(sorted(PAINTERS))


def draw(name: str, size: int = 900) -> Image.Image:
    """Draw `kind` or `kind:colour` as a square picture; an unknown name is an error, never a blank."""
    kind, _, colour = name.partition(":")
    if kind not in PAINTERS or (colour and colour not in PALETTE):
        raise ValueError(f"No drawing called {name!r}")
    painter, default = PAINTERS[kind]
    canvas = Canvas(size)
    painter(canvas, PALETTE[colour or default])
    return canvas.image
