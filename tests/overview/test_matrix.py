"""B7: who may do what where, as one table that tells what is really checked."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from permissions import access
from permissions.models import ClinicUserPermission, User
from permissions.overview.cells import Mark
from permissions.overview.matrix import rows_of
from permissions.roles import FUNCTION_PERMISSIONS, Function, Role
from permissions.services import block, membership_grant, membership_revoke, set_inactive
from tests.factories import ClinicFactory, UserFactory
from tests.overview.crowd import make_crowd

PAGE = "/users/access/"


@pytest.fixture
def olga(client, people):
    """The browser of the main user."""
    client.force_login(people.olga)
    return client


def cell(person, clinic):
    return next(iter(rows_of([person], [clinic]))).cells[0]


def names(response) -> list[str]:
    return [row.person.first_name for row in response.context["table"].rows]


def clinics(response) -> list[str]:
    return [clinic.name for clinic in response.context["table"].clinics]


class TestACell:
    @pytest.mark.parametrize("name", ["olga", "petra", "asta", "otto"])
    @pytest.mark.parametrize("place", ["north", "south", "foreign"])
    def test_it_says_what_the_guards_answer(self, people, name, place):
        person, clinic = getattr(people, name), getattr(people, place)
        for function, mark in cell(person, clinic).marks.items():
            may = {right for right in FUNCTION_PERMISSIONS[function] if access.can(person, right, clinic)}
            assert (mark is Mark.YES) == (may == FUNCTION_PERMISSIONS[function])
            assert (mark is Mark.NO) == (not may)

    def test_an_assistant_prepares_only(self, people):
        assert cell(people.asta, people.north).marks[Function.ORDERING] is Mark.PART

    def test_a_missing_row_counts_and_is_pointed_out(self, people):
        ClinicUserPermission.objects.filter(user=people.petra, permission__codename="view_orders").delete()
        found = cell(people.petra, people.north)
        assert found.marks[Function.ORDER_HISTORY] is Mark.NO
        assert "Does not agree" in found.words()

    def test_whoever_is_inactive_has_nothing(self, people):
        set_inactive(user=people.asta, clinics=[people.north], by=people.olga)
        found = cell(User.objects.get(pk=people.asta.pk), people.north)
        assert found.functions == []
        assert found.agrees

    def test_whoever_is_blocked_has_nothing_though_the_rows_are_there(self, people):
        block(user=people.petra, by=people.stella, reason="Left")
        found = cell(User.objects.get(pk=people.petra.pk), people.north)
        assert found.functions == []
        assert found.words() == "Purchaser: –. Can't log in"


class TestWhoIsShown:
    def test_only_clinics_where_the_reader_manages_users(self, olga, people):
        assert clinics(olga.get(PAGE)) == ["Nordhear North", "Nordhear South"]

    def test_the_clinics_of_one_account_stand_together(self, olga, people):
        """Whatever they are called; the list of users has them in the same order."""
        other = ClinicFactory(account=people.foreign.account, name="Aarhus")
        for clinic in (other, people.foreign):
            membership_grant(user=people.olga, clinic=clinic, role=Role.MAIN_USER)
        ordered = ["Nordhear North", "Nordhear South", "Aarhus", "Otolab Oslo"]
        assert clinics(olga.get(PAGE)) == ordered
        assert [clinic.name for clinic in olga.get("/users/").context["clinics"]] == ordered

    def test_a_purchaser_with_user_administration_sees_that_clinic_alone(self, client, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=list(Function))
        membership_grant(user=people.petra, clinic=people.south, role=Role.PURCHASER)
        only_south = UserFactory(first_name="Solveig")
        membership_grant(user=only_south, clinic=people.south, role=Role.ASSISTANT)
        client.force_login(people.petra)
        page = client.get(PAGE)
        assert clinics(page) == ["Nordhear North"]
        assert sorted(names(page)) == ["Asta", "Olga", "Petra"]

    def test_nobody_of_another_account(self, olga, people):
        text = olga.get(PAGE).content.decode()
        assert "otto" not in text.lower()
        assert str(people.foreign.pk) not in text

    def test_permission_rows_without_a_membership_are_shown(self, olga, people):
        stray = UserFactory(first_name="Stray")
        row = ClinicUserPermission.objects.filter(content_object=people.north)[0]
        ClinicUserPermission.objects.create(user=stray, content_object=people.north, permission=row.permission)
        page = olga.get(PAGE)
        assert "Stray" in names(page)
        assert "Does not agree" in page.content.decode()

    def test_a_closed_clinic_is_no_column(self, olga, people):
        people.south.is_active = False
        people.south.save()
        assert clinics(olga.get(PAGE)) == ["Nordhear North"]

    @pytest.mark.parametrize("name", ["petra", "asta"])
    def test_who_manages_no_users_is_refused(self, client, people, name):
        client.force_login(getattr(people, name))
        for path in (PAGE, "/users/access.xlsx", "/users/history/", "/users/history.xlsx"):
            assert client.get(path).status_code == 403
        assert client.post(PAGE, {"query": "olga"}).status_code == 403

    def test_the_right_lost_is_lost_at_once(self, olga, people):
        assert olga.get(PAGE).status_code == 200
        ClinicUserPermission.objects.filter(user=people.olga, permission__codename="manage_users").delete()
        assert olga.get(PAGE).status_code == 403


class TestFilters:
    def test_by_role(self, olga):
        assert names(olga.get(PAGE + "?role=assistant")) == ["Asta"]

    def test_by_function(self, olga):
        assert names(olga.get(PAGE + "?function=finances")) == ["Olga"]

    def test_by_clinic(self, olga, people):
        page = olga.get(f"{PAGE}?clinic={people.south.pk}")
        assert (names(page), clinics(page)) == (["Olga"], ["Nordhear South"])

    def test_role_and_clinic_are_of_one_membership(self, olga, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT)
        assert "Petra" not in names(olga.get(f"{PAGE}?clinic={people.south.pk}&role=purchaser"))

    def test_by_status(self, olga, people):
        set_inactive(user=people.asta, clinics=[people.north], by=people.olga)
        assert names(olga.get(PAGE + "?status=inactive")) == ["Asta"]
        assert names(olga.get(PAGE + "?status=active")) == ["Olga", "Petra"]

    def test_blocked(self, olga, people):
        block(user=people.petra, by=people.stella, reason="Left")
        assert names(olga.get(PAGE + "?status=blocked")) == ["Petra"]

    def test_not_seen_for_long(self, olga, people):
        User.objects.filter(pk=people.petra.pk).update(last_login=timezone.now() - timedelta(days=91))
        User.objects.filter(pk=people.asta.pk).update(last_login=timezone.now() - timedelta(days=80))
        assert names(olga.get(PAGE + "?status=asleep")) == ["Petra"]

    def test_another_accounts_clinic_in_the_address_asks_for_nothing(self, olga, people):
        assert clinics(olga.get(f"{PAGE}?clinic={people.foreign.pk}")) == ["Nordhear North", "Nordhear South"]

    def test_nobody_fits(self, olga):
        page = olga.get(PAGE + "?role=assistant&function=finances")
        assert "Nobody fits" in page.content.decode()

    def test_what_one_function_shows(self, olga):
        text = olga.get(PAGE + "?show=approving").content.decode()
        assert "m-yes" in text
        assert ">Assistant <" not in text


class TestFindingAPerson:
    def test_by_name_or_address_and_it_stands_in_no_address(self, olga):
        answer = olga.post(PAGE, {"query": "PETRA test"})
        assert answer.url == PAGE
        assert names(olga.get(PAGE)) == ["Petra"]

    def test_the_filter_stays(self, olga):
        assert olga.post(PAGE + "?show=ordering", {"query": "x"}).url == PAGE + "?show=ordering"

    def test_everybody_again(self, olga):
        olga.post(PAGE, {"query": "nobody"})
        assert "Nobody fits" in olga.get(PAGE).content.decode()
        olga.post(PAGE, {"query": ""})
        assert len(names(olga.get(PAGE))) == 3

    def test_somebody_elsewhere_is_as_unknown_as_nobody(self, olga):
        olga.post(PAGE, {"query": "otto"})
        first = olga.get(PAGE).content.decode()
        olga.post(PAGE, {"query": "zzzz"})
        second = olga.get(PAGE).content.decode()
        assert blank(first).replace("otto", "zzzz") == blank(second)


def blank(text: str) -> str:
    """Without what differs on every page."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value|nonce|content)="[^"]*"', "", text)
    text = re.sub(r"Printed by [^<]+", "", text)  # and when: the minute may end between two pages
    return re.sub(r"csrf[^\"]*\"[^\"]*\"", "", text)


class TestManyClinics:
    def test_they_are_turned_like_pages(self, olga, people):
        for number in range(60):
            clinic = ClinicFactory(account=people.north.account, name=f"Branch {number:02}")
            membership_grant(user=people.olga, clinic=clinic, role=Role.MAIN_USER)
        first, second = olga.get(PAGE), olga.get(PAGE + "?columns=2")
        assert (len(clinics(first)), len(clinics(second))) == (50, 12)
        assert "Clinics 1 to 50 of 62" in first.content.decode()

    def test_two_hundred_people_at_fifty_clinics_are_one_page(self, client, db):
        crowd = make_crowd("Chain", clinics=50, people=200, each=5)
        client.force_login(crowd.main_user)
        page = client.get(PAGE)
        assert (len(names(page)), len(clinics(page))) == (200, 50)
        assert page.content.decode().count("<td") == 10_000
        assert len(page.content) < 1_800_000
        assert page.content.decode().count("<svg") < 100  # pictures are drawn by a style, once for all cells

    def test_each_cell_leads_to_its_explanation(self, olga, people):
        text = olga.get(PAGE).content.decode()
        for clinic in (people.north, people.south):
            assert f'href="{people.asta.public_id}/{clinic.pk}/"' in text


def test_a_person_who_left_is_no_row(olga, people):
    membership_revoke(user=people.asta, clinic=people.north, revoked_by=people.olga, confirmed=True)
    assert "Asta" not in names(olga.get(PAGE))


def test_names_are_written_as_text(olga, people):
    User.objects.filter(pk=people.asta.pk).update(first_name="<script>alert(1)</script>", last_name='"><s>')
    people.north.name = '"><i>North'
    people.north.save()
    text = olga.get(PAGE).content.decode()
    assert "<script>alert(1)" not in text
    assert '"><s>' not in text
    assert '"><i>' not in text
