"""Whom customer service invites reads "customer service", as the account does; the history keeps who it was."""

import pytest
from django.core import mail

from permissions.models import AccessEvent, Invitation
from permissions.requests import inviting
from permissions.roles import Role
from permissions.services import membership_grant
from shop.dashboard.requests.making import NewClinic
from tests.requests.requesting import EMAIL, approved, asked, clerk

pytestmark = pytest.mark.django_db


@pytest.fixture
def stella(people):
    people.stella.first_name, people.stella.last_name = "Stella", "Stafford"
    people.stella.save()
    return clerk(people.stella)


@pytest.fixture
def invitation(people, stella) -> Invitation:
    """Into Olga's account."""
    new = NewClinic("Nordhear North 2", "30010", "Storgatan 4", "972 31", "Luleå")
    approved(asked(language="en"), stella, account=people.north.account, company="", new=[new], role=Role.PURCHASER)
    return Invitation.objects.get()


@pytest.mark.parametrize("again", [False, True])
def test_the_mail_and_the_pages_name_no_one_of_the_suppliers_people(people, stella, client, invitation, again):
    if again:
        mail.outbox.clear()
        assert inviting.send_again(invitation.access_events.first().request, by=stella)
    letter = [message for message in mail.outbox if message.to == [EMAIL]][-1]
    link = next(word for word in letter.body.split() if "/invitations/" in word)
    membership_grant(user=people.olga, clinic=invitation.clinics.get(), role=Role.MAIN_USER)
    opened = client.get(link.removeprefix("http://testserver").replace("http://localhost:8000", ""))
    client.force_login(people.olga)
    shown = client.get(f"/users/invitations/{invitation.pk}/")
    assert (opened.status_code, shown.status_code) == (200, 200)
    texts = letter.body, letter.alternatives[0][0], opened.content.decode(), shown.content.decode()
    assert not [text for text in texts if "Stafford" in text]
    words = (
        "Customer service wants you",
        "Customer service wants you",
        "Customer service invites you",
        "Invited by Cust",
    )
    assert [word in text for word, text in zip(words, texts, strict=True)] == [True] * 4
    told = AccessEvent.objects.filter(invitation=invitation)
    assert {event.actor for event in told} == {stella}


def test_a_colleague_who_invites_is_named(people, stella):
    assert people.olga.name_for_customers == str(people.olga)
    assert stella.name_for_customers == "Customer service"
