"""Rights at the supplier are given at the same moment, on real connections that really commit."""

import pytest
from django.core.exceptions import PermissionDenied

from permissions.models import User
from permissions.roles import Role
from permissions.services import membership_grant
from shop.dashboard.people import acting, colleagues
from tests.factories import UserFactory
from tests.people import make_people
from tests.threads import at_once

ROUNDS = 10


@pytest.fixture
def people(committed_db):
    return make_people()


def kinds(answers: list) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


@pytest.mark.parametrize("by_blocking", [False, True])
def test_of_two_administrators_who_shut_each_other_out_one_is_left(people, by_blocking):
    for _round in range(ROUNDS):
        pair = [UserFactory(is_staff=True, is_superuser=True) for _each in range(2)]

        def press(me: int, pair: list[User] = pair):
            if by_blocking:
                return acting.block(by=pair[me], person=pair[1 - me], reason="x")
            return colleagues.change_rights(by=pair[me], person=pair[1 - me], rights=["editor"])

        answers = at_once(2, press)
        assert [type(answer) for answer in answers].count(PermissionDenied) == 1, answers
        left = User.objects.filter(pk__in=[one.pk for one in pair], is_superuser=True, is_active=True)
        assert left.count() == 1


def test_of_a_role_and_a_right_given_at_once_one_is_refused(people):
    boss = UserFactory(is_staff=True, is_superuser=True)
    for _round in range(ROUNDS):
        person = UserFactory()

        def press(which: int, person: User = person):
            if which:
                return membership_grant(user=person, clinic=people.north, role=Role.PURCHASER)
            return colleagues.change_rights(by=boss, person=person, rights=["editor"])

        answers = at_once(2, press)
        assert kinds(answers) in (["Membership", "PermissionDenied"], ["WorksForSupplier", "bool"]), answers
        person = User.objects.get(pk=person.pk)
        assert person.works_for_supplier is not person.memberships.exists()
