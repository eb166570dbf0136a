"""Accepting and declining invitations: by the mailed link, or logged in as the person who was invited."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.utils import timezone

from permissions.models import AccessEvent, Invitation, Membership, User
from permissions.roles import ROLE_FUNCTIONS, Function, Role
from permissions.services import membership_grant, membership_revoke
from permissions.users import invitations
from permissions.users.problems import NotDone
from tests.factories import ClinicFactory, UserFactory
from tests.users.inviting import browser_of, choose_password, invite, link_of, mailed_link


@pytest.fixture
def nora(people):
    """Purchaser of another company; knows nothing of ours."""
    user = UserFactory(email="nora@example.com", first_name="Nora", last_name="Ny")
    membership_grant(user=user, clinic=people.foreign, role=Role.ASSISTANT)
    return user


def answer(user: User, invitation: Invitation, **form):
    return browser_of(user).post(f"/profile/invitations/{invitation.pk}/", form)


def role_at(user: User, clinic) -> str | None:
    return Membership.objects.filter(user=user, clinic=clinic).values_list("role", flat=True).first()


def test_an_unknown_person_chooses_a_password_and_is_logged_in(client, people):
    invite(people.olga, [people.north, people.south], functions=[Function.ORDERING, Function.ORDER_HISTORY])
    path = mailed_link()
    page = client.get(path).content.decode()
    assert "Olga Testsson invites you to Nordhear AB." in page
    assert "Nordhear South" in page
    assert 'value="Nora"' in page
    assert not User.objects.filter(email="nora@example.com").exists()
    response = choose_password(client, path, first_name="Eleonora", email="mallory@example.com")
    assert (response.status_code, response.url) == (302, "/")
    person = User.objects.get(email="nora@example.com")
    assert get_user(client) == person
    assert (person.first_name, person.language) == ("Eleonora", "en")
    membership = person.memberships.get(clinic=people.north)
    assert (membership.role, membership.functions) == ("purchaser", ["ordering", "order_history"])
    assert role_at(person, people.south) == "purchaser"
    assert client.get("/orders/").status_code == 200
    assert client.get("/users/").status_code == 403
    assert AccessEvent.objects.filter(action="accept", person=person, actor=person).count() == 2


@pytest.mark.parametrize("password", ["short", "password", "nora@example.com"])
def test_a_bad_password_makes_nobody(client, people, password):
    path = link_of(invite(people.olga, [people.north]))
    response = choose_password(client, path, new_password1=password, new_password2=password)
    assert response.status_code == 422
    assert not User.objects.filter(email="nora@example.com").exists()


def test_looking_at_the_link_answers_nothing(client, people):
    """Mail programs open links by themselves."""
    invitation = invite(people.olga, [people.north])
    for _again in range(2):
        assert client.get(link_of(invitation)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.state == "pending"


def test_the_link_works_once(client, people):
    path = link_of(invite(people.olga, [people.north]))
    choose_password(client, path)
    other = Client()
    assert other.get(path).status_code == 410
    assert (
        choose_password(other, path, new_password1="another one 77", new_password2="another one 77").status_code == 410
    )
    assert User.objects.get(email="nora@example.com").check_password("nine green herons")


def test_the_link_dies_after_72_hours(client, people):
    invitation = invite(people.olga, [people.north])
    path = link_of(invitation)
    Invitation.objects.update(sent=timezone.now() - timedelta(hours=71, minutes=59))
    assert client.get(path).status_code == 200
    Invitation.objects.update(sent=timezone.now() - timedelta(hours=72, seconds=1))
    assert client.get(path).status_code == 410
    assert choose_password(client, path).status_code == 410


def test_sending_again_makes_the_older_link_worthless(client, people):
    invitation = invite(people.olga, [people.north])
    old = mailed_link()
    invitations.send(actor=people.olga, pk=invitation.pk)
    new = mailed_link()
    assert old != new
    assert client.get(old).status_code == 410
    assert choose_password(client, old).status_code == 410
    assert client.get(new).status_code == 200


def test_withdrawing_makes_the_link_worthless(client, people):
    invitation = invite(people.olga, [people.north])
    path = mailed_link()
    invitations.withdraw(actor=people.olga, pk=invitation.pk)
    assert client.get(path).status_code == 410
    assert choose_password(client, path).status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b", "W10:abc", "eyJhIjoxfQ:1"])
def test_a_made_up_link_is_refused(client, db, token):
    assert client.get(f"/invitations/{token}/").status_code == 410


def test_a_changed_link_is_refused(client, people):
    path = link_of(invite(people.olga, [people.north]))
    assert client.get(path[:20] + ("A" if path[20] != "A" else "B") + path[21:]).status_code == 410


def test_an_unknown_person_declines_without_a_log_in(client, people):
    invitation = invite(people.olga, [people.north])
    page = client.post(link_of(invitation), {"decline": "1"}).content.decode()
    assert "You have declined" in page
    invitation.refresh_from_db()
    assert invitation.state == "declined"
    assert not User.objects.filter(email="nora@example.com").exists()


def test_who_has_a_log_in_must_use_it(client, people, nora):
    """Whoever reads the mail gets no further: no password is chosen, nothing is shown of the clinics, no answer."""
    invitation = invite(people.olga, [people.north])
    path = link_of(invitation)
    before = nora.password
    page = client.get(path).content.decode()
    assert "You have a log-in already." in page
    assert "new_password1" not in page
    assert "Nordhear North" not in page
    choose_password(client, path)
    client.post(path, {"decline": "1"})
    nora.refresh_from_db()
    invitation.refresh_from_db()
    assert (nora.password, invitation.state) == (before, "pending")
    assert role_at(nora, people.north) is None


def test_logged_in_she_accepts_from_the_link_or_her_profile(people, nora):
    invitation = invite(people.olga, [people.north])
    browser = browser_of(nora)
    address = f"/profile/invitations/{invitation.pk}/"
    assert browser.get(link_of(invitation)).url == address
    assert address in browser.get("/profile/").content.decode()
    assert "Nordhear North" in browser.get(address).content.decode()
    assert answer(nora, invitation).status_code == 302
    assert role_at(nora, people.north) == Role.ASSISTANT
    assert address not in browser.get("/profile/").content.decode()


def test_what_is_offered_is_listed_by_name(people, nora):
    clinics = [ClinicFactory(account=people.north.account, name=name) for name in ("Delta", "Beta", "Alfa", "Gamma")]
    for clinic in clinics:
        membership_grant(user=people.olga, clinic=clinic, role=Role.MAIN_USER)
    invitation = invite(people.olga, clinics)
    offers = browser_of(nora).get(f"/profile/invitations/{invitation.pk}/").context["offers"]
    assert [offer.clinic.name for offer in offers] == ["Alfa", "Beta", "Delta", "Gamma"]


def test_she_declines(people, nora):
    invitation = invite(people.olga, [people.north])
    answer(nora, invitation, decline="1")
    invitation.refresh_from_db()
    assert (invitation.state, role_at(nora, people.north)) == ("declined", None)
    with pytest.raises(NotDone):
        invitations.send(actor=people.olga, pk=invitation.pk)


def test_an_invitation_is_for_its_address_alone(people, nora):
    invitation = invite(people.olga, [people.north])
    for stranger in (people.otto, people.petra):
        assert browser_of(stranger).get(f"/profile/invitations/{invitation.pk}/").status_code == 404
        assert answer(stranger, invitation).status_code == 404
        assert browser_of(stranger).get(link_of(invitation)).status_code == 403
    assert role_at(people.otto, people.north) is None


@pytest.mark.parametrize(
    ("held_elsewhere", "invited_as", "becomes"),
    [
        (["assistant"], "purchaser", "assistant"),
        (["purchaser"], "assistant", "purchaser"),
        (["purchaser", "assistant"], "purchaser", "assistant"),
        (["main_user"], "assistant", "assistant"),
        (["main_user"], "purchaser", "purchaser"),
        (["main_user"], "main_user", "purchaser"),
        (["main_user", "purchaser"], "main_user", "purchaser"),
        (["main_user", "assistant"], "main_user", "assistant"),
    ],
)
def test_the_role_is_brought_along_but_main_user_never(people, held_elsewhere, invited_as, becomes):
    person = UserFactory(email="nora@example.com")
    for role in held_elsewhere:
        clinic = ClinicFactory(account=people.foreign.account)
        membership_grant(user=person, clinic=clinic, role=role)
    answer(person, invite(people.olga, [people.north], role=invited_as, confirmed=True))
    membership = Membership.objects.get(user=person, clinic=people.north)
    assert membership.role == becomes
    assert set(membership.functions) == ROLE_FUNCTIONS[becomes]


def test_what_is_brought_along_never_exceeds_what_the_inviter_may_give(people):
    membership_grant(
        user=people.petra,
        clinic=people.north,
        role=Role.PURCHASER,
        functions=[Function.USERS, Function.ORDER_HISTORY, Function.FINANCES],
    )
    nora = UserFactory(email="nora@example.com")
    membership_grant(user=nora, clinic=people.foreign, role=Role.PURCHASER)
    answer(nora, invite(people.petra, [people.north], role=Role.ASSISTANT, functions=[Function.ORDER_HISTORY]))
    assert Membership.objects.get(user=nora, clinic=people.north).functions == ["order_history"]


def test_an_inviter_who_lost_the_right_gives_nothing_any_more(client, people):
    second = UserFactory(email="second@example.com")
    membership_grant(user=second, clinic=people.north, role=Role.MAIN_USER)
    invitation = invite(second, [people.north])
    path = link_of(invitation)
    membership_revoke(user=second, clinic=people.north)
    page = client.get(path)
    assert (page.status_code, "This link no longer works" in page.content.decode()) == (410, True)
    assert choose_password(client, path).status_code == 410
    assert not User.objects.filter(email="nora@example.com").exists()
    invitations.send(actor=people.olga, pk=invitation.pk)  # a colleague takes it over
    assert choose_password(client, mailed_link()).status_code == 302


def test_a_closed_clinic_is_not_given(client, people):
    invitation = invite(people.olga, [people.north, people.south])
    people.south.is_active = False
    people.south.save()
    choose_password(client, link_of(invitation))
    person = User.objects.get(email="nora@example.com")
    assert [row.clinic for row in person.memberships.all()] == [people.north]


def test_a_prepared_invitation_cannot_be_answered_by_anybody(client, people, nora):
    invitation = invite(people.olga, [people.north], at_once=False)
    assert client.get(link_of(invitation)).status_code == 410
    assert answer(nora, invitation).status_code == 404
    invitations.send(actor=people.olga, pk=invitation.pk)
    assert mail.outbox[-1].to == ["nora@example.com"]
    assert answer(nora, invitation).status_code == 302
    assert role_at(nora, people.north) == "assistant"


def test_a_membership_given_meanwhile_stays_as_it_is(people, nora):
    invitation = invite(people.olga, [people.north, people.south])
    membership_grant(user=nora, clinic=people.north, role=Role.MAIN_USER)
    answer(nora, invitation)
    assert role_at(nora, people.north) == "main_user"
    assert role_at(nora, people.south) == "main_user"  # what she holds in this account
