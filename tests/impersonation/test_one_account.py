"""Who works for two customers is looked at for one of them: the other is shown nothing of, and told nothing."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from permissions import services
from permissions.middleware import SESSION_KEY
from permissions.models import AccessEvent, Impersonation, Invitation, OwnershipTransfer, User
from permissions.models.events import AccessAction
from permissions.roles import ClinicPermission, Role
from tests.impersonation.conftest import REASON, begin

LOOKS = (AccessAction.LOOK_BEGUN, AccessAction.LOOKED, AccessAction.LOOK_ENDED)


@pytest.fixture
def people(people):
    """Petra, of Olga's account, is also main user at Otto's."""
    services.membership_grant(user=people.petra, clinic=people.foreign, role=Role.MAIN_USER)
    account = people.foreign.account
    account.owner = people.otto
    account.save()
    return people


def address(person) -> str:
    return f"/backoffice/people/{person.public_id}/look/"


def test_only_the_owner_of_the_chosen_account_is_told(stella, people):
    begin(stella, people.petra, people.north)
    stella.get("/orders/")
    stella.post("/impersonation/end/")
    told = AccessEvent.objects.filter(action__in=LOOKS)
    assert [row.action for row in told.visible_to(people.olga).order_by("pk")] == ["look_begun", "looked", "look_ended"]
    assert not told.visible_to(people.otto).exists()
    assert not told.exclude(account=people.north.account).exists()
    assert [message.to for message in mail.outbox] == [[people.olga.email]]


def test_who_works_for_two_is_asked_which_and_nothing_is_chosen_for_them(stella, people):
    page = stella.get(address(people.petra)).content.decode()
    assert "works for several companies" in page
    for account in (people.north.account, people.foreign.account):
        assert f'<optgroup label="{account}">' in page
    assert '" selected>' not in page.split('name="clinic"')[1].replace('value="" selected>', "")
    answer = stella.post(address(people.petra), {"reason": REASON, "clinic": ""})
    assert answer.status_code == 422
    assert "says which account you look at" in answer.content.decode()
    assert not Impersonation.objects.exists()


def test_who_works_for_one_is_asked_for_no_account(stella, people):
    page = stella.get(address(people.olga)).content.decode()
    assert "optgroup" not in page
    assert "works for several companies" not in page


def test_nothing_of_the_other_account_is_shown(stella, people):
    begin(stella, people.petra, people.north)
    page = stella.get("/profile/")
    request = page.context["request"]
    assert [clinic.account for clinic in request.access.clinics] == [people.north.account]
    assert request.clinic == people.north
    for word in (people.foreign.name, people.foreign.customer_number, people.foreign.account.name):
        assert word not in page.content.decode()
    assert page.context["user_groups"] == [Role.PURCHASER.label]
    assert not request.access.can(ClinicPermission.MANAGE_USERS, people.foreign)
    for path in (f"/users/?clinic={people.foreign.pk}", f"/orders/?clinic={people.foreign.pk}", "/"):
        assert people.foreign.name not in stella.get(path).content.decode()


def test_the_other_accounts_own_look_shows_it(stella, people):
    begin(stella, people.petra, people.foreign)
    request = stella.get("/profile/").context["request"]
    assert [clinic.account for clinic in request.access.clinics] == [people.foreign.account]
    assert request.access.can(ClinicPermission.MANAGE_USERS, people.foreign)


def test_what_another_account_offers_the_person_is_not_shown(stella, people):
    invitation = Invitation.objects.create(
        account=people.foreign.account,
        email=people.olga.email,
        role=Role.PURCHASER,
        sent=timezone.now(),
        invited_by=people.otto,
    )
    invitation.clinics.add(people.foreign)
    services.membership_grant(user=people.olga, clinic=people.foreign, role=Role.ASSISTANT)
    offer = OwnershipTransfer.objects.create(
        account=people.foreign.account, from_user=people.otto, to_user=people.olga, role_afterwards=Role.PURCHASER
    )
    own = Client()
    own.force_login(people.olga)
    begin(stella, people.olga, people.north)
    page = own.get("/profile/").content.decode()
    paths = [path for path in _links(page) if str(invitation.pk) in path or str(offer.pk) in path]
    assert len(paths) == 2
    seen = stella.get("/profile/").content.decode()
    assert not [path for path in _links(seen) if path in paths]
    for path in paths:
        assert own.get(path).status_code == 200
        assert stella.get(path).status_code == 404


def _links(page: str) -> list[str]:
    return [piece.split('"')[0] for piece in page.split('href="')[1:]]


def test_it_ends_when_the_person_is_gone_from_the_account_that_is_looked_at(stella, people):
    begin(stella, people.petra, people.north)
    services.membership_revoke(user=people.petra, clinic=people.north)
    assert stella.get("/profile/").status_code == 302
    assert not Impersonation.objects.filter(ended=None).exists()


def test_a_session_that_does_not_say_which_account_shows_none(stella, people):
    begin(stella, people.petra, people.north)
    session = stella.session
    session["look"] = {name: session["look"][name] for name in ("look", "clinic")}
    session.save()
    assert stella.get("/profile/").status_code == 302
    assert "look" not in stella.session


def test_a_clinic_that_is_not_the_persons_cannot_be_looked_at(stella, people):
    answer = begin(stella, people.asta, people.foreign)
    assert answer.status_code == 422
    assert not Impersonation.objects.exists()


def test_a_mails_link_to_the_account_moves_nobody_to_another_clinic(stella, people):
    services.membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
    User.objects.filter(pk=people.petra.pk).update(last_clinic=people.north)
    begin(stella, people.petra, people.north)
    before = stella.session.get(SESSION_KEY)
    assert stella.get(reverse("ownership:account-of", args=[people.north.account.pk])).status_code == 302
    assert User.objects.get(pk=people.petra.pk).last_clinic == people.north
    assert stella.session.get(SESSION_KEY) == before
