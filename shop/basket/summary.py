"""What basket, checkout and mail show of a basket: lines with their prices and problems, and the sums."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from permissions.markets import percent
from shop.basket.filling import availability_problem, choice_problem, configuration_problem
from shop.basket.models import Basket, Line
from shop.catalogue.cards import pack_unit_of
from shop.catalogue.models import Product, ProductImage
from shop.configuration.loading import configurations_of
from shop.configuration.options import Configuration
from shop.patients.labels import texts
from shop.patients.showings import Viewer


@dataclass(frozen=True)
class BasketLine:
    line: Line
    product: Product
    image: ProductImage | None
    unit_price: Decimal | None
    line_price: Decimal | None
    problem: str
    pack_unit: str = ""
    # Question and answer, in the reader's words.
    options: tuple[tuple[str, str], ...] = ()
    is_configurable: bool = False
    # Only where the viewer may see patients.
    patient_text: str = ""


@dataclass(frozen=True)
class Totals:
    """Sums of the lines; VAT is rounded per line, so that the lines add up to the total to the øre."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    vat_rate: str
    currency: str


def lines_of(basket: Basket, viewer: Viewer | None = None) -> list[BasketLine]:
    """The basket's lines; with whom they are for where `viewer` may see patients, which is logged."""
    lines = list(basket.all_lines())
    patients = texts((line.patient for line in lines), viewer) if viewer else {}
    configurations = configurations_of(line.product for line in lines)
    wanted = Counter()
    for line in lines:
        wanted[line.product_id] += line.quantity
    return [
        _show(
            basket,
            line,
            configurations[line.product_id],
            wanted[line.product_id],
            patients.get(line.patient_id, ""),
        )
        for line in lines
    ]


def _show(basket: Basket, line: Line, asked: Configuration, wanted: int, patient_text: str) -> BasketLine:
    """`wanted` is how many of the product the whole basket holds: its configurations come from one stock."""
    info = line.purchase_info
    return BasketLine(
        line=line,
        product=line.product,
        image=next(iter(line.product.images.all()), None),
        unit_price=line.unit_price_excl_tax,
        line_price=line.line_price_excl_tax,
        problem=_stale_price(line, info)
        or availability_problem(line.product, info, wanted)
        or configuration_problem(asked, line.configuration)
        or choice_problem(basket.clinic, asked, line.patient, line.ear_scan),
        pack_unit=pack_unit_of(line.product),
        options=tuple(asked.describe(line.configuration)),
        is_configurable=bool(asked),
        patient_text=patient_text,
    )


def _stale_price(line: Line, info) -> str:
    """The account buys from another market's stock than when the line was added."""
    if info.stockrecord is None or info.stockrecord.pk == line.stockrecord_id:
        return ""
    return _("The price of %(product)s is no longer yours. Remove the line and add the product again.") % {
        "product": line.product.title
    }


def totals_of(basket: Basket) -> Totals:
    market = basket.strategy.market
    net = sum((line.line_price_excl_tax or Decimal() for line in basket.all_lines()), Decimal())
    gross = sum((line.line_price_incl_tax or Decimal() for line in basket.all_lines()), Decimal())
    rate = percent(market.vat_rate) if market else ""
    return Totals(net, gross - net, gross, rate, market.currency if market else "")


def fingerprint(basket: Basket) -> str:
    """Changes whenever what was reviewed changes: lines, quantities, prices, delivery. Not a secret."""
    lines = [[line.line_reference, line.quantity, str(line.unit_price_excl_tax)] for line in basket.all_lines()]
    delivery = [basket.delivery_address_id, basket.dispatch_date, basket.purchase_number, basket.reference]
    delivery.append(basket.split_dispatch)
    money = [basket.strategy.market.currency, str(basket.strategy.market.vat_rate)]
    return hashlib.sha256(json.dumps([basket.pk, lines, money, delivery], default=str).encode()).hexdigest()[:32]
