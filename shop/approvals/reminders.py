"""What waits too long: a reminder to those who were told, later a word to the account owner.

Safe to run at any time and by several at once: each basket's row is locked, and what was sent stands in its steps.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from permissions.models import User
from shop.approvals import flow, mail
from shop.approvals.models import ApprovalStep
from shop.approvals.recipients import account_owners, people_to_tell, submitter_ids
from shop.approvals.snapshots import take
from shop.basket.models import Basket
from shop.basket.statuses import BasketStatus

Action = ApprovalStep.Action


def remind(now: datetime | None = None) -> tuple[int, int]:
    """Returns how many baskets were reminded of and how many passed on."""
    now = now or timezone.now()
    reminded = escalated = 0
    waiting = Basket.objects.filter(status=BasketStatus.WAITING, clinic__is_active=True)
    for basket_id in waiting.order_by("pk").values_list("pk", flat=True):
        did_remind, did_escalate = _remind_one(basket_id, now)
        reminded += did_remind
        escalated += did_escalate
    return reminded, escalated


@transaction.atomic
def _remind_one(basket_id: int, now: datetime) -> tuple[bool, bool]:
    """Who waits for the lock finds the step that the other one wrote, and that nothing is due any more."""
    basket = flow.locked(basket_id)
    if basket.status != BasketStatus.WAITING:
        return False, False
    submission = flow.last_submission(basket)
    since = basket.approval_steps.filter(pk__gt=submission.pk)
    reminded = since.filter(action__in=[Action.REMINDED, Action.ESCALATED]).last()
    clinic = basket.clinic
    last_told = reminded.at if reminded else submission.at
    owners: list[User] = []
    if not since.filter(action=Action.ESCALATED).exists() and _is_due(
        submission.at, clinic.approval_escalation_hours, now
    ):
        owners = _escalate(basket, submission)
    if not _is_due(last_told, clinic.approval_reminder_hours, now):
        return False, bool(owners)
    people = [person for person in people_to_tell(basket) if person not in owners]
    if people:
        mail.send_waiting(people, basket, _record(basket, Action.REMINDED), submission.by)
    return bool(people), bool(owners)


def _is_due(since: datetime, hours: int, now: datetime) -> bool:
    return now - since >= timedelta(hours=hours)


def _escalate(basket: Basket, submission: ApprovalStep) -> list[User]:
    owners = account_owners(basket.clinic, without=submitter_ids(basket))
    step = _record(basket, Action.ESCALATED)
    mail.send_waiting(owners, basket, step, submission.by)
    return owners


def _record(basket: Basket, action: str) -> ApprovalStep:
    return ApprovalStep.objects.create(basket=basket, action=action, by=None, lines=take(basket))
