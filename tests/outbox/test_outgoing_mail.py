"""Mail goes through the database: a server that is down delays it and loses nothing."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from outbox.models import LONGEST_SUBJECT, OutgoingMail
from outbox.tasks import deliver_due_mail
from shop.order.models import Order
from tests.factories import make_product, ready_to_confirm

SERVER_DOWN = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": 9,  # the discard port: nothing listens
}
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
pytestmark = pytest.mark.django_db


def later(**by) -> None:
    """Time passes for the mail that waits."""
    OutgoingMail.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_mail_is_handed_over_whole():
    message = EmailMultiAlternatives(
        "Hello",
        "text",
        to=["a@example.com"],
        cc=["c@example.com"],
        bcc=["b@example.com"],
        reply_to=["r@example.com"],
        headers={"Message-ID": "<1@x>"},
    )
    message.attach_alternative("<p>html</p>", "text/html")
    message.attach("note.txt", "attached", "text/plain")
    message.send()
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Hello", "text", ["a@example.com"])
    assert sent.alternatives[0].content == "<p>html</p>"
    assert sent.attachments[0].filename == "note.txt"
    assert (sent.cc, sent.bcc, sent.reply_to) == (["c@example.com"], ["b@example.com"], ["r@example.com"])
    assert sent.message()["Message-ID"] == "<1@x>"
    assert "b@example.com" not in str(sent.message())
    assert OutgoingMail.objects.get().sent_at is not None


@override_settings(OUTBOX_TRANSPORT=SERVER_DOWN)
def test_a_server_that_is_down_delays_the_mail_and_the_order_is_placed(client, people):
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, make_product())
    reviewed = client.get("/checkout/review/").context["fingerprint"]
    page = client.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed}, follow=True)
    assert page.status_code == 200
    assert Order.objects.count() == 1
    waiting = OutgoingMail.objects.get()
    assert (waiting.sent_at, waiting.attempts) == (None, 1)
    assert waiting.last_error == "ConnectionRefusedError"
    assert waiting.due_at > timezone.now()


def test_what_waited_is_sent_once_when_the_server_is_back():
    with override_settings(OUTBOX_TRANSPORT=SERVER_DOWN):
        for number in range(5):
            send_mail(f"Mail {number}", "text", None, ["a@example.com"])
    later()
    assert deliver_due_mail.call() == 5
    later()
    assert deliver_due_mail.call() == 0
    assert sorted(message.subject for message in mail.outbox) == [f"Mail {number}" for number in range(5)]


def test_one_bad_mail_holds_up_no_other(monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    real = EmailBackend.send_messages

    def picky(self, messages):
        if messages[0].subject == "bad":
            raise OSError("refused")
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    for subject in ("good", "bad", "fine"):
        send_mail(subject, "text", None, ["a@example.com"])
    assert [message.subject for message in mail.outbox] == ["good", "fine"]


@override_settings(OUTBOX_TRANSPORT=SERVER_DOWN)
def test_it_is_tried_ever_more_seldom_but_never_given_up():
    send_mail("Mail", "text", None, ["a@example.com"])
    waits = []
    for _attempt in range(12):
        row = OutgoingMail.objects.get()
        waits.append(timedelta(seconds=round((row.due_at - timezone.now()).total_seconds())))
        later()
        deliver_due_mail.call()
    assert waits[0] < timedelta(seconds=31)
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(hours=1)


@override_settings(TASKS=QUEUE)
def test_mail_and_its_task_go_back_with_the_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        send_mail("Mail", "text", None, ["a@example.com"])
        raise RuntimeError
    assert not OutgoingMail.objects.exists()
    assert not DBTaskResult.objects.exists()


@override_settings(TASKS=QUEUE)
def test_in_production_mail_waits_for_the_worker():
    send_mail("Mail", "text", None, ["a@example.com"])
    assert mail.outbox == []
    assert DBTaskResult.objects.count() == 1


@override_settings(TASKS=QUEUE, OUTBOX_TRANSPORT=SERVER_DOWN)
def test_a_postponed_mail_calls_the_worker_again_when_it_is_due():
    send_mail("Mail", "text", None, ["a@example.com"])
    DBTaskResult.objects.all().delete()
    deliver_due_mail.call()
    assert DBTaskResult.objects.get().run_after == OutgoingMail.objects.get().due_at


def test_a_lost_task_loses_no_mail():
    """A worker that is killed takes its task with it; the next run, or the next start, finds the mail."""
    with override_settings(TASKS=QUEUE):
        send_mail("Mail", "text", None, ["a@example.com"])
    DBTaskResult.objects.all().delete()
    assert deliver_due_mail.call() == 1
    assert len(mail.outbox) == 1


def test_html_alone_stays_html():
    message = EmailMessage("Hello", "<p>html</p>", to=["a@example.com"])
    message.content_subtype = "html"
    message.send()
    assert mail.outbox[0].content_subtype == "html"


@override_settings(TASKS=QUEUE, OUTBOX_TRANSPORT=SERVER_DOWN)
def test_many_waiting_mails_plan_one_next_run():
    """Each run planned one more: a bad address would have bred runs for ever."""
    for number in range(20):
        send_mail(f"Mail {number}", "text", None, ["a@example.com"])
    DBTaskResult.objects.all().delete()
    for _run in range(5):
        deliver_due_mail.call()
    assert DBTaskResult.objects.count() == 1


def test_a_mail_that_is_refused_for_good_is_not_tried_again(monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    def refuse(self, messages):
        raise SMTPRecipientsRefused({"gone@example.com": (550, b"no such user")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    send_mail("Mail", "text", None, ["gone@example.com"])
    later()
    assert deliver_due_mail.call() == 0
    refused = OutgoingMail.objects.get()
    assert (refused.attempts, refused.last_error) == (1, "SMTPRecipientsRefused")
    assert refused.failed_at is not None


def test_a_mailbox_that_is_full_for_now_is_tried_again(monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    def refuse(self, messages):
        raise SMTPRecipientsRefused({"full@example.com": (452, b"mailbox full")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    send_mail("Mail", "text", None, ["full@example.com"])
    assert OutgoingMail.objects.get().failed_at is None


def test_what_was_sent_long_ago_is_forgotten():
    send_mail("Old", "text", None, ["a@example.com"])
    OutgoingMail.objects.update(sent_at=timezone.now() - timedelta(days=31))
    send_mail("New", "text", None, ["a@example.com"])
    assert [row.subject for row in OutgoingMail.objects.all()] == ["New"]


def test_a_subject_can_not_smuggle_a_header():
    send_mail("Hello\r\nBcc: everybody@example.com", "text", None, ["a@example.com"])
    assert mail.outbox[0].subject == "Hello Bcc: everybody@example.com"
    assert mail.outbox[0].recipients() == ["a@example.com"]


def test_a_subject_that_is_too_long_for_mail_is_cut():
    send_mail("Clinic, " * 300, "text", None, ["a@example.com"])
    assert len(mail.outbox[0].subject) == LONGEST_SUBJECT
