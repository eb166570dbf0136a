"""Where the demo's pictures lie in MEDIA_ROOT, and the processes that draw those which are missing."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings

PRODUCTS = "images/products/demo"
NEWS = "original_images/demo"  # apart, because Wagtail deletes the file of a deleted image
SIZE = 800  # pixels, of a square
CODE = Path(__file__).resolve().parent


class NotDrawn(Exception):
    """A drawing process failed; its own message stands above."""


def product_picture(name: str) -> str:
    """Path below MEDIA_ROOT of the drawing that all products with this picture share."""
    return _path(PRODUCTS, name)


def news_picture(name: str) -> str:
    return _path(NEWS, name)


def size_of_news_picture(name: str) -> tuple[int, int]:
    return SIZE * len(name.split("+")), SIZE


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name.replace(':', '-').replace('+', '_')}.{_version()}.jpg"


@cache
def _version() -> str:
    """In every file name: thumbnails are kept by it, so a drawing that changes must get a new one."""
    digest = hashlib.sha256(str(SIZE).encode())
    for path in (CODE / "drawing.py", *sorted((CODE / "pictures").glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


class Drawing:
    """`with Drawing(...) as drawing:` draws beside what the block does; `finish` waits for it."""

    def __init__(self, products: Iterable[str], news: Iterable[str]) -> None:
        wanted = {product_picture(name): name for name in products} | {news_picture(name): name for name in news}
        self.files = {Path(settings.MEDIA_ROOT) / path: name for path, name in wanted.items()}
        self.missing = [(name, path) for path, name in sorted(self.files.items()) if not path.exists()]
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Drawing":
        for folder in {path.parent for path in self.files}:
            folder.mkdir(parents=True, exist_ok=True)
        count = min(os.cpu_count() or 1, len(self.missing))
        self.processes = [_start(self.missing[first::count]) for first in range(count)]
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def finish(self) -> str:
        """What was drawn. Raises NotDrawn when something was not."""
        if any(process.wait() for process in self.processes):
            raise NotDrawn
        return f"{len(self.files)} pictures, {len(self.missing)} of them drawn now"

    def sweep(self) -> None:
        """Delete what an earlier version drew, and what a killed one left unfinished."""
        for folder in {path.parent for path in self.files}:
            for path in folder.iterdir():
                if path not in self.files:
                    path.unlink()


def _start(names: list[tuple[str, Path]]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "demo.drawing", str(SIZE)]
    process = subprocess.Popen(command, cwd=CODE.parent, stdin=subprocess.PIPE)  # noqa: S603
    lines = "".join(f"{name}\t{path}\n" for name, path in names)
    # One that has ended already said why; `finish` sees it by its exit code.
    with suppress(BrokenPipeError), process.stdin:  # type: ignore[union-attr]
        process.stdin.write(lines.encode())  # type: ignore[union-attr]
    return process
