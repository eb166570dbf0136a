"""The pages ask the database as often for much as for little. Run with `-s` to see the figures."""

import pytest

from permissions.roles import Role
from permissions.services import membership_grant
from tests.factories import AccountFactory, ClinicFactory, UserFactory
from tests.requests.requesting import asked, asked_for_clinic, clerk
from tests.shop.test_query_counts import asked as queries
from tests.shop.test_query_counts import report


@pytest.fixture
def stella(client, people):
    clerk(people.stella)
    client.force_login(people.stella)
    return people.stella


def make_known(people, count: int) -> None:
    """Colleagues, accounts and requests that all have to do with one request."""
    for number in range(count):
        clinic = ClinicFactory(account=AccountFactory())
        person = UserFactory(email=f"c{clinic.customer_number}@oronhjalpen.example")
        for place in (clinic, ClinicFactory(account=people.north.account)):
            membership_grant(user=person, clinic=place, role=Role.MAIN_USER)
        asked(organisation_number="5560360793", company=f"C{number}")


def test_the_queue(client, people, stella):
    asked()
    few = queries(client, "/backoffice/requests/")
    for number in range(40):
        asked(company=f"C{number}", organisation_number=f"{number}")
    many = queries(client, "/backoffice/requests/")
    report("queue of requests", _1=few, _25=many)
    assert few == many


@pytest.mark.parametrize("more", ["", "approve/", "decline/"])
def test_a_request_of_which_much_is_known(client, people, stella, more):
    row = asked(organisation_number="5560360793", customer_number="10020")
    make_known(people, 1)
    few = queries(client, f"/backoffice/requests/{row.pk}/{more}")
    make_known(people, 14)
    many = queries(client, f"/backoffice/requests/{row.pk}/{more}")
    report(f"request {more}", _1=few, _15=many)
    assert few == many


def test_asking_for_a_clinic(client, people):
    client.force_login(people.olga)
    asked_for_clinic(people.olga, people.north.account)
    few = queries(client, "/clinics/new/")
    for number in range(12):
        asked_for_clinic(people.olga, people.north.account, clinic_name=f"Clinic {number}")
    many = queries(client, "/clinics/new/")
    report("asking for a clinic", _1=few, _10=many)
    assert few == many


def test_the_public_form(client, db):
    assert queries(client, "/register/") <= 2
