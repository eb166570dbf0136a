import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from outbox.models import OutgoingMail
from permissions.access import may_be_told, shut_out

logger = logging.getLogger(__name__)
TIMEOUT_SECONDS = 15
PERMANENT = 500
KEEP_TASKS = timedelta(days=7)


@task()
def deliver_due_mail() -> int:
    """Hand over every mail that is due, not only the one this task was made for: a lost task delays nothing.

    Returns how many were sent. A server that refuses postpones the mail and a later run of this task with it.
    """
    sent, tried = 0, set()
    while (mail := _deliver_one(tried)) is not None:
        tried.add(mail.pk)
        sent += mail.sent_at is not None
    _call_again()
    _forget()
    return sent


@transaction.atomic
def _deliver_one(tried: set[int]) -> OutgoingMail | None:
    """Lock one due mail that no other worker holds, send it, and record what came of it."""
    due = OutgoingMail.objects.due().exclude(pk__in=tried).select_for_update(skip_locked=True)
    mail = due.first()
    if mail is None:
        return None
    _drop_who_is_shut_out(mail)
    try:
        if mail.withheld_at is None:
            transport().send_messages([mail.as_message()])
    except Exception as error:  # whatever the server or the network does, the mail stays
        mail.postpone(error)
        if _is_final(error):
            mail.failed_at = timezone.now()
        logger.warning("mail %s not sent: %s (attempt %s)", mail.pk, mail.last_error, mail.attempts)
    else:
        mail.sent_at = timezone.now() if mail.withheld_at is None else None
    mail.save(update_fields=["sent_at", "failed_at", "withheld_at", "due_at", "attempts", "last_error"])
    return mail


def _drop_who_is_shut_out(mail: OutgoingMail) -> None:
    """Who can't log in any more, or lost access to the clinic since it was written, is not told what is going on.

    The row keeps whom it was for. With nobody left to send it to it stays here.
    """
    if mail.person is not None:
        nobody = not may_be_told(mail.person, mail.clinic)
    elif mail.clinic is not None:
        out = shut_out([*mail.to, *mail.cc, *mail.bcc], mail.clinic)
        for field in ("to", "cc", "bcc"):
            setattr(mail, field, [address for address in getattr(mail, field) if address.lower() not in out])
        nobody = not (mail.to or mail.cc or mail.bcc)
    else:
        return
    if nobody:
        mail.withheld_at = timezone.now()
        logger.info("mail %s withheld: nobody it is for may read it any more", mail.pk)


def _is_final(error: Exception) -> bool:
    """Whether the server refuses this mail for good (RFC 5321: codes of 500 and above)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _text in error.recipients.values())
    return isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) and error.smtp_code >= PERMANENT


def _call_again() -> None:
    """Plan one run for when the next mail is due; never a second one, or a bad address would breed runs for ever."""
    waiting = OutgoingMail.objects.unsent().filter(due_at__gt=timezone.now()).order_by("due_at").first()
    if waiting is None or not deliver_due_mail.get_backend().supports_defer:
        return
    planned = DBTaskResult.objects.filter(
        task_path=deliver_due_mail.module_path, status=TaskResultStatus.READY, run_after__gt=timezone.now()
    )
    if not planned.filter(run_after__lte=waiting.due_at).exists():
        deliver_due_mail.using(run_after=waiting.due_at).enqueue()


def _forget() -> None:
    """What mail said and what tasks were given is not kept for ever."""
    OutgoingMail.objects.forgettable().delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_TASKS).delete()


def transport() -> BaseEmailBackend:
    """The connection to the mail server that EMAIL_URL names."""
    options = settings.OUTBOX_TRANSPORT
    backend = options["EMAIL_BACKEND"]
    if not backend.endswith("smtp.EmailBackend"):
        return get_connection(backend)
    return get_connection(
        backend,
        host=options.get("EMAIL_HOST"),
        port=options.get("EMAIL_PORT") or 25,
        username=options.get("EMAIL_HOST_USER") or "",
        password=options.get("EMAIL_HOST_PASSWORD") or "",
        use_tls=options.get("EMAIL_USE_TLS", False),
        use_ssl=options.get("EMAIL_USE_SSL", False),
        timeout=TIMEOUT_SECONDS,
    )
