"""Accepting and declining. The link shows what it is about; a click that answers is always a form."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.access import grantable_at
from permissions.locking import lock_account, lock_open_clinics
from permissions.log_in.passwords import begin_anew
from permissions.models import AccessEvent, Clinic, Invitation, Membership, User
from permissions.models.events import AccessAction
from permissions.models.invitations import InvitationState
from permissions.requests.first_owner import make_first_owner
from permissions.roles import Role
from permissions.services import WorksForSupplier, memberships_grant
from permissions.users.carrying import brought_along, within_reach
from permissions.users.invitations import clinics_of, fetch_locked, has_ended, is_open, note
from permissions.users.problems import NotDone

# What decides who offers it and what.
MAKING = (AccessAction.INVITE, AccessAction.RESEND, AccessAction.CHANGE)


class HasLogIn(Exception):
    """Who has this address is another by now: looked at again, the link asks for what they need."""


@dataclass(frozen=True)
class Offer:
    clinic: Clinic
    role: Role
    functions: list[str]


def offers_of(invitation: Invitation, person: User | None, clinics: list[Clinic] | None = None) -> list[Offer]:
    """What accepting gives now. An inviter who lost the right to give it gives nothing any more, and nobody comes back
    by an invitation from before they lost their access.
    """
    if person is not None and has_ended(invitation, person):
        return []
    found = clinics_of(invitation) if clinics is None else clinics
    clinics = [clinic for clinic in found if clinic.is_active]
    role, functions = Role(invitation.role), list(invitation.functions)
    if is_from_supplier(invitation):
        return [Offer(clinic, role, functions) for clinic in clinics]
    if person is not None:
        role, functions = brought_along(person, invitation)
    reach = grantable_at(invitation.invited_by, clinics) if invitation.invited_by else {}
    kept = [(clinic, within_reach(reach.get(clinic.pk, frozenset()), role, functions)) for clinic in clinics]
    return [Offer(clinic, role, each) for clinic, each in kept if each is not None]


def is_from_supplier(invitation: Invitation) -> bool:
    """Customer service appoints the first people of an account, when it approves the request for it.

    Not whoever of them manages a clinic's users, nor what a customer made of their invitation since.
    """
    by = invitation.invited_by
    if by is None or not (by.is_staff and by.is_active):
        return False
    made = AccessEvent.objects.filter(invitation=invitation, action__in=MAKING)
    newest = made.order_by("-pk").values_list("request", flat=True).first()
    return newest is not None


def invited_person(invitation: Invitation) -> User | None:
    return User.objects.filter(email=invitation.email).first()


def is_returning(person: User) -> bool:
    """Shut out by their clinics alone, each of which set them inactive: whoever invites them lets them in again.

    Not who is blocked, nor staff and editors, nor who was shut out otherwise: no clinic of theirs did it.
    """
    if person.is_active or person.blocked or person.is_staff or person.is_superuser or person.groups.exists():
        return False
    at_work = set(Membership.objects.filter(user=person).values_list("is_active", flat=True))
    return at_work == {False}


def has_log_in(invitation: Invitation) -> bool:
    """Whether somebody with this address answers after logging in, and not behind the link."""
    person = invited_person(invitation)
    return person is not None and not is_returning(person)


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
    if invited_person(invitation) is not None:
        raise HasLogIn
    try:
        with transaction.atomic():
            newcomer.save()
    except IntegrityError:  # an invitation of another account was accepted at this very moment
        raise HasLogIn from None
    return _join(invitation, newcomer)


@transaction.atomic
def accept_as_returning(*, pk: UUID, nonce: str, password: str) -> User:
    """Of somebody whom all their clinics set inactive: they log in with a new password, as they may have lost the old
    one long ago. Names and second factor stay.
    """
    invitation = _open(pk, nonce=nonce)
    lock_account(invitation.account_id)
    lock_open_clinics(clinics_of(invitation))
    person = User.objects.select_for_update(no_key=True, of=("self",)).filter(email=invitation.email).first()
    if person is None or not is_returning(person):
        raise HasLogIn
    _join(invitation, person)
    if not person.is_active:
        raise NotDone(_("This invitation no longer works. Ask the clinic to send a new one."))
    begin_anew(person, password)
    return person


@transaction.atomic
def decline(*, pk: UUID, user: User | None = None, nonce: str = "") -> Invitation:
    invitation = _open(pk, user, nonce)
    if user is None and has_log_in(invitation):
        raise HasLogIn
    invitation.state, invitation.decided = InvitationState.DECLINED, timezone.now()
    invitation.save(update_fields=["state", "decided"])
    # By nobody: who the address belongs to, and that it belongs to somebody, is none of the inviter's business.
    note(AccessAction.DECLINE, invitation, clinics_of(invitation), None)
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
    offers = offers_of(invitation, person, lock_open_clinics(clinics_of(invitation)))
    if not offers:
        raise NotDone(_("This invitation no longer works. Ask the clinic to send a new one."))
    _give(person, offers, invitation.invited_by)
    invitation.state, invitation.decided, invitation.user = InvitationState.ACCEPTED, timezone.now(), person
    invitation.save(update_fields=["state", "decided", "user"])
    clinics = [offer.clinic for offer in offers]
    note(AccessAction.ACCEPT, invitation, clinics, person, person=person)
    if is_from_supplier(invitation):
        make_first_owner(account, person)
    return clinics


def _give(person: User, offers: list[Offer], by: User | None) -> None:
    """What was given meanwhile stays as it is."""
    held = set(Membership.objects.filter(user=person).values_list("clinic_id", flat=True))
    alike: dict[tuple, list[Clinic]] = {}
    for offer in offers:
        if offer.clinic.pk not in held:
            alike.setdefault((offer.role, *offer.functions), []).append(offer.clinic)
    try:
        for (role, *functions), clinics in alike.items():
            memberships_grant(user=person, clinics=clinics, role=role, functions=functions, granted_by=by)
    except WorksForSupplier as problem:
        raise NotDone(str(problem)) from None
