"""The back office's pages about people: who finds whom, who may change whom, and what the history says of it."""

import re

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.utils import timezone

from permissions.models import AccessEvent, Account, User
from permissions.models.events import AccessAction
from permissions.roles import Role
from permissions.services import block, membership_grant, set_inactive
from tests.backoffice.pages import LIST, at, last_event, names
from tests.factories import PASSWORD, ClinicFactory, UserFactory

pytestmark = pytest.mark.django_db


class TestFinding:
    def test_customers_are_shown_first_and_the_suppliers_people_apart(self, people, stella):
        assert names(stella.get(LIST)) == ["Asta Testsson", "Olga Testsson", "Otto Testsson", "Petra Testsson"]
        assert names(stella.get(f"{LIST}?show=supplier")) == ["Edit Testsson", "Stella Testsson"]

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("petra", ["Petra Testsson"]),
            ("OLGA@example", ["Olga Testsson"]),
            ("test petra", ["Petra Testsson"]),
            ("20010", ["Otto Testsson"]),
            ("1002", ["Olga Testsson"]),
            ("10010 asta", ["Asta Testsson"]),
            ("nobody", []),
            ("%", []),
        ],
    )
    def test_by_name_e_mail_or_customer_number(self, people, stella, typed, expected):
        answer = stella.post(LIST, {"query": typed})
        assert answer["Location"] == f"{LIST}?show=customers&sort=name"
        assert names(stella.get(answer["Location"])) == expected

    def test_what_is_searched_for_stands_in_no_address_and_stays_until_it_is_cleared(self, people, stella):
        stella.post(f"{LIST}?sort=new", {"query": "petra"})
        page = stella.get(LIST)
        assert not re.search(r'href="[^"]*petra', page.content.decode())
        assert names(stella.get(f"{LIST}?sort=-name")) == ["Petra Testsson"]
        stella.post(LIST)
        assert len(names(stella.get(LIST))) == 4

    def test_by_what_is_wrong_with_them(self, people, stella):
        User.objects.filter(pk__in=[people.asta.pk, people.petra.pk]).update(last_login=timezone.now())
        block(user=people.otto, by=people.stella, reason="not paid")
        set_inactive(user=people.petra, clinics=[people.north])
        for _wrong in range(5):
            Client().post("/login/", {"username": people.asta.email, "password": "wrong"})
        shown = {show: names(stella.get(f"{LIST}?show={show}")) for show in ("locked", "blocked", "inactive", "never")}
        assert shown == {
            "locked": ["Asta Testsson"],
            "blocked": ["Otto Testsson"],
            "inactive": ["Petra Testsson"],
            "never": ["Olga Testsson"],
        }
        page = stella.get(LIST).content.decode()
        assert all(words in page for words in ("Log-in locked", "Blocked", "Inactive"))

    def test_sorted_backwards_and_by_the_last_log_in(self, people, stella):
        User.objects.filter(pk=people.otto.pk).update(last_login=timezone.now())
        assert names(stella.get(f"{LIST}?sort=-name"))[0] == "Petra Testsson"
        assert names(stella.get(f"{LIST}?sort=login"))[0] == "Otto Testsson"
        assert names(stella.get(f"{LIST}?sort=-login"))[-1] == "Otto Testsson"

    @pytest.mark.parametrize("query", ["?show=x", "?sort=password", "?page=99", "?page=x", "?show=&sort="])
    def test_what_nobody_offers_is_shown_as_if_it_had_not_been_asked(self, people, stella, query):
        assert len(names(stella.get(f"{LIST}{query}"))) == 4

    def test_as_many_queries_for_many_as_for_few(self, people, stella, django_assert_num_queries):
        from tests.shop.test_query_counts import asked

        few = asked(stella, LIST)
        clinics = [ClinicFactory(account=people.north.account) for _each in range(4)]
        for _each in range(45):
            user = UserFactory()
            for clinic in clinics:
                membership_grant(user=user, clinic=clinic, role=Role.PURCHASER)
        assert len(names(stella.get(LIST))) > 40
        assert asked(stella, LIST) == few
        one = asked(stella, at(people.asta))
        assert asked(stella, at(user)) == one
        print(f"list: {few} queries for 4 and for 49 people; person: {one} for 1 and for 4 clinics")

    def test_oscars_addresses_lead_here(self, people, stella):
        assert stella.get("/backoffice/users/")["Location"] == LIST
        assert stella.get(f"/backoffice/users/{people.petra.pk}/")["Location"] == at(people.petra)
        assert stella.get("/backoffice/users/999999/").status_code == 404
        assert stella.get("/backoffice/users/alerts/").status_code == 200


