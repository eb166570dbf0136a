"""The EMAIL_BACKEND of every part of the portal: keeps mail in the database instead of sending it."""

import base64
from collections.abc import Sequence
from email.utils import make_msgid

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.db import transaction

from outbox.models import OutgoingMail
from outbox.tasks import deliver_due_mail


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
    alternatives = getattr(message, "alternatives", [])
    html = next((str(part.content) for part in alternatives if part.mimetype == "text/html"), "")
    return {
        "message_id": message_id,
        "sender": message.from_email,
        "to": message.recipients(),
        "subject": " ".join(message.subject.splitlines()),
        "text": message.body,
        "html": html,
        "headers": headers,
        "attachments": [_attachment(part) for part in message.attachments],
    }


def _attachment(part) -> list[str]:
    content = part.content.encode() if isinstance(part.content, str) else part.content
    return [part.filename, base64.b64encode(content).decode(), part.mimetype]
