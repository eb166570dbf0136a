"""Nobody takes the last approver away from those who need one, unless they say that they mean it."""

import pytest

from permissions.models import Clinic, Membership, User
from permissions.roles import Role
from permissions.services import (
    LastApprover,
    LastMainUser,
    membership_grant,
    membership_revoke,
    set_inactive,
)
from permissions.staffing import approvers_left, stranded
from tests.factories import ClinicFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def west(people) -> Clinic:
    """A clinic without a main user: Petra is the only one who approves there, Asta needs her."""
    clinic = ClinicFactory(account=people.north.account, name="Nordhear West")
    membership_grant(user=people.petra, clinic=clinic, role=Role.PURCHASER)
    membership_grant(user=people.asta, clinic=clinic, role=Role.ASSISTANT)
    return clinic


@pytest.fixture
def pia(west) -> User:
    """A second purchaser of West."""
    user = UserFactory(first_name="Pia", last_name="Testsson")
    membership_grant(user=user, clinic=west, role=Role.PURCHASER)
    return user


def test_with_another_approver_nothing_is_said(people, west, pia):
    membership_revoke(user=people.petra, clinic=west)
    assert approvers_left(west) == [pia]


def test_the_last_one_is_not_revoked_without_a_word(people, west):
    with pytest.raises(LastApprover, match="Asta Testsson"):
        membership_revoke(user=people.petra, clinic=west)
    assert Membership.objects.filter(user=people.petra, clinic=west).exists()
    membership_revoke(user=people.petra, clinic=west, confirmed=True)
    assert stranded(west) == [people.asta]


def test_nor_made_an_assistant(people, west):
    with pytest.raises(LastApprover):
        membership_grant(user=people.petra, clinic=west, role=Role.ASSISTANT)
    assert membership_grant(user=people.petra, clinic=west, role=Role.MAIN_USER)
    membership_grant(user=UserFactory(), clinic=west, role=Role.MAIN_USER)
    assert membership_grant(user=people.petra, clinic=west, role=Role.ASSISTANT)


def test_nor_left_without_the_function(people, west):
    with pytest.raises(LastApprover):
        membership_grant(user=people.petra, clinic=west, role=Role.PURCHASER, functions=["ordering"])
    membership_grant(user=people.petra, clinic=west, role=Role.PURCHASER, functions=["ordering"], confirmed=True)
    assert approvers_left(west) == []


def test_nor_set_inactive(people, west):
    with pytest.raises(LastApprover, match="Asta Testsson"):
        set_inactive(user=people.petra, clinics=[west])
    assert set_inactive(user=people.petra, clinics=[west], confirmed=True) == [west]


def test_who_becomes_an_assistant_is_left_alone_too(people, west):
    """Without Asta, West has nobody but Petra: as an assistant she could have nothing approved."""
    membership_revoke(user=people.asta, clinic=west)
    with pytest.raises(LastApprover, match="Petra Testsson"):
        membership_grant(user=people.petra, clinic=west, role=Role.ASSISTANT)
    membership_revoke(user=people.petra, clinic=west)


def test_inactive_approvers_do_not_count(people, west, pia):
    pia.is_active = False
    pia.save()
    assert approvers_left(west) == [people.petra]
    assert approvers_left(west, without=people.petra) == []
    with pytest.raises(LastApprover):
        membership_revoke(user=people.petra, clinic=west)


def test_without_assistants_a_limit_makes_purchasers_need_somebody(people, west, pia):
    membership_revoke(user=people.asta, clinic=west)
    assert stranded(west, without=people.petra) == []
    Clinic.objects.filter(pk=west.pk).update(approval_limit=500)
    west.refresh_from_db()
    with pytest.raises(LastApprover, match="Pia Testsson"):
        membership_revoke(user=people.petra, clinic=west)


def test_removing_others_never_asks(people, west):
    membership_revoke(user=people.asta, clinic=west)
    membership_revoke(user=people.petra, clinic=west)


def test_who_was_left_alone_before_is_not_a_reason_again(people, west):
    membership_revoke(user=people.petra, clinic=west, confirmed=True)
    newcomer = UserFactory()
    membership_grant(user=newcomer, clinic=west, role=Role.ASSISTANT)
    membership_revoke(user=newcomer, clinic=west)


def test_no_confirmation_takes_the_last_main_user_away(people):
    for attempt in (
        lambda: membership_revoke(user=people.olga, clinic=people.north, confirmed=True),
        lambda: membership_grant(user=people.olga, clinic=people.north, role=Role.PURCHASER, confirmed=True),
        lambda: set_inactive(user=people.olga, clinics=[people.north], confirmed=True),
    ):
        with pytest.raises(LastMainUser):
            attempt()
    assert approvers_left(people.north) == [people.olga, people.petra]
