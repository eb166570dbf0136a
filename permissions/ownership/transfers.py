"""Who owns an account, and how that moves: one offers, the other takes it; or customer service sets it.

Everybody waits in one order: the account's row, its clinics, the people. Nothing waits in a circle, and a change of
somebody's role at a clinic can't slip in between. All checks are made again behind the locks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions import access
from permissions.events import record
from permissions.locking import lock_account, lock_clinics
from permissions.models import Account, Clinic, Membership, OwnershipTransfer, User
from permissions.models.events import AccessAction
from permissions.models.transfers import TransferState
from permissions.naming import by_name
from permissions.ownership import mails
from permissions.ownership.mails import Step
from permissions.roles import ClinicPermission, Function, Role
from permissions.services import memberships_grant, memberships_revoke

VALID = timedelta(days=7)
LEAVES = ""


class OwnershipUnchanged(Exception):
    """The ownership stays where it is. The text says why, in the reader's language."""


class Void(TextChoices):
    """Why an offer that nobody answered can't be taken any more."""

    EXPIRED = "expired", gettext_lazy("The offer is older than seven days.")
    OWNER = "owner", gettext_lazy("The account has another owner by now, or who offered it can no longer log in.")
    MEMBER = "member", gettext_lazy("Who it was offered to no longer has access to the account.")


@dataclass(frozen=True)
class Offer:
    """An open offer as pages show it."""

    row: OwnershipTransfer
    void: Void | None

    @property
    def ends(self) -> datetime:
        return self.row.created + VALID


# --- Reading ----------------------------------------------------------------------------------------------------


def candidates(account: Account) -> QuerySet[User]:
    """Active people with active access to one of the account's active clinics, but for the owner."""
    at_work = Membership.objects.filter(clinic__account=account, clinic__is_active=True, is_active=True)
    people = User.objects.filter(pk__in=at_work.values("user_id"), is_active=True, blocked=None)
    return people.exclude(pk=account.owner_id).order_by(*by_name())


def open_offer(account: Account) -> Offer | None:
    row = _offers().filter(account=account).first()
    return Offer(row, void(row)) if row else None


def offers_to(user: User) -> list[OwnershipTransfer]:
    """What this person is asked to take over, and still can."""
    offers = access.of_account_looked_at(_offers().filter(to_user=user), user)
    return [row for row in offers if void(row) is None]


def void(offer: OwnershipTransfer) -> Void | None:
    """What has happened since it was made, if that ends it."""
    if timezone.now() >= offer.created + VALID:
        return Void.EXPIRED
    owner = offer.account.owner
    if owner is None or owner.pk != offer.from_user_id or not owner.is_active or owner.blocked:
        return Void.OWNER
    return None if candidates(offer.account).filter(pk=offer.to_user_id).exists() else Void.MEMBER


def _offers() -> QuerySet[OwnershipTransfer]:
    offered = OwnershipTransfer.objects.filter(state=TransferState.OFFERED)
    return offered.select_related("account__owner", "from_user", "to_user")


# --- Offering, answering, taking back ---------------------------------------------------------------------------


@transaction.atomic
def offer(*, account: Account, by: User, to: User, role_afterwards: str) -> OwnershipTransfer:
    """Who owns the account asks somebody to take it over. Nothing changes before they do."""
    account = lock_account(account.pk)
    require_owner(by, account)
    if role_afterwards not in (LEAVES, *Role.values):
        raise ValueError(role_afterwards)
    if not candidates(account).filter(pk=to.pk).exists():
        raise OwnershipUnchanged(_("%(person)s does not work for %(account)s.") % {"person": to, "account": account})
    if (waiting := open_offer(account)) is not None:
        if waiting.void is None:
            raise OwnershipUnchanged(_("The ownership is offered to somebody already. Take that offer back first."))
        _lapse(waiting.row, waiting.void)
    row = OwnershipTransfer.objects.create(account=account, from_user=by, to_user=to, role_afterwards=role_afterwards)
    _record(AccessAction.TRANSFER_OFFERED, row, actor=by, role_afterwards=role_afterwards)
    mails.tell_both(Step.OFFERED, row, until=row.created + VALID)
    return row


def accept(*, offer_id: UUID, by: User) -> Account:
    """The ownership is `by`'s from now on. An offer that is void is closed, and OwnershipUnchanged says why."""
    with transaction.atomic():
        row = _locked_offer(offer_id, by)
        reason = void(row)
        if reason is None:
            _hand_over(row)
        else:
            _lapse(row, reason)
    if reason is not None:  # said outside: the offer stays closed
        raise OwnershipUnchanged(str(reason.label))
    return row.account


@transaction.atomic
def decline(*, offer_id: UUID, by: User) -> None:
    row = _locked_offer(offer_id, by)
    _close(row, TransferState.DECLINED)
    _record(AccessAction.TRANSFER_DECLINED, row, actor=by)
    mails.tell_both(Step.DECLINED, row)


@transaction.atomic
def take_back(*, account: Account, by: User) -> None:
    """Also where nothing is offered any more: that is what the owner wants."""
    account = lock_account(account.pk)
    require_owner(by, account)
    row = _offers().filter(account=account).first()
    if row is None:
        raise OwnershipUnchanged(_("Nothing is offered any more: it was answered or taken back."))
    _close(row, TransferState.CANCELLED)
    _record(AccessAction.TRANSFER_CANCELLED, row, actor=by)
    mails.tell_both(Step.TAKEN_BACK, row)


