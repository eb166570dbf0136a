"""Placing an order: whole and exactly once, whatever is pressed twice, done by two at a time, or killed.

Everything is one transaction that begins by locking the basket's row: order, lines, address, stock, the basket's
state, the log and the mail. Whoever comes second finds the order that the first one placed.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from django.db import connection, transaction
from django.utils.translation import gettext as _
from oscar.apps.order.utils import OrderCreator
from oscar.apps.shipping.methods import Free
from oscar.core.prices import Price
from wagtail.log_actions import log

from permissions import access
from permissions.models import User
from permissions.roles import ClinicPermission
from shop.basket.filling import Refused
from shop.basket.models import Basket, Line
from shop.basket.statuses import FILLABLE, BasketStatus
from shop.basket.summary import fingerprint, lines_of, totals_of
from shop.checkout.dispatch_plan import plan_of
from shop.checkout.one_off import address_problem
from shop.checkout.purchase_numbers import rules_of
from shop.order.mail import send_confirmation
from shop.order.models import Order, ShippingAddress
from shop.partner.models import StockRecord
from shop.partner.strategy import Selector


class DeliveryIncomplete(Refused):
    """The delivery details must be given (again) first."""


class DateRefused(DeliveryIncomplete):
    """The chosen dispatch date can't be met any more; the delivery step says so itself, with the next one chosen."""


class ReviewAgain(Refused):
    """What would be ordered is not what was reviewed."""


class NeedsApproval(Refused):
    """Somebody else must approve this basket first."""


class AgreedDelivery(Free):
    code = name = "agreed"


class Creator(OrderCreator):
    """`later` holds when lines leave that are sent after the order's first dispatch, by the basket line's key."""

    later: Mapping[int, date] = MappingProxyType({})

    def update_stock_records(self, line: Line) -> None:
        """Without a count there is nothing to hold back (see MarketStrategy.availability_policy)."""
        if line.stockrecord.num_in_stock is not None:
            super().update_stock_records(line)

    def create_line_models(self, order, basket_line, extra_line_fields=None):
        ours = {"patient": basket_line.patient, "ear_scan": basket_line.ear_scan}
        ours["dispatch_date"] = self.later.get(basket_line.pk)
        return super().create_line_models(order, basket_line, {**ours, **(extra_line_fields or {})})


def next_web_reference() -> str:
    """The next number of the sequence, `10000xxxx`. A transaction that fails leaves a gap, never a double."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_web_reference')")
        return str(cursor.fetchone()[0])


@transaction.atomic
def place_order(*, user: User, basket_id: int, reviewed: str) -> Order:
    """Turn a basket into an order. `reviewed` is the fingerprint of what the person saw on the review page.

    Returns the basket's order if it has one already. Raises Http404 or PermissionDenied for who may not, and Refused
    with what to do when the basket can't be sent as it is; then nothing has changed.
    """
    basket = lock_basket(basket_id)
    access.require_until_commit(user, ClinicPermission.PLACE_ORDER, basket.clinic)
    if (placed := order_of(basket)) is not None:
        return placed
    if basket.status == BasketStatus.WAITING:
        raise NeedsApproval(_("This basket waits for approval. Whoever approves it sends it."))
    if basket.status not in FILLABLE:
        raise ReviewAgain(_("This basket is closed. Begin a new one."))
    check_ready(basket, reviewed)
    if approval_needed(user, basket):
        raise NeedsApproval(_("This order is above your clinic's limit. Submit it for approval."))
    return write_order(basket, placed_by=user)


def lock_basket(basket_id: int) -> Basket:
    """The first statement of every transaction that turns a basket into an order, or refuses to."""
    return Basket.objects.select_for_update(of=("self",)).select_related("clinic__account").get(pk=basket_id)


def order_of(basket: Basket) -> Order | None:
    return Order.objects.filter(basket=basket).first()


def approval_needed(user: User, basket: Basket) -> bool:
    """Whether this person may not send this basket alone. The basket has its strategy."""
    clinic = basket.clinic
    if not access.can(user, ClinicPermission.PLACE_ORDER, clinic):
        return True
    if clinic.approval_limit is None or not access.limit_binds(user, clinic):
        return False
    return totals_of(basket).net > clinic.approval_limit


def write_order(basket: Basket, *, placed_by: User, approved_by: User | None = None) -> Order:
    """The order of a basket that is locked and checked, with all that follows from it, in the caller's transaction."""
    order = _write_order(basket, placed_by, approved_by)
    basket.submit()
    basket.touch()
    actor = approved_by or placed_by
    log(instance=order, action="order.place", user=actor, data={"clinic": str(basket.clinic_id)})
    send_confirmation(order)
    return order


def check_ready(basket: Basket, reviewed: str) -> None:
    """Raise Refused unless the locked basket can be sent now and is what was reviewed. Sets its strategy."""
    _lock_stock(basket)
    basket.strategy = Selector().strategy(clinic=basket.clinic)
    lines = lines_of(basket)
    if not lines:
        raise ReviewAgain(_("The basket is empty, so nothing was ordered. Add products first."))
    for line in lines:
        if line.problem:
            raise ReviewAgain(line.problem)
    check_delivery(basket)
    if reviewed != fingerprint(basket):
        raise ReviewAgain(_("The basket or a price has changed since you reviewed it. Check it again, then confirm."))


def _lock_stock(basket: Basket) -> None:
    """In the order of their keys, so that two orders of the same products wait for each other instead of locking up.

    All markets' records of the products: what Oscar counts per product is written in the basket's order.
    """
    records = StockRecord.objects.filter(product__basket_lines__basket=basket).order_by("pk")
    list(records.select_for_update(of=("self",)))


def check_delivery(basket: Basket) -> None:
    """Raise DeliveryIncomplete unless the basket says where to, under which number, and when, as it now can be."""
    problem = address_problem(basket) or rules_of(basket.clinic.account).problem(basket.purchase_number)
    if problem:
        raise DeliveryIncomplete(problem)
    if basket.dispatch_date and (problem := plan_of(basket).problem(basket.dispatch_date)):
        raise DateRefused(problem)


def _write_order(basket: Basket, user: User, approved_by: User | None) -> Order:
    totals = totals_of(basket)
    address = ShippingAddress()
    basket.delivery_address.populate_alternative_model(address)
    address.save()
    nothing = Price(currency=totals.currency, excl_tax=0, incl_tax=0)
    creator = Creator()
    if basket.split_dispatch:
        creator.later = {later.line.pk: later.dispatch for later in plan_of(basket).later_lines()}
    return creator.place_order(
        basket=basket,
        total=Price(currency=totals.currency, excl_tax=totals.net, incl_tax=totals.gross),
        shipping_method=AgreedDelivery(),
        shipping_charge=nothing,
        user=user,
        shipping_address=address,
        order_number=next_web_reference(),
        clinic=basket.clinic,
        approved_by=approved_by,
        purchase_number=basket.purchase_number,
        reference=basket.reference,
        dispatch_date=basket.dispatch_date,
        vat_rate=basket.clinic.market.vat_rate,
    )
