"""Keys of rows as addresses and forms carry them."""

LONGEST = 18  # digits that the database's largest key surely has room for


def key_of(text: str) -> int | None:
    """None for what can't be a key, which no row has either."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None
