"""Handing over an account of many clinics asks the database as often as for few: it may have 2,000."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from permissions import agreement, services
from permissions.ownership import transfers
from permissions.roles import Role
from tests.factories import ClinicFactory
from tests.ownership.conftest import offered, roles_of


def asked(do: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        do()
    return len(queries)


def grow(people, account) -> None:
    """Twelve clinics; Petra had to do with some of them."""
    for number in range(10):
        clinic = ClinicFactory(account=account, is_active=number != 9)
        services.membership_grant(user=people.olga, clinic=clinic, role=Role.MAIN_USER)
        if number % 2:
            services.membership_grant(user=people.petra, clinic=clinic, role=Role.ASSISTANT)


def taken_over(people, account, afterwards: str) -> int:
    """How many questions it took, with everything as it was before in the end."""
    with transaction.atomic():
        row = offered(people, role_afterwards=afterwards)
        count = asked(lambda: transfers.accept(offer_id=row.pk, by=people.petra))
        assert len(roles_of(people.petra)) == account.clinics.count()
        assert len(roles_of(people.olga)) == (account.clinics.count() if afterwards else 0)
        assert not list(agreement.find_disagreements())
        transaction.set_rollback(True)
    return count


@pytest.mark.parametrize("afterwards", [Role.MAIN_USER, Role.ASSISTANT, transfers.LEAVES])
def test_taking_over_asks_as_often_for_many_clinics_as_for_few(people, account, afterwards):
    few = taken_over(people, account, afterwards)
    grow(people, account)
    many = taken_over(people, account, afterwards)
    print(f"\nqueries  take-over, old owner {afterwards or 'leaves'}: 2 clinics {few}, 12 clinics {many}", end="")
    assert many == few


def test_setting_an_owner_asks_as_often_for_many_clinics_as_for_few(people, account):
    counts = []
    assert people.stella.has_perm("permissions.change_account")  # asked once per person
    for prepare in (lambda: None, lambda: grow(people, account)):
        prepare()
        with transaction.atomic():
            counts.append(
                asked(
                    lambda: transfers.set_owner(
                        account=account, person=people.petra, by=people.stella, reason="Called by the director"
                    )
                )
            )
            transaction.set_rollback(True)
    print(f"\nqueries  an owner is set: 2 clinics {counts[0]}, 12 clinics {counts[1]}", end="")
    assert counts[0] == counts[1]
