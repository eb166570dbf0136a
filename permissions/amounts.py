"""Amounts of money as the reader's language writes them."""

from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import get_language


def amount_words(amount: Decimal, currency: str) -> str:
    """`1 565,00 kr`."""
    language = (get_language() or "en").replace("-", "_")
    # CLDR glues the code to the number in English: SEK24.90.
    pattern = "¤\xa0#,##0.00" if language.startswith("en") else None
    return format_currency(amount, currency, format=pattern, locale=language)
