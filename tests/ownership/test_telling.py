"""Both sides get a mail at every step, each in their language."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from outbox.tasks import deliver_due_mail
from permissions import services
from permissions.models import Account, Clinic, ClinicUserPermission, Membership, OwnershipTransfer, User
from permissions.ownership import transfers
from permissions.roles import Role
from tests.ownership.conftest import offered


def grow_old() -> None:
    OwnershipTransfer.objects.update(created=timezone.now() - timedelta(days=7))


def told() -> dict[str, str]:
    """Who got which subject since the last look."""
    found = {message.to[0].partition("@")[0]: message.subject for message in mail.outbox}
    mail.outbox.clear()
    return found


def test_both_are_told_at_every_step(people, account):
    row = offered(people)
    link = f"/ownership/{row.pk}/"
    assert {message.to[0]: link in message.body for message in mail.outbox} == {
        people.olga.email: False,
        people.petra.email: True,
    }
    assert told() == dict.fromkeys(("olga", "petra"), "The ownership of Nordhear AB is offered")
    transfers.decline(offer_id=row.pk, by=people.petra)
    assert told() == dict.fromkeys(("olga", "petra"), "The ownership of Nordhear AB was declined")
    offered(people)
    told()
    transfers.take_back(account=account, by=people.olga)
    assert told() == dict.fromkeys(("olga", "petra"), "The offer to own Nordhear AB was taken back")
    offered(people)
    told()
    grow_old()
    transfers.end_overdue()
    assert told() == dict.fromkeys(("olga", "petra"), "The offer to own Nordhear AB is no longer valid")
    row = offered(people)
    told()
    transfers.accept(offer_id=row.pk, by=people.petra)
    assert told() == dict.fromkeys(("olga", "petra"), "Nordhear AB has a new owner")


def test_who_is_shut_out_gets_no_mail(people):
    offered(people)
    told()
    services.set_inactive(user=people.petra, clinics=[people.north])
    told()
    transfers.end_overdue()
    assert told() == {"olga": "The offer to own Nordhear AB is no longer valid"}


def test_each_reads_their_own_language(people):
    User.objects.filter(pk=people.petra.pk).update(language="da")
    User.objects.filter(pk=people.olga.pk).update(language="en")
    offered(people, to=User.objects.get(pk=people.petra.pk))
    languages = {message.to[0]: message.alternatives[0][0] for message in mail.outbox}
    assert 'lang="da"' in languages[people.petra.email]


def test_the_new_owner_hears_of_it_from_customer_service_too(people, account):
    Account.objects.filter(pk=account.pk).update(owner=None)
    transfers.set_owner(account=account, person=people.petra, by=people.stella, reason="Called by the director")
    assert told() == {"petra": "Nordhear AB has a new owner"}


# --- Who belongs there no longer ---------------------------------------------------------------------------------


@pytest.fixture
def waiting(settings) -> Callable[[], set[str]]:
    """Mails wait until this is called, which tells whom they reached."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def deliver() -> set[str]:
        mail.outbox.clear()
        deliver_due_mail.call()
        return told().keys()

    return deliver


def work_elsewhere(people) -> None:
    """Whoever leaves the account can still log in."""
    for person in (people.petra, people.olga):
        services.membership_grant(user=person, clinic=people.foreign, role=Role.PURCHASER)


def test_who_loses_access_before_the_mail_leaves_gets_none(people, waiting):
    work_elsewhere(people)
    offered(people)
    services.membership_revoke(user=people.petra, clinic=people.north)
    assert waiting() == {"olga"}


def test_who_has_every_function_switched_off_is_asked_all_the_same(people, waiting):
    services.membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=[], confirmed=True)
    offered(people)
    assert waiting() == {"olga", "petra"}


def test_a_blocked_owner_gets_none(people, waiting):
    offered(people)
    services.block(user=people.olga, by=people.stella, reason="Fraud")
    assert waiting() == {"petra"}


def test_who_was_asked_and_left_hears_no_more_of_the_account(people, account, waiting):
    work_elsewhere(people)
    offered(people)
    waiting()
    services.membership_revoke(user=people.petra, clinic=people.north)
    transfers.end_overdue()
    assert waiting() == {"olga"}


def test_the_owner_who_leaves_is_told_that_it_is_done(people, waiting):
    work_elsewhere(people)
    row = offered(people, role_afterwards=transfers.LEAVES)
    waiting()
    transfers.accept(offer_id=row.pk, by=people.petra)
    assert waiting() == {"olga", "petra"}


def test_an_owner_who_is_gone_is_not_told_who_follows(people, account, waiting):
    work_elsewhere(people)
    Account.objects.filter(pk=account.pk).update(owner=people.olga)
    Clinic.objects.filter(pk=people.south.pk).update(is_active=False)
    Membership.objects.filter(user=people.olga, clinic__account=account).delete()
    ClinicUserPermission.objects.filter(user=people.olga, content_object__account=account).delete()
    transfers.set_owner(account=account, person=people.petra, by=people.stella, reason="She left")
    assert waiting() == {"petra"}
