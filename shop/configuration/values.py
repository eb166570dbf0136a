"""A configuration as lines and favourites carry it: option code to value. No models here: models import it."""

import hashlib
import json
from collections.abc import Mapping

# A choice's code, free text, a number, a tick, or several choices' codes.
Value = str | int | float | bool | list[str]
Values = dict[str, Value]

SIDE = "side"
LEFT, RIGHT = "left", "right"
# The kind of option that is written by hand: it may name somebody.
FREE_TEXT = "text"


def digest_of(values: Mapping[str, Value]) -> str:
    """The same for the same choices in whatever order they were made; empty for no choices."""
    if not values:
        return ""
    return hashlib.sha256(json.dumps(sorted(values.items()), ensure_ascii=False).encode()).hexdigest()[:32]


def is_given(value: object) -> bool:
    """Whether a question was answered; zero is an answer, an unticked box is none."""
    return value is not None and value is not False and value != "" and value != []