def end_overdue() -> int:
    """Offers that nobody answered in time, or that what happened since makes void. For the clock."""
    ended = 0
    for pk, account_id in _offers().values_list("pk", "account_id"):
        with transaction.atomic():
            lock_account(account_id)
            row = _offers().filter(pk=pk).first()
            if row is not None and (reason := void(row)) is not None:
                _lapse(row, reason)
                ended += 1
    return ended


# --- Customer service -------------------------------------------------------------------------------------------


@transaction.atomic
def set_owner(*, account: Account, person: User, by: User, reason: str) -> None:
    """For an account without an owner, or whose owner is gone. The old owner stays what they are: a main user."""
    if not by.has_perm("permissions.change_account"):
        raise PermissionDenied
    account = lock_account(account.pk)
    if not candidates(account).filter(pk=person.pk).exists():
        raise OwnershipUnchanged(_("%(person)s can't own %(account)s.") % {"person": person, "account": account})
    old = account.owner
    _make_owner(account, person, granted_by=by)
    if (waiting := _offers().filter(account=account).first()) is not None:
        _lapse(waiting, Void.OWNER)
    record(
        AccessAction.TRANSFER_ACCEPTED,
        actor=by,
        person=person,
        account=account,
        before={"owner": str(old.public_id)} if old else {},
        after={"owner": str(person.public_id)},
        reason=reason,
    )
    mails.tell_of_new_owner(account, person, old)


# --- Inside ------------------------------------------------------------------------------------------------------


def require_owner(user: User, account: Account) -> None:
    """The account's owner, while they can do anything there at all. A stranger gets 404, everybody else 403."""
    mine = Clinic.objects.filter(account=account)
    if not mine.filter(pk__in=access.clinic_ids(user)).exists():
        raise Http404
    managed = mine.filter(pk__in=access.clinic_ids(user, ClinicPermission.MANAGE_CLINIC))
    if account.owner_id != user.pk or not managed.exists():
        raise PermissionDenied(_("Only the owner of the account does this."))


def _locked_offer(offer_id: UUID, to: User) -> OwnershipTransfer:
    """The person's own open offer with all that an answer touches locked. Raises Http404 for anybody else."""
    found = OwnershipTransfer.objects.filter(pk=offer_id, to_user=to).first()
    if found is None:
        raise Http404
    lock_account(found.account_id)
    lock_clinics(Clinic.objects.filter(account=found.account_id))
    # Both: two who take over each other's accounts at the same moment would wait in a circle.
    people = User.objects.filter(pk__in=(found.from_user_id, found.to_user_id)).order_by("pk")
    list(people.select_for_update(no_key=True, of=("self",)))
    row = _offers().filter(pk=offer_id).first()
    if row is None:
        raise OwnershipUnchanged(_("This offer was answered or taken back already."))
    return row


def _hand_over(row: OwnershipTransfer) -> None:
    account, old, new = row.account, row.from_user, row.to_user
    _make_owner(account, new, granted_by=old)
    _close(row, TransferState.ACCEPTED)
    _step_down(account, old, row.role_afterwards, by=new)
    after = {"owner": str(new.public_id), "role_afterwards": row.role_afterwards}
    record(
        AccessAction.TRANSFER_ACCEPTED,
        actor=new,
        person=new,
        account=account,
        before={"owner": str(old.public_id)},
        after=after,
    )
    mails.tell_both(Step.ACCEPTED, row)


def _make_owner(account: Account, person: User, *, granted_by: User) -> None:
    """Main user at every clinic, closed ones included: they may open again."""
    clinics = list(account.clinics.all())
    memberships_grant(user=person, clinics=clinics, role=Role.MAIN_USER, functions=Function, granted_by=granted_by)
    account.owner = person
    account.save(update_fields=["owner"])


def _step_down(account: Account, old: User, role: str, *, by: User) -> None:
    """Confirmed: the new owner approves whatever the old one did."""
    if role == Role.MAIN_USER:
        return
    memberships = Membership.objects.filter(user=old, clinic__account=account).select_related("clinic")
    if role == LEAVES:
        clinics = [membership.clinic for membership in memberships]
        memberships_revoke(user=old, clinics=clinics, revoked_by=by, confirmed=True)
    else:
        clinics = [membership.clinic for membership in memberships.filter(is_active=True)]
        memberships_grant(user=old, clinics=clinics, role=role, granted_by=by, confirmed=True)


def _lapse(row: OwnershipTransfer, why: Void) -> None:
    _close(row, TransferState.CANCELLED)
    _record(AccessAction.TRANSFER_CANCELLED, row, actor=None, why=why)
    mails.tell_both(Step.LAPSED, row, why=why.label)


def _close(row: OwnershipTransfer, state: TransferState) -> None:
    row.state, row.decided = state, timezone.now()
    row.save(update_fields=["state", "decided"])


def _record(action: AccessAction, row: OwnershipTransfer, *, actor: User | None, **after: str) -> None:
    record(action, actor=actor, person=row.to_user, account=row.account, after={**after, "transfer": str(row.pk)})
