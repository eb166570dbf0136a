"""Requests are not kept for ever: some time after the answer they no longer say who asked.

The rows stay, empty of it: the history, to which nobody can do anything, points at them.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
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


def forget_answered() -> int:
    """Those answered longer ago than `ANSWERED_REQUESTS_DAYS`. Returns how many."""
    before = timezone.now() - timedelta(days=settings.ANSWERED_REQUESTS_DAYS)
    answered = AccountRequest.objects.filter(decided__lt=before).exclude(email="")
    due = answered.order_by("decided", "pk").values_list("pk", flat=True)
    return sum(_forget(pk) for pk in list(due[:AT_ONCE]))


@transaction.atomic
def _forget(pk) -> bool:
    """False when another worker was faster."""
    rows = AccountRequest.objects.select_for_update(of=("self",), skip_locked=True).select_related("account")
    row = rows.filter(pk=pk).exclude(email="").first()
    if row is None:
        return False
    is_declined = row.state == RequestState.DECLINED
    names = [*WHO, *(WHERE if is_declined and row.kind == RequestKind.ACCOUNT else ()), "reason"]
    for name in names:
        setattr(row, name, "")
    row.requested_by = None
    row.save(update_fields=[*names, "requested_by"])
    record(AccessAction.DETAILS, actor=None, account=row.account, request=row, after=FORGOTTEN)
    return True
