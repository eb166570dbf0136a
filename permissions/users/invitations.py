"""Invitations: what their link is, whether they still hold, and what is done with them by who sent them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.access import check_may_grant_at, of_account_looked_at
from permissions.events import record_at
from permissions.locking import lock_open_clinics
from permissions.models import AccessEvent, Clinic, Invitation, User
from permissions.models.events import AccessAction
from permissions.models.invitations import InvitationState, new_nonce
from permissions.roles import Role, switched_on
from permissions.throttle import allow
from permissions.users import mail
from permissions.users.problems import ConfirmMainUser, NotDone

VALID = timedelta(hours=72)
SHOW_DECLINED = timedelta(days=14)
SENDS_PER_HOUR = 5


def read_token(token: str) -> Invitation | None:
    """The invitation that an unchanged link of ours leads to, as long as it holds."""
    try:
        pk, nonce = signing.Signer(salt=mail.SALT).unsign_object(token)
        invitation = Invitation.objects.select_related("account", "invited_by").get(pk=pk, nonce=nonce)
    except (signing.BadSignature, ValueError, TypeError, Invitation.DoesNotExist):
        return None
    return invitation if is_open(invitation) else None


def expires(invitation: Invitation) -> datetime | None:
    return invitation.sent + VALID if invitation.sent else None


def is_open(invitation: Invitation) -> bool:
    """Sent, unanswered and not too old: only then it can be accepted."""
    until = expires(invitation)
    return invitation.state == InvitationState.PENDING and until is not None and timezone.now() < until


def open_for(user: User) -> list[Invitation]:
    """What waits for this person's answer, wherever it comes from."""
    rows = Invitation.objects.pending().filter(email=user.email, sent__gt=timezone.now() - VALID)
    rows = of_account_looked_at(rows.exclude(_has_ended(user)), user)
    return list(rows.select_related("account", "invited_by").prefetch_related("clinics").order_by("created"))


def has_ended(invitation: Invitation, user: User) -> bool:
    """Whether this person lost access in the account after it was sent: it would undo what was decided since."""
    return Invitation.objects.filter(_has_ended(user), pk=invitation.pk).exists()


def _has_ended(user: User) -> Exists:
    lost = AccessEvent.objects.filter(person=user, action__in=(AccessAction.REVOKE, AccessAction.INACTIVATE))
    return Exists(lost.filter(account=OuterRef("account"), at__gt=OuterRef("sent")))


def note(
    action: AccessAction,
    invitation: Invitation,
    clinics: Iterable[Clinic],
    actor: User | None,
    *,
    before: dict | None = None,
    after: dict | None = None,
    **more,
) -> None:
    """A line in the history of each clinic it is about. Never names a person before they accepted."""
    states = {clinic: (before or {}, after or {}) for clinic in clinics}
    record_at(states, action, actor=actor, invitation=invitation, **more)


def clinics_of(invitation: Invitation) -> list[Clinic]:
    """In the order in which people read them; `locking` has its own."""
    return list(invitation.clinics.select_related("account").order_by("name", "customer_number"))


def state_of(invitation: Invitation, clinics: Iterable[Clinic]) -> dict:
    """As the history keeps it."""
    return {
        "role": str(invitation.role),
        "functions": [str(function) for function in invitation.functions],
        "clinics": sorted(str(clinic.pk) for clinic in clinics),
    }


def may_change(actor: User, invitation: Invitation) -> bool:
    """Whether `actor` could give all that the invitation offers; who could not only looks at it.

    A clinic that was closed since gives nothing, and binds nobody.
    """
    clinics = [clinic for clinic in clinics_of(invitation) if clinic.is_active]
    try:
        _check(actor, clinics, invitation.role, invitation.functions)
    except (Http404, PermissionDenied):
        return False
    return True


def fetch_locked(pk: UUID) -> Invitation:
    """Must be called inside a transaction: answers and changes of one invitation can't interleave."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("account", "invited_by")
    invitation = rows.filter(pk=pk).first()
    if invitation is None:
        raise Http404
    return invitation


def _pending(actor: User, pk: UUID, also: Collection[Clinic] = ()) -> tuple[Invitation, list[Clinic], list[Clinic]]:
    """With the clinics that it is about, and those of `also`: locked together, for all locks go in one order."""
    invitation = fetch_locked(pk)
    offered, wanted = {clinic.pk for clinic in clinics_of(invitation)}, {clinic.pk for clinic in also}
    locked = lock_open_clinics(Clinic.objects.filter(pk__in=offered | wanted))
    clinics = [clinic for clinic in locked if clinic.pk in offered]
    _check(actor, clinics, invitation.role, invitation.functions)
    if invitation.state != InvitationState.PENDING:
        raise NotDone(_("This invitation has been answered or withdrawn. Nothing was changed."))
    return invitation, clinics, [clinic for clinic in locked if clinic.pk in wanted]


def _check(actor: User, clinics: Collection[Clinic], role: str, functions: Iterable[str]) -> None:
    if not clinics:
        raise PermissionDenied
    check_may_grant_at(actor, None, clinics, role, functions)


def count_mail(invitation: Invitation) -> None:
    """Before one leaves. A stranger's letter box is not filled by inviting and withdrawing either."""
    key = f"{invitation.account_id}:{invitation.email}"
    if not allow("invitation", key, limit=SENDS_PER_HOUR, within=timedelta(hours=1)):
        raise NotDone(_("This address was sent several invitations just now. Wait an hour before you send another."))


@transaction.atomic
def send(*, actor: User, pk: UUID) -> Invitation:
    """For the first time or again: a new link, and every older one is worthless."""
    invitation, clinics, _also = _pending(actor, pk)
    count_mail(invitation)
    invitation.nonce, invitation.sent, invitation.invited_by = new_nonce(), timezone.now(), actor
    invitation.save(update_fields=["nonce", "sent", "invited_by"])
    note(AccessAction.RESEND, invitation, clinics, actor)
    mail.send_invitation(invitation, clinics)
    return invitation


@transaction.atomic
def withdraw(*, actor: User, pk: UUID) -> Invitation:
    invitation, clinics, _also = _pending(actor, pk)
    end(invitation, clinics, actor)
    return invitation


def end(invitation: Invitation, clinics: Collection[Clinic], actor: User) -> None:
    """The caller has locked it and its clinics, and asked whether `actor` may."""
    invitation.state, invitation.decided, invitation.nonce = InvitationState.WITHDRAWN, timezone.now(), new_nonce()
    invitation.save(update_fields=["state", "decided", "nonce"])
    note(AccessAction.WITHDRAW, invitation, clinics, actor)


@transaction.atomic
def change(
    *,
    actor: User,
    pk: UUID,
    details: dict[str, object],
    clinics: Collection[Clinic],
    role: str,
    functions: Collection[str],
    confirmed: bool = False,
) -> Invitation:
    """What it offers and whom it greets. The mailed link stays good: it shows what is offered now."""
    invitation, before, wanted = _pending(actor, pk, also=clinics)
    _check(actor, wanted, role, functions)
    if any(clinic.account_id != invitation.account_id for clinic in wanted):
        raise Http404
    if role == Role.MAIN_USER != invitation.role and not confirmed:
        raise ConfirmMainUser
    was = state_of(invitation, before)
    for name, value in details.items():
        setattr(invitation, name, value)
    invitation.role, invitation.functions, invitation.invited_by = role, switched_on(role, functions), actor
    invitation.save()
    invitation.clinics.set(wanted)
    touched = {*before, *wanted}
    note(AccessAction.CHANGE, invitation, touched, actor, before=was, after=state_of(invitation, wanted))
    return invitation
