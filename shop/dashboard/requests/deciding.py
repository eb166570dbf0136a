"""Approving a request makes everything it needs, or nothing; declining tells why. Each is decided once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.events import record
from permissions.models import Account, AccountRequest, Clinic, User
from permissions.models.events import AccessAction
from permissions.models.requests import RequestKind, RequestState
from permissions.requests import inviting, mail
from permissions.roles import Role
from permissions.services import membership_grant
from shop.dashboard.requests import main_users
from shop.dashboard.requests.making import Invoice, NewClinic, make_clinic

LOOK = ("permissions.view_accountrequest",)
DECLINE = (*LOOK, "permissions.change_accountrequest")
APPROVE = (*DECLINE, "permissions.add_account", "permissions.add_clinic")


class NotDecided(Exception):
    """Nothing was changed. The text says why, in the reader's language."""


class AlreadyDecided(NotDecided):
    """Somebody else was faster."""

    def __init__(self, row: AccountRequest) -> None:
        text = _("%(person)s decided about this request already: %(state)s. Nothing was changed.")
        super().__init__(text % {"person": row.decided_by, "state": row.get_state_display()})


@dataclass(frozen=True)
class Approval:
    """What customer service chose. No account: a new one is made, with these name and terms."""

    account: Account | None
    company: str = ""
    payment_terms_days: int = 30
    existing: Sequence[Clinic] = ()
    new: Sequence[NewClinic] = ()
    invoice: Invoice = field(default_factory=Invoice)
    role: str = Role.MAIN_USER


def approve(*, by: User, request_id: UUID, approval: Approval) -> AccountRequest:
    """Raises AlreadyDecided, NotDecided for numbers that were taken meanwhile, PermissionDenied for who may not."""
    try:
        return _approve(by, request_id, approval)
    except IntegrityError:
        text = _("Somebody else just used one of these numbers, or invited this person. Look at it again.")
        raise NotDecided(text) from None


@transaction.atomic
def _approve(by: User, request_id: UUID, approval: Approval) -> AccountRequest:
    _check_may(by, APPROVE)
    row = _lock_open(request_id)
    wanted = row.account if row.kind == RequestKind.CLINIC else approval.account
    pending = inviting.lock_pending(wanted, row.email) if wanted and row.kind == RequestKind.ACCOUNT else None
    account = _lock_account(wanted) if wanted else _make_account(row, approval)
    told_before = main_users.responsible(account)
    existing = list(account.clinics.filter(pk__in=[clinic.pk for clinic in approval.existing], is_active=True))
    if len(existing) != len(approval.existing) or not (existing or approval.new):
        raise NotDecided(_("Choose clinics of the account, or add a new one."))
    made = [make_clinic(account, new, approval.invoice) for new in approval.new]
    row.account, row.clinic = account, (made or existing)[0]
    row.state, row.decided_by, row.decided = RequestState.APPROVED, by, timezone.now()
    row.save(update_fields=["account", "clinic", "state", "decided_by", "decided"])
    _note_approved(row, made, existing, by)
    if row.kind == RequestKind.CLINIC:
        _let_main_users_in(row, made, told_before, by)
    else:
        _let_requester_in(row, made, existing, approval.role, told_before, by, pending)
    return row


@transaction.atomic
def decline(*, by: User, request_id: UUID, reason: str) -> AccountRequest:
    """The requester gets the reason by mail."""
    _check_may(by, DECLINE)
    row = _lock_open(request_id)
    if not reason.strip():
        raise NotDecided(_("Write the reason; the requester reads it."))
    row.state, row.decided_by, row.decided = RequestState.DECLINED, by, timezone.now()
    row.reason = reason.strip()
    row.save(update_fields=["state", "decided_by", "decided", "reason"])
    # Words about a stranger stand in the request only, which forgets them; the history can't.
    told = row.reason if row.account else ""
    record(AccessAction.REFUSED, actor=by, account=row.account, request=row, reason=told)
    mail.send_declined(row)
    return row


def invite_again(*, by: User, request_id: UUID) -> bool:
    """Who did not accept in time gets a new link. False when there is nothing left to accept."""
    _check_may(by, DECLINE)
    return inviting.send_again(AccountRequest.objects.get(pk=request_id), by=by)


def _check_may(by: User, permissions: Sequence[str]) -> None:
    if not (by.is_active and by.is_staff and by.has_perms(permissions)):
        raise PermissionDenied


def _lock_open(request_id: UUID) -> AccountRequest:
    row = (
        AccountRequest.objects.select_for_update(of=("self",))
        .select_related("account", "decided_by")
        .get(pk=request_id)
    )
    if row.state != RequestState.RECEIVED:
        raise AlreadyDecided(row)
    return row


def _lock_account(account: Account) -> Account:
    """Its main users and clinics stay what they are until the commit."""
    accounts = Account.objects.select_for_update(no_key=True, of=("self",))  # rows that point at it don't wait
    return accounts.select_related("owner").get(pk=account.pk)


def _make_account(row: AccountRequest, approval: Approval) -> Account:
    return Account.objects.create(
        name=approval.company or row.company,
        country=row.country,
        organisation_number=row.organisation_number,
        payment_terms_days=approval.payment_terms_days,
    )


def _note_approved(row: AccountRequest, made: list[Clinic], existing: list[Clinic], by: User) -> None:
    after = {"clinics": sorted(str(clinic.pk) for clinic in (*made, *existing))}
    record(AccessAction.APPROVED, actor=by, account=row.account, request=row, after=after)
    for clinic in made:
        record(AccessAction.CLINIC_ADDED, actor=by, clinic=clinic, request=row)


def _let_main_users_in(row: AccountRequest, made: list[Clinic], people: list[User], by: User) -> None:
    """At once: they decide about all the account's clinics. Who asked hears of it while they work for the account."""
    asked = row.requested_by
    works_at = mail.clinic_of(asked, row.account)
    if not people:
        people = main_users.stand_in(row.account, asked)
    if not people:
        raise NotDecided(_("Nobody could manage the new clinic. Make somebody main user of the account first."))
    for clinic in made:
        for person in people:
            membership_grant(user=person, clinic=clinic, role=Role.MAIN_USER, granted_by=by)
            mail.send_clinic_added(person, clinic)
        if asked is not None and works_at is not None and asked not in people:
            mail.send_clinic_added(asked, clinic, works_at=works_at)


def _let_requester_in(
    row: AccountRequest,
    made: list[Clinic],
    existing: list[Clinic],
    role: str,
    people: list[User],
    by: User,
    pending,
) -> None:
    """By invitation, and who answers for the account is told that customer service did it."""
    for clinic in made:
        for person in people:
            membership_grant(user=person, clinic=clinic, role=Role.MAIN_USER, granted_by=by)
            mail.send_clinic_added(person, clinic)
    inviting.invite_requester(row, [*made, *existing], role, by=by, pending=pending)
    for person in people:
        if person.email != row.email:
            mail.send_joined(person, row, [*made, *existing], role=str(Role(role).label))
