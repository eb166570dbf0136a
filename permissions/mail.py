"""Mails made from a template's subject, text and HTML."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from permissions.models import Account, Clinic, User

# Read and taken off by the outbox: who by the time the mail leaves has lost access to the clinic, or can't log in,
# does not get it.
CLINIC_HEADER = "Bestil-Clinic"
PERSON_HEADER = "Bestil-Person"


def clinic_of(person: User | None, account: Account) -> Clinic | None:
    """One where the person still may do something; None for who has left: an account's mails are for its people.

    With it, a mail is held back when that ends before it leaves.
    """
    return account.clinics.visible_to(person).order_by("pk").first() if person else None


def composed(
    template: str,
    context: dict[str, object],
    *,
    to: User | str,
    message_id: str,
    clinic: Clinic | None = None,
    is_farewell: bool = False,
) -> EmailMultiAlternatives:
    """In the language that is active. One `message_id` is one mail, however often the outbox tries it.

    A farewell is sent although its reader can't log in any more: it says so.
    """
    subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
    context = {**context, "headline": subject}
    headers = {"Message-ID": f"<{message_id}@bestil>", "Auto-Submitted": "auto-generated"}
    if clinic is not None:
        headers[CLINIC_HEADER] = str(clinic.pk)
    if isinstance(to, User) and not is_farewell:
        headers[PERSON_HEADER] = str(to.pk)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        to=[to if isinstance(to, str) else to.email],
        headers=headers,
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail
