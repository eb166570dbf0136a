"""How people are found and in which order they are listed, the same everywhere: by the name as it is shown, å, ä and ö
where the reader's alphabet has them. Written out as signs, for a database's own order depends on how its server was
set up.
"""

from django.db.models import F, Func, Q, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Collate, Concat, Lower, NullIf, Trim
from django.utils.translation import get_language

# The signs behind z in ASCII stand for the letters behind z.
LAST = {"sv": ("åäæöø", "{||}}"), "nb": ("æäøöå", "{{||}"), "da": ("æäøöå", "{{||}")}
ELSEWHERE = ("åäæöø", "aaaoo")
ACCENTED = ("áàâãéèêëíìîïóòôõúùûüýÿçñðšžł", "aaaaeeeeiiiioooouuuuyycndszl")


class Translated(Func):
    function = "TRANSLATE"


def has_words(typed: str, *fields: str) -> Q:
    """For `filter`: every word is part of one of the fields, by default of the name or the e-mail address."""
    found = Q()
    for word in typed.split():
        found &= has_word(word, *fields)
    return found


def has_word(word: str, *fields: str) -> Q:
    found = Q()
    for field in fields or ("first_name", "last_name", "email"):
        found |= Q(**{f"{field}__icontains": word})
    return found


def by_name(prefix: str = "", *, backwards: bool = False) -> list[OrderBy]:
    """For `order_by`: of people and of who is invited; `prefix` leads to them, e.g. "user__".

    Who has no name is shown, and listed, by the e-mail address.
    """
    name = Trim(Concat(f"{prefix}first_name", Value(" "), f"{prefix}last_name"))
    shown = Lower(Coalesce(NullIf(name, Value("")), F(f"{prefix}email")))
    letters, signs = (a + b for a, b in zip(LAST.get(get_language() or "", ELSEWHERE), ACCENTED, strict=True))
    # Capitals too: some servers know no small letter for Å.
    folded = Translated(shown, Value(letters + letters.upper()), Value(signs * 2))
    order: list[F | Collate] = [Collate(folded, "C"), F(f"{prefix}email"), F(f"{prefix}pk")]
    return [OrderBy(each, descending=backwards) for each in order]
