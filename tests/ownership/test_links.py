"""Mails about an account lead to that account, whichever one the reader works for when they open them."""

import pytest
from django.core import mail
from django.urls import reverse

from permissions.middleware import SESSION_KEY
from permissions.models import User
from permissions.ownership import transfers
from permissions.roles import Role
from permissions.services import membership_grant
from tests.ownership.conftest import offered


def address(account) -> str:
    return reverse("ownership:account-of", args=[account.pk])


def bodies(person) -> list[str]:
    return [message.body for message in mail.outbox if message.to == [person.email]]


@pytest.fixture
def elsewhere(client, people):
    """Olga works for another account just now."""
    membership_grant(user=people.olga, clinic=people.foreign, role=Role.PURCHASER)
    client.force_login(people.olga)
    session = client.session
    session[SESSION_KEY] = str(people.foreign.pk)
    session.save()
    return client


@pytest.mark.parametrize("role", [Role.PURCHASER, Role.MAIN_USER])
def test_the_page_shows_the_account_of_the_mail(elsewhere, people, account, role):
    membership_grant(user=people.olga, clinic=people.foreign, role=role)
    offered(people)
    assert address(account) in bodies(people.olga)[0]
    shown = elsewhere.get(address(account), follow=True)
    assert shown.redirect_chain == [(reverse("ownership:account"), 302)]
    assert shown.context["account"] == account
    assert "You now work for Nordhear" in shown.content.decode()


def test_who_works_for_it_already_stays_at_their_clinic(client, people, account):
    User.objects.filter(pk=people.olga.pk).update(last_clinic=people.south)
    client.force_login(people.olga)
    shown = client.get(address(account), follow=True)
    assert "You now work for" not in shown.content.decode()
    assert User.objects.get(pk=people.olga.pk).last_clinic == people.south


def test_who_manages_nothing_there_is_refused(client, people, account):
    for person, status in ((people.petra, 403), (people.otto, 404)):
        client.force_login(person)
        assert client.get(address(account)).status_code == status


@pytest.mark.parametrize("afterwards", ["", Role.ASSISTANT])
def test_who_can_not_open_the_page_gets_no_link(people, account, afterwards):
    row = offered(people, role_afterwards=afterwards)
    mail.outbox.clear()
    transfers.accept(offer_id=row.pk, by=people.petra)
    (farewell,), (welcome,) = bodies(people.olga), bodies(people.petra)
    assert "http" not in farewell
    assert address(account) in welcome


def test_who_was_asked_and_declined_gets_none_either(people):
    row = offered(people)
    mail.outbox.clear()
    transfers.decline(offer_id=row.pk, by=people.petra)
    assert "http" not in bodies(people.petra)[0]
    assert "http" in bodies(people.olga)[0]
