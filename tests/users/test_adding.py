"""B4, B5: adding a person, and that nobody can tell whether an address is known at another customer."""

import re

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from permissions.models import AccessEvent, Clinic, Invitation, Membership, User
from permissions.roles import Function, Role
from permissions.services import membership_grant, set_inactive
from permissions.users import adding
from permissions.users.problems import NotDone
from tests.factories import UserFactory
from tests.users.inviting import form_for, invite

ADD, LIST = "/users/new/", "/users/"


def add(browser, form: dict) -> str:
    """Sends the form and returns what the pages say afterwards, without what is different each time."""
    response = browser.post(ADD, form, follow=True)
    return re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|works until [^<]+', "", response.content.decode()
    )


def test_an_unknown_address_is_invited_and_nobody_is_made_yet(people, olga):
    page = add(olga, form_for([people.north, people.south]))
    assert "Nora Ny gets a mail that says how to go on. Who already has a role keeps it." in page
    assert not User.objects.filter(email="nora@example.com").exists()
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.state, invitation.invited_by) == ("purchaser", "pending", people.olga)
    assert set(invitation.clinics.all()) == {people.north, people.south}
    (message,) = mail.outbox
    assert message.to == ["nora@example.com"]
    assert message.subject == "You are invited to order for Nordhear AB"
    assert "Nordhear North, Nordhear South" in message.body
    assert message.body.count("/invitations/") == 1
    assert "nora" not in message.body.replace(message.to[0], "").lower()
    assert list(AccessEvent.objects.filter(action="invite").values_list("person", flat=True)) == [None, None]


@pytest.mark.parametrize("known_as", ["active", "inactive", "blocked", "without clinic"])
def test_an_address_known_elsewhere_looks_like_an_unknown_one(people, olga, known_as):
    """Same words, same entry, as many queries and mails: whatever the address is at another customer."""
    seen = {}
    for name, email in (("unknown", "aaaa@example.com"), (known_as, "bbbb@example.com")):
        if name != "unknown":
            known = UserFactory(email=email, first_name="Secret", last_name="Elsewhere", language="da")
            if known_as != "without clinic":
                membership_grant(user=known, clinic=people.foreign, role=Role.ASSISTANT)
            if known_as == "inactive":
                set_inactive(user=known, clinics=[people.foreign])
            if known_as == "blocked":
                User.objects.filter(pk=known.pk).update(is_active=False, blocked="2026-01-01T00:00Z")
        mail.outbox.clear()
        with CaptureQueriesContext(connection) as queries:
            page = add(olga, form_for([people.north], email=email))
        invitation = Invitation.objects.get(email=email)
        page = page.replace(email, "EMAIL").replace(str(invitation.pk), "PK")
        seen[email] = (page, len(queries), len(mail.outbox), mail.outbox[0].subject, "Secret" in page)
        Invitation.objects.filter(pk=invitation.pk).update(state="withdrawn")
    first, second = seen.values()
    assert first[1:] == second[1:]
    assert first[0] == second[0]


def test_a_colleague_of_the_account_gets_the_clinic_at_once_with_the_role_held(people, olga):
    page = add(olga, form_for([people.south], email="Petra@Example.com ", role=Role.ASSISTANT))
    assert "Petra Testsson has access now" in page
    membership = Membership.objects.get(user=people.petra, clinic=people.south)
    assert membership.role == Role.PURCHASER
    assert membership.is_active
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["petra@example.com"], "You now have access to Nordhear South")
    assert not Invitation.objects.exists()


def test_a_colleague_with_several_roles_gets_the_lowest_and_the_functions_shared(people, olga):
    third = type(people.north)._default_manager.create(account=people.north.account, name="Third", customer_number="3")
    membership_grant(user=people.olga, clinic=third, role=Role.MAIN_USER)
    membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
    invite(people.olga, [third], email="petra@example.com", role=Role.MAIN_USER)
    membership = Membership.objects.get(user=people.petra, clinic=third)
    assert membership.role == Role.PURCHASER
    assert Function.USERS not in membership.functions


def test_a_prepared_person_gets_no_mail(people, olga):
    page = add(olga, form_for([people.north], status="inactive"))
    assert "Nothing is mailed before you send the invitation." in page
    assert mail.outbox == []
    assert Invitation.objects.get().sent is None
    assert "Prepared" in page


def test_a_main_user_is_made_only_after_asking(people, olga):
    form = form_for([people.north], role=Role.MAIN_USER)
    page = add(olga, form)
    assert "Make Nora Ny main user?" in page
    assert not Invitation.objects.exists()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page))
    assert hidden["email"] == "nora@example.com"
    add(olga, {**hidden, "clinics": form["clinics"]})
    invitation = Invitation.objects.get()
    assert invitation.role == Role.MAIN_USER


