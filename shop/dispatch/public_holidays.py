"""The public holidays of a market, with their names in the reader's language."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

# Where shops and carriers stand still beside the public holidays: the eves in Sweden, half a day by name in Denmark.
CATEGORIES = {"SE": ("public", "de_facto"), "NO": ("public",), "DK": ("public", "optional")}
# The library's names for our languages.
LANGUAGES = {"en": "en_US", "nb": "no"}


def public_holidays(country: str, years: Iterable[int], language: str) -> dict[date, str]:
    """Sundays are no holidays here: they are weekdays that nobody agreed on."""
    found: dict[date, str] = {}
    for year in years:
        found |= _of_year(country, year, language)
    return found


@lru_cache(maxsize=128)
def _of_year(country: str, year: int, language: str) -> dict[date, str]:
    import holidays  # takes more than a second, and only the delivery step needs it

    spoken = LANGUAGES.get(language, language)
    names = holidays.country_holidays(country)
    wanted = spoken if spoken in names.supported_languages else names.default_language
    return dict(holidays.country_holidays(country, years=year, categories=CATEGORIES[country], language=wanted))
