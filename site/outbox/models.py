import base64
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import timezone

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
KEEP = timedelta(days=30)
LONGEST_SUBJECT = 998  # RFC 5322, 2.1.1


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def unsent(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at=None, failed_at=None, withheld_at=None)

    def due(self, now: datetime | None = None) -> "OutgoingMailQuerySet":
        return self.unsent().filter(due_at__lte=now or timezone.now()).order_by("due_at", "pk")

    def forgettable(self) -> "OutgoingMailQuerySet":
        """Done with long enough ago: what mail said is not kept for ever."""
        long_ago = timezone.now() - KEEP
        done = models.Q(sent_at__lt=long_ago) | models.Q(failed_at__lt=long_ago) | models.Q(withheld_at__lt=long_ago)
        return self.filter(done)


class OutgoingMail(models.Model):
    """One mail to be handed to the mail server once."""

    # Made once, so that a mail which is handed over twice by a crash in between is known as the same one.
    message_id = models.CharField(max_length=255, unique=True)
    sender = models.CharField(max_length=320)
    to = ArrayField(models.EmailField())
    cc = ArrayField(models.EmailField(), default=list)
    bcc = ArrayField(models.EmailField(), default=list)
    reply_to = ArrayField(models.EmailField(), default=list)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    text = models.TextField()
    text_type = models.CharField(max_length=10, default="plain")
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)  # [name, base64, type]
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Refused for good: an address that does not exist. Kept for people to look at, not tried again.
    failed_at = models.DateTimeField(null=True, blank=True)
    # What clinic it tells of. Who has lost access to it by the time it leaves does not get it.
    clinic = models.ForeignKey("permissions.Clinic", null=True, on_delete=models.SET_NULL, related_name="+")
    # Whom it is for, where that is one of our people. Who can't log in by the time it leaves does not get it.
    person = models.ForeignKey("permissions.User", null=True, on_delete=models.SET_NULL, related_name="+")
    withheld_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    def __str__(self) -> str:
        return self.message_id

    def as_message(self) -> EmailMultiAlternatives:
        headers = {**self.headers, "Message-ID": self.message_id}
        message = EmailMultiAlternatives(
            self.subject,
            self.text,
            self.sender,
            self.to,
            cc=self.cc,
            bcc=self.bcc,
            reply_to=self.reply_to,
            headers=headers,
        )
        message.content_subtype = self.text_type
        if self.html:
            message.attach_alternative(self.html, "text/html")
        for name, content, mimetype in self.attachments:
            message.attach(name, base64.b64decode(content), mimetype)
        return message

    def postpone(self, error: Exception) -> None:
        """Try again later, ever more seldom. Only the kind of error is kept: its text may quote the mail."""
        self.attempts += 1
        self.due_at = timezone.now() + min(FIRST_RETRY * 2 ** min(self.attempts - 1, 10), LONGEST_RETRY)
        self.last_error = type(error).__name__
