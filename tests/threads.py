"""Threads that start at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def at_once(number: int, work: Callable[[int], object]) -> list:
    """Run `work(index)` in that many threads that all start at the same moment; exceptions are returned."""
    start = threading.Barrier(number)

    def run(index: int):
        try:
            start.wait(timeout=60)
            return work(index)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))
