"""Who manages some of the clinics and adds somebody known at another: what they can do, and who can do the rest."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from permissions.models import AccessEvent, Clinic, Invitation, Membership, User
from permissions.roles import Role
from permissions.services import block, membership_grant, membership_revoke, set_inactive
from permissions.users.answering import offers_of
from permissions.users.standing import still_given
from tests.factories import UserFactory
from tests.requests.requesting import approved, asked, clerk
from tests.users.inviting import browser_of, form_for, invite, link_of

KIM = "kim@example.com"


@pytest.fixture
def maja(people):
    """Main user of South alone."""
    user = UserFactory(email="maja@example.com", first_name="Maja", last_name="Testsson", language="en")
    membership_grant(user=user, clinic=people.south, role=Role.MAIN_USER)
    return browser_of(user)


def add(browser, people, email: str = KIM) -> str:
    return browser.post("/users/new/", form_for([people.south], email=email), follow=True).content.decode()


def pending() -> list[str]:
    """The clinics of what waits for Kim's answer."""
    rows = Invitation.objects.pending().filter(email=KIM)
    return [clinic.name for row in rows for clinic in row.clinics.all()]


def test_an_open_invitation_of_another_clinic_names_whom_to_ask(people, maja):
    invite(people.olga, [people.north], email=KIM)
    page = add(maja, people)
    assert "invited already, at another clinic of Nordhear AB. Ask Olga Testsson to add your clinic." in page
    assert "Nordhear North" not in page
    assert pending() == ["Nordhear North"]


def test_a_visible_invitation_is_found_in_the_list(people, maja):
    invite(people.olga, [people.north, people.south], email=KIM)
    assert "Find it among the invited" in add(maja, people)


def too_old(people, invitation) -> None:
    Invitation.objects.update(sent=timezone.now() - timedelta(days=400))


def of_a_closed_clinic(people, invitation) -> None:
    Clinic.objects.filter(pk=people.north.pk).update(is_active=False)


def of_who_lost_the_right(people, invitation) -> None:
    membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    membership_revoke(user=people.olga, clinic=people.north)


@pytest.mark.parametrize("how", [too_old, of_a_closed_clinic, of_who_lost_the_right])
def test_what_nobody_can_accept_any_more_is_replaced(client, people, maja, how):
    old = invite(people.olga, [people.north], email=KIM)
    path = link_of(old)
    how(people, old)
    assert "gets a mail that says how to go on" in add(maja, people)
    old.refresh_from_db()
    assert (old.state, pending()) == ("withdrawn", ["Nordhear South"])
    event = AccessEvent.objects.get(action="withdraw")
    assert (event.actor.first_name, event.clinic, event.invitation) == ("Maja", people.north, old)
    assert client.get(path).status_code == 410


def test_what_is_too_old_and_can_be_seen_is_sent_again_by_hand(people, olga):
    invite(people.olga, [people.south], email=KIM)
    too_old(people, None)
    assert "Find it among the invited" in add(olga, people)


def test_an_inactive_colleague_of_another_clinic_names_whom_to_ask(people, maja):
    set_inactive(user=people.asta, clinics=[people.north])
    page = add(maja, people, people.asta.email)
    text = "is set inactive at another clinic of Nordhear AB. Ask Olga Testsson to set them active."
    assert text in page
    assert "Nordhear North" not in page
    assert not Membership.objects.filter(user=people.asta, clinic=people.south).exists()


def test_of_a_blocked_colleague_only_customer_service_can_help(people, maja):
    block(user=people.asta, by=people.stella, reason="Lost telephone")
    page = add(maja, people, people.asta.email)
    assert "can&#x27;t log in at the moment. Ask customer service." in page
    assert "Set them active" not in page


def test_an_inactive_colleague_who_is_blocked_elsewhere_is_inactive(people, olga):
    set_inactive(user=people.asta, clinics=[people.north])
    block(user=people.asta, by=people.stella, reason="Lost telephone")
    assert "is set inactive. Set them active first." in add(olga, people, people.asta.email)


def test_the_list_and_the_page_say_when_the_sender_lost_the_right(people, olga):
    second = UserFactory(email="second@example.com")
    membership_grant(user=second, clinic=people.north, role=Role.MAIN_USER)
    invitation = invite(second, [people.north], email=KIM)
    pages = ("/users/?tab=invited", f"/users/invitations/{invitation.pk}/")
    for path in pages:
        assert "The link works until" in olga.get(path).content.decode()
    membership_revoke(user=second, clinic=people.north)
    for path in pages:
        page = olga.get(path).content.decode()
        assert ("The link works until" in page, "No longer works" in page) == (False, True)
    mail.outbox.clear()
    olga.post(f"/users/invitations/{invitation.pk}/send/")
    assert "The link works until" in olga.get(pages[0]).content.decode()
    assert len(mail.outbox) == 1


def test_asked_of_many_it_is_what_each_would_give(people):
    """Every role, sender and end: the list's one question and the link's own answer agree."""
    people.stella.groups.set([])
    manager = UserFactory(email="manager@example.com")
    membership_grant(user=manager, clinic=people.north, role=Role.PURCHASER, functions=["ordering", "users"])
    senders = [people.olga, people.petra, manager, people.stella, people.otto, None]
    both, closed = [people.north, people.south], [people.south]
    Clinic.objects.filter(pk=people.south.pk).update(is_active=False)
    made = [
        _made(people, sender, role, clinics, number)
        for number, (sender, role, clinics) in enumerate(
            (sender, role, clinics) for sender in senders for role in Role for clinics in (both, closed)
        )
    ]
    account = people.north.account
    approved(
        asked(email="first@example.com", organisation_number=account.organisation_number),
        clerk(people.stella),
        account=account,
        new=[],
        existing=[people.north],
        role=Role.MAIN_USER,
    )
    made.append(Invitation.objects.get(email="first@example.com"))
    expected = {row.pk for row in Invitation.objects.all() if offers_of(row, None)}
    assert still_given(made) == expected
    assert len(expected) == 3 + 2 + 1  # Olga's, the manager's but for main users, and customer service's
    User.objects.filter(pk__in=[people.olga.pk, people.stella.pk]).update(is_active=False)
    assert len(still_given(made)) == 2


def _made(people, sender, role: str, clinics: list[Clinic], number: int) -> Invitation:
    row = Invitation.objects.create(
        account=people.north.account, email=f"n{number}@example.com", role=role, invited_by=sender
    )
    row.clinics.set(clinics)
    return row
