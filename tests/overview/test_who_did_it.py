"""Who did something, and for whom: what customers and staff read of them, and how it is asked for."""

from importlib import import_module

import pytest
from django.db import connection

from permissions.events import record
from permissions.history.wording import entry_of
from permissions.models import AccessEvent, User
from permissions.models.events import AccessAction
from permissions.roles import Role
from permissions.services import membership_grant, membership_revoke, set_inactive
from tests.factories import UserFactory

PAGE = "/users/history/"
STAFF = "/backoffice/access/"


@pytest.fixture
def stella_acts(people):
    membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT, granted_by=people.stella)


def whats(response) -> list[tuple[str, str]]:
    return [(entry.what, entry.whom) for entry in response.context["entries"]]


class TestCustomerService:
    """Unnamed to customers: whether somebody acted for it is kept as it was then."""

    def test_who_has_left_customer_service_stays_unnamed(self, people):
        event = record(AccessAction.GRANT, actor=people.stella, person=people.petra, clinic=people.north)
        User.objects.filter(pk=people.stella.pk).update(is_staff=False)
        event = AccessEvent.objects.get(pk=event.pk)
        assert (entry_of(event).who, entry_of(event).actor) == ("Customer service", None)

    def test_who_joined_customer_service_later_did_not_act_for_it(self, people):
        event = record(AccessAction.GRANT, actor=people.petra, person=people.asta, clinic=people.north)
        User.objects.filter(pk=people.petra.pk).update(is_staff=True)
        assert entry_of(AccessEvent.objects.get(pk=event.pk)).who == "Petra Testsson"


class TestFilter:
    def test_by_who_did_it(self, olga, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT, granted_by=people.olga)
        page = olga.get(f"{PAGE}?actor={people.olga.public_id}")
        assert whats(page) == [("Gave a role", "Petra Testsson")]
        assert "Only by" in page.content.decode()
        lines = b"".join(olga.get(f"/users/history.xlsx?actor={people.olga.public_id}").streaming_content)
        assert lines

    def test_of_the_suppliers_people_it_is_not_asked_who_did_what(self, olga, stella_acts, people):
        page = olga.get(f"{PAGE}?actor={people.stella.public_id}")
        assert whats(page) == []
        assert "Stella" not in page.content.decode()
        assert str(people.stella.public_id) not in olga.get(PAGE).content.decode()
        assert "Nobody in this history" in olga.post(PAGE, {"query": "stella"}).content.decode()

    def test_nor_of_who_has_left_customer_service(self, olga, stella_acts, people):
        User.objects.filter(pk=people.stella.pk).update(is_staff=False)
        assert whats(olga.get(f"{PAGE}?actor={people.stella.public_id}")) == []
        assert "Nobody in this history" in olga.post(PAGE, {"query": "stella"}).content.decode()

    def test_staff_ask_what_a_colleague_did(self, stella, stella_acts, people):
        page = stella.get(f"{STAFF}?actor={people.stella.public_id}")
        assert whats(page) == [("Gave a role", "Petra Testsson")]
        found = stella.post(STAFF, {"query": "stella"}).content.decode()
        assert f"?actor={people.stella.public_id}" in found
        assert "Changes by Stella Testsson" in found

    def test_who_did_something_is_found_though_nothing_was_done_to_them(self, olga, people):
        newcomer = UserFactory(first_name="Nils", last_name="Ny")
        record(AccessAction.INVITE, actor=newcomer, clinic=people.north)
        page = olga.post(PAGE, {"query": "nils ny"}).content.decode()
        assert f"?actor={newcomer.public_id}" in page
        assert f"?person={newcomer.public_id}" not in page
        assert newcomer.email not in page  # no member of the reader's clinics


class TestNamesakes:
    """Two people may have one name: the address tells them apart."""

    def namesakes(self, people) -> list[User]:
        both = [UserFactory(first_name="Anna", last_name="Berg") for _one in range(2)]
        for person in both:
            membership_grant(user=person, clinic=people.north, role=Role.ASSISTANT, granted_by=people.olga)
        return both

    def test_are_told_apart(self, olga, people):
        both = self.namesakes(people)
        shown = {entry.whom_email for entry in olga.get(PAGE).context["entries"] if entry.whom == "Anna Berg"}
        assert shown == {person.email for person in both}

    @pytest.mark.parametrize("ends", ["leaves", "is inactive"])
    def test_the_address_of_who_works_here_no_more_is_not_told(self, olga, people, ends):
        gone, stays = self.namesakes(people)
        if ends == "leaves":
            membership_revoke(user=gone, clinic=people.north, revoked_by=people.olga, confirmed=True)
        else:
            set_inactive(user=gone, clinics=[people.north], by=people.olga, confirmed=True)
        page = olga.get(PAGE)
        assert gone.email not in page.content.decode()
        assert stays.email in page.content.decode()

    def test_staff_read_the_address_of_who_left_too(self, stella, people):
        left, _stays = self.namesakes(people)
        membership_revoke(user=left, clinic=people.north, revoked_by=people.olga, confirmed=True)
        shown = {(entry.who_email, entry.whom_email) for entry in stella.get(STAFF).context["entries"]}
        assert (people.olga.email, left.email) in shown

    def test_customers_read_no_address_of_customer_service(self, olga, stella_acts, people):
        User.objects.filter(pk=people.stella.pk).update(is_staff=False)
        stella = User.objects.get(pk=people.stella.pk)
        membership_grant(user=stella, clinic=people.north, role=Role.ASSISTANT)  # not even once she works here
        shown = [entry.who_email for entry in olga.get(PAGE).context["entries"] if entry.who == "Customer service"]
        assert shown == [""]


class TestSeveralAccounts:
    def test_each_row_says_whose_it_is(self, olga, people):
        assert "Nordhear AB" not in rows_shown(olga.get(PAGE))
        membership_grant(user=people.olga, clinic=people.foreign, role=Role.MAIN_USER)
        shown = rows_shown(olga.get(PAGE))
        assert "Nordhear AB" in shown
        assert "Otolab AS" in shown


def rows_shown(page) -> str:
    return page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]


class TestTheMigration:
    def test_fills_who_acted_for_the_supplier(self, people):
        events = [
            AccessEvent.objects.create(action=AccessAction.GRANT, actor=actor, person=people.asta)
            for actor in (people.stella, people.olga, UserFactory(is_superuser=True), None)
        ]
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(import_module("permissions.migrations.0007_history_of_access").FILL)
        filled = AccessEvent.objects.in_bulk([event.pk for event in events])
        assert [filled[event.pk].by_supplier for event in events] == [True, False, True, False]
