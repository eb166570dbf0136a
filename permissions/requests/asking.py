"""Asking customer service for an account or for one more clinic.

Nothing is looked up on the way: what is known already is found by who reads the request, so that the answer and its
time tell a stranger nothing.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import translation

from permissions import access
from permissions.events import record
from permissions.models import Account, AccountRequest, Clinic, User
from permissions.models.events import AccessAction
from permissions.models.requests import RequestKind
from permissions.requests import limits, mail
from permissions.roles import ClinicPermission


@transaction.atomic
def ask_for_account(row: AccountRequest, *, by: User | None) -> AccountRequest | None:
    """Anybody may. `by` is who happens to be signed in. None: the same was sent a moment ago, and is kept once."""
    row.kind = RequestKind.ACCOUNT
    row.language = translation.get_language() or ""
    return _keep(row, by)


@transaction.atomic
def ask_for_clinic(row: AccountRequest, *, by: User) -> AccountRequest | None:
    """One more clinic of `row.account`. None when it was just sent. Raises as `require_manager` does."""
    account = row.account
    require_manager(by, account)
    row.kind = RequestKind.CLINIC
    row.country, row.company = account.country, account.name
    row.organisation_number = account.organisation_number
    row.first_name, row.last_name, row.email = by.first_name, by.last_name, by.email
    row.language = by.language or translation.get_language() or ""
    return _keep(row, by)


def _keep(row: AccountRequest, by: User | None) -> AccountRequest | None:
    if limits.is_repeated(row):
        return None
    row.requested_by = by
    row.save()
    record(AccessAction.REQUESTED, actor=by, account=row.account, request=row, after={"kind": str(row.kind)})
    mail.send_receipt(row)
    mail.send_waiting(row)
    return row


def managed_accounts(user: User) -> QuerySet[Account]:
    """Those with a clinic that this person manages: for them they may ask for more clinics."""
    managed = access.clinics_with(user, ClinicPermission.MANAGE_CLINIC)
    return Account.objects.filter(pk__in=managed.values("account_id")).order_by("name", "pk")


def require_manager(user: User, account: Account | None) -> None:
    """Raise Http404 for a stranger to the account (None: to all), PermissionDenied for who manages none of it."""
    managed = managed_accounts(user)
    if managed.exists() if account is None else managed.filter(pk=account.pk).exists():
        return
    clinics = Clinic.objects.visible_to(user)
    if account is None or clinics.filter(account=account).exists():
        raise PermissionDenied(access.REFUSALS[ClinicPermission.MANAGE_CLINIC])
    raise Http404


def clinics_asked_for(user: User) -> QuerySet[AccountRequest]:
    """What was asked for the accounts that this person manages, latest first."""
    rows = AccountRequest.objects.filter(kind=RequestKind.CLINIC, account__in=managed_accounts(user).order_by())
    return rows.select_related("account", "requested_by", "clinic").order_by("-created", "pk")
