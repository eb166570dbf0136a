"""Differs: the price is net, in the currency of the clinic's account, from the stock record of that market."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.http import HttpRequest
from oscar.apps.partner import availability, prices, strategy

from permissions.markets import Market
from permissions.models import Clinic

CENT = Decimal("0.01")


class NetPrice(prices.FixedPrice):
    """A net unit price with the VAT rate that the line's VAT is computed with (0.25 is 25 %)."""

    def __init__(self, currency: str, excl_tax: Decimal, vat_rate: Decimal) -> None:
        vat = (excl_tax * vat_rate).quantize(CENT, ROUND_HALF_UP)
        super().__init__(currency=currency, excl_tax=excl_tax, tax=vat, tax_code=f"{vat_rate:.2f}")
        self.vat_rate = vat_rate


class NoPrice(prices.Unavailable):
    vat_rate = Decimal("0")


@dataclass
class MarketStrategy(strategy.Structured):
    """Prices and stock for one market; `market` None (staff without a clinic) sells nothing."""

    market: Market | None
    request: HttpRequest | None = None
    user: object = None

    def select_stockrecord(self, product):
        """The product's record in our currency. Iterates the prefetched records instead of asking per product."""
        currency = self.market.currency if self.market else None
        records = [record for record in product.stockrecords.all() if record.price_currency == currency]
        return min(records, key=lambda record: record.pk, default=None)

    def pricing_policy(self, product, stockrecord):
        if not stockrecord or stockrecord.price is None or self.market is None:
            return NoPrice()
        return NetPrice(stockrecord.price_currency, stockrecord.price, self.market.vat_rate)

    def availability_policy(self, product, stockrecord):
        if not stockrecord or stockrecord.price is None:
            return availability.Unavailable()
        # Without a count the article is made or fetched to order: always to be had.
        if not product.get_product_class().track_stock or stockrecord.num_in_stock is None:
            return availability.Available()
        return availability.StockRequired(stockrecord.net_stock_level)

    def parent_pricing_policy(self, product, children_stock):
        return self.pricing_policy(product, next((record for _child, record in children_stock if record), None))

    def parent_availability_policy(self, product, children_stock):
        for child, record in children_stock:
            if (policy := self.availability_policy(child, record)).is_available_to_buy:
                return policy
        return availability.Unavailable()


class Selector:
    """Found by name from Oscar; a request knows its clinic, everything else passes one."""

    def strategy(self, request: HttpRequest | None = None, user=None, clinic: Clinic | None = None, **kwargs):
        clinic = clinic or getattr(request, "clinic", None)
        return MarketStrategy(clinic.market if clinic else None, request, getattr(request, "user", user))
