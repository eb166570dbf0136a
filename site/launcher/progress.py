"""What a person sees while something takes long: one updating line on a terminal, two plain lines elsewhere."""

import shutil
import sys
import time
from types import TracebackType
from typing import Self


def say(text: str) -> None:
    """One line, at once."""
    print(text, file=sys.stderr, flush=True)


class Stage:
    """`with Stage("Packages") as stage:` shows what is done and, in the end, how long it took."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.result = "ready"
        self._began = time.monotonic()
        self._live = sys.stderr.isatty()
        self._noted = False
        self._last = 0.0

    def note(self, text: str) -> None:
        """What happens now. Off a terminal only the first note is shown, so that logs stay short."""
        if self._live and (time.monotonic() - self._last > 0.1 or not self._noted):
            self._last = time.monotonic()
            line = f"  {self.title:<13} {text} … {self._seconds()}"
            print("\r\033[K" + line[: shutil.get_terminal_size().columns - 1], end="", file=sys.stderr, flush=True)
        elif not self._live and not self._noted:
            say(f"  {self.title:<13} {text} …")
        self._noted = True

    def _seconds(self) -> str:
        return f"{time.monotonic() - self._began:.1f} s"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        start = "\r\033[K" if self._live and self._noted else ""
        result = self.result if kind is None else "stopped" if issubclass(kind, KeyboardInterrupt) else "FAILED"
        say(f"{start}  {self.title:<13} {result}, {self._seconds()}")
