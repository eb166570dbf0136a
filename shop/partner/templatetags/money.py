from decimal import Decimal

from django import template

from permissions.amounts import amount_words

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`1565.00|money:"SEK"` as the reader's language writes it: `1 565,00 kr`; nothing for None."""
    return "" if amount is None or not currency else amount_words(amount, currency)
