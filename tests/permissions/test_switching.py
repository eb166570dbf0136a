"""From clinic to clinic: the menu on every page shows a few, the list of all is searched."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from permissions import switching
from permissions.access import ClinicAccess
from permissions.models import Clinic
from permissions.roles import ClinicPermission, Role
from permissions.services import membership_grant, memberships_grant
from tests.factories import ClinicFactory


@pytest.fixture
def chain(people) -> list[Clinic]:
    """Olga works at thirty clinics, and at her two from before."""
    account = people.north.account
    made = [ClinicFactory(account=account, name=f"Chain {n:02}", customer_number=f"K{n:02}") for n in range(30)]
    memberships_grant(user=people.olga, clinics=made, role=Role.PURCHASER)
    return made


@pytest.fixture
def olga(client, people) -> Client:
    client.force_login(people.olga)
    return client


def in_menu(browser: Client) -> list[str]:
    return [clinic.name for clinic in browser.get("/profile/").context["portal"].clinics]


def test_the_menu_shows_all_of_a_few(olga, people):
    assert in_menu(olga) == ["Nordhear North", "Nordhear South"]
    assert "/clinics/choose/" not in olga.get("/profile/").content.decode()


def test_of_many_it_shows_the_current_one_and_those_worked_for_last(olga, people, chain):
    for clinic in (chain[3], people.south, chain[7]):
        assert olga.post("/clinics/switch/", {"clinic": clinic.pk}).status_code == 302
    page = olga.get("/profile/")
    assert [clinic.name for clinic in page.context["portal"].clinics] == ["Chain 07", "Nordhear South", "Chain 03"]
    assert "Search all 32 clinics" in page.content.decode()


def test_it_remembers_a_few_only(olga, chain):
    for clinic in chain:
        olga.post("/clinics/switch/", {"clinic": clinic.pk})
    assert len(in_menu(olga)) == switching.MOST_RECENT


def test_a_clinic_that_was_lost_leaves_the_menu(olga, people, chain):
    for clinic in (chain[3], people.south):
        olga.post("/clinics/switch/", {"clinic": clinic.pk})
    Clinic.objects.filter(pk=chain[3].pk).update(is_active=False)
    assert in_menu(olga) == ["Nordhear South"]


def test_all_are_searched_by_name_and_number(olga, people, chain):
    def found(query: str) -> list[str]:
        return [clinic.name for clinic in olga.get("/clinics/choose/", {"q": query}).context["page_obj"]]

    assert len(found("")) == 32
    assert found("chain 07") == ["Chain 07"]
    assert found("k12") == ["Chain 12"]
    assert found("nordhear") == ["Nordhear North", "Nordhear South"]
    assert found(people.foreign.name) == []
    assert "No clinic found" in olga.get("/clinics/choose/?q=%25%5F").content.decode()


def test_what_is_chosen_there_is_worked_for(olga, chain):
    page = olga.get("/clinics/choose/?q=K07").content.decode()
    assert f'name="clinic" value="{chain[7].pk}"' in page
    assert olga.post("/clinics/switch/", {"clinic": chain[7].pk}).url == "/"
    assert olga.get("/profile/").context["request"].clinic == chain[7]


def test_a_page_costs_the_same_at_two_clinics_and_at_two_thousand(olga, people):
    def cost() -> tuple[int, int]:
        olga.get("/orders/")
        with CaptureQueriesContext(connection) as queries:
            page = olga.get("/orders/")
        return len(queries), len(page.content)

    few = cost()
    number = Clinic.objects.count()
    Clinic.objects.bulk_create(
        Clinic(account=people.north.account, name=f"Many {n}", customer_number=f"M{n}") for n in range(number, 2000)
    )
    memberships_grant(user=people.olga, clinics=Clinic.objects.filter(name__startswith="Many"), role=Role.PURCHASER)
    many = cost()
    print(f"\nqueries and bytes of a page  2 clinics: {few}  2,000: {many}")
    assert many[0] <= few[0]
    assert many[1] < few[1] + 1000


class TestClinicAccess:
    def test_it_finds_the_persons_clinics_only_however_the_id_was_typed(self, people):
        held = ClinicAccess.of(people.petra)
        assert held.find(people.north.pk) == held.find(str(people.north.pk)) == people.north
        for other in (people.south.pk, str(people.foreign.pk), "", None, "x", 7):
            assert held.find(other) is None

    def test_it_keeps_the_order_of_what_is_asked_for(self, people):
        held = ClinicAccess.of(people.olga)
        asked = [people.south.pk, people.foreign.pk, str(people.north.pk), people.south.pk]
        assert held.find_all(asked) == [people.south, people.north]
        assert held.first() == held.clinics[0] == people.north

    def test_somewhere_means_all_of_it_at_one_clinic(self, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=["service"])
        membership_grant(user=people.petra, clinic=people.south, role=Role.PURCHASER, functions=["ordering"])
        held = ClinicAccess.of(people.petra)
        assert held.can_somewhere(ClinicPermission.REQUEST_SERVICE)
        assert held.can_somewhere(ClinicPermission.PLACE_ORDER)
        assert not held.can_somewhere(ClinicPermission.REQUEST_SERVICE, ClinicPermission.PLACE_ORDER)
