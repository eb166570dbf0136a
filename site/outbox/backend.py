"""The EMAIL_BACKEND of every part of the portal: keeps mail in the database instead of sending it."""

import base64
from collections.abc import Sequence
from email.utils import make_msgid
from uuid import UUID

from django.core.mail import EmailAttachment, EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.utils.text import Truncator

from outbox.models import LONGEST_SUBJECT, OutgoingMail
from outbox.tasks import deliver_due_mail
from permissions.mail import CLINIC_HEADER, PERSON_HEADER


class OutboxBackend(BaseEmailBackend):
    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Mail and its delivery task join the caller's transaction: a roll-back takes both back."""
        for message in email_messages:
            OutgoingMail.objects.create(**_row(message))
        if email_messages:
            deliver_due_mail.enqueue()
        return len(email_messages)


def _row(message: EmailMessage) -> dict:
    headers = dict(message.extra_headers)
    message_id = headers.pop("Message-ID", None) or make_msgid(domain=str(DNS_NAME))
    clinic = headers.pop(CLINIC_HEADER, None)
    person = headers.pop(PERSON_HEADER, None)
    alternatives = {part.mimetype: str(part.content) for part in getattr(message, "alternatives", [])}
    if alternatives.keys() - {"text/html"}:
        raise NotImplementedError(f"The outbox keeps text and HTML only, not {sorted(alternatives)}")
    return {
        "message_id": message_id,
        "sender": message.from_email,
        "to": message.to,
        "cc": message.cc,
        "bcc": message.bcc,
        "reply_to": message.reply_to,
        "subject": Truncator(" ".join(message.subject.splitlines())).chars(LONGEST_SUBJECT),
        "text": message.body,
        "text_type": message.content_subtype,
        "html": alternatives.get("text/html", ""),
        "headers": headers,
        "clinic_id": UUID(str(clinic)) if clinic else None,
        "person_id": int(person) if person else None,
        "attachments": [_attachment(part) for part in message.attachments],
    }


def _attachment(part) -> list[str]:
    if not isinstance(part, EmailAttachment):
        raise NotImplementedError("The outbox keeps attachments by name, content and type, not MIME parts")
    content = part.content.encode() if isinstance(part.content, str) else bytes(part.content)  # type: ignore[arg-type]  # the rest is refused above
    return [part.filename or "", base64.b64encode(content).decode(), part.mimetype or ""]
