"""Locks between processes. The kernel gives them back when their holder dies, so none is ever left behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.progress import say


class Lock:
    """One open lock file; several holders may share it."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    def share(self) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def take(self) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def try_take(self) -> bool:
        """Take it alone if nobody else has it."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        os.close(self._handle)


@contextmanager
def alone(path: Path, meanwhile: str) -> Iterator[None]:
    """Hold the lock for the block; say what is waited for when another has it."""
    lock = Lock(path)
    try:
        if not lock.try_take():
            say(f"  Waiting: another command of this clone {meanwhile}.")
            lock.take()
        yield
    finally:
        lock.close()
