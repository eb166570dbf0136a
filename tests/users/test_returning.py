"""Who was set inactive by all their clinics comes back behind the link of any invitation, with a new password."""

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from permissions.models import AccessEvent, Invitation, Membership, User
from permissions.roles import Role
from permissions.services import block, membership_grant, set_active, set_inactive
from permissions.users import answering, changing
from permissions.users.answering import HasLogIn
from tests.factories import UserFactory
from tests.log_in.authenticator import give_app, is_in, send_code
from tests.users.inviting import NEW_PASSWORD, browser_of, choose_password, invite, link_of

OLD = "three blue otters"


@pytest.fixture
def nora(people):
    """Otolab has set her inactive; she is called otherwise than Olga writes her."""
    user = UserFactory(email="nora@example.com", first_name="Eleonora", last_name="Berg", language="en", password=OLD)
    membership_grant(user=user, clinic=people.foreign, role=Role.MAIN_USER)
    set_inactive(user=user, clinics=[people.foreign])
    return user


@pytest.fixture
def invitation(people, nora) -> Invitation:
    made = invite(people.olga, [people.north])
    mail.outbox.clear()
    return made


def active_at(user: User) -> set[str]:
    return set(Membership.objects.filter(user=user, is_active=True).values_list("clinic__name", flat=True))


def test_she_accepts_with_a_new_password_and_keeps_her_name(client, people, nora, invitation):
    page = client.get(link_of(invitation)).content.decode()
    assert "You had a log-in here before." in page
    assert ("Nordhear North" in page, "first_name" in page, "Otolab" in page) == (True, False, False)
    response = choose_password(client, link_of(invitation))
    assert (response.status_code, response.url, get_user(client)) == (302, "/", nora)
    nora.refresh_from_db()
    assert (nora.is_active, str(nora), nora.check_password(NEW_PASSWORD)) == (True, "Eleonora Berg", True)
    assert active_at(nora) == {"Nordhear North"}
    assert nora.memberships.get(clinic=people.north).role == Role.PURCHASER
    assert client.get("/orders/").status_code == 200
    assert [message.subject for message in mail.outbox] == ["Your password for Bestil was changed"]
    done = AccessEvent.objects.filter(person=nora, action__in=["accept", "password"])
    assert set(done.values_list("actor", flat=True)) == {nora.pk}


def test_the_link_works_once(client, nora, invitation):
    path = link_of(invitation)
    choose_password(client, path)
    other = Client()
    assert choose_password(other, path, new_password1="another one 77").status_code == 410
    nora.refresh_from_db()
    assert nora.check_password(NEW_PASSWORD)


def test_who_was_removed_here_while_inactive_elsewhere_comes_back(client, people):
    person = UserFactory(email="nora@example.com")
    for clinic in (people.foreign, people.north):
        membership_grant(user=person, clinic=clinic, role=Role.ASSISTANT)
    set_inactive(user=person, clinics=[people.foreign])
    changing.remove(actor=people.olga, person=person, clinic=people.north)
    person.refresh_from_db()
    assert not person.is_active
    assert choose_password(client, link_of(invite(people.olga, [people.north]))).status_code == 302
    assert active_at(person) == {"Nordhear North"}


def test_a_bad_password_changes_nothing(client, nora, invitation):
    assert choose_password(client, link_of(invitation), new_password1="short").status_code == 422
    nora.refresh_from_db()
    assert (nora.is_active, nora.check_password(OLD), active_at(nora)) == (False, True, set())


def test_she_declines_without_a_log_in(client, nora, invitation):
    assert "You have declined" in client.post(link_of(invitation), {"decline": "1"}).content.decode()
    invitation.refresh_from_db()
    nora.refresh_from_db()
    assert (invitation.state, nora.is_active) == ("declined", False)


def test_her_second_factor_is_asked_for(client, people, nora, invitation):
    set_active(user=nora, clinics=[people.foreign])
    app = give_app(nora)
    set_inactive(user=nora, clinics=[people.foreign])
    assert choose_password(client, link_of(invitation)).url == "/login/code/"
    assert not is_in(client)
    send_code(client, app.code())
    assert get_user(client) == nora


def shut_out_by_hand(people, nora) -> None:
    set_active(user=nora, clinics=[people.foreign])
    User.objects.filter(pk=nora.pk).update(is_active=False)


def blocked(people, nora) -> None:
    block(user=nora, by=people.stella, reason="Left")


def without_work(people, nora) -> None:
    Membership.objects.filter(user=nora).delete()


def on_the_staff(people, nora) -> None:
    User.objects.filter(pk=nora.pk).update(is_staff=True)


def an_editor(people, nora) -> None:
    nora.groups.add(Group.objects.get(name="Editors"))


@pytest.mark.parametrize("how", [shut_out_by_hand, blocked, without_work, on_the_staff, an_editor])
def test_nobody_else_who_cannot_log_in_gets_past_the_link(client, people, nora, invitation, how):
    how(people, nora)
    path = link_of(invitation)
    assert "You have a log-in already." in client.get(path).content.decode()
    choose_password(client, path)
    client.post(path, {"decline": "1"})
    nora.refresh_from_db()
    invitation.refresh_from_db()
    assert (nora.is_active, nora.check_password(OLD), invitation.state) == (False, True, "pending")
    assert "Nordhear North" not in active_at(nora)


def test_who_is_blocked_between_looking_and_answering_stays_out(people, nora, invitation):
    block(user=nora, by=people.stella, reason="Left")
    with pytest.raises(HasLogIn):
        answering.accept_as_returning(pk=invitation.pk, nonce=invitation.nonce, password=NEW_PASSWORD)
    nora.refresh_from_db()
    assert (nora.is_active, nora.check_password(OLD)) == (False, True)


def test_once_her_log_in_opens_the_link_asks_her_to_use_it(client, people, nora, invitation):
    set_active(user=nora, clinics=[people.foreign])
    path = link_of(invitation)
    assert choose_password(client, path).status_code == 200
    nora.refresh_from_db()
    assert nora.check_password(OLD)
    answer = f"/profile/invitations/{invitation.pk}/"
    assert browser_of(nora).get(path).url == answer