class TestOnePerson:
    def test_what_is_known_of_her(self, people, stella):
        Account.objects.filter(pk=people.north.account_id).update(owner=people.olga)
        page = stella.get(at(people.olga)).content.decode()
        for words in ("olga@example.com", "Nordhear North", "10010", "Main user", "Account owner", "Nordhear AB"):
            assert words in page
        assert "<title>Olga" not in page
        assert f"/backoffice/access/?person={people.olga.public_id}" in page
        assert f"{at(people.olga)}look/" in page

    def test_who_works_for_the_supplier_is_shown_and_not_changed(self, people, stella):
        page = stella.get(at(people.edit))
        assert page.context["deeds"] == []
        assert "Only an administrator changes their access" in page.content.decode()
        assert "look/" not in page.content.decode()

    def test_staff_without_the_right_see_nothing(self, people, client):
        client.force_login(people.stella)
        assert client.get(LIST).status_code == 403
        assert client.get(at(people.petra)).status_code == 403

    def test_who_may_only_look_changes_nothing(self, people, client):
        from django.contrib.auth.models import Permission

        people.stella.user_permissions.add(
            Permission.objects.get(codename="view_user", content_type__app_label="permissions")
        )
        client.force_login(people.stella)
        page = client.get(at(people.petra))
        assert page.status_code == 200
        assert page.context["deeds"] == []
        for rest in ("details/", "do/block/", f"clinics/{people.north.pk}/"):
            assert client.post(at(people.petra, rest), {"reason": "x"}).status_code == 403

    @pytest.mark.parametrize("name", ["edit", "stella", "admin"])
    @pytest.mark.parametrize("rest", ["details/", "do/link/", "do/block/", "do/sessions/", "do/factor/", "clinics/"])
    def test_customer_service_touches_nobody_of_the_supplier(self, people, stella, name, rest):
        person = UserFactory(is_superuser=True) if name == "admin" else getattr(people, name)
        before = AccessEvent.objects.count()
        assert stella.post(at(person, rest), {"reason": "x", "email": "a@b.se"}).status_code in (403, 405)
        assert AccessEvent.objects.count() == before
        assert mail.outbox == []

    def test_an_administrator_does_but_not_themselves(self, people, admin):
        assert admin.post(at(people.edit, "do/block/"), {"reason": "left"}).status_code == 302
        people.edit.refresh_from_db()
        assert people.edit.blocked
        own = User.objects.get(email="admin@example.com")
        assert admin.post(at(own, "do/block/"), {"reason": "x"}).status_code == 403

    def test_what_does_not_exist(self, stella):
        assert stella.get(f"{LIST}11111111-1111-4111-8111-111111111111/").status_code == 404
        assert stella.get(f"{LIST}{'-' * 36}/").status_code == 404


