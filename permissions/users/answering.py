"""Accepting and declining. The link shows what it is about; a click that answers is always a form."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.models import Clinic, Invitation, Membership, User
from permissions.models.events import AccessAction
from permissions.models.invitations import InvitationState
from permissions.requests.first_owner import make_first_owner
from permissions.roles import Role
from permissions.services import membership_grant
from permissions.users.carrying import brought_along, within_reach
from permissions.users.invitations import clinics_of, fetch_locked, is_open, note
from permissions.users.problems import NotDone
from permissions.users.reach import lock_account, lock_clinics


class HasLogIn(Exception):
    """Somebody with this address can log in by now: they answer after that, and choose no new password."""


@dataclass(frozen=True)
class Offer:
    clinic: Clinic
    role: Role
    functions: list[str]


def offers_of(invitation: Invitation, person: User | None, clinics: list[Clinic] | None = None) -> list[Offer]:
    """What accepting gives now. An inviter who lost the right to give it gives nothing any more."""
    role, functions = Role(invitation.role), list(invitation.functions)
    if person is not None and not _from_supplier(invitation):
        role, functions = brought_along(person, invitation)
    offers = []
    for clinic in clinics_of(invitation) if clinics is None else clinics:
        if not clinic.is_active:
            continue
        kept = functions if _from_supplier(invitation) else within_reach(invitation.invited_by, clinic, role, functions)
        if kept is not None:
            offers.append(Offer(clinic, role, kept))
    return offers


def _from_supplier(invitation: Invitation) -> bool:
    """Customer service appoints the first people of an account."""
    return invitation.invited_by is None or (invitation.invited_by.is_staff and invitation.invited_by.is_active)


def person_of(invitation: Invitation) -> User | None:
    return User.objects.filter(email=invitation.email).first()


@transaction.atomic
def accept(*, user: User, pk: UUID) -> list[Clinic]:
    """Of somebody who is logged in with the address that was invited. Returns the clinics they work for now."""
    invitation = _open(pk, user)
    return _join(invitation, user)


@transaction.atomic
def accept_as_new(*, pk: UUID, nonce: str, newcomer: User) -> list[Clinic]:
    """`newcomer` has names and a password and is not saved; the address is the invitation's, whatever was posted."""
    invitation = _open(pk, nonce=nonce)
    newcomer.email = invitation.email
    newcomer.language = newcomer.language or invitation.language
    if person_of(invitation) is not None:
        raise HasLogIn
    try:
        with transaction.atomic():
            newcomer.save()
    except IntegrityError:  # an invitation of another account was accepted at this very moment
        raise HasLogIn from None
    return _join(invitation, newcomer)


@transaction.atomic
def decline(*, pk: UUID, user: User | None = None, nonce: str = "") -> Invitation:
    invitation = _open(pk, user, nonce)
    if user is None and person_of(invitation) is not None:
        raise HasLogIn
    invitation.state, invitation.decided = InvitationState.DECLINED, timezone.now()
    invitation.save(update_fields=["state", "decided"])
    note(AccessAction.DECLINE, invitation, clinics_of(invitation), user)
    return invitation


def _open(pk: UUID, user: User | None = None, nonce: str = "") -> Invitation:
    """Locked; for the person it is meant for, who is logged in or holds its newest link."""
    invitation = fetch_locked(pk)
    if user is not None and invitation.email != user.email:
        raise Http404
    if not is_open(invitation) or (user is None and invitation.nonce != nonce):
        raise NotDone(_("This invitation no longer works. Ask the clinic to send a new one."))
    return invitation


def _join(invitation: Invitation, person: User) -> list[Clinic]:
    account = lock_account(invitation.account_id)
    offers = offers_of(invitation, person, lock_clinics(clinics_of(invitation)))
    if not offers:
        raise NotDone(_("This invitation no longer works. Ask the clinic to send a new one."))
    held = set(Membership.objects.filter(user=person).values_list("clinic_id", flat=True))
    for offer in offers:
        if offer.clinic.pk not in held:
            given = {"role": offer.role, "functions": offer.functions, "granted_by": invitation.invited_by}
            membership_grant(user=person, clinic=offer.clinic, **given)
    invitation.state, invitation.decided, invitation.user = InvitationState.ACCEPTED, timezone.now(), person
    invitation.save(update_fields=["state", "decided", "user"])
    clinics = [offer.clinic for offer in offers]
    note(AccessAction.ACCEPT, invitation, clinics, person, person=person)
    if _from_supplier(invitation):
        make_first_owner(account, person)
    return clinics
