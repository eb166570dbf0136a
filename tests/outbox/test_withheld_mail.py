"""Mail about a clinic that waited is not sent to who has lost access to the clinic meanwhile."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import override_settings
from django.utils import timezone

from outbox.models import KEEP, OutgoingMail
from outbox.tasks import deliver_due_mail
from permissions.mail import CLINIC_HEADER, PERSON_HEADER, composed
from permissions.models import Clinic
from permissions.services import block, membership_revoke, set_active, set_inactive, unblock
from shop.approvals import flow
from tests.approvals.submissions import submitted
from tests.factories import UserFactory, make_product, ready_to_confirm

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queued():
    """Mail waits until `deliver` is called."""
    with override_settings(TASKS=QUEUE):
        yield


def about(clinic, *to: str, cc: tuple[str, ...] = (), bcc: tuple[str, ...] = ()) -> OutgoingMail:
    EmailMessage("Subject", "text", to=to, cc=cc, bcc=bcc, headers={CLINIC_HEADER: str(clinic.pk)}).send()
    return OutgoingMail.objects.latest("pk")


def deliver() -> list[str]:
    deliver_due_mail.call()
    return sorted(address for message in mail.outbox for address in message.recipients())


def test_the_header_is_taken_off_and_kept_beside_the_mail(people):
    row = about(people.north, "petra@example.com")
    assert row.clinic == people.north
    assert row.headers == {}
    assert deliver() == ["petra@example.com"]
    assert CLINIC_HEADER not in str(mail.outbox[0].message())


@pytest.mark.parametrize(
    "lose",
    [
        lambda people: membership_revoke(user=people.petra, clinic=people.north),
        lambda people: set_inactive(user=people.petra, clinics=[people.north]),
        lambda people: block(user=people.petra, by=people.stella, reason="left"),
        lambda people: Clinic.objects.filter(pk=people.north.pk).update(is_active=False),
    ],
    ids=["revoked", "inactive", "blocked", "closed clinic"],
)
def test_who_lost_access_does_not_get_it(people, lose):
    row = about(people.north, "petra@example.com")
    lose(people)
    assert deliver() == []
    row.refresh_from_db()
    assert row.withheld_at
    assert (row.sent_at, row.failed_at) == (None, None)
    assert row.to == ["petra@example.com"]
    assert deliver() == []


@pytest.mark.parametrize(
    "came_back",
    [
        (
            lambda people: set_inactive(user=people.petra, clinics=[people.north]),
            lambda people: set_active(user=people.petra, clinics=[people.north]),
        ),
        (
            lambda people: block(user=people.petra, by=people.stella, reason="left"),
            lambda people: unblock(user=people.petra, by=people.stella),
        ),
    ],
    ids=["inactive", "blocked"],
)
def test_what_counts_is_the_moment_of_delivery(people, came_back):
    about(people.north, "petra@example.com")
    for step in came_back:
        step(people)
    assert deliver() == ["petra@example.com"]


def test_the_others_get_it_all_the_same(people):
    row = about(
        people.north, "Petra@example.com", "olga@example.com", cc=("asta@example.com",), bcc=("otto@example.com",)
    )
    membership_revoke(user=people.asta, clinic=people.north)
    membership_revoke(user=people.petra, clinic=people.north)
    assert deliver() == ["olga@example.com"]
    row.refresh_from_db()
    assert row.sent_at
    assert row.withheld_at is None
    assert row.to == ["Petra@example.com", "olga@example.com"]


def test_an_address_that_is_nobodys_gets_it(people):
    """The clinic's invoice department is no user."""
    about(people.north, "invoices@example.com")
    assert deliver() == ["invoices@example.com"]


def test_access_to_another_clinic_is_not_enough(people):
    about(people.south, "petra@example.com")
    assert deliver() == []


def test_mail_that_is_about_no_clinic_goes_to_everybody(people):
    EmailMessage("Subject", "text", to=["petra@example.com"]).send()
    membership_revoke(user=people.petra, clinic=people.north)
    assert deliver() == ["petra@example.com"]


class TestMailToAPerson:
    """About no clinic: what counts is whether they can log in."""

    @staticmethod
    def send(person, **options) -> OutgoingMail:
        composed("emails/access_taken", {"kind": "taken"}, to=person, message_id="one", **options).send()
        return OutgoingMail.objects.latest("pk")

    def test_who_can_not_log_in_any_more_does_not_get_it(self, people):
        row = self.send(people.petra)
        block(user=people.petra, by=people.stella, reason="left")
        assert deliver() == []
        row.refresh_from_db()
        assert row.withheld_at

    def test_a_new_address_hides_nobody(self, people):
        row = self.send(people.petra, clinic=people.north)
        people.petra.email = "other@example.com"
        people.petra.save()
        membership_revoke(user=people.petra, clinic=people.north)
        assert deliver() == []
        assert row.person == people.petra

    def test_others_get_it(self, people):
        self.send(people.petra)
        membership_revoke(user=people.petra, clinic=people.north)
        assert deliver() == ["petra@example.com"]
        assert PERSON_HEADER not in str(mail.outbox[0].message())

    def test_a_farewell_is_sent_all_the_same(self, people):
        self.send(people.petra, is_farewell=True)
        set_inactive(user=people.petra, clinics=[people.north])
        assert deliver() == ["petra@example.com"]


def test_a_mail_that_waited_for_the_server_is_looked_at_again(people, monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected

    row = about(people.north, "petra@example.com")
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        assert deliver() == []
    membership_revoke(user=people.petra, clinic=people.north)
    OutgoingMail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert deliver() == []
    row.refresh_from_db()
    assert row.withheld_at
    assert row.attempts == 1


def test_what_was_withheld_is_forgotten_like_other_mail(people):
    row = about(people.north, "petra@example.com")
    membership_revoke(user=people.petra, clinic=people.north)
    deliver()
    OutgoingMail.objects.update(withheld_at=timezone.now() - KEEP - timedelta(days=1))
    deliver_due_mail.call()
    assert not OutgoingMail.objects.filter(pk=row.pk).exists()


def test_who_is_asked_costs_the_same_for_one_as_for_many(people, django_assert_max_num_queries):
    colleagues = [UserFactory() for _each in range(30)]
    about(people.north, *(user.email for user in colleagues), "petra@example.com")
    with django_assert_max_num_queries(25):
        assert deliver() == ["petra@example.com"]


class TestWhatThePortalSends:
    def test_a_confirmation_is_not_sent_to_who_left_right_after_ordering(self, client, people):
        client.force_login(people.petra)
        basket = ready_to_confirm(people.petra, people.north, make_product())
        reviewed = client.get("/checkout/review/").context["fingerprint"]
        client.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed})
        assert OutgoingMail.objects.get().clinic == people.north
        membership_revoke(user=people.petra, clinic=people.north)
        assert deliver() == []

    def test_nor_that_a_basket_waits_to_who_approves_no_more(self, people):
        submitted(people.asta, people.north)
        block(user=people.olga, by=people.stella, reason="left")
        assert deliver() == []

    def test_nor_an_answer_to_who_submitted_it_and_left(self, people):
        basket = submitted(people.asta, people.north)
        deliver()
        mail.outbox.clear()
        flow.send_back(user=people.olga, basket_id=basket.pk, comment="fewer")
        membership_revoke(user=people.asta, clinic=people.north)
        assert deliver() == []
