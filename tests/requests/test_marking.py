"""The queue points out what is known of each request, and shows a part of them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from permissions.models import Account, Invitation
from permissions.roles import Role
from shop.dashboard.requests.deciding import NotDecided, decline
from shop.dashboard.requests.duplicates import duplicates_of
from shop.dashboard.requests.marking import marks_of
from shop.dashboard.requests.queue import counts, queue
from tests.factories import AccountFactory, ClinicFactory, UserFactory
from tests.requests.requesting import EMAIL, approved, asked, asked_for_clinic, clerk


@pytest.fixture
def stella(people, client):
    client.force_login(clerk(people.stella))
    return people.stella


def marks(row) -> list[str]:
    return [str(words) for words in marks_of([row])[row.pk]]


class TestMarks:
    def test_none_of_what_is_new(self, people):
        assert marks(asked()) == []

    @pytest.mark.parametrize("kept", ["5566778899", "556677-8899"])
    def test_the_organisation_number_however_it_was_kept(self, people, kept):
        AccountFactory(country="SE", organisation_number=kept)
        assert marks(asked()) == ["Number is known"]

    def test_not_a_number_of_another_country(self, people):
        AccountFactory(country="NO", organisation_number="5566778899")
        assert marks(asked()) == []

    @pytest.mark.parametrize("number", ["10010", "abc-1"])
    def test_the_customer_number(self, people, number):
        ClinicFactory(customer_number="ABC-1")
        assert marks(asked(customer_number=number)) == ["Customer number is known"]

    def test_the_address_and_its_domain(self, people):
        UserFactory(email=EMAIL)
        assert marks(asked()) == ["E-mail is known", "Mail domain is known"]
        assert marks(asked(email="bo@oronhjalpen.example", organisation_number="1"))[0] == "Mail domain is known"

    def test_a_public_domain_says_nothing(self, people):
        UserFactory(email="a@hotmail.co.uk")
        assert marks(asked(email="b@hotmail.co.uk")) == []

    def test_staff_say_nothing_of_a_domain(self, people):
        UserFactory(email="s@oronhjalpen.example", is_staff=True)
        assert marks(asked()) == []

    def test_who_was_invited_and_has_not_answered(self, people):
        fields = {"first_name": "B", "last_name": "B", "role": "assistant"}
        Invitation.objects.create(account=people.north.account, email="bo@oronhjalpen.example", **fields)
        assert marks(asked()) == ["Invited already"]

    @pytest.mark.parametrize(
        "other",
        [
            {"email": "x@x.example"},
            {"organisation_number": "1"},
            {"organisation_number": "1", "email": "bo@oronhjalpen.example"},
            {"organisation_number": "1", "email": "x@x.example", "customer_number": "C1"},
        ],
    )
    def test_another_request_that_waits(self, people, stella, other):
        row, second = asked(customer_number="C1"), asked(**other)
        assert marks(row) == ["Asked for more than once"]
        decline(by=stella, request_id=second.pk, reason="No")
        assert marks(row) == []

    def test_nothing_of_a_customer_who_asks_for_a_clinic(self, people):
        assert marks(asked_for_clinic(people.olga, people.north.account)) == []

    def test_they_stand_in_the_list(self, people, stella, client):
        asked(customer_number="10010")
        assert "Customer number is known" in client.get("/backoffice/requests/").content.decode()

    def test_many_rows_ask_as_often_as_one(self, people):
        rows = [
            asked(email=f"p{number}@c{number}.example", organisation_number=f"{number}", customer_number=f"{number}")
            for number in range(20)
        ]
        with CaptureQueriesContext(connection) as few:
            marks_of(rows[:1])
        with CaptureQueriesContext(connection) as many:
            marks_of(rows)
        assert len(few) == len(many)


class TestOnTheRequestsOwnPage:
    def test_other_requests_of_the_same_mail_domain(self, people):
        other = asked(email="bo@oronhjalpen.example", organisation_number="1")
        assert duplicates_of(asked()).others == [other]

    def test_an_invitation_that_waits(self, people, stella, client):
        first = approved(asked(), stella)
        row = asked(email="bo@oronhjalpen.example", organisation_number="1")
        assert [invitation.email for invitation in duplicates_of(row).invited] == [EMAIL]
        assert "Invited, but not accepted yet" in client.get(f"/backoffice/requests/{row.pk}/").content.decode()
        assert duplicates_of(first).invited == []


class TestOneAccountForOneNumber:
    def test_however_it_is_written(self, people):
        AccountFactory(country="SE", organisation_number="556677-8899")
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountFactory(country="SE", organisation_number="5566778899")

    def test_also_when_it_is_approved(self, people, stella):
        AccountFactory(country="SE", organisation_number="556677-8899")
        before = Account.objects.count()
        with pytest.raises(NotDecided, match="Somebody else just used"):
            approved(asked(), stella)
        assert Account.objects.count() == before


class TestFilters:
    def test_by_kind_and_country(self, people, stella, client):
        swedish, clinic = asked(), asked_for_clinic(people.olga, people.north.account)
        norwegian = asked(country="NO", organisation_number="912345688")
        assert set(queue("received", "", kind="clinic")) == {clinic}
        assert set(queue("received", "", country="SE", kind="account")) == {swedish}
        assert counts("", country="NO") == {"received": 1}
        shown = client.get("/backoffice/requests/?country=NO&kind=account")
        assert list(shown.context["page_obj"]) == [norwegian]
        assert "country=NO&amp;kind=account&amp;state=declined" in shown.content.decode()

    def test_a_choice_that_is_none_is_no_choice(self, people, stella, client):
        asked()
        shown = client.get("/backoffice/requests/?country=XX&kind=\x01")
        assert len(shown.context["page_obj"]) == 1

    def test_who_was_invited_and_has_not_accepted(self, people, stella, client):
        waiting = approved(asked(), stella)
        done = approved(
            asked(email="b@b.example"),
            stella,
            account=people.north.account,
            existing=[people.north],
            new=[],
            role=Role.ASSISTANT,
        )
        Invitation.objects.filter(email="b@b.example").update(state="accepted")
        assert set(queue("approved", "")) == {waiting, done}
        shown = client.get("/backoffice/requests/?state=approved&unaccepted=on")
        assert list(shown.context["page_obj"]) == [waiting]
