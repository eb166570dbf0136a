"""What waits too long: reminded of every so many hours, passed on once, never twice at the same time."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from outbox.periodic import plan_all, remind_of_approvals
from permissions.models import Clinic
from permissions.roles import Role
from permissions.services import block, membership_grant, membership_revoke
from shop.approvals import flow
from shop.approvals.models import MailWish
from shop.approvals.reminders import remind
from tests.approvals.submissions import actions_of, approve, submit, submitted
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def basket(people):
    basket = submitted(people.asta, people.north)
    mail.outbox.clear()
    return basket


def after(hours: float) -> list[str]:
    """The reminders run so many hours from now; who is written to."""
    mail.outbox.clear()
    remind(timezone.now() + timedelta(hours=hours))
    return sorted(address for message in mail.outbox for address in message.to)


def backdated(basket, hours: float) -> None:
    for step in basket.approval_steps.all():
        basket.approval_steps.filter(pk=step.pk).update(at=step.at - timedelta(hours=hours))


def test_nothing_before_the_time(basket):
    assert after(23.9) == []
    assert actions_of(basket) == ["submitted"]


def test_a_reminder_after_the_clinics_hours(people, basket):
    assert after(24.1) == ["olga@example.com"]
    assert mail.outbox[0].subject.startswith(("Påminnelse", "Reminder"))
    assert actions_of(basket) == ["submitted", "reminded"]


def test_the_same_run_twice_reminds_once(people, basket):
    backdated(basket, 25)
    assert after(0) == ["olga@example.com"]
    assert after(0) == []


def test_again_after_as_many_hours(basket):
    backdated(basket, 25)
    after(0)
    backdated(basket, 24)
    assert after(0.1) == ["olga@example.com"]
    assert actions_of(basket) == ["submitted", "reminded", "reminded"]


def test_whoever_was_told_is_reminded(people, basket):
    MailWish.objects.create(user=people.petra, clinic=people.north)
    assert after(25) == ["olga@example.com", "petra@example.com"]


def test_the_hours_are_the_clinics_own(people, basket):
    Clinic.objects.filter(pk=people.north.pk).update(approval_reminder_hours=2, approval_escalation_hours=4)
    assert after(2.1) == ["olga@example.com"]


def test_passed_on_to_the_account_owner_once(people, basket):
    bea = UserFactory(email="bea@example.com")
    membership_grant(user=bea, clinic=people.north, role=Role.MAIN_USER)
    backdated(basket, 73)
    assert after(0) == ["bea@example.com", "olga@example.com"]  # Bea is reminded, Olga owns the account
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects["olga@example.com"] != subjects["bea@example.com"]
    assert actions_of(basket) == ["submitted", "escalated", "reminded"]
    backdated(basket, 100)
    after(0)
    assert actions_of(basket).count("escalated") == 1


def test_the_same_person_gets_one_mail_not_two(basket):
    backdated(basket, 73)
    assert after(0) == ["olga@example.com"]
    assert actions_of(basket) == ["submitted", "escalated"]


def test_what_was_decided_or_taken_back_is_left_in_peace(people, basket):
    returned, rejected, withdrawn = (submitted(people.asta, people.north) for _each in range(3))
    approve(people.olga, basket)
    flow.send_back(user=people.olga, basket_id=returned.pk, comment="no")
    flow.reject(user=people.olga, basket_id=rejected.pk, comment="no")
    flow.withdraw(user=people.asta, basket_id=withdrawn.pk)
    assert after(100) == []


def test_a_new_submission_counts_from_its_own_time(people, basket):
    flow.send_back(user=people.olga, basket_id=basket.pk, comment="no")
    backdated(basket, 100)
    submit(people.asta, basket)
    assert after(23) == []
    assert after(25) == ["olga@example.com"]


def test_a_closed_clinic_is_not_reminded(people, basket):
    Clinic.objects.filter(pk=people.north.pk).update(is_active=False)
    assert after(100) == []


def test_with_nobody_to_tell_nothing_breaks(people, basket):
    membership_revoke(user=people.petra, clinic=people.north)
    block(user=people.olga, by=people.stella, reason="not paid")
    assert after(100) == []


def test_the_command_says_what_it_did(basket, capsys):
    backdated(basket, 25)
    call_command("remind_approvals")
    assert capsys.readouterr().out == "1 baskets reminded of, 0 passed on to the account owner.\n"


def test_the_worker_plans_one_run_ahead(settings, db):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for _start in range(3):
        plan_all()
    planned = DBTaskResult.objects.filter(task_path=remind_of_approvals.module_path)
    assert planned.count() == 1
    assert planned.get().run_after > timezone.now()
