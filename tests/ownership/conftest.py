"""Olga owns the account Nordhear; Petra could."""

import pytest
from django.contrib.auth.models import Group

from permissions.models import Account
from permissions.ownership import transfers
from permissions.roles import Role
from permissions.staff import SERVICE_GROUP
from tests.people import People


def own(people: People) -> People:
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    Account.objects.filter(pk=people.north.account_id).update(owner=people.olga)
    for person in (people.olga, people.petra, people.asta):
        person.language = "en"
        person.save()
    return people


@pytest.fixture
def people(people):
    return own(people)


@pytest.fixture
def account(people) -> Account:
    return people.north.account


def owner_of(account: Account):
    return Account.objects.get(pk=account.pk).owner


def roles_of(user) -> dict[str, str]:
    """By the clinic's name; only where they are active."""
    rows = user.memberships.filter(is_active=True).select_related("clinic")
    return {row.clinic.name: row.role for row in rows}


def offered(people, to=None, role_afterwards: str = Role.MAIN_USER):
    account = Account.objects.get(pk=people.north.account_id)
    return transfers.offer(account=account, by=people.olga, to=to or people.petra, role_afterwards=role_afterwards)
