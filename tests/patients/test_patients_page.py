"""The page on which a clinic finds and erases what it has written of a patient."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.patients import labels
from shop.patients.models import PatientLabel

KARIN = "Karin Ögren"
PAGE = "/clinics/patients/"


@pytest.fixture
def label(people, ordered_for) -> PatientLabel:
    """With one order, and one line in a basket."""
    basket = ordered_for(KARIN)
    place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    ordered_for(KARIN)
    return PatientLabel.objects.get()


@pytest.fixture
def olga(client, people) -> Client:
    client.force_login(people.olga)
    return client


def erase_address(label: PatientLabel) -> str:
    return f"{PAGE}{label.pk}/erase/"


def test_the_page_opens_with_nothing_but_the_search(olga, label):
    page = olga.get(PAGE).content.decode()
    assert KARIN not in page
    assert "Name or reference" in page
    assert 'autocomplete="off"' in page


def test_a_search_finds_by_beginnings_and_counts_orders_and_lines(olga, label):
    answer = olga.post(PAGE, {"query": "kar ögr"})
    (row,) = answer.context["rows"]
    assert (row.text, row.orders, row.basket_lines) == (KARIN, 1, 1)
    assert KARIN in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_nobody_found_says_so(olga, label):
    assert "Nobody found" in olga.post(PAGE, {"query": "sven"}).content.decode()


@pytest.mark.parametrize("query", ["", "   ", "811228-9874", "x" * 81])
def test_a_search_that_cannot_be_made_says_why_and_keeps_what_was_typed(olga, label, query):
    answer = olga.post(PAGE, {"query": query})
    assert answer.status_code == 422
    assert "Check this and try again" in answer.content.decode()
    assert not query.strip() or query in answer.content.decode()


def test_what_is_searched_for_stands_in_no_address(olga, label):
    """A search in the address would be kept by browsers, proxies and logs, so none is made."""
    answer = olga.get(PAGE, {"query": "kar"})
    assert KARIN not in answer.content.decode()
    assert 'method="post"' in answer.content.decode()


def test_another_clinics_patients_are_not_found(client, people, label):
    client.force_login(people.otto)
    assert client.post(PAGE, {"query": "karin"}).context["rows"] == []


def test_who_may_not_see_patients_is_refused(client, people, label, take_patients_from):
    take_patients_from(people.olga, people.north)
    client.force_login(people.olga)
    client.post("/switch-clinic/", {"clinic": people.north.pk})
    for answer in (
        client.get(PAGE),
        client.post(PAGE, {"query": "karin"}),
        client.get(erase_address(label)),
        client.post(erase_address(label)),
    ):
        assert answer.status_code == 403
        assert KARIN not in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("petra", 403), ("asta", 403), ("otto", 404)])
def test_only_a_main_user_of_the_clinic_erases(client, people, label, who, status):
    client.force_login(getattr(people, who))
    for answer in (client.get(erase_address(label)), client.post(erase_address(label))):
        assert answer.status_code == status
        assert KARIN not in answer.content.decode()
    label.refresh_from_db()
    assert not label.erased


def test_a_purchaser_finds_and_is_offered_no_erasing(client, people, label):
    client.force_login(people.petra)
    page = client.post(PAGE, {"query": "karin"}).content.decode()
    assert KARIN in page
    assert "/erase/" not in page


def test_erasing_asks_first_and_then_does_it_for_good(olga, people, label):
    asked = olga.get(erase_address(label)).content.decode()
    assert KARIN in asked
    assert f"<title>{KARIN}" not in asked
    label.refresh_from_db()
    assert not label.erased

    done = olga.post(erase_address(label), {"clinic": people.north.pk}, follow=True)
    assert "The patient is erased." in done.content.decode()
    assert KARIN not in done.content.decode()
    label.refresh_from_db()
    assert label.erased
    order_page = olga.get("/orders/").content.decode()
    assert KARIN not in order_page
    assert ModelLogEntry.objects.get(action="patients.erase").user == people.olga


def test_an_order_keeps_its_shape_and_says_that_the_patient_is_erased(olga, people, label):
    olga.post(erase_address(label))
    order = label.order_lines.get().order
    page = olga.get(order.get_absolute_url()).content.decode()
    assert "Patient erased" in page
    assert "Hearing aid" in page


def test_erasing_twice_is_told_and_harmless(olga, label):
    for _time in range(2):
        answer = olga.post(erase_address(label), follow=True)
    assert "This patient is erased already." in answer.content.decode()
    assert ModelLogEntry.objects.filter(action="patients.erase").count() == 1


def test_a_page_left_open_for_another_clinic_changes_nothing(olga, people, label):
    answer = olga.post(erase_address(label), {"clinic": people.south.pk}, follow=True)
    assert "this page was opened for another clinic" in answer.content.decode()
    label.refresh_from_db()
    assert not label.erased


def test_a_label_of_the_persons_other_clinic_is_not_erased_from_here(olga, people, label):
    south = labels.label_for(user=people.olga, clinic=people.south, text="Somebody")
    assert olga.post(erase_address(south)).status_code == 404


def test_fifty_found_are_shown_and_more_are_told_of(olga, people, north):
    for number in range(52):
        labels.label_for(user=people.olga, clinic=north, text=f"Patient {number}")
    page = olga.post(PAGE, {"query": "patient"})
    assert len(page.context["rows"]) == 50
    assert "There are more than these" in page.content.decode()


def test_many_found_cost_as_many_queries_as_one(olga, people, north):
    counts = []
    for upto in (1, 40):
        for number in range(upto):
            labels.label_for(user=people.olga, clinic=north, text=f"Patient {number}")
        olga.post(PAGE, {"query": "patient"})
        with CaptureQueriesContext(connection) as queries:
            assert len(olga.post(PAGE, {"query": "patient"}).context["rows"]) == upto
        counts.append(len(queries))
    print(f"\nqueries, 1 and 40 found: {counts}", end="")
    assert counts[0] == counts[1]
