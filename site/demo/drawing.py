"""Draws in a process of its own, without Django: `python -m demo.drawing SIZE` reads `name<TAB>file` lines to the end.

Each file is there whole or not at all, and when the process that waits for them is gone, no more are begun.
"""

import os
import sys
from pathlib import Path

from PIL import Image

from demo.pictures import draw


def picture(name: str, size: int) -> Image.Image:
    """`kind:colour` as a square; `one+another` as squares side by side."""
    squares = [draw(part, size) for part in name.split("+")]
    if len(squares) == 1:
        return squares[0]
    wide = Image.new("RGB", (size * len(squares), size))
    for place, square in enumerate(squares):
        wide.paste(square, (size * place, 0))
    return wide


def write(name: str, path: Path, size: int) -> None:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    picture(name, size).save(unfinished, format="JPEG", quality=88)
    unfinished.replace(path)


def main() -> None:
    parent = os.getppid()
    for line in sys.stdin.buffer.read().decode().splitlines():
        if os.getppid() != parent:
            return
        name, path = line.split("\t")
        write(name, Path(path), int(sys.argv[1]))


if __name__ == "__main__":
    main()
