"""A year of orders in every state, written as checkout would have written them."""

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.conf import settings
from django.db import connection
from django.utils import timezone

from demo import order_times
from demo.load_options import some_choices
from demo.load_people import clinics_by_key
from demo.order_times import Times, times_of
from demo.sources import document
from permissions.models import Clinic, Membership, User
from permissions.roles import Role
from shop.addresses.models import DeliveryAddress
from shop.catalogue.models import Option
from shop.configuration.loading import configurations_of
from shop.order.models import Line, LineAttribute, Order, OrderStatusChange, ShippingAddress
from shop.order.statuses import CANCELLED, PROCESSING, RECEIVED
from shop.partner.models import StockRecord
from shop.partner.strategy import NetPrice

CENT = Decimal("0.01")
ALLOCATING = (RECEIVED, PROCESSING)


@dataclass
class Customer:
    """A clinic, and what it chooses from when it orders."""

    key: str
    clinic: Clinic
    people: list[User]
    addresses: list[DeliveryAddress]
    wares: list[StockRecord]
    usual: list[StockRecord]
    purchases: int = field(default=0)


@dataclass(frozen=True)
class Draft:
    """An order before it is written, with its lines as (article, quantity)."""

    customer: Customer
    times: Times
    order: Order
    address: ShippingAddress
    lines: list[tuple[StockRecord, int]]


def load_orders() -> str:
    chance, now = random.Random("orders"), timezone.now()
    drafts = sorted(_drafts(chance, now), key=lambda draft: draft.times.placed)
    _number(chance, drafts)
    ShippingAddress.objects.bulk_create(draft.address for draft in drafts)
    Order.objects.bulk_create(draft.order for draft in drafts)
    lines = [line for draft in drafts for line in _lines(draft)]
    Line.objects.bulk_create(lines)
    _configure(chance, lines)
    _write_status_changes(drafts)
    _allocate(lines)
    return f"{len(drafts)} orders with {len(lines)} lines"


def customers() -> list[Customer]:
    """Every clinic of the demo with its usual articles: the same each time the demo is loaded."""
    records = StockRecord.objects.filter(price__isnull=False).select_related("product__product_class", "partner")
    wares: dict[str, list[StockRecord]] = {}
    for record in records.order_by("partner_sku"):
        wares.setdefault(record.price_currency, []).append(record)
    return [_customer(key, clinic, wares[clinic.account.currency]) for key, clinic in sorted(clinics_by_key().items())]


def _customer(key: str, clinic: Clinic, wares: list[StockRecord]) -> Customer:
    senders = (
        Membership.objects.filter(clinic=clinic).exclude(role=Role.ASSISTANT).select_related("user").order_by("pk")
    )
    usual = _choose(random.Random(f"usual {key}"), wares, document("orders.yaml")["usual"])
    people = [membership.user for membership in senders]
    return Customer(key, clinic, people, list(clinic.delivery_addresses.all()), wares, usual)


def _choose(chance: random.Random, wares: list[StockRecord], count: int) -> list[StockRecord]:
    """Different articles, more of the classes that weigh more."""
    classes = document("orders.yaml")["classes"]
    weights = [classes[ware.product.product_class.slug]["weight"] for ware in wares]
    chosen: dict[int, StockRecord] = {}
    while len(chosen) < min(count, len(wares)):
        ware = chance.choices(wares, weights)[0]
        chosen[ware.pk] = ware
    return list(chosen.values())


def _drafts(chance: random.Random, now: datetime) -> Iterable[Draft]:
    source = document("orders.yaml")
    buyers = customers()
    shares = [source["clinics"][buyer.key]["share"] for buyer in buyers]
    for nth in range(source["orders"]):
        buyer = chance.choices(buyers, shares)[0]
        yield _draft(chance, buyer, _times(chance, buyer.clinic, now, nth))


def _times(chance: random.Random, clinic: Clinic, now: datetime, nth: int) -> Times:
    """The first few are fresh, the next are on the way or wait for a dispatch date, the others spread over the year."""
    source, zone = document("orders.yaml"), clinic.market.time_zone
    on_the_way = source["fresh"] + source["on_the_way"]
    upcoming = on_the_way + source["upcoming"]
    if nth < source["fresh"]:
        return times_of(chance, order_times.fresh_moment(chance, now, zone), None, now, zone)
    if nth < on_the_way:
        placed = order_times.some_days_ago(chance, now, zone, days=3)
        return times_of(chance, placed, None, now, zone, travels=4)
    if nth < upcoming:
        placed = order_times.some_days_ago(chance, now, zone, days=chance.randint(2, 5))
        return times_of(chance, placed, order_times.dispatch_to_come(chance, now, zone), now, zone)
    placed = order_times.some_moment(chance, now, zone)
    asks_for_date = chance.randrange(100) < source["dispatch_date_share"]
    dispatch = order_times.dispatch_soon(chance, placed, zone) if asks_for_date else None
    cancelled = nth < upcoming + source["cancelled"]
    return times_of(chance, placed, dispatch, now, zone, cancelled=cancelled, travels=chance.randint(0, 2))


