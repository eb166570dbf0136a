"""Approving a request makes everything it needs, or nothing; declining tells why; what is no honest request is closed
without a word. Each is decided once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.events import record
from permissions.locking import lock_account, lock_open_clinics
from permissions.mail import clinic_of
from permissions.models import Account, AccountRequest, Clinic, Invitation, User
from permissions.models.events import AccessAction
from permissions.models.requests import RequestKind, RequestState
from permissions.requests import inviting, mail
from permissions.roles import Role
from permissions.services import membership_grant
from permissions.users.invitations import clinics_of
from permissions.users.problems import NotDone
from shop.dashboard.requests import main_users
from shop.dashboard.requests.making import Invoice, NewClinic, make_clinic

LOOK = ("permissions.view_accountrequest",)
DECLINE = (*LOOK, "permissions.change_accountrequest")
APPROVE = (*DECLINE, "permissions.add_account", "permissions.add_clinic")


class NotDecided(NotDone):
    """About the choice in `field` of the form, when one is named."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class AlreadyDecided(NotDecided):
    """Somebody else was faster."""

    def __init__(self, row: AccountRequest) -> None:
        text = _("%(person)s decided about this request already: %(state)s. Nothing was changed.")
        super().__init__(text % {"person": row.decided_by or _("The portal"), "state": row.get_state_display()})


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
    # Where the invitation goes, if not to the address that was typed into the request.
    email: str = ""


def approve(*, by: User, request_id: UUID, approval: Approval) -> AccountRequest:
    """Raises AlreadyDecided, NotDone for numbers that were taken meanwhile and the like, PermissionDenied for who may
    not.
    """
    try:
        return _approve(by, request_id, approval)
    except IntegrityError:
        raise NotDecided(_taken()) from None


@transaction.atomic
def _approve(by: User, request_id: UUID, approval: Approval) -> AccountRequest:
    _check_may(by, APPROVE)
    row = _lock_open(request_id)
    is_for_clinic = row.kind == RequestKind.CLINIC
    wanted = row.account if is_for_clinic else approval.account
    if approval.email and not is_for_clinic:
        inviting.correct_email(row, approval.email, by=by)
    pending = inviting.lock_pending(wanted, row.email) if wanted and not is_for_clinic else None
    account = lock_account(wanted.pk) if wanted else _make_account(row, approval)
    told_before = main_users.responsible(account)
    existing = lock_open_clinics(account.clinics.filter(pk__in=[clinic.pk for clinic in approval.existing]))
    if len(existing) != len(approval.existing) or not (existing or approval.new):
        raise NotDecided(_("Choose clinics of the account, or add a new one."))
    if not is_for_clinic:
        _refuse_unmanaged(approval, told_before)
    made = [make_clinic(account, new, approval.invoice) for new in approval.new]
    _decide(row, RequestState.APPROVED, by, account=account, clinic=(made or existing)[0])
    _note_approved(row, made, existing, by)
    if is_for_clinic:
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
    _decide(row, RequestState.DECLINED, by, reason=reason.strip())
    # Words about a stranger stand in the request only, which forgets them; the history can't.
    told = row.reason if row.account else ""
    record(AccessAction.REFUSED, actor=by, account=row.account, request=row, reason=told)
    mail.send_declined(row)
    return row


def close(*, by: User, request_ids: Collection[UUID], reason: str) -> int:
    """Strangers' requests, without a mail: it would reach somebody whose address others misuse. Returns how many;
    those that were decided meanwhile stay as they are.
    """
    _check_may(by, DECLINE)
    if not reason.strip():
        raise NotDecided(_("Write the reason; your colleagues read it."))
    with transaction.atomic():
        rows = list(closable().select_for_update(of=("self",)).filter(pk__in=request_ids).order_by("pk"))
        for row in rows:
            _decide(row, RequestState.CLOSED, by, reason=reason.strip())
            record(AccessAction.CLOSED, actor=by, request=row)
    return len(rows)


def closable() -> QuerySet[AccountRequest]:
    """A customer who asks for a clinic is known, and gets an answer."""
    return AccountRequest.objects.filter(kind=RequestKind.ACCOUNT, state=RequestState.RECEIVED)


def invite_again(*, by: User, request_id: UUID, email: str = "") -> bool:
    """A new link, to `email` when the address was wrong. False when it was accepted already. Raises NotDone."""
    _check_may(by, DECLINE)
    try:
        return _invite_again(by, request_id, email)
    except IntegrityError:
        raise NotDecided(_taken()) from None


@transaction.atomic
def _invite_again(by: User, request_id: UUID, email: str) -> bool:
    row = AccountRequest.objects.get(pk=request_id)
    before = inviting.invitation_of(row)
    invitation = inviting.send_again(row, by=by, email=email)
    if invitation is not None and before is not None and invitation.pk != before.pk:
        _tell_joined(row, invitation, clinics_of(invitation), main_users.responsible(invitation.account))
    return invitation is not None


def withdraw_invitation(*, by: User, request_id: UUID) -> bool:
    """False when it was answered or withdrawn before."""
    _check_may(by, DECLINE)
    return inviting.withdraw(AccountRequest.objects.get(pk=request_id), by=by)


def _taken() -> str:
    return _("Somebody else just used one of these numbers, or invited this person. Look at it again.")


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


def _decide(row: AccountRequest, state: RequestState, by: User, **more: object) -> None:
    values = {"state": state, "decided_by": by, "decided": timezone.now(), **more}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _refuse_unmanaged(approval: Approval, responsible: Collection[User]) -> None:
    """An account, or a new clinic, of which nobody would be main user once the invitation is accepted."""
    would_be = approval.account is None or (approval.new and not responsible)
    if would_be and approval.role != Role.MAIN_USER:
        text = _("Nobody could manage what is made here. Choose main user: no one else is that yet.")
        raise NotDecided(text, field="role")


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
    works_at = clinic_of(asked, row.account)
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
    pending: Invitation | None,
) -> None:
    """By invitation, and who answers for the account is told that customer service did it."""
    inviting.refuse_who_is_in(row.email, existing)
    for clinic in made:
        for person in people:
            membership_grant(user=person, clinic=clinic, role=Role.MAIN_USER, granted_by=by)
            mail.send_clinic_added(person, clinic)
    invitation = inviting.invite_requester(row, [*made, *existing], role, by=by, pending=pending)
    _tell_joined(row, invitation, [*made, *existing], people)


def _tell_joined(row: AccountRequest, invitation: Invitation, clinics: list[Clinic], responsible: list[User]) -> None:
    """Who answers for the account hears of all clinics; other main users of their own."""
    told = main_users.at(clinics) | dict.fromkeys(responsible, clinics)
    for person, theirs in told.items():
        if person.email != invitation.email:
            mail.send_joined(person, invitation, row, theirs)
