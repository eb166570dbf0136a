"""Which function draws which kind, and in which colour when none is named."""

from __future__ import annotations

from collections.abc import Callable

from .canvas import Canvas
from .colours import PALETTE, RGB

Painter = Callable[[Canvas, RGB], None]
PAINTERS: dict[str, tuple[Painter, str]] = {}


def kind(name: str, colour: str) -> Callable[[Painter], Painter]:
    def keep(painter: Painter) -> Painter:
        if name in PAINTERS or colour not in PALETTE:
            raise ValueError(f"{name}:{colour}")
        PAINTERS[name] = painter, colour
        return painter

    return keep
