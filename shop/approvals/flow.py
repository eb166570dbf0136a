"""The way of a basket to whoever may send it: submit, withdraw, approve, send back, reject.

Each is one transaction that begins by locking the basket's row, so that of two who press at once the second finds
what the first did. Refused says why nothing was changed; Http404 and PermissionDenied come from access.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from permissions import access
from permissions.models import User
from permissions.roles import ClinicPermission
from shop.approvals import mail
from shop.approvals.models import ApprovalStep
from shop.approvals.recipients import people_to_tell, submitter_ids
from shop.approvals.snapshots import content, take
from shop.basket.filling import Refused
from shop.basket.models import Basket, ChosenBasket
from shop.basket.statuses import FILLABLE, BasketStatus
from shop.basket.summary import totals_of
from shop.checkout.placing import check_ready, lock_basket, order_of, write_order
from shop.order.models import Order
from shop.partner.strategy import Selector

Action = ApprovalStep.Action


@transaction.atomic
def submit(*, user: User, basket_id: int, reviewed: str, comment: str = "") -> ApprovalStep:
    """Hand the reviewed basket to the clinic's approvers and mail them. Pressed twice, it is submitted once."""
    basket = locked(basket_id)
    access.require_until_commit(user, ClinicPermission.PREPARE_ORDER, basket.clinic)
    if basket.status == BasketStatus.WAITING and (last := last_submission(basket)).by_id == user.pk:
        return last
    if basket.status not in FILLABLE:
        raise Refused(_state_in_words(basket))
    check_ready(basket, reviewed)
    step = _move(basket, BasketStatus.WAITING, Action.SUBMITTED, user, comment)
    mail.send_waiting(people_to_tell(basket), basket, step, submitter=user)
    return step


@transaction.atomic
def withdraw(*, user: User, basket_id: int) -> None:
    """Take back what one submitted, to go on filling it. The person's choice is always locked before the basket."""
    clinic = Basket.objects.select_related("clinic__account").get(pk=basket_id).clinic
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    choice = ChosenBasket.locked(user, clinic)
    basket = locked(basket_id)
    access.require_until_commit(user, ClinicPermission.PREPARE_ORDER, clinic)
    if basket.status != BasketStatus.WAITING:
        raise Refused(_state_in_words(basket))
    if last_submission(basket).by_id != user.pk:
        raise Refused(_("Only who submitted a basket takes it back."))
    _move(basket, BasketStatus.OPEN, Action.WITHDRAWN, user)
    choice.basket = basket
    choice.save(update_fields=["basket"])


@transaction.atomic
def approve(*, user: User, basket_id: int, reviewed: str) -> Order:
    """Send the basket as the order of who submitted it. `reviewed` is the fingerprint of what the approver saw."""
    basket = locked(basket_id)
    _require_approver(user, basket)
    if (placed := order_of(basket)) is not None:
        return placed
    submission = _waiting_submission(user, basket)
    check_ready(basket, reviewed)
    _refuse_above_limit(user, basket, submission)
    order = write_order(basket, placed_by=submission.by, approved_by=user)
    step = _record(basket, Action.APPROVED, user)
    mail.send_answer(submission.by, basket, step, number=order.number)
    return order


@transaction.atomic
def send_back(*, user: User, basket_id: int, comment: str) -> ApprovalStep:
    """Back to who submitted it (and the colleagues), to be corrected and submitted again."""
    return _answer(user, basket_id, BasketStatus.RETURNED, Action.RETURNED, comment)


@transaction.atomic
def reject(*, user: User, basket_id: int, comment: str) -> ApprovalStep:
    """For good. What was in it can be copied to a new basket."""
    return _answer(user, basket_id, BasketStatus.REJECTED, Action.REJECTED, comment)


def _answer(user: User, basket_id: int, status: str, action: str, comment: str) -> ApprovalStep:
    basket = locked(basket_id)
    _require_approver(user, basket)
    submission = _waiting_submission(user, basket)
    if not comment.strip():
        raise Refused(_("Write why, so that it can be done differently."))
    step = _move(basket, status, action, user, comment)
    mail.send_answer(submission.by, basket, step)
    return step


def locked(basket_id: int) -> Basket:
    basket = lock_basket(basket_id)
    basket.strategy = Selector().strategy(clinic=basket.clinic)
    return basket


def last_submission(basket: Basket) -> ApprovalStep:
    """Of a basket that waits: it was submitted."""
    return basket.approval_steps.filter(action=Action.SUBMITTED).select_related("by").latest("pk")


def own_problem(user: User, submitters: set[int]) -> str:
    """Why this person may never approve this basket, or an empty string."""
    if user.pk not in submitters:
        return ""
    return _("You submitted this basket yourself. Somebody else at the clinic must approve it.")


def _require_approver(user: User, basket: Basket) -> None:
    access.require_until_commit(user, ClinicPermission.APPROVE_ORDER, basket.clinic)
    access.require(user, ClinicPermission.PLACE_ORDER, basket.clinic)


def _waiting_submission(user: User, basket: Basket) -> ApprovalStep:
    """What is to be decided. Raises Refused when nothing is, or when it is one's own."""
    if basket.status != BasketStatus.WAITING:
        raise Refused(_state_in_words(basket))
    if problem := own_problem(user, submitter_ids(basket)):
        raise Refused(problem)
    return last_submission(basket)


def _refuse_above_limit(user: User, basket: Basket, submission: ApprovalStep) -> None:
    """Whom the limit binds approves what colleagues prepared and submitted: nothing of one's own, and as submitted."""
    limit = basket.clinic.approval_limit
    if limit is None or not access.limit_binds(user, basket.clinic) or totals_of(basket).net <= limit:
        return
    if basket.lines.filter(added_by=user).exists():
        raise Refused(
            _("You added lines to this basket, and it is above your clinic's limit. Somebody else approves it.")
        )
    if content(take(basket)) != content(submission.lines):
        why = _("The basket was changed after it was submitted and is above your clinic's limit.")
        raise Refused(why + " " + _("Return it, or ask a main user to approve it."))


def _move(basket: Basket, status: str, action: str, user: User, comment: str = "") -> ApprovalStep:
    basket.status = status
    basket.save(update_fields=["status"])
    basket.touch()
    return _record(basket, action, user, comment)


def _record(basket: Basket, action: str, user: User, comment: str = "") -> ApprovalStep:
    return ApprovalStep.objects.create(
        basket=basket, action=action, by=user, comment=comment.strip(), lines=take(basket)
    )


def _state_in_words(basket: Basket) -> str:
    """What somebody did first, for who comes second."""
    return {
        BasketStatus.WAITING: _("This basket has been submitted already and waits for approval."),
        BasketStatus.OPEN: _("This basket no longer waits for approval: it was taken back."),
        BasketStatus.RETURNED: _("This basket no longer waits for approval: it was returned."),
        BasketStatus.REJECTED: _("This basket was rejected, so nothing more can be done with it."),
        BasketStatus.SUBMITTED: _("This basket has been sent as an order already."),
    }.get(BasketStatus(basket.status), _("This basket is closed, so nothing more can be done with it."))
