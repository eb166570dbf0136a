"""What customer service reads of an order: whose it is and what the customer wrote."""

import pytest
from django.contrib.auth.models import Group

from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from tests.factories import make_product, ready_to_confirm


@pytest.fixture
def order(people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    basket.purchase_number, basket.reference = "PO-4711", "Room 3"
    basket.save()
    return place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))


@pytest.fixture
def stella(client, people):
    people.stella.groups.add(Group.objects.get(name="Customer service"))
    client.force_login(people.stella)
    return client


def test_an_orders_page_says_clinic_customer_number_and_references(stella, people, order):
    page = stella.get(f"/backoffice/orders/{order.number}/").content.decode()
    for text in ("Nordhear North", people.north.customer_number, "PO-4711", "Room 3", "As agreed", "SEK\xa024.90"):
        assert text in page


def test_the_overview_says_what_waits_and_for_which_clinic(stella, order):
    page = stella.get("/backoffice/").content.decode()
    assert order.number in page
    assert "Nordhear North (10010)" in page
    assert "Received <strong>1</strong>" in page


def test_the_list_opens(stella, order):
    assert order.number in stella.get("/backoffice/orders/").content.decode()


def test_the_way_to_the_portal_is_shown_only_to_who_can_go_there(stella, order):
    assert "To the portal" not in stella.get("/backoffice/").content.decode()
