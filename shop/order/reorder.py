"""Ordering again: what would happen to each line is said before anything is added, and nothing else is added then."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from permissions import access
from permissions.models import User
from permissions.roles import ClinicPermission
from shop.basket.batches import Batch, Wanted, add_all
from shop.basket.filling import Choice, configuration_problem
from shop.catalogue.models import Product
from shop.configuration.offers import offer_of
from shop.configuration.values import FREE_TEXT, Values
from shop.order.models import Line, Order
from shop.order.showing import configuration_of_line, lines_of
from shop.partner.strategy import Selector
from shop.patients.models import PatientLabel


class Verdict(StrEnum):
    READY = "ready"
    PRICE_CHANGED = "price-changed"
    CONFIGURE = "configure"
    DISCONTINUED = "discontinued"
    NOT_YOURS = "not-yours"
    TOO_FEW = "too-few"


CAN_BE_ADDED = (Verdict.READY, Verdict.PRICE_CHANGED)


@dataclass(frozen=True)
class AgainLine:
    """A line of the old order and what can be done with it now. `reason` is a sentence for all but `READY`."""

    line: Line
    verdict: Verdict
    quantity: int
    price: Decimal | None = None
    reason: str = ""
    successor: Product | None = None
    # Of `TOO_FEW`: how many can be had.
    left: int = 0
    asks_patient: bool = False
    needs_patient: bool = False
    # The line was made for somebody, and this person may say that the new one is for the same.
    may_repeat_patient: bool = False
    is_configurable: bool = False

    @property
    def can_add(self) -> bool:
        return self.verdict in CAN_BE_ADDED

    @property
    def patient(self) -> PatientLabel | None:
        """Whom it was for; nobody any more where that was erased."""
        label = self.line.patient
        return None if label is None or label.erased else label

    @property
    def can_be_fewer(self) -> bool:
        return self.verdict == Verdict.TOO_FEW and self.left > 0


@dataclass(frozen=True)
class Again:
    """What somebody asks for of one line. `price` is the unit price that the page showed."""

    quantity: int
    price: str
    same_patient: bool = False
    patient: PatientLabel | None = None


def lines_again(order: Order, user: User, wanted: Mapping[int, int] | None = None) -> list[AgainLine]:
    """The verdict on every line, in a fixed number of queries. `wanted`: quantities by line id, else the old ones."""
    lines = lines_of(order, user)
    quantities = {line.pk: line.quantity if wanted is None else wanted.get(line.pk, 0) for line in lines}
    return _Look(order, user, lines, quantities).verdicts()


@transaction.atomic
def order_again(*, user: User, order: Order, asked: Mapping[int, Again]) -> Batch:
    """Add what is asked for to the basket that this person fills for the order's clinic; the rest is told why not."""
    access.require(user, ClinicPermission.VIEW_ORDERS, order.clinic)
    quantities = {line_id: again.quantity for line_id, again in asked.items()}
    looks = [row for row in lines_again(order, user, quantities) if row.line.pk in asked]
    # A line whose product is gone can't even be named in a basket.
    wanted = [_wanted(row, asked[row.line.pk], user) for row in looks if row.line.product is not None]
    return add_all(user=user, clinic=order.clinic, wanted=wanted)


def _wanted(row: AgainLine, again: Again, user: User) -> Wanted:
    problem = ""
    if not (row.can_add or row.can_be_fewer):
        problem = row.reason
    elif str(row.price) != again.price:
        problem = _("The price has changed since the page was opened. Look at it again.")
    # Too few is judged by the basket itself, which knows what it holds already.
    same = again.same_patient and row.may_repeat_patient
    values = configuration_of_line(row.line) if same else without_free_text(row.line)
    patient = again.patient or (row.patient if same else None)
    ear_scan = row.line.ear_scan if same else None
    return Wanted(row.line.pk, row.line.product, again.quantity, Choice(values, patient, ear_scan), problem)


def without_free_text(line: Line) -> Values:
    """What was written by hand may be about the patient, so it goes along with the same patient only."""
    return {
        attribute.type: attribute.value
        for attribute in line.attributes.all()
        if attribute.option is None or attribute.option.type != FREE_TEXT
    }


class _Look:
    """What all lines of an order are judged by."""

    def __init__(self, order: Order, user: User, lines: list[Line], quantities: Mapping[int, int]) -> None:
        self.lines, self.quantities, self.clinic = lines, quantities, order.clinic
        self.strategy = Selector().strategy(clinic=self.clinic)
        self.sees_patients = access.can(user, ClinicPermission.VIEW_PATIENTS, self.clinic)
        self.offer = offer_of({line.product_id for line in lines if line.product_id}, self.clinic)

    def verdicts(self) -> list[AgainLine]:
        self.taken: Counter[int] = Counter()
        return [self._judge(line) for line in self.lines]

    def _judge(self, line: Line) -> AgainLine:
        product, quantity = self.offer.products.get(line.product_id), self.quantities[line.pk]
        if product is None:
            return AgainLine(line, Verdict.DISCONTINUED, quantity, reason=_("This article is no longer sold."))
        if not product.is_public:
            return self._discontinued(line, product, quantity)
        info = self.strategy.fetch_for_product(product)
        if product.pk not in self.offer.buyable or not info.price.exists:
            reason = _("It is not in your assortment any more. Ask customer service.")
            return AgainLine(line, Verdict.NOT_YOURS, quantity, reason=reason)
        verdict, reason, left = self._whether(line, product, quantity, info)
        asked = self.offer.asked[product.pk]
        return AgainLine(
            line,
            verdict,
            quantity,
            price=info.price.excl_tax,
            reason=reason,
            left=left,
            asks_patient=asked.asks_patient(self.clinic),
            needs_patient=asked.needs_patient(self.clinic),
            may_repeat_patient=self.sees_patients and _is_somebodys(line),
            is_configurable=bool(asked),
        )

    def _whether(self, line: Line, product: Product, quantity: int, info) -> tuple[Verdict, str, int]:
        asked = self.offer.asked[product.pk]
        if problem := configuration_problem(asked, without_free_text(line)):
            return Verdict.CONFIGURE, problem, 0
        self.taken[product.pk] += quantity
        permitted, _why = info.availability.is_purchase_permitted(self.taken[product.pk])
        if not permitted:
            there = getattr(info.availability, "num_available", None) or 0
            left = max(there - (self.taken[product.pk] - quantity), 0)
            return Verdict.TOO_FEW, _few(left), left
        if info.price.excl_tax != line.unit_price_excl_tax:
            return Verdict.PRICE_CHANGED, _("The price has changed."), 0
        return Verdict.READY, "", 0

    def _discontinued(self, line: Line, product: Product, quantity: int) -> AgainLine:
        reason, successor = self.offer.gone(product)
        is_configurable = successor is not None and bool(self.offer.asked[successor.pk])
        return AgainLine(
            line, Verdict.DISCONTINUED, quantity, reason=reason, successor=successor, is_configurable=is_configurable
        )


def _few(left: int) -> str:
    if left > 0:
        return _("Only %(left)s are in stock.") % {"left": left}
    return _("It is out of stock. Ask customer service when it comes back.")


def _is_somebodys(line: Line) -> bool:
    there = line.patient is not None and line.patient.erased is None
    typed = any(attribute.option and attribute.option.type == FREE_TEXT for attribute in line.attributes.all())
    return there or line.ear_scan_id is not None or typed
