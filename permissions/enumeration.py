"""Names in a sentence: a few of them and how many more there are. Somebody may work at hundreds of clinics."""

from collections.abc import Iterable

from django.utils.translation import ngettext

NAMED = 2


def few_of(names: Iterable[object], total: int | None = None) -> tuple[list[str], int]:
    """The names to show, and how many are left out: of `total`, where only the first names were read."""
    found = [str(name) for name in names]
    return found[:NAMED], max((len(found) if total is None else total) - NAMED, 0)


def in_a_sentence(names: Iterable[object], total: int | None = None) -> str:
    shown, more = few_of(names, total)
    together = ", ".join(shown)
    if not more:
        return together
    return ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more) % {"names": together, "n": more}
