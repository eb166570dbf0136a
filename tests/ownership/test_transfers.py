"""The ownership of an account moves when both sides want it, whole or not at all."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from permissions import access, agreement, services
from permissions.models import AccessEvent, Account, Clinic, OwnershipTransfer, User
from permissions.ownership import transfers
from permissions.ownership.transfers import OwnershipUnchanged
from permissions.roles import ClinicPermission, Role
from tests.factories import ClinicFactory
from tests.ownership.conftest import offered, owner_of, roles_of

EVERYWHERE = {"Nordhear North": "main_user", "Nordhear South": "main_user"}


def actions(account) -> list[tuple]:
    told = AccessEvent.objects.filter(account=account, clinic=None).order_by("pk")
    return [(row.action, row.actor and row.actor.first_name, row.person and row.person.first_name) for row in told]


def test_an_offer_changes_nothing_yet(people, account):
    offered(people)
    assert owner_of(account) == people.olga
    assert roles_of(people.petra) == {"Nordhear North": "purchaser"}
    assert actions(account) == [("transfer_offered", "Olga", "Petra")]


@pytest.mark.parametrize(
    ("afterwards", "wanted"),
    [
        (Role.MAIN_USER, EVERYWHERE),
        (Role.PURCHASER, dict.fromkeys(EVERYWHERE, "purchaser")),
        (Role.ASSISTANT, dict.fromkeys(EVERYWHERE, "assistant")),
        (transfers.LEAVES, {}),
    ],
)
def test_who_accepts_owns_the_account_and_the_old_owner_becomes_what_was_said(people, account, afterwards, wanted):
    row = offered(people, role_afterwards=afterwards)
    transfers.accept(offer_id=row.pk, by=people.petra)
    assert owner_of(account) == people.petra
    assert roles_of(people.petra) == EVERYWHERE
    assert roles_of(people.olga) == wanted
    assert not list(agreement.find_disagreements())
    assert actions(account)[-1] == ("transfer_accepted", "Petra", "Petra")


def test_the_new_owner_is_main_user_of_closed_clinics_too(people, account):
    """One that opens again must not be without a main user."""
    closed = ClinicFactory(account=account, name="Closed", is_active=False)
    services.membership_grant(user=people.olga, clinic=closed, role=Role.MAIN_USER)
    row = offered(people, role_afterwards=transfers.LEAVES)
    transfers.accept(offer_id=row.pk, by=people.petra)
    Clinic.objects.filter(pk=closed.pk).update(is_active=True)
    assert access.can(people.petra, ClinicPermission.MANAGE_CLINIC, closed)


def test_the_new_owner_is_protected_and_the_old_one_no_longer(people, account):
    transfers.accept(offer_id=offered(people).pk, by=people.petra)
    with pytest.raises(services.OwnerStays):
        services.set_inactive(user=people.petra, clinics=[people.north])
    services.set_inactive(user=people.olga, clinics=[people.north, people.south])


def test_several_main_users_stay_what_they_are(people, account):
    services.membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    transfers.accept(offer_id=offered(people, role_afterwards=Role.PURCHASER).pk, by=people.petra)
    assert roles_of(people.asta) == {"Nordhear North": "main_user"}


def test_only_the_owner_offers(people, account):
    services.membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    for person, refusal in ((people.petra, PermissionDenied), (people.asta, PermissionDenied), (people.otto, Http404)):
        with pytest.raises(refusal):
            transfers.offer(account=account, by=person, to=people.petra, role_afterwards="")
    assert not OwnershipTransfer.objects.exists()


def test_it_is_offered_to_active_people_of_the_account_only(people, account):
    services.set_inactive(user=people.asta, clinics=[people.north])
    for person in (people.olga, people.otto, people.asta, people.stella):
        with pytest.raises(OwnershipUnchanged):
            offered(people, to=person)
    assert not OwnershipTransfer.objects.exists()


def test_one_offer_at_a_time(people):
    offered(people)
    with pytest.raises(OwnershipUnchanged):
        offered(people, to=people.asta)


def test_nobody_else_answers(people):
    row = offered(people)
    for person in (people.olga, people.asta, people.otto, people.stella):
        for answer in (transfers.accept, transfers.decline):
            with pytest.raises(Http404):
                answer(offer_id=row.pk, by=person)


def test_declining_changes_nothing(people, account):
    row = offered(people)
    transfers.decline(offer_id=row.pk, by=people.petra)
    assert owner_of(account) == people.olga
    with pytest.raises(OwnershipUnchanged):
        transfers.accept(offer_id=row.pk, by=people.petra)
    assert actions(account)[-1] == ("transfer_declined", "Petra", "Petra")


def test_what_was_taken_back_cannot_be_accepted(people, account):
    row = offered(people)
    with pytest.raises(PermissionDenied):
        transfers.take_back(account=account, by=people.petra)
    transfers.take_back(account=account, by=people.olga)
    for answer in (transfers.accept, transfers.decline):
        with pytest.raises(OwnershipUnchanged):
            answer(offer_id=row.pk, by=people.petra)
    assert owner_of(account) == people.olga
    assert actions(account)[-1] == ("transfer_cancelled", "Olga", "Petra")
    offered(people, to=people.asta)


def grow_old(people):
    OwnershipTransfer.objects.update(created=timezone.now() - timedelta(days=7))


def lose_membership(people):
    services.membership_revoke(user=people.petra, clinic=people.north)


def become_inactive(people):
    services.set_inactive(user=people.petra, clinics=[people.north])


def be_blocked(people):
    services.block(user=people.petra, by=people.stella, reason="Fraud")


def lose_the_clinic(people):
    Clinic.objects.filter(pk=people.north.pk).update(is_active=False)


def block_the_owner(people):
    services.block(user=people.olga, by=people.stella, reason="Fraud")


def lose_the_owner(people):
    Account.objects.filter(pk=people.north.account_id).update(owner=None)


def change_the_owner(people):
    account = people.north.account
    services.membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    Account.objects.filter(pk=account.pk).update(owner=people.asta)


ENDING = [
    *(grow_old, lose_membership, become_inactive, be_blocked),
    *(lose_the_clinic, block_the_owner, lose_the_owner, change_the_owner),
]


@pytest.mark.parametrize("happens", ENDING)
def test_an_offer_is_void_after(people, account, happens):
    row = offered(people)
    before = roles_of(people.petra)
    happens(people)
    owner, roles = owner_of(account), roles_of(people.petra)
    with pytest.raises(OwnershipUnchanged):
        transfers.accept(offer_id=row.pk, by=User.objects.get(pk=people.petra.pk))
    assert owner_of(account) == owner
    assert roles_of(people.petra) == roles
    assert roles == before or not roles
    assert OwnershipTransfer.objects.get().state == "cancelled"
    assert actions(account)[-1] == ("transfer_cancelled", None, "Petra")


@pytest.mark.parametrize("happens", ENDING)
def test_the_clock_closes_what_is_void(people, happens):
    offered(people)
    assert transfers.end_overdue() == 0
    happens(people)
    assert transfers.end_overdue() == 1
    assert transfers.end_overdue() == 0
    assert OwnershipTransfer.objects.get().state == "cancelled"


def test_an_offer_is_valid_for_the_whole_seven_days(people, account):
    row = offered(people)
    OwnershipTransfer.objects.update(created=timezone.now() - timedelta(days=7) + timedelta(minutes=1))
    transfers.accept(offer_id=row.pk, by=people.petra)
    assert owner_of(account) == people.petra


def test_a_void_offer_is_in_nobodys_way(people):
    offered(people)
    grow_old(people)
    offered(people, to=people.asta)
    assert sorted(OwnershipTransfer.objects.values_list("state", flat=True)) == ["cancelled", "offered"]


def test_nothing_changes_when_the_last_step_fails(people, account, monkeypatch):
    row = offered(people, role_afterwards=transfers.LEAVES)
    mails, rows = len(mail.outbox), AccessEvent.objects.count()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(transfers.mails, "tell_both", fail)
    with pytest.raises(RuntimeError):
        transfers.accept(offer_id=row.pk, by=people.petra)
    assert owner_of(account) == people.olga
    assert roles_of(people.olga) == EVERYWHERE
    assert roles_of(people.petra) == {"Nordhear North": "purchaser"}
    assert (len(mail.outbox), AccessEvent.objects.count()) == (mails, rows)


# --- Customer service -------------------------------------------------------------------------------------------


def test_customer_service_sets_the_owner(people, account):
    lose_the_owner(people)
    transfers.set_owner(account=account, person=people.petra, by=people.stella, reason="Called by the director")
    assert owner_of(account) == people.petra
    assert roles_of(people.petra) == roles_of(people.olga) == EVERYWHERE
    assert actions(account)[-1] == ("transfer_accepted", "Stella", "Petra")
    assert AccessEvent.objects.order_by("pk").last().reason == "Called by the director"


def test_setting_an_owner_ends_what_was_offered(people, account):
    row = offered(people)
    transfers.set_owner(account=account, person=people.asta, by=people.stella, reason="She asked")
    with pytest.raises(OwnershipUnchanged):
        transfers.accept(offer_id=row.pk, by=people.petra)
    assert owner_of(account) == people.asta


def test_only_customer_service_with_the_right_sets_it(people, account):
    people.stella.groups.clear()
    for person in (people.olga, people.edit, User.objects.get(pk=people.stella.pk)):
        with pytest.raises(PermissionDenied):
            transfers.set_owner(account=account, person=people.petra, by=person, reason="I want to")
    with pytest.raises(OwnershipUnchanged):
        by = User.objects.create_superuser(email="root@bestil.example", password="x")
        transfers.set_owner(account=account, person=people.otto, by=by, reason="A stranger")
    assert owner_of(account) == people.olga
