"""The mails about requests. Nothing that a stranger typed into the public form goes to the address they typed: the
form would send anybody's words to anybody, in our name.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from permissions.mail import composed
from permissions.markets import MARKETS
from permissions.models import AccountRequest, Clinic, User
from permissions.requests import limits
from permissions.requests.organisation_numbers import shown

RECEIVED, WAITING, DECLINED = "emails/request_received", "emails/request_waiting", "emails/request_declined"
ADDED, JOINED = "emails/clinic_added", "emails/account_joined"


def language_of(row: AccountRequest) -> str:
    return row.language or MARKETS[row.country].language


def send_receipt(row: AccountRequest) -> None:
    with translation.override(language_of(row)):
        context = {
            "kind": row.kind,
            "number": shown(row.country, row.organisation_number),
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
    with translation.override(language_of(row)):
        context = {"kind": row.kind, "reason": row.reason, "support": settings.SUPPORT}
        composed(DECLINED, context, to=row.email, message_id=f"request-declined-{row.pk}").send()


def send_clinic_added(person: User, clinic: Clinic, *, has_access: bool) -> None:
    """To who is main user there from the start, and to who asked for it."""
    with translation.override(person.language or clinic.market.language):
        context = {"clinic": clinic, "has_access": has_access, "url": settings.BASE_URL + reverse("home")}
        message_id = f"clinic-added-{clinic.pk}-{person.public_id}"
        told = clinic if has_access else None
        composed(ADDED, context, to=person, message_id=message_id, clinic=told).send()


def send_joined(person: User, row: AccountRequest, clinics: list[Clinic], *, role: str) -> None:
    """To an account's owner or main user: customer service lets somebody in whom they did not invite."""
    with translation.override(person.language or MARKETS[row.country].language):
        context = {
            "name": f"{row.first_name} {row.last_name}",
            "role": role,
            "clinics": clinics,
            "url": settings.BASE_URL + reverse("home"),
            "support": settings.SUPPORT,
        }
        message_id = f"account-joined-{row.pk}-{person.public_id}"
        composed(JOINED, context, to=person, message_id=message_id).send()
