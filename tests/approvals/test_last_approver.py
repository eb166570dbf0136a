"""Nobody takes the last approver away from those who need one, unless they say that they mean it."""

import pytest

from permissions.models import Clinic, Membership
from permissions.roles import Role
from permissions.services import LastApprover, approvers_left, membership_grant, membership_revoke, stranded
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_olga(people):
    """Olga is the only one at North who approves; Asta needs her."""
    membership_revoke(user=people.petra, clinic=people.north)
    return people


def test_with_another_approver_nothing_is_said(people):
    membership_revoke(user=people.olga, clinic=people.north)
    assert approvers_left(people.north) == [people.petra]


def test_the_last_one_is_not_revoked_without_a_word(only_olga):
    with pytest.raises(LastApprover, match="Asta Testsson"):
        membership_revoke(user=only_olga.olga, clinic=only_olga.north)
    assert Membership.objects.filter(user=only_olga.olga, clinic=only_olga.north).exists()
    membership_revoke(user=only_olga.olga, clinic=only_olga.north, confirmed=True)
    assert stranded(only_olga.north) == [only_olga.asta]


def test_nor_made_an_assistant(only_olga):
    with pytest.raises(LastApprover):
        membership_grant(user=only_olga.olga, clinic=only_olga.north, role=Role.ASSISTANT)
    assert membership_grant(user=only_olga.olga, clinic=only_olga.north, role=Role.PURCHASER)
    membership_grant(user=only_olga.olga, clinic=only_olga.north, role=Role.ASSISTANT, confirmed=True)


def test_who_becomes_an_assistant_is_left_alone_too(people):
    """South has nobody but Olga: as an assistant she could have nothing approved."""
    with pytest.raises(LastApprover, match="Olga Testsson"):
        membership_grant(user=people.olga, clinic=people.south, role=Role.ASSISTANT)
    membership_revoke(user=people.olga, clinic=people.south)


def test_inactive_approvers_do_not_count(people):
    people.petra.is_active = False
    people.petra.save()
    assert approvers_left(people.north) == [people.olga]
    assert approvers_left(people.north, without=people.olga) == []
    with pytest.raises(LastApprover):
        membership_revoke(user=people.olga, clinic=people.north)


def test_without_assistants_a_limit_makes_purchasers_need_somebody(people):
    membership_revoke(user=people.asta, clinic=people.north)
    assert stranded(people.north, without=people.olga) == []
    Clinic.objects.filter(pk=people.north.pk).update(approval_limit=500)
    people.north.refresh_from_db()
    with pytest.raises(LastApprover, match="Petra Testsson"):
        membership_revoke(user=people.olga, clinic=people.north)


def test_removing_others_never_asks(only_olga):
    membership_revoke(user=only_olga.asta, clinic=only_olga.north)
    membership_revoke(user=only_olga.olga, clinic=only_olga.north)


def test_who_was_left_alone_before_is_not_a_reason_again(only_olga):
    membership_revoke(user=only_olga.olga, clinic=only_olga.north, confirmed=True)
    newcomer = UserFactory()
    membership_grant(user=newcomer, clinic=only_olga.north, role=Role.ASSISTANT)
    membership_revoke(user=newcomer, clinic=only_olga.north)
