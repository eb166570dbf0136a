"""What customer service writes: agreements, rules of purchase numbers, closed and extra days."""

import html
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import ModelLogEntry

from permissions.models import Account
from shop.dispatch.models import DispatchAgreement, DispatchDay
from tests.factories import ClinicFactory

DAYS = "/backoffice/dispatch-days/"


@pytest.fixture
def stella(client, people):
    people.stella.groups.add(Group.objects.get(name="Customer service"))
    client.force_login(people.stella)
    return client


def said(answer) -> str:
    return html.unescape(answer.content.decode())


def in_days(count: int) -> str:
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def test_clinics_are_found_by_name_number_and_company(stella, people):
    for typed, found in (("north", "10010"), ("20010", "20010"), ("otolab oslo", "20010"), ("974760673", "20010")):
        page = said(stella.get("/backoffice/clinics/", {"q": typed}))
        assert found in page
    assert "10010" not in said(stella.get("/backoffice/clinics/", {"q": "otolab"}))
    assert "No clinic fits" in said(stella.get("/backoffice/clinics/", {"q": "nobody"}))


def test_the_list_asks_as_often_for_many_clinics(stella, people, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _round in range(2):
        stella.get("/backoffice/clinics/")
        with CaptureQueriesContext(connection) as queries:
            stella.get("/backoffice/clinics/")
        counts.append(len(queries))
        for _more in range(20):
            ClinicFactory()
    assert counts[0] == counts[1]


def test_an_agreement_is_written_and_logged(stella, people):
    path = f"/backoffice/clinics/{people.north.pk}/dispatch/"
    assert "Leaves" in said(stella.get(path))
    answer = stella.post(path, {"weekdays": [4, 2], "cut_off": "13:30", "transit_days": 2})
    assert answer.status_code == 302
    row = DispatchAgreement.objects.get()
    assert (row.clinic, row.weekdays, f"{row.cut_off:%H:%M}", row.transit_days) == (people.north, [2, 4], "13:30", 2)
    entry = ModelLogEntry.objects.get(action="dispatch.agreement")
    assert (entry.user, entry.object_id) == (people.stella, str(people.north.pk))


@pytest.mark.parametrize(
    "wrong", [{"weekdays": []}, {"weekdays": [8]}, {"cut_off": "25:00"}, {"transit_days": 0}, {"transit_days": 99}]
)
def test_an_agreement_that_can_not_be(stella, people, wrong):
    posted = {"weekdays": [2], "cut_off": "13:30", "transit_days": 2, **wrong}
    assert stella.post(f"/backoffice/clinics/{people.north.pk}/dispatch/", posted).status_code == 422
    assert not DispatchAgreement.objects.exists()


class TestPurchaseNumberRules:
    @pytest.fixture
    def path(self, people) -> str:
        return f"/backoffice/accounts/{people.north.account.pk}/ordering/"

    def test_rules_are_written_and_logged(self, stella, people, path):
        posted = {
            "purchase_number_required": "on",
            "purchase_number_pattern": r"INK-\d{4}",
            "purchase_number_values": "A\n\nB\nA",
            "allows_one_off_addresses": "on",
        }
        assert stella.post(path, posted).status_code == 302
        account = Account.objects.get(pk=people.north.account.pk)
        assert account.purchase_number_required and account.allows_one_off_addresses
        assert (account.purchase_number_pattern, account.purchase_number_values) == (r"INK-\d{4}", "A\nB")
        assert ModelLogEntry.objects.filter(action="account.ordering", user=people.stella).exists()

    @pytest.mark.parametrize(("sample", "verdict"), [("INK-0042", "Accepted."), ("INK-42", "Refused:")])
    def test_a_sample_is_tried_without_saving(self, stella, people, path, sample, verdict):
        posted = {"purchase_number_pattern": r"INK-\d{4}", "sample": sample, "try": "1"}
        assert f"{sample}: {verdict}" in said(stella.post(path, posted))
        assert Account.objects.get(pk=people.north.account.pk).purchase_number_pattern == ""

    @pytest.mark.parametrize("pattern", ["(", "(a+)+b"])
    @pytest.mark.parametrize("button", [{}, {"try": "1", "sample": "aaa"}])
    def test_a_pattern_that_is_none_or_hangs_is_refused(self, stella, people, path, pattern, button):
        answer = stella.post(path, {"purchase_number_pattern": pattern, **button})
        assert answer.status_code == 422
        assert Account.objects.get(pk=people.north.account.pk).purchase_number_pattern == ""

    def test_allowed_numbers_are_no_longer_than_a_number_can_be(self, stella, path):
        assert "longer than 40" in said(stella.post(path, {"purchase_number_values": "x" * 41}))


class TestClosedAndExtraDays:
    def test_a_range_is_added_shown_and_deleted(self, stella, people):
        posted = {"kind": "closed", "first": in_days(5), "last": in_days(7), "country": "SE", "reason": "Stocktaking"}
        assert stella.post(DAYS, posted).status_code == 302
        assert DispatchDay.objects.filter(country="SE", kind="closed", reason="Stocktaking").count() == 3
        assert ModelLogEntry.objects.filter(action="dispatch.day", user=people.stella).count() == 3
        assert said(stella.get(DAYS)).count("Stocktaking") >= 3
        first = DispatchDay.objects.first()
        assert stella.post(f"{DAYS}{first.pk}/delete/").status_code == 302
        assert DispatchDay.objects.count() == 2
        assert ModelLogEntry.objects.filter(action="dispatch.day_delete", user=people.stella).exists()

    def test_one_clinic_is_named_by_its_customer_number(self, stella, people):
        stella.post(DAYS, {"kind": "extra", "first": in_days(5), "customer_number": " 10010 "})
        day = DispatchDay.objects.get()
        assert (day.clinic, day.country, day.kind) == (people.north, "", "extra")

    def test_the_same_day_written_again_replaces_what_stood(self, stella, people):
        for kind in ("closed", "extra"):
            assert stella.post(DAYS, {"kind": kind, "first": in_days(5)}).status_code == 302
        assert DispatchDay.objects.get().kind == "extra"

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"kind": "odd"}, "odd"),
            ({"first": ""}, "required"),
            ({"first": in_days(-2)}, "has passed"),
            ({"last": in_days(4)}, "before the first"),
            ({"last": in_days(400)}, "three months"),
            ({"customer_number": "nobody"}, "No clinic has"),
            ({"customer_number": "10010", "country": "SE"}, "not both"),
        ],
    )
    def test_what_can_not_be_is_refused(self, stella, people, wrong, message):
        answer = stella.post(DAYS, {"kind": "closed", "first": in_days(5), **wrong})
        assert answer.status_code == 422
        assert message in said(answer)
        assert not DispatchDay.objects.exists()


@pytest.mark.parametrize("who", ["stella", "petra", "olga", "edit"])
def test_only_who_holds_the_right_comes_here(client, people, who):
    """Stella is staff, but not of customer service here."""
    person = getattr(people, who)
    client.force_login(person)
    day = DispatchDay.objects.create(date=timezone.localdate() + timedelta(days=9), kind="closed")
    paths = [
        *("/backoffice/clinics/", f"/backoffice/clinics/{people.north.pk}/dispatch/", DAYS),
        f"/backoffice/accounts/{people.north.account.pk}/ordering/",
    ]
    for path in paths:
        assert client.get(path).status_code == 403
        assert client.post(path).status_code in (403, 405)
    assert client.post(f"{DAYS}{day.pk}/delete/").status_code == 403
    assert DispatchDay.objects.exists()
    assert not DispatchAgreement.objects.exists()
