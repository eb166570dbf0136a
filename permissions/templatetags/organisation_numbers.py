"""Organisation numbers as people of the country write them."""

from django import template

from permissions.models import Account, AccountRequest
from permissions.requests.organisation_numbers import shown

register = template.Library()


@register.filter
def organisation_number(of: Account | AccountRequest) -> str:
    """`556677-8899`, `123 456 785`, `12 34 56 74`; nothing where none is known."""
    return shown(of.country, of.organisation_number) if of.organisation_number else ""