def _draft(chance: random.Random, buyer: Customer, times: Times) -> Draft:
    lines = _pick_lines(chance, buyer)
    clinic, market = buyer.clinic, buyer.clinic.market
    address = ShippingAddress()
    chance.choice([buyer.addresses[0], *buyer.addresses]).populate_alternative_model(address)
    net = sum((_net(ware, quantity) for ware, quantity in lines), Decimal())
    gross = sum((_gross(ware, quantity, market.vat_rate) for ware, quantity in lines), Decimal())
    order = Order(
        public_id=uuid.UUID(int=chance.getrandbits(128), version=4),
        clinic=clinic,
        site_id=settings.SITE_ID,
        # The main user stands first and orders less than the purchasers.
        user=chance.choice([*buyer.people, *buyer.people[1:]]),
        currency=market.currency,
        total_excl_tax=net,
        total_incl_tax=gross,
        vat_rate=market.vat_rate,
        shipping_method="Agreed delivery",
        shipping_code="agreed",
        shipping_address=address,
        status=times.status,
        date_placed=times.placed,
        dispatch_date=times.dispatch_date,
        reference=chance.choice(document("orders.yaml")["references"][market.language]),
    )
    return Draft(buyer, times, order, address, lines)


def _pick_lines(chance: random.Random, buyer: Customer) -> list[tuple[StockRecord, int]]:
    source = document("orders.yaml")
    count = chance.choices(list(source["lines"]), list(source["lines"].values()))[0]
    picked: dict[int, tuple[StockRecord, int]] = {}
    while len(picked) < count:
        shelf = buyer.usual if chance.randrange(100) < source["usual_share"] else buyer.wares
        ware = _choose(chance, shelf, 1)[0]
        picked[ware.pk] = ware, chance.choice(source["classes"][ware.product.product_class.slug]["quantities"])
    return list(picked.values())


def _net(ware: StockRecord, quantity: int) -> Decimal:
    return ware.price * quantity


def _gross(ware: StockRecord, quantity: int, vat_rate: Decimal) -> Decimal:
    net = _net(ware, quantity)
    return net + (net * vat_rate).quantize(CENT, ROUND_HALF_UP)


def _number(chance: random.Random, drafts: list[Draft]) -> None:
    """Numbers rise with time: ours from the sequence, the supplier's once he has begun, the clinic's own."""
    patterns = document("orders.yaml")["clinics"]
    supplier = 412_000
    for draft, reference in zip(drafts, _web_references(len(drafts)), strict=True):
        draft.order.number = reference
        supplier += chance.randint(3, 40)
        if draft.times.status not in (RECEIVED, CANCELLED):
            draft.order.supplier_number = f"10-{supplier}"
        customer = draft.customer
        customer.purchases += chance.randint(1, 6)
        pattern = patterns[customer.key]["purchase_number"]
        draft.order.purchase_number = pattern.format(year=draft.times.placed.year, count=customer.purchases)


def _web_references(count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_web_reference') FROM generate_series(1, %s)", [count])
        return [str(number) for (number,) in cursor.fetchall()]


def _lines(draft: Draft) -> Iterable[Line]:
    order = draft.order
    for ware, quantity in draft.lines:
        unit = NetPrice(order.currency, ware.price, order.vat_rate)
        net, gross = _net(ware, quantity), _gross(ware, quantity, order.vat_rate)
        yield Line(
            order=order,
            partner=ware.partner,
            partner_name=ware.partner.name,
            partner_sku=ware.partner_sku,
            stockrecord=ware,
            product=ware.product,
            title=ware.product.title,
            upc=ware.product.upc,
            quantity=quantity,
            line_price_excl_tax=net,
            line_price_incl_tax=gross,
            line_price_before_discounts_excl_tax=net,
            line_price_before_discounts_incl_tax=gross,
            unit_price_excl_tax=unit.excl_tax,
            unit_price_incl_tax=unit.incl_tax,
            tax_code=unit.tax_code,
            status=order.status,
            num_allocated=quantity if order.status in ALLOCATING else 0,
            allocation_cancelled=order.status == CANCELLED,
        )


def _configure(chance: random.Random, lines: list[Line]) -> None:
    """Which ear, which colour, … of what is made to be worn."""
    asked = configurations_of({line.product_id: line.product for line in lines}.values())
    options = {option.code: option for option in Option.objects.all()}
    LineAttribute.objects.bulk_create(
        LineAttribute(line=line, option=options[code], type=code, value=value)
        for line in lines
        if asked[line.product_id]
        for code, value in some_choices(chance, asked[line.product_id]).items()
    )


def _write_status_changes(drafts: list[Draft]) -> None:
    rows, moments = [], []
    for draft in drafts:
        states = [(RECEIVED, draft.times.placed), *draft.times.changes]
        for (before, _since), (after, moment) in pairwise(states):
            rows.append(OrderStatusChange(order=draft.order, old_status=before, new_status=after))
            moments.append(moment)
    OrderStatusChange.objects.bulk_create(rows)
    for row, moment in zip(rows, moments, strict=True):
        row.date_created = moment  # bulk_create writes the present moment
    OrderStatusChange.objects.bulk_update(rows, ["date_created"])


def _allocate(lines: list[Line]) -> None:
    """Stock that open orders hold comes on top of what the source says can be bought."""
    held: dict[int, StockRecord] = {}
    for line in lines:
        record = line.stockrecord
        if line.num_allocated and record.product.product_class.track_stock and record.num_in_stock is not None:
            held[record.pk] = record
            record.num_in_stock += line.quantity
            record.num_allocated = (record.num_allocated or 0) + line.quantity
    StockRecord.objects.bulk_update(held.values(), ["num_in_stock", "num_allocated"])
