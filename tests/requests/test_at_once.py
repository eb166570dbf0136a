"""Two people of customer service press at the same moment, on connections that really commit."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from outbox.models import OutgoingMail
from permissions.models import AccessEvent, Account, AccountRequest, Clinic, Invitation
from permissions.requests import limits
from shop.dashboard.requests.deciding import AlreadyDecided, NotDecided, decline
from shop.dashboard.requests.making import NewClinic
from tests.people import make_people
from tests.requests.requesting import EMAIL, approved, asked, clerk
from tests.threads import at_once

ROUNDS = 12


@pytest.fixture
def stella(committed_db):
    return clerk(make_people().stella)


def new_request(number: int) -> AccountRequest:
    return asked(organisation_number=f"55{number:08}", email=f"p{number}@new.example")


def own(number: int) -> dict:
    return {"new": [NewClinic("Clinic", f"N-{number}", "Street 1", "972 31", "Luleå")]}


def press(row: AccountRequest, by, *numbers: int) -> list:
    """One approval a number, each with a customer number of its own: none of them is stopped by the other's."""
    return at_once(len(numbers), lambda place: approved(row, by, **own(numbers[place])))


def test_two_who_approve_at_once_make_one_account(stella):
    for number in range(ROUNDS):
        row = new_request(number)
        answers = press(row, stella, 2 * number, 2 * number + 1)
        assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [AlreadyDecided], answers
        account = Account.objects.get(organisation_number=row.organisation_number)
        assert account.clinics.count() == Invitation.objects.filter(account=account).count() == 1
        assert AccessEvent.objects.filter(request=row, action="approved").count() == 1
        assert OutgoingMail.objects.filter(to=[row.email]).count() == 1


@pytest.mark.logs_errors
def test_without_the_lock_two_approvals_happen(stella, monkeypatch):
    """The negative control: if this finds one clinic a request, the test above proves nothing."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX account_unique_organisation")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    for number in range(ROUNDS):
        press(new_request(number), stella, 2 * number, 2 * number + 1)
        if Clinic.objects.filter(customer_number__startswith="N-").count() > number + 1:
            return
    pytest.fail("no request was approved twice although nothing was locked")


def test_approving_and_declining_at_once_is_one_of_them(stella):
    for number in range(ROUNDS):
        row = new_request(number)
        deeds = (
            lambda row=row, number=number: approved(row, stella, **own(number)),
            lambda row=row: decline(by=stella, request_id=row.pk, reason="No"),
        )
        answers = at_once(2, lambda place, deeds=deeds: deeds[place]())
        assert len([answer for answer in answers if isinstance(answer, AlreadyDecided)]) == 1, answers
        row.refresh_from_db()
        assert Account.objects.filter(requests=row).exists() == (row.state == "approved")


def test_two_requests_of_one_company_approved_at_once_make_one_account(stella):
    for number in range(ROUNDS):
        rows = [new_request(number), asked(organisation_number=f"55{number:08}", email=f"q{number}@new.example")]
        answers = at_once(2, lambda place, rows=rows, n=number: approved(rows[place], stella, **own(2 * n + place)))
        assert len([answer for answer in answers if isinstance(answer, NotDecided)]) == 1, answers
        assert Account.objects.filter(organisation_number=f"55{number:08}").count() == 1
        states = sorted(AccountRequest.objects.filter(pk__in=[row.pk for row in rows]).values_list("state", flat=True))
        assert states == ["approved", "received"]


def test_one_customer_number_for_two_companies_at_once(stella):
    for number in range(ROUNDS):
        rows = [new_request(2 * number), new_request(2 * number + 1)]
        answers = at_once(2, lambda place, rows=rows, n=number: approved(rows[place], stella, **own(n)))
        assert len([answer for answer in answers if isinstance(answer, NotDecided)]) == 1, answers
        assert Clinic.objects.filter(customer_number=f"N-{number}").count() == 1


def test_no_more_than_the_limit_when_all_send_at_once(committed_db):
    from django.test import Client

    from tests.requests.requesting import typed

    def send(number: int) -> int:
        return Client().post("/register/", typed(email=f"p{number}@new.example")).status_code

    statuses = at_once(limits.PER_NETWORK_AND_HOUR + 5, send)
    assert sorted(statuses) == [302] * limits.PER_NETWORK_AND_HOUR + [429] * 5
    assert AccountRequest.objects.count() == limits.PER_NETWORK_AND_HOUR
    assert not AccountRequest.objects.filter(email=EMAIL).exists()
