from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`1565.00|money:"SEK"` as the reader's language writes it: `1 565,00 kr`; nothing for None."""
    if amount is None or not currency:
        return ""
    language = (get_language() or "en").replace("-", "_")
    # CLDR glues the code to the number in English: SEK24.90.
    pattern = "¤\xa0#,##0.00" if language.startswith("en") else None
    return format_currency(amount, currency, format=pattern, locale=language)
