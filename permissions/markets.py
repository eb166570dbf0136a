"""The countries we sell in, and what follows from the country of an account."""

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Market:
    """One country: ISO 3166 code, ISO 4217 currency, standard VAT rate (0.25 is 25 %)."""

    country: str
    name: str | Promise
    currency: str
    vat_rate: Decimal
    language: str
    time_zone: ZoneInfo


def percent(rate: Decimal) -> str:
    """`25` for a rate of 0.25, `12.5` for 0.125."""
    return f"{rate * 100:.2f}".rstrip("0").rstrip(".")


MARKETS: dict[str, Market] = {
    market.country: market
    for market in (
        Market("SE", _("Sweden"), "SEK", Decimal("0.25"), "sv", ZoneInfo("Europe/Stockholm")),
        Market("NO", _("Norway"), "NOK", Decimal("0.25"), "nb", ZoneInfo("Europe/Oslo")),
        Market("DK", _("Denmark"), "DKK", Decimal("0.25"), "da", ZoneInfo("Europe/Copenhagen")),
    )
}

COUNTRY_CHOICES = [(market.country, market.name) for market in MARKETS.values()]
