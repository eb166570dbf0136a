"""Requests are not kept for ever: some time after the answer, or when none came for long, they no longer say who asked.

The rows stay, empty of it: the history, to which nobody can do anything, points at them.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from permissions.events import record
from permissions.models import AccountRequest
from permissions.models.events import AccessAction
from permissions.models.requests import RequestKind, RequestState

AT_ONCE = 500
WHO = ("first_name", "last_name", "email", "phone_number", "language", "message")
# Of a stranger who became no customer. What became an account or a clinic is known there.
WHERE = ("company", "organisation_number", "customer_number", "clinic_name", "line1", "postcode", "city")
FORGOTTEN = {"forgotten": True}


def forget_old() -> int:
    """Those answered longer ago than `ANSWERED_REQUESTS_DAYS`, and those that wait since `UNANSWERED_REQUESTS_DAYS`:
    who has waited so long waits no more. Returns how many.
    """
    now = timezone.now()
    answered = Q(decided__lt=now - timedelta(days=settings.ANSWERED_REQUESTS_DAYS))
    left = Q(decided=None, created__lt=now - timedelta(days=settings.UNANSWERED_REQUESTS_DAYS))
    due = AccountRequest.objects.filter(answered | left).exclude(email="")
    return sum(_forget(pk) for pk in list(due.order_by("decided", "pk").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _forget(pk) -> bool:
    """False when another worker was faster."""
    rows = AccountRequest.objects.select_for_update(of=("self",), skip_locked=True).select_related("account")
    row = rows.filter(pk=pk).exclude(email="").first()
    if row is None:
        return False
    if row.state == RequestState.RECEIVED:
        row.state, row.decided = RequestState.CLOSED, timezone.now()
        record(AccessAction.CLOSED, actor=None, account=row.account, request=row)
    became_nothing = row.kind == RequestKind.ACCOUNT and row.state != RequestState.APPROVED
    names = [*WHO, *(WHERE if became_nothing else ()), "reason"]
    for name in names:
        setattr(row, name, "")
    row.requested_by = None
    row.save(update_fields=[*names, "requested_by", "state", "decided"])
    record(AccessAction.DETAILS, actor=None, account=row.account, request=row, after=FORGOTTEN)
    return True
