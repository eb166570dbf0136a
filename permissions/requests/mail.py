"""The mails about requests. Nothing that a stranger typed into the public form goes to the address they typed: the
form would send anybody's words to anybody, in our name.
"""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from permissions.mail import clinic_of, composed
from permissions.markets import MARKETS
from permissions.models import AccountRequest, Clinic, Invitation, User
from permissions.models.requests import RequestKind
from permissions.requests import limits
from permissions.requests.organisation_numbers import in_a_mail
from permissions.roles import Role

RECEIVED, WAITING, DECLINED = "emails/request_received", "emails/request_waiting", "emails/request_declined"
ADDED, JOINED = "emails/clinic_added", "emails/account_joined"


def language_of(row: AccountRequest) -> str:
    return row.language or MARKETS[row.country].language


def clinic_name(row: AccountRequest) -> str:
    """Which clinic it is about; nothing when a stranger wrote the name."""
    return row.clinic_name if row.kind == RequestKind.CLINIC else ""


def send_receipt(row: AccountRequest) -> None:
    with translation.override(language_of(row)):
        context = {
            "kind": row.kind,
            "number": in_a_mail(row.country, row.organisation_number),
            "clinic_name": clinic_name(row),
            "kept_days": settings.ANSWERED_REQUESTS_DAYS,
            "support": settings.SUPPORT,
        }
        composed(RECEIVED, context, to=row.email, message_id=f"request-received-{row.pk}").send()


def send_waiting(row: AccountRequest) -> None:
    """To customer service."""
    if not settings.SUPPORT["email"] or not limits.may_notify():
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"row": row, "url": settings.BASE_URL + reverse("dashboard:request", args=[row.pk])}
        composed(WAITING, context, to=settings.SUPPORT["email"], message_id=f"request-waiting-{row.pk}").send()


def send_declined(row: AccountRequest) -> None:
    """Of an account that is there already, to nobody who has left it since."""
    is_for_clinic = row.kind == RequestKind.CLINIC
    clinic = clinic_of(row.requested_by, row.account) if is_for_clinic else None
    if is_for_clinic and clinic is None:
        return
    with translation.override(language_of(row)):
        context = {"kind": row.kind, "reason": row.reason, "clinic_name": clinic_name(row), "support": settings.SUPPORT}
        # Whoever happened to be signed in may have asked for somebody else: the answer goes where the receipt went.
        to = row.requested_by if is_for_clinic else row.email
        message_id = f"request-declined-{row.pk}"
        composed(DECLINED, context, to=to, message_id=message_id, clinic=clinic).send()


def send_clinic_added(person: User, clinic: Clinic, *, works_at: Clinic | None = None) -> None:
    """To who is main user there from the start, and to who asked for it but works at others of the account only."""
    with translation.override(person.language or clinic.market.language):
        context = {"clinic": clinic, "has_access": works_at is None, "url": settings.BASE_URL + reverse("home")}
        message_id = f"clinic-added-{clinic.pk}-{person.public_id}"
        composed(ADDED, context, to=person, message_id=message_id, clinic=works_at or clinic).send()


def send_joined(person: User, invitation: Invitation, row: AccountRequest, clinics: Sequence[Clinic]) -> None:
    """To an account's owner or main user: customer service lets somebody in whom they did not invite."""
    if (works_at := clinic_of(person, clinics[0].account)) is None:
        return
    with translation.override(person.language or MARKETS[row.country].language):
        context = {
            "name": f"{row.first_name} {row.last_name}",
            "role": str(Role(invitation.role).label),
            "clinics": clinics,
            "url": settings.BASE_URL + reverse("home"),
            "support": settings.SUPPORT,
        }
        message_id = f"account-joined-{row.pk}-{invitation.pk}-{person.public_id}"
        composed(JOINED, context, to=person, message_id=message_id, clinic=works_at).send()
