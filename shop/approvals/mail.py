"""The mails of approval. They name no patient, product, price or comment: mail is read by others too."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from permissions.mail import composed
from permissions.models import User
from shop.approvals.models import ApprovalStep
from shop.basket.models import Basket

WAITING, ANSWER = "emails/approval_waiting", "emails/approval_answer"


def language_of(user: User, basket: Basket) -> str:
    return user.language or basket.clinic.market.language


def send_waiting(people: Iterable[User], basket: Basket, step: ApprovalStep, submitter: User) -> None:
    """That a basket waits: for the first time, as a reminder, or passed on to the account owner (`step.action`)."""
    for person in people:
        _send(WAITING, person, basket, step, who=submitter)


def send_answer(submitter: User, basket: Basket, step: ApprovalStep, *, number: str = "") -> None:
    """To who submitted it: approved, returned or rejected. Nobody is written to who is closed out."""
    if submitter.is_active:
        _send(ANSWER, submitter, basket, step, who=step.by, number=number)


def _send(template: str, person: User, basket: Basket, step: ApprovalStep, **more: object) -> None:
    context = {
        "action": step.action,
        "clinic": basket.clinic,
        "lines_count": len(step.lines),
        "url": settings.BASE_URL + reverse("approvals:detail", args=[basket.public_id]),
        **more,
    }
    message_id = f"approval-{step.public_id}-{person.pk}"
    with translation.override(language_of(person, basket)):
        composed(template, context, to=person, message_id=message_id, clinic=basket.clinic).send()
