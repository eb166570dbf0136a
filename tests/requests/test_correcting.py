"""A mistyped address is corrected, and an invitation that went astray is taken back: its link makes an owner."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from permissions.history.wording import entry_of
from permissions.models import AccessEvent, Invitation, Membership, User
from permissions.roles import Role
from permissions.services import membership_grant
from permissions.users import answering
from permissions.users.invitations import read_token
from permissions.users.mail import token_of
from permissions.users.problems import NotDone
from shop.dashboard.requests import deciding
from tests.requests.requesting import EMAIL, approved, asked, clerk, posted

WRONG = "nino@oronhjalpen.example"


@pytest.fixture
def stella(people, client):
    User.objects.update(language="en")
    client.force_login(clerk(people.stella))
    return people.stella


def receivers() -> list[str]:
    return [letter.to[0] for letter in mail.outbox]


def newcomer() -> User:
    person = User(first_name="Nina", last_name="Ny")
    person.set_unusable_password()
    return person


def test_it_is_corrected_when_the_request_is_approved(stella, client):
    row = asked(email=WRONG)
    form = client.get(f"/backoffice/requests/{row.pk}/approve/").context["form"]
    assert form["email"].value() == WRONG
    client.post(f"/backoffice/requests/{row.pk}/approve/", posted(email=EMAIL.upper()))
    row.refresh_from_db()
    assert (row.email, Invitation.objects.get().email, receivers()) == (EMAIL, EMAIL, [EMAIL])
    event = AccessEvent.objects.get(request=row, action="details")
    entry = entry_of(event, for_staff=True)
    assert (entry.what, str(entry.changes[0])) == ("Changed contact details", "Changed fields: E-mail")
    assert "oronhjalpen" not in f"{event.before}{event.after}"


def test_nothing_is_logged_where_it_was_right(stella):
    row = approved(asked(), stella, email=EMAIL)
    assert not AccessEvent.objects.filter(request=row, action="details").exists()


def test_it_is_corrected_when_the_invitation_is_sent_again(stella, client):
    row = approved(asked(email=WRONG), stella)
    old = token_of(Invitation.objects.get())
    answer = client.post(f"/backoffice/requests/{row.pk}/invite/", {"email": EMAIL}, follow=True)
    assert "on its way again" in answer.content.decode()
    invitation = Invitation.objects.get()
    row.refresh_from_db()
    assert (row.email, invitation.email, receivers()) == (EMAIL, EMAIL, [WRONG, EMAIL])
    assert read_token(old) is None
    answering.accept_as_new(pk=invitation.pk, nonce=invitation.nonce, newcomer=newcomer())
    row.account.refresh_from_db()
    assert row.account.owner.email == EMAIL


@pytest.mark.parametrize("email", ["", "nina", "a\x00@b.example"])
def test_what_is_no_address_is_refused(stella, client, email):
    row = approved(asked(email=WRONG), stella)
    client.post(f"/backoffice/requests/{row.pk}/invite/", {"email": email})
    assert receivers() == [WRONG]
    assert Invitation.objects.get().email == WRONG


def test_not_to_who_is_at_the_clinic_already(stella, people):
    row = approved(asked(), stella)
    membership_grant(user=people.asta, clinic=row.clinic, role=Role.MAIN_USER)
    with pytest.raises(NotDone, match="already"):
        deciding.invite_again(by=stella, request_id=row.pk, email=people.asta.email)
    row.refresh_from_db()
    assert row.email == EMAIL


def test_not_to_who_is_invited_to_the_account_already(stella, people):
    row = approved(asked(), stella)
    Invitation.objects.create(account=row.account, email=WRONG, first_name="N", last_name="N", role="assistant")
    with pytest.raises(NotDone, match="Look at it again"):
        deciding.invite_again(by=stella, request_id=row.pk, email=WRONG)


def test_it_is_withdrawn_and_its_link_is_worthless(stella, client):
    row = approved(asked(), stella)
    link = token_of(Invitation.objects.get())
    answer = client.post(f"/backoffice/requests/{row.pk}/withdraw/", follow=True)
    assert "Its link no longer works." in answer.content.decode()
    assert Invitation.objects.get().state == "withdrawn"
    assert read_token(link) is None
    assert AccessEvent.objects.get(request=row, action="withdraw").actor == stella
    answer = client.post(f"/backoffice/requests/{row.pk}/withdraw/", follow=True)
    assert "Nothing was changed." in answer.content.decode()


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_after_that_somebody_is_invited_anew(stella, client, how):
    """Else the account would have no people for ever."""
    row = approved(asked(), stella)
    old = Invitation.objects.get()
    if how == "declined":
        answering.decline(pk=old.pk, nonce=old.nonce)
    else:
        deciding.withdraw_invitation(by=stella, request_id=row.pk)
    assert "Invite again" in client.get(f"/backoffice/requests/{row.pk}/").content.decode()
    assert deciding.invite_again(by=stella, request_id=row.pk, email="bo@oronhjalpen.example")
    new = Invitation.objects.get(state="pending")
    assert (new.email, new.role, set(new.clinics.all())) == ("bo@oronhjalpen.example", "main_user", {row.clinic})
    answering.accept_as_new(pk=new.pk, nonce=new.nonce, newcomer=newcomer())
    assert Membership.objects.get(clinic=row.clinic).role == Role.MAIN_USER
    row.account.refresh_from_db()
    assert row.account.owner.email == "bo@oronhjalpen.example"
    assert not deciding.invite_again(by=stella, request_id=row.pk)


def test_who_answers_for_the_account_hears_of_it_again(stella, people):
    row = approved(asked(), stella, account=people.north.account, existing=[people.north], new=[], role=Role.ASSISTANT)
    deciding.withdraw_invitation(by=stella, request_id=row.pk)
    mail.outbox.clear()
    deciding.invite_again(by=stella, request_id=row.pk)
    assert sorted(receivers()) == [EMAIL, people.olga.email]


def test_only_customer_service(people, stella):
    row = approved(asked(), stella)
    with pytest.raises(PermissionDenied):
        deciding.withdraw_invitation(by=people.olga, request_id=row.pk)
