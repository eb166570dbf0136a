"""What basket, checkout and mail show of a basket: lines with their prices and problems, and the sums."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from shop.basket.filling import availability_problem
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product, ProductImage


@dataclass(frozen=True)
class BasketLine:
    line: Line
    product: Product
    image: ProductImage | None
    unit_price: Decimal | None
    line_price: Decimal | None
    problem: str


@dataclass(frozen=True)
class Totals:
    """Sums of the lines; VAT is rounded per line, so that the lines add up to the total to the øre."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    vat_rate: str
    currency: str


def lines_of(basket: Basket) -> list[BasketLine]:
    return [_show(line) for line in basket.all_lines()]


def _show(line: Line) -> BasketLine:
    info = line.purchase_info
    problem = "" if line.product.is_public else availability_problem(line.product, info, 10**9)
    return BasketLine(
        line=line,
        product=line.product,
        image=next(iter(line.product.images.all()), None),
        unit_price=line.unit_price_excl_tax,
        line_price=line.line_price_excl_tax,
        problem=problem or availability_problem(line.product, info, line.quantity),
    )


def totals_of(basket: Basket) -> Totals:
    market = basket.strategy.market
    net = sum((line.line_price_excl_tax or Decimal() for line in basket.all_lines()), Decimal())
    gross = sum((line.line_price_incl_tax or Decimal() for line in basket.all_lines()), Decimal())
    rate = f"{market.vat_rate * 100:.2f}".rstrip("0").rstrip(".") if market else ""
    return Totals(net, gross - net, gross, rate, market.currency if market else "")


def fingerprint(basket: Basket) -> str:
    """Changes whenever what was reviewed changes: lines, quantities, prices, delivery. Not a secret."""
    lines = [[line.line_reference, line.quantity, str(line.unit_price_excl_tax)] for line in basket.all_lines()]
    delivery = [basket.delivery_address_id, basket.dispatch_date, basket.purchase_number, basket.reference]
    return hashlib.sha256(json.dumps([basket.pk, lines, delivery], default=str).encode()).hexdigest()[:32]
