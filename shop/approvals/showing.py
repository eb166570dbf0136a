"""What the pages of approval show of a basket."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.models import User
from shop.approvals.models import ApprovalStep
from shop.approvals.queues import with_lines
from shop.approvals.snapshots import Snapshot
from shop.basket.models import Basket
from shop.basket.sharing import in_a_row
from shop.basket.statuses import BasketStatus
from shop.basket.summary import BasketLine, Totals, fingerprint, totals_of
from shop.order.models import Order

Action = ApprovalStep.Action

STATES = {
    BasketStatus.OPEN: ("open", _("Taken back")),
    BasketStatus.WAITING: ("waiting", _("Waiting for approval")),
    BasketStatus.RETURNED: ("returned", _("Returned for changes")),
    BasketStatus.REJECTED: ("rejected", _("Rejected")),
    BasketStatus.SUBMITTED: ("delivered", _("Approved and sent")),
}
OVER = ("cancelled", _("Closed"))


@dataclass(frozen=True)
class Row:
    """A basket in a list. `answer` is the last word of somebody who decided, `order` what became of it."""

    basket: Basket
    submission: ApprovalStep
    totals: Totals
    lines_count: int
    fingerprint: str
    is_changed: bool
    state: tuple[str, str | Promise]
    answer: ApprovalStep | None = None
    order: Order | None = None


def state_of(basket: Basket) -> tuple[str, str | Promise]:
    """Code for the colour, and words."""
    return STATES.get(BasketStatus(basket.status), OVER)


def rows_of(baskets) -> list[Row]:
    """The number of queries does not grow with the baskets."""
    found = with_lines(baskets)
    orders = {order.basket_id: order for order in Order.objects.filter(basket__in=found)}
    return [_row(basket, orders.get(basket.pk)) for basket in found]


def _row(basket: Basket, order: Order | None) -> Row:
    steps = list(basket.approval_steps.all())
    submission = [step for step in steps if step.action == Action.SUBMITTED][-1]
    return Row(
        basket,
        submission,
        totals_shown(basket, order),
        len(basket.all_lines()),
        fingerprint(basket),
        _is_changed(basket, submission),
        state_of(basket),
        _last_answer(steps),
        order,
    )


def totals_shown(basket: Basket, order: Order | None) -> Totals:
    """What an order came to, whatever prices became afterwards."""
    if order is None:
        return totals_of(basket)
    net, gross = order.total_excl_tax, order.total_incl_tax
    return Totals(net, gross - net, gross, order.vat_percent, order.currency)


def as_ordered(lines: list[BasketLine], snapshot: Snapshot) -> list[BasketLine]:
    """The lines at the prices they were sent with; nothing is wrong with them any more."""
    prices = {row["key"]: row["unit_price"] for row in snapshot}
    return [_as_ordered(line, prices.get(line.line.line_reference)) for line in lines]


def _as_ordered(line: BasketLine, price: str | None) -> BasketLine:
    if price is None:
        return replace(line, problem="")
    return replace(line, problem="", unit_price=Decimal(price), line_price=Decimal(price) * line.line.quantity)


def _last_answer(steps: list[ApprovalStep]) -> ApprovalStep | None:
    answers = (Action.RETURNED, Action.REJECTED, Action.APPROVED)
    return next((step for step in reversed(steps) if step.action in answers), None)


def _is_changed(basket: Basket, submission: ApprovalStep) -> bool:
    """Whether lines or prices are other than what was submitted."""
    now = {(line.line_reference, line.quantity, _text(line.unit_price_excl_tax)) for line in basket.all_lines()}
    return now != {(row["key"], row["quantity"], row["unit_price"]) for row in submission.lines}


def _text(price) -> str | None:
    return None if price is None else str(price)


def names(people: Iterable[User]) -> str:
    return in_a_row(str(person) for person in people)
