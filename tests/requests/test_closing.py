"""What nobody meant is closed without a mail to an address that others wrote."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from permissions.models import AccessEvent, AccountRequest
from shop.dashboard.requests.deciding import AlreadyDecided, NotDecided, close, decline
from tests.requests.requesting import approved, asked, asked_for_clinic, clerk

CLOSE, LIST = "/backoffice/requests/close/", "/backoffice/requests/"


@pytest.fixture
def stella(people, client):
    client.force_login(clerk(people.stella))
    return people.stella


def states() -> set[str]:
    return set(AccountRequest.objects.values_list("state", flat=True))


def test_nobody_is_written_to_and_the_reason_is_the_colleagues(stella):
    row = asked()
    assert close(by=stella, request_ids=[row.pk], reason=" Advertising ") == 1
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == ("closed", "Advertising", stella)
    assert not mail.outbox
    event = AccessEvent.objects.get(request=row)
    assert (event.action, event.actor, event.reason) == ("closed", stella, "")  # it could not be forgotten there
    with pytest.raises(AlreadyDecided):
        approved(row, stella)


def test_many_at_once_from_the_list(stella, client):
    rows = [asked(company=f"Spam {number}") for number in range(3)]
    listed = client.get(LIST).content.decode()
    assert listed.count('type="checkbox" name="request"') == 3
    chosen = {"request": [str(row.pk) for row in rows]}
    asks = client.post(CLOSE, chosen)
    assert "Spam 2" in asks.content.decode()
    assert states() == {"received"}
    assert client.post(CLOSE, {**chosen, "reason": "\u200b"}).status_code == 422
    answer = client.post(CLOSE, {**chosen, "reason": "Advertising"}, follow=True)
    assert "3 requests are closed, without a mail." in answer.content.decode()
    assert states() == {"closed"}
    assert not mail.outbox


def test_one_from_its_page(stella, client):
    row = asked()
    assert "Close without a mail …" in client.get(f"{LIST}{row.pk}/").content.decode()
    client.post(CLOSE, {"request": row.pk, "reason": "Advertising"})
    assert "Advertising" in client.get(f"{LIST}{row.pk}/").content.decode()


def test_what_was_decided_meanwhile_stays(stella):
    row = asked()
    decline(by=stella, request_id=row.pk, reason="No")
    assert close(by=stella, request_ids=[row.pk], reason="Advertising") == 0
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "No")


def test_a_customer_who_asks_for_a_clinic_gets_an_answer(stella, people, client):
    row = asked_for_clinic(people.olga, people.north.account)
    assert close(by=stella, request_ids=[row.pk], reason="Advertising") == 0
    assert "Close without a mail" not in client.get(f"{LIST}{row.pk}/").content.decode()


@pytest.mark.parametrize("chosen", [[], ["x"], ["11111111-1111-4111-8111-111111111111"], ["\x00"]])
def test_what_is_no_request(stella, client, chosen):
    answer = client.post(CLOSE, {"request": chosen, "reason": "Advertising"}, follow=True)
    assert "Nothing is closed" in answer.content.decode()


def test_not_without_a_reason_and_not_by_others(stella, people):
    row = asked()
    with pytest.raises(NotDecided):
        close(by=stella, request_ids=[row.pk], reason=" ")
    with pytest.raises(PermissionDenied):
        close(by=people.olga, request_ids=[row.pk], reason="Advertising")
    assert states() == {"received"}


def test_a_reason_for_declining_is_visible_and_names_no_patient(stella, client):
    row = asked()
    for reason in ("\u200b", "Patient 640823-3234"):
        assert client.post(f"{LIST}{row.pk}/decline/", {"reason": reason}).status_code == 422
    assert states() == {"received"}
    assert not mail.outbox
