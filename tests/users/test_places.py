"""Where the people of a list work: two clinics by name and how many more, without reading all of them."""

import pytest
from django.db.models.signals import post_init

from permissions.models import Clinic, Membership
from permissions.roles import Role
from permissions.services import memberships_grant, set_inactive
from permissions.users.places import places_of
from tests.factories import ClinicFactory


@pytest.fixture
def chain(people) -> list[Clinic]:
    """Petra works at eight clinics: assistant at two of them."""
    made = [ClinicFactory(account=people.north.account, name=f"Chain {n}") for n in range(7)]
    memberships_grant(user=people.olga, clinics=made, role=Role.MAIN_USER)
    memberships_grant(user=people.petra, clinics=made[:5], role=Role.PURCHASER)
    memberships_grant(user=people.petra, clinics=made[5:], role=Role.ASSISTANT)
    return made


def told(people) -> tuple[list[str], str]:
    places = places_of([people.petra, people.stella], Membership.objects.all())[people.petra.pk]
    return places.roles, places.clinics


def test_the_first_by_name_and_how_many_more(people, chain):
    assert told(people) == (["Purchaser", "Assistant"], "Chain 0, Chain 1 and 6 more")


def test_of_who_works_somewhere_only_where_they_work(people, chain):
    set_inactive(user=people.petra, clinics=[people.north, *chain[:5]], confirmed=True)
    assert told(people) == (["Assistant"], "Chain 5, Chain 6")


def test_of_who_works_nowhere_where_they_did(people, chain):
    set_inactive(user=people.petra, clinics=[people.north, *chain], confirmed=True)
    assert told(people) == (["Purchaser", "Assistant"], "Chain 0, Chain 1 and 6 more")


def test_who_belongs_to_no_clinic_is_not_there(people):
    assert people.stella.pk not in places_of([people.stella], Membership.objects.all())


def test_the_list_reads_no_membership(people, olga, chain):
    read = []

    def note(**_more) -> None:
        read.append(1)

    post_init.connect(note, sender=Membership)
    try:
        page = olga.get("/users/").content.decode()
    finally:
        post_init.disconnect(note, sender=Membership)
    assert "Chain 0, Chain 1 and 6 more" in page
    assert len(read) <= 1  # the reader's own, for the menu