def test_the_same_address_is_invited_once(people, olga):
    add(olga, form_for([people.north]))
    page = add(olga, form_for([people.north]))
    assert "This e-mail address is invited already." in page
    assert len(mail.outbox) == Invitation.objects.count() == 1


def test_who_is_there_already_is_not_added_again(people, olga):
    page = add(olga, form_for([people.north], email="petra@example.com"))
    assert "There is a user with this e-mail address at these clinics already." in page
    assert mail.outbox == []


def test_an_inactive_colleague_is_set_active_and_not_added(people, olga):
    set_inactive(user=people.petra, clinics=[people.north])
    page = add(olga, form_for([people.south], email="petra@example.com"))
    assert "is set inactive. Set them active first." in page
    assert not Membership.objects.filter(user=people.petra, clinic=people.south).exists()


def test_a_form_with_errors_keeps_what_was_typed_and_answers_422(people, olga):
    response = olga.post(ADD, {**form_for([]), "email": "no address"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Tick at least one clinic." in page
    assert 'value="no address"' in page
    assert 'value="Nora"' in page


def test_nobody_gives_more_than_they_hold(people, petra):
    membership_grant(
        user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=[Function.ORDERING, Function.USERS]
    )
    page = petra.get(ADD).content.decode()
    assert 'value="main_user"' not in page
    assert 'value="approving"' not in page
    for form in (
        form_for([people.north], role=Role.MAIN_USER, confirmed="1"),
        form_for([people.north], functions_purchaser=["approving"]),
        form_for([people.south]),
        form_for([people.foreign]),
    ):
        assert petra.post(ADD, form).status_code == 422
    with pytest.raises(Exception, match="only what you may do yourself"):
        invite(people.petra, [people.north], functions=[Function.APPROVING])
    assert not Invitation.objects.exists()


def test_who_manages_a_purchaser_adds_no_main_user_of_the_account_to_their_clinic(people, petra):
    membership_grant(
        user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=[Function.ORDERING, Function.USERS]
    )
    boss = UserFactory(email="boss@example.com")
    membership_grant(user=boss, clinic=people.south, role=Role.MAIN_USER)
    page = add(petra, form_for([people.north], email="boss@example.com", functions_purchaser=["ordering"]))
    assert "You can give others only what you may do yourself." in page
    assert not boss.memberships.filter(clinic=people.north).exists()


@pytest.mark.parametrize("address", [LIST, ADD])
def test_who_manages_no_users_is_refused(people, petra, address):
    assert petra.get(address).status_code == 403


def test_many_in_one_hour_are_slowed_down(people, monkeypatch):
    monkeypatch.setattr(adding, "MOST_PER_HOUR", 2)
    for number in range(2):
        invite(people.olga, [people.north], email=f"n{number}@example.com")
    with pytest.raises(NotDone, match="Wait a little"):
        invite(people.olga, [people.north], email="n3@example.com")


def test_who_tries_addresses_out_is_counted_although_nothing_is_done(people, monkeypatch):
    monkeypatch.setattr(adding, "MOST_PER_HOUR", 3)
    for _again in range(3):
        with pytest.raises(NotDone, match="already"):
            invite(people.olga, [people.north], email="petra@example.com")
    with pytest.raises(NotDone, match="Wait a little"):
        invite(people.olga, [people.north], email="petra@example.com")


def test_who_may_not_add_anybody_counts_for_nobody(people, monkeypatch):
    monkeypatch.setattr(adding, "MOST_PER_HOUR", 1)
    for actor in (people.petra, people.otto):
        with pytest.raises((PermissionDenied, Http404)):
            invite(actor, [people.north])
    assert invite(people.olga, [people.north]).pk


def test_a_clinic_that_was_closed_meanwhile_is_not_there(people):
    Clinic.objects.filter(pk=people.north.pk).update(is_active=False)
    with pytest.raises(Http404):
        invite(people.olga, [people.north])


# Python takes İ for a letter of A–Z when the case is ignored; as a small letter it is two characters.
LONG = "İ" * 125 + "@" + ".".join(["b" * 60, "c" * 60, "se"])


@pytest.mark.parametrize(
    "more",
    [
        {"email": LONG},
        {"email": "İda@example.com"},
        {"email": "nora\x00@example.com"},
        {"email": "n" * 250 + "@example.com"},
        {"first_name": "No\x00ra"},
        {"phone_number": "070\x00"},
        {"language": "e\x00"},
        {"clinics": ["\x00"]},
        {"role": "purchaser\x00"},
    ],
)
def test_hostile_fields_are_refused_in_words(people, olga, more):
    response = olga.post(ADD, {**form_for([people.north]), **more})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert not Invitation.objects.exists()


def test_the_form_works_for_clinics_of_one_company_at_a_time(people, olga):
    membership_grant(user=people.olga, clinic=people.foreign, role=Role.MAIN_USER)
    page = add(olga, form_for([people.north, people.foreign]))
    assert "Tick clinics of one company at a time." in page
    assert not Invitation.objects.exists()
