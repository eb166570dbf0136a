"""Answered requests say who asked for a limited time only."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from outbox.periodic import EVERY, forget_requests
from permissions.history.wording import entry_of
from permissions.models import AccessEvent, AccountRequest
from permissions.requests.forgetting import forget_old
from shop.dashboard.requests.deciding import decline
from tests.requests.requesting import TYPED, approved, asked, asked_for_clinic, clerk, typed

pytestmark = pytest.mark.django_db
PERSONAL = ("Nina", "Öronhjälpen", "oronhjalpen", "Storgatan", "Luleå", "5566778899", "174 06 05", "after ten")


@pytest.fixture
def stella(people):
    return clerk(people.stella)


def age(row: AccountRequest, days: int) -> None:
    AccountRequest.objects.filter(pk=row.pk).update(decided=timezone.now() - timedelta(days=days))


def declined(stella, **more) -> AccountRequest:
    return decline(by=stella, request_id=asked(**more).pk, reason="Nina, call Öronhjälpen")


def words_of(row: AccountRequest) -> str:
    row.refresh_from_db()
    return " ".join(str(getattr(row, field.attname)) for field in row._meta.concrete_fields)


def test_a_declined_one_keeps_nothing_of_who_asked(stella, people):
    row = declined(stella)
    age(row, 181)
    assert forget_old() == 1
    assert not [word for word in PERSONAL if word in words_of(row)]
    assert (row.state, row.country, row.decided_by, row.requested_by) == ("declined", "SE", stella, None)
    assert forget_old() == 0


def test_not_before_its_time(stella):
    rows = [declined(stella), asked(email="b@oronhjalpen.example")]
    age(rows[0], 179)
    AccountRequest.objects.filter(pk=rows[1].pk).update(created=timezone.now() - timedelta(days=364))
    assert forget_old() == 0
    assert all(row.first_name == "Nina" for row in AccountRequest.objects.all())


def test_one_that_nobody_answers_is_closed_after_a_year_and_keeps_nothing(stella, client):
    row = asked()
    AccountRequest.objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(days=366))
    assert forget_old() == 1
    assert not [word for word in PERSONAL if word in words_of(row)]
    assert (row.state, row.decided_by) == ("closed", None)
    assert list(row.access_events.values_list("action", flat=True).order_by("pk")) == ["closed", "details"]
    client.force_login(stella)
    assert "by The portal" in client.get(f"/backoffice/requests/{row.pk}/").content.decode()
    assert forget_old() == 0


def test_the_time_is_a_setting(stella, settings):
    settings.ANSWERED_REQUESTS_DAYS = 30
    age(declined(stella), 31)
    assert forget_old() == 1


def test_an_approved_one_keeps_what_the_account_is(stella):
    row = approved(asked(), stella)
    age(row, 181)
    assert forget_old() == 1
    words = words_of(row)
    assert not [word for word in ("Nina", "oronhjalpen.example", "174 06 05", "after ten") if word in words]
    assert row.company == row.account.name == "Öronhjälpen AB"


def test_a_new_clinic_keeps_its_place_and_the_page_of_the_customer_works(stella, people, client):
    row = asked_for_clinic(people.olga, people.north.account)
    decline(by=stella, request_id=row.pk, reason="Ask Olga")
    age(row, 181)
    assert forget_old() == 1
    assert "Olga" not in words_of(row)
    client.force_login(people.olga)
    page = client.get("/clinics/new/").content.decode()
    assert "Nordhear West" in page
    assert "None" not in page


def test_the_history_tells_of_it_without_a_word_about_the_person(stella):
    row = declined(stella)
    age(row, 181)
    forget_old()
    events = AccessEvent.objects.filter(request=row)
    entry = entry_of(events.latest("pk"), for_staff=True)
    assert entry.what == "Deleted who had asked, after the time for it"
    assert (entry.who, entry.whom, entry.changes) == ("The portal", "", [])
    told = " ".join(f"{event.before} {event.after} {event.reason}" for event in events)
    assert not [word for word in PERSONAL if word in told]


def test_the_words_to_a_customer_stay_in_their_history(stella, people):
    row = asked_for_clinic(people.olga, people.north.account)
    decline(by=stella, request_id=row.pk, reason="The lease is not signed")
    assert AccessEvent.objects.get(action="refused").reason == "The lease is not signed"


def test_customer_service_still_opens_it(stella, client):
    row, other = declined(stella), declined(stella, email="b@oronhjalpen.example")
    age(row, 181)
    age(other, 182)
    forget_old()
    client.force_login(stella)
    page = client.get(f"/backoffice/requests/{row.pk}/").content.decode()
    assert "Deleted request" in page
    assert "Who asked has been deleted" in page
    assert f"/backoffice/requests/{other.pk}/" not in page  # all that is empty would be alike
    listed = client.get("/backoffice/requests/?state=declined").content.decode()
    assert listed.count(">Deleted request</a>") == 2


def test_the_clock_does_it_every_day(stella):
    assert EVERY[forget_requests] == timedelta(days=1)
    age(declined(stella), 181)
    forget_requests.call()
    assert not AccountRequest.objects.exclude(email="").exists()


def test_who_asks_reads_of_it_before_and_after(client, people, settings):
    settings.ANSWERED_REQUESTS_DAYS = 90
    assert "We delete it 90 days after our answer" in client.get("/register/").content.decode()
    wrong = client.post("/register/", typed(email=""))
    assert "We delete it 90 days after our answer" in wrong.content.decode()
    client.post("/register/", typed())
    receipt = next(message for message in mail.outbox if message.to == [TYPED["email"].lower()])
    for body in (receipt.body, receipt.alternatives[0][0]):
        assert "We delete what was written 90 days after our answer" in body
