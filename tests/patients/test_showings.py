"""Whom a line is for stands on every page that shows the line, for who may see patients; and every look is logged."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order
from shop.patients import labels

KARIN = "Karin Ögren"


def showings() -> list[tuple]:
    entries = ModelLogEntry.objects.filter(action="patients.view").order_by("timestamp", "pk")
    return [(entry.user.first_name, entry.data["where"], entry.data["count"]) for entry in entries]


@pytest.fixture
def order(people, ordered_for) -> Order:
    basket = ordered_for(KARIN)
    return place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))


def pages_of_a_basket(basket: Basket) -> dict[str, str]:
    return {
        "basket:summary": "/basket/",
        "basket:look": f"/basket/{basket.public_id}/",
        "checkout:details": "/checkout/details/",
        "checkout:review": "/checkout/review/",
    }


def pages_of_an_order(order: Order) -> dict[str, str]:
    return {
        "orders:list": "/orders/",
        "orders:detail": order.get_absolute_url(),
        "orders:confirmation": f"{order.get_absolute_url()}confirmation/",
        "orders:again": f"{order.get_absolute_url()}again/",
    }


@pytest.mark.parametrize("page", pages_of_a_basket(Basket()))
def test_a_baskets_pages_show_whom_a_line_is_for_and_log_it_once(client, people, ordered_for, page):
    path = pages_of_a_basket(ordered_for(KARIN))[page]
    client.force_login(people.petra)
    ModelLogEntry.objects.all().delete()
    assert KARIN in client.get(path).content.decode()
    assert showings() == [("Petra", page, 1)]


@pytest.mark.parametrize("page", ["orders:list", "orders:detail", "orders:confirmation", "orders:again"])
def test_an_orders_pages_show_whom_a_line_is_for_and_log_it_once(client, people, order, page):
    client.force_login(people.olga)
    ModelLogEntry.objects.all().delete()
    assert KARIN in client.get(pages_of_an_order(order)[page]).content.decode()
    assert showings() == [("Olga", page, 1)]


def test_who_may_not_see_patients_finds_no_trace_of_one(people, ordered_for, take_patients_from):
    take_patients_from(people.petra, people.north)
    browser = Client()
    browser.force_login(people.petra)
    basket = ordered_for(KARIN)
    pages = pages_of_a_basket(basket)
    answers = {page: browser.get(path).content.decode() for page, path in pages.items()}
    placed = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    answers |= {page: browser.get(path).content.decode() for page, path in pages_of_an_order(placed).items()}
    for page, text in answers.items():
        assert "Hearing aid" in text or page == "orders:list", page
        assert KARIN not in text, page
        assert "<span>Patient " not in text, page
    assert showings() == []


def test_the_suppliers_people_see_no_patient(client, people, order):
    people.stella.is_superuser = True
    people.stella.save()
    client.force_login(people.stella)
    page = client.get(f"/backoffice/orders/{order.number}/")
    assert page.status_code == 200
    assert KARIN not in page.content.decode()
    assert showings() == []


def test_a_page_without_patients_logs_nothing(client, people, ordered_for):
    client.force_login(people.petra)
    for path in ("/", "/products/", "/basket/", "/orders/"):
        assert client.get(path).status_code == 200
    assert showings() == []


def test_a_redirection_shows_nothing_and_logs_nothing(client, people, ordered_for):
    basket = ordered_for(KARIN)
    client.force_login(people.petra)
    delivery = {"delivery_address": basket.delivery_address_id, "dispatch_choice": "agreed"}
    assert client.post("/checkout/details/", delivery)["Location"] == "/checkout/review/"
    answer = client.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": fingerprint(basket)})
    assert answer.status_code == 302
    assert Order.objects.exists()
    assert showings() == []


def test_a_log_entry_says_how_many_and_not_whom(client, people, ordered_for):
    ordered_for(KARIN)
    ordered_for("Bo Ek")
    ordered_for("Bo Ek")
    client.force_login(people.petra)
    client.get("/basket/")
    entry = ModelLogEntry.objects.get(action="patients.view")
    assert entry.data == {"where": "basket:summary", "count": 2}
    assert (entry.object_id, entry.label) == (str(people.north.pk), people.north.name)


@pytest.mark.logs_errors
def test_what_cannot_be_logged_is_not_shown(people, ordered_for, monkeypatch):
    ordered_for(KARIN)

    def fails(**_what):
        raise OSError("the disk is full")

    monkeypatch.setattr("shop.patients.showings.log", fails)
    browser = Client(raise_request_exception=False)
    browser.force_login(people.petra)
    answer = browser.get("/basket/")
    assert answer.status_code == 500
    assert KARIN not in answer.content.decode()


def test_reading_outside_of_a_request_is_logged_at_once(people, north):
    label = labels.label_for(user=people.petra, clinic=north, text=KARIN)
    labels.texts([label], people.petra)
    assert showings() == [("Petra", "", 1)]


def asked(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_thirty_patients_cost_a_page_as_many_queries_as_one(client, people, ordered_for):
    client.force_login(people.petra)
    basket = ordered_for("Patient 0")
    few = {page: asked(client, path) for page, path in pages_of_a_basket(basket).items()}
    for number in range(1, 30):
        ordered_for(f"Patient {number}")
    many = {page: asked(client, path) for page, path in pages_of_a_basket(basket).items()}
    print(f"\nqueries, 1 and 30 patients: {few} {many}")
    assert few == many
    basket.lines.update(patient=None)
    without = {page: asked(client, path) for page, path in pages_of_a_basket(basket).items()}
    print(f"without patients: {without}")
    assert all(many[page] - without[page] <= 5 for page in many)
