"""What an approver changes before deciding, and what becomes of a rejected basket's lines."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.approvals import flow
from shop.approvals.mail import language_of
from shop.approvals.models import ApprovalStep
from shop.approvals.snapshots import take
from shop.basket import filling
from shop.basket.batches import Batch, Wanted, add_all_to
from shop.basket.filling import Choice, Refused
from shop.basket.models import Basket, ChosenBasket, Line
from shop.basket.statuses import BasketStatus
from shop.checkout.dispatch_plan import DispatchPlan, plan_of
from shop.dispatch.calendars import day_words

CHANGED = ApprovalStep.Action.CHANGED


@transaction.atomic
def change_quantity(*, user: User, basket_id: int, line_id: int, quantity: int) -> None:
    _change(user, basket_id, lambda where: filling.change_quantity(**where, line_id=line_id, quantity=quantity))


@transaction.atomic
def remove(*, user: User, basket_id: int, line_id: int) -> None:
    """All but the last line: an empty basket can't be approved, only sent back or rejected."""
    _change(user, basket_id, lambda where: filling.remove(**where, line_id=line_id))


@transaction.atomic
def change_dispatch(*, user: User, basket_id: int, dispatch_date: date | None) -> None:
    """Another dispatch date (None: as agreed), because the chosen one has passed or suits badly."""
    basket = _waiting(user, basket_id)
    plan = plan_of(basket)
    if dispatch_date and (problem := plan.problem(dispatch_date)):
        raise Refused(problem)
    before, basket.dispatch_date = basket.dispatch_date, dispatch_date
    basket.save(update_fields=["dispatch_date"])
    basket.touch()
    submitter = flow.last_submission(basket).by
    with translation.override(language_of(submitter, basket)):
        words = {"before": _day(before, plan), "after": _day(dispatch_date, plan)}
        comment = _("Dispatch date: %(before)s → %(after)s") % words
    ApprovalStep.objects.create(basket=basket, action=CHANGED, by=user, comment=comment, lines=take(basket))


def _day(day: date | None, plan: DispatchPlan) -> str:
    return day_words(day, plan.shown.today) if day else _("As agreed")


def _change(user: User, basket_id: int, change: Callable[[dict], object]) -> None:
    basket = _waiting(user, basket_id)
    change({"user": user, "clinic": basket.clinic, "basket_id": basket.pk})
    _record(flow.locked(basket_id), user)


@receiver(filling.changed_while_waiting)
def record_change(*, basket_id: int, user: User, **_signal: object) -> None:
    """What an approver chose otherwise in the configurator, which knows nothing of approval."""
    basket = flow.locked(basket_id)
    if basket.status == BasketStatus.WAITING:
        _record(basket, user)


def _waiting(user: User, basket_id: int) -> Basket:
    basket = flow.locked(basket_id)
    filling.check_may_change(user, basket)
    if basket.status != BasketStatus.WAITING:
        raise Refused(_("This basket no longer waits for approval. The page now shows what became of it."))
    return basket


def _record(basket: Basket, user: User) -> None:
    """One step for what one person changes in a row: the history shows the sum, not each press of a button."""
    last = basket.approval_steps.last()
    if last and last.action == CHANGED and last.by_id == user.pk and not last.comment:
        last.lines = take(basket)
        last.save(update_fields=["lines"])
    else:
        ApprovalStep.objects.create(basket=basket, action=CHANGED, by=user, lines=take(basket))


@transaction.atomic
def copy_to_new(*, user: User, basket_id: int) -> Batch:
    """A new basket with what a rejected one held and can still be ordered, chosen by the person."""
    clinic = _clinic_to_order_for(user, basket_id)
    choice = ChosenBasket.locked(user, clinic)
    rejected = flow.locked(basket_id)
    if rejected.status != BasketStatus.REJECTED:
        raise Refused(_("Only what was rejected is copied. Continue the basket itself."))
    target = flow.locked(Basket.objects.create(owner=user, clinic=clinic, title=rejected.title).pk)
    batch = add_all_to(target, user=user, wanted=[_copied(line) for line in rejected.all_lines()])
    choice.basket = target
    choice.save(update_fields=["basket"])
    return batch


def _copied(line: Line) -> Wanted:
    return Wanted(line.pk, line.product, line.quantity, Choice(line.configuration, line.patient, line.ear_scan))


def _clinic_to_order_for(user: User, basket_id: int) -> Clinic:
    """Read before anything is locked: the person's choice is always locked before the basket."""
    clinic = Basket.objects.select_related("clinic__account").get(pk=basket_id).clinic
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    return clinic
