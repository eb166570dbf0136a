"""The mails about access. They name the clinic and the role, nothing else; no password travels by mail."""

import uuid
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from permissions.enumeration import few_of, in_a_sentence
from permissions.mail import composed
from permissions.models import Clinic, Invitation, Membership, User
from permissions.roles import Role

SALT = "permissions.users.invitation"


def token_of(invitation: Invitation) -> str:
    """Says which invitation and which sending of it; nothing of the person."""
    return signing.Signer(salt=SALT).sign_object([invitation.pk.hex, invitation.nonce])


def send_invitation(invitation: Invitation, clinics: Sequence[Clinic]) -> None:
    """The same mail and the same work for an address that is known elsewhere and for one that is not."""
    known = User.objects.filter(email=invitation.email).values_list("language", flat=True).first()
    language = invitation.language or known or clinics[0].market.language
    url = settings.BASE_URL + reverse("users:accept", args=[token_of(invitation)])
    context: dict[str, object] = {"invitation": invitation, "account": invitation.account, "url": url}
    inviter = invitation.invited_by
    with translation.override(language):
        context |= {"who": inviter.name_for_customers if inviter else "", **_names(clinics)}
        # Not marked with the clinic: who is invited belongs to none yet.
        composed("emails/invitation", context, to=invitation.email, message_id=_new_id("invitation")).send()


def tell_given(person: User, memberships: Sequence[Membership], by: User) -> bool:
    """That somebody can work for more clinics from now on. False when there is nothing to tell, or nobody reads it."""
    return _tell("emails/access_given", person, memberships, by, kind="given")


def tell_changed(person: User, memberships: Sequence[Membership], by: User) -> bool:
    return _tell("emails/access_taken", person, memberships, by, kind="changed")


def tell_taken(person: User, clinics: Sequence[Clinic], by: User, *, inactive: bool = False) -> None:
    """That access ended. Sent although it ended: it says so."""
    if not clinics or person.blocked:
        return
    with translation.override(_language(person, clinics)):
        kind = "inactive" if inactive else "taken"
        context: dict[str, object] = {
            "kind": kind,
            "who": by.name_for_customers,
            **_names(clinics),
            "url": _start(),
        }
        mail = composed("emails/access_taken", context, to=person, message_id=_new_id("access"), is_farewell=True)
        mail.send()


def _tell(template: str, person: User, memberships: Sequence[Membership], by: User, *, kind: str) -> bool:
    if not memberships or not person.is_active:
        return False
    clinics = [membership.clinic for membership in memberships]
    with translation.override(_language(person, clinics)):
        rows = sorted((membership.clinic.name, str(Role(membership.role).label)) for membership in memberships)
        context: dict[str, object] = {
            "kind": kind,
            "who": by.name_for_customers,
            **_names(clinics),
            "url": _start(),
            "rows": rows,
        }
        # Who is left without any right is told so; a mail that is marked with the clinic would be withheld.
        works_there = next((membership.clinic for membership in memberships if membership.permissions), None)
        composed(template, context, to=person, message_id=_new_id("access"), clinic=works_there).send()
    return True


def _language(person: User, clinics: Sequence[Clinic]) -> str:
    return person.language or clinics[0].market.language


def _names(clinics: Iterable[Clinic]) -> dict[str, object]:
    """For the subject and sentences; and all of them, for a list where the sentence leaves some out."""
    names = sorted(clinic.name for clinic in clinics)
    return {"names": in_a_sentence(names), "listed": names if few_of(names)[1] else []}


def _start() -> str:
    return settings.BASE_URL + reverse("home")


def _new_id(kind: str) -> str:
    return f"{kind}-{uuid.uuid4()}"
