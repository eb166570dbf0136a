"""Invitations as their senders see them: send again, change, withdraw."""

import pytest
from django.core import mail

from permissions.models import Invitation
from permissions.roles import Function, Role
from permissions.services import membership_grant
from permissions.users import invitations
from tests.users.inviting import access_form, browser_of, form_for, invite, link_of


@pytest.fixture
def invitation(people):
    made = invite(people.olga, [people.north])
    mail.outbox.clear()
    return made


def page_of(invitation, then: str = "") -> str:
    return f"/users/invitations/{invitation.pk}/{then}"


def changed(people, **more) -> dict:
    form = form_for([people.north, people.south], role=Role.ASSISTANT, **more)
    return {name: value for name, value in form.items() if name not in ("email", "status")}


def test_it_is_sent_again_with_a_new_link(people, olga, invitation):
    page = olga.post(page_of(invitation, "send/"), follow=True).content.decode()
    assert "gets a mail with a new link" in page
    assert len(mail.outbox) == 1
    assert olga.get(page_of(invitation, "send/")).status_code == 302
    assert len(mail.outbox) == 1


def test_it_is_not_sent_too_often(people, olga, invitation):
    for _again in range(invitations.SENDS_PER_HOUR - 1):  # the first was sent when it was made
        olga.post(page_of(invitation, "send/"))
    page = olga.post(page_of(invitation, "send/"), follow=True).content.decode()
    assert "Wait an hour before you send another." in page
    assert len(mail.outbox) == invitations.SENDS_PER_HOUR - 1


def test_it_is_withdrawn_after_asking(people, olga, invitation):
    assert "stops working at once" in olga.get(page_of(invitation, "withdraw/")).content.decode()
    olga.post(page_of(invitation, "withdraw/"))
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    page = olga.post(page_of(invitation, "send/"), follow=True).content.decode()
    assert "has been answered or withdrawn" in page
    assert invite(people.olga, [people.north]).pk != invitation.pk


def test_what_it_offers_is_changed(people, olga, invitation, client):
    path = link_of(invitation)
    page = olga.post(page_of(invitation), changed(people, first_name="Norah"), follow=True).content.decode()
    assert "The invitation is changed." in page
    invitation.refresh_from_db()
    assert (invitation.first_name, invitation.role) == ("Norah", "assistant")
    assert set(invitation.clinics.all()) == {people.north, people.south}
    assert invitation.email == "nora@example.com"
    assert "Nordhear South" in client.get(path).content.decode()


def test_errors_keep_what_was_typed(people, olga, invitation):
    response = olga.post(page_of(invitation), {**changed(people), "clinics": [], "first_name": "Typed"})
    assert response.status_code == 422
    assert 'value="Typed"' in response.content.decode()


def test_main_user_is_asked_about(people, olga, invitation):
    form = {**changed(people), **access_form(Role.MAIN_USER)}
    page = olga.post(page_of(invitation), form).content.decode()
    assert "Make Nora Ny main user?" in page
    invitation.refresh_from_db()
    assert invitation.role == Role.PURCHASER
    olga.post(page_of(invitation), {**form, "confirmed": "1"})
    invitation.refresh_from_db()
    assert invitation.role == Role.MAIN_USER


def test_strangers_find_nothing_and_members_without_the_right_are_refused(people, otto, petra, invitation):
    for then in ("", "send/", "withdraw/"):
        for method in ("get", "post"):
            assert getattr(otto, method)(page_of(invitation, then)).status_code == 404
            assert getattr(petra, method)(page_of(invitation, then)).status_code == 403
    invitation.refresh_from_db()
    assert invitation.state == "pending"
    assert mail.outbox == []


def test_who_manages_one_of_its_clinics_looks_and_changes_nothing(people, petra):
    membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=list(Function))
    invitation = invite(people.olga, [people.north, people.south])
    page = petra.get(page_of(invitation)).content.decode()
    assert "A main user of all its clinics changes this invitation." in page
    assert "Nordhear South" not in page
    assert petra.post(page_of(invitation), changed(people)).status_code == 403
    assert petra.post(page_of(invitation, "withdraw/")).status_code == 403
    assert petra.post(page_of(invitation, "send/")).status_code in (403, 404)
    assert Invitation.objects.get().state == "pending"


def test_a_main_user_is_no_offer_of_who_is_none(people, petra):
    membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=list(Function))
    invitation = invite(people.olga, [people.north], role=Role.MAIN_USER, confirmed=True)
    assert petra.post(page_of(invitation, "send/")).status_code == 403
    assert petra.post(page_of(invitation), changed(people)).status_code == 403


def test_names_write_no_lines_of_their_own_into_the_mail(people):
    lines = "Olga\n\nPay here\u202e"
    profile = {"first_name": lines, "last_name": "T", "phone_number": "", "language": "en"}
    assert browser_of(people.olga).post("/profile/", profile).status_code == 302
    browser_of(people.olga).post("/users/new/", form_for([people.north], first_name=lines))
    assert "\nOlga Pay here T wants you" in mail.outbox[-1].body
    assert Invitation.objects.get().first_name == "Olga Pay here"


def test_a_clinic_that_was_closed_since_binds_nobody(people, olga):
    invitation = invite(people.olga, [people.north, people.south])
    people.south.is_active = False
    people.south.save()
    page = olga.get(page_of(invitation)).content.decode()
    assert ("A main user of all its clinics" in page, "Withdraw" in page) == (False, True)
    form = {**changed(people), "clinics": [str(people.north.pk)]}
    assert olga.post(page_of(invitation), form).status_code == 302
    invitation.refresh_from_db()
    assert (invitation.role, list(invitation.clinics.all())) == ("assistant", [people.north])
    assert olga.post(page_of(invitation, "withdraw/")).status_code == 302
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
