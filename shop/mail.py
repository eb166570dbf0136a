"""Mails made from a template's subject, text and HTML."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from permissions.models import User


def composed(template: str, context: dict[str, object], *, to: User, message_id: str) -> EmailMultiAlternatives:
    """In the language that is active. One `message_id` is one mail, however often the outbox tries it."""
    subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
    context = {**context, "headline": subject}
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        to=[to.email],
        headers={"Message-ID": f"<{message_id}@bestil>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail
