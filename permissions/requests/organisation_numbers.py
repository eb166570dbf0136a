"""The number a company is registered under, checked as its country does and kept as digits only.

A Swedish sole trader's is their own personnummer: it is taken, for there is no other, and shown to who works with the
account; but no mail says it.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import exceptions
from stdnum.dk import cvr
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish
from stdnum.util import clean

from permissions.identity_numbers import contains_identity_number
from permissions.markets import MARKETS

# Made up, but with a right check digit.
EXAMPLES = {"SE": "556677-8899", "NO": "912 345 688", "DK": "12 34 56 74"}
LONGEST_TYPED = 30
SEPARATORS = " -.,:/"
# What it is called where it stands in a letterhead.
CALLED = re.compile(r"(ORG(ANISASJONS|ANISATIONS)?|CVR)[ .-]*(NUMMER|NR)?[ .:-]*")
CENTURY, VAT_END, SWEDISH_VAT_DIGITS = "16", "01", 12


def organisation_number(country: str, typed: str) -> str:
    """The digits, however it was typed. Raises ValidationError with an example of how it looks in this country."""
    try:
        plain = clean(CALLED.sub("", clean(typed).strip().upper(), count=1), SEPARATORS)
        number = _CHECKS[country](plain)
    except exceptions.ValidationError:
        number = ""
    if not number.strip("0"):
        words = {"country": MARKETS[country].name, "example": EXAMPLES[country]}
        text = _("This is no organisation number in %(country)s. Check the digits; it looks like %(example)s.")
        raise ValidationError(text % words)
    return number


def shown(country: str, number: str) -> str:
    """With the spaces or the dash that people of the country are used to."""
    if country == "DK":
        return " ".join(number[place : place + 2] for place in range(0, len(number), 2))
    return swedish.format(number) if country == "SE" else norwegian.format(number)


def in_a_mail(country: str, number: str) -> str:
    """As shown; "" for what is a person's national identity number too."""
    return "" if contains_identity_number(number) else shown(country, number)


def _swedish(number: str) -> str:
    """Also with the country's code in front (the VAT number) or the 16 that authorities put there."""
    if number.startswith("SE") and number.endswith(VAT_END) and len(number) == SWEDISH_VAT_DIGITS + 2:
        number = number[2:-2]
    elif number.startswith(CENTURY) and len(number) == SWEDISH_VAT_DIGITS:
        number = number[2:]
    return swedish.validate(number)


def _norwegian(number: str) -> str:
    return norwegian.validate(number.removeprefix("NO").removesuffix("MVA"))


_CHECKS = {"SE": _swedish, "NO": _norwegian, "DK": cvr.validate}
