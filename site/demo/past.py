"""The demo's past: what is done inside happens then, through the same functions as today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone


@contextmanager
def ago(**how_long: float) -> Iterator[datetime]:
    """The history of access can't be dated back afterwards: the database refuses any change to it."""
    moment = timezone.now() - timedelta(**how_long)
    with mock.patch.object(timezone, "now", return_value=moment):
        yield moment