class TestHelping:
    def test_a_password_link(self, people, stella):
        assert stella.get(at(people.petra, "do/link/")).status_code == 200
        assert mail.outbox == []
        stella.post(at(people.petra, "do/link/"))
        assert [message.to for message in mail.outbox] == [["petra@example.com"]]
        assert (last_event().actor, last_event().person) == (people.stella, people.petra)

    def test_not_more_links_than_help(self, people, stella):
        for _again in range(7):
            stella.post(at(people.petra, "do/link/"))
        assert len(mail.outbox) == 5

    def test_unlocking(self, people, stella):
        for _wrong in range(5):
            Client().post("/login/", {"username": people.petra.email, "password": "wrong"})
        assert "Unlock the log-in" in stella.get(at(people.petra)).content.decode()
        stella.post(at(people.petra, "do/unlock/"))
        assert not AccessAttempt.objects.filter(username=people.petra.email).exists()
        assert last_event().action == AccessAction.UNLOCK
        assert Client().post("/login/", {"username": people.petra.email, "password": PASSWORD}).status_code == 302
        assert stella.post(at(people.petra, "do/unlock/")).status_code == 302  # there is nothing to do any more

    def test_logging_out_everywhere(self, people, stella):
        petra = Client()
        petra.force_login(people.petra)
        stella.post(at(people.petra, "do/sessions/"))
        assert petra.get("/basket/").status_code == 302
        assert last_event().action == AccessAction.SESSIONS

    def test_blocking_and_lifting_it_want_a_reason(self, people, stella):
        petra = Client()
        petra.force_login(people.petra)
        assert stella.post(at(people.petra, "do/block/"), {"reason": " "}).status_code == 422
        assert petra.get("/basket/").status_code == 200
        number = {"reason": "Ordered for 19811218-9876"}
        assert stella.post(at(people.petra, "do/block/"), number).status_code == 422
        stella.post(at(people.petra, "do/block/"), {"reason": "Lost telephone"})
        assert petra.get("/basket/").status_code == 302
        assert (last_event().action, last_event().reason) == (AccessAction.BLOCK, "Lost telephone")
        assert stella.post(at(people.petra, "do/unblock/"), {}).status_code == 422
        stella.post(at(people.petra, "do/unblock/"), {"reason": "Found"})
        people.petra.refresh_from_db()
        assert (people.petra.blocked, people.petra.is_active) == (None, True)

    def test_what_is_no_deed(self, people, stella):
        assert stella.get(at(people.petra, "do/delete/")).status_code == 404


class TestContactDetails:
    FORM = {"first_name": "Petra", "last_name": "Testsson", "phone_number": "+46701234567", "language": "sv"}

    def test_name_phone_and_language(self, people, stella):
        form = {**self.FORM, "email": "petra@example.com", "last_name": "Nysson"}
        assert stella.post(at(people.petra, "details/"), form).status_code == 302
        people.petra.refresh_from_db()
        assert (people.petra.last_name, str(people.petra.phone_number)) == ("Nysson", "+46701234567")
        event = last_event()
        assert event.action == AccessAction.DETAILS
        assert set(event.after["fields"]) == {"last_name", "phone_number", "language"}
        assert "Nysson" not in str(event.after)

    def test_an_e_mail_wants_a_reason_and_is_told_to_the_old_address(self, people, stella):
        petra = Client()
        petra.force_login(people.petra)
        form = {**self.FORM, "email": "Petra.New@example.com"}
        refused = stella.post(at(people.petra, "details/"), form)
        assert refused.status_code == 422
        assert "Petra.New@example.com" in refused.content.decode()
        stella.post(at(people.petra, "details/"), {**form, "reason": "Married; called back on the clinic's number"})
        people.petra.refresh_from_db()
        assert people.petra.email == "petra.new@example.com"
        assert [message.to for message in mail.outbox] == [["petra@example.com"]]
        assert petra.get("/basket/").status_code == 302
        assert last_event().reason.startswith("Married")

    def test_an_address_of_somebody_else_is_refused(self, people, stella):
        form = {**self.FORM, "email": "Olga@Example.com", "reason": "x"}
        assert stella.post(at(people.petra, "details/"), form).status_code == 422
        people.petra.refresh_from_db()
        assert people.petra.email == "petra@example.com"

    @pytest.mark.parametrize("name", ["first_name", "last_name"])
    @pytest.mark.parametrize("typed", ["19800101-1231", "Pay at www.evil.example", "a\x00b", " "])
    def test_what_is_no_name_is_refused(self, people, stella, name, typed):
        before = User.objects.values(name).get(pk=people.petra.pk)
        form = {**self.FORM, "email": "petra@example.com", name: typed}
        assert stella.post(at(people.petra, "details/"), form).status_code == 422
        assert User.objects.values(name).get(pk=people.petra.pk) == before

    def test_what_would_turn_the_direction_of_reading_is_left_out(self, people, stella):
        form = {**self.FORM, "email": "petra@example.com", "last_name": "A\u202eB\nC"}
        assert stella.post(at(people.petra, "details/"), form).status_code == 302
        assert User.objects.get(pk=people.petra.pk).last_name == "AB C"

    def test_nothing_else_can_be_sent_along(self, people, stella):
        form = {**self.FORM, "email": "petra@example.com", "is_staff": "on", "is_superuser": "on", "password": "x"}
        stella.post(at(people.petra, "details/"), form)
        row = User.objects.get(pk=people.petra.pk)
        assert (row.is_staff, row.is_superuser, row.password) == (False, False, people.petra.password)
