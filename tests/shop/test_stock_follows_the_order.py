"""What an order holds back is given to others when it is cancelled and taken off the shelf when it is shipped."""

import pytest
from django.core.management import call_command
from oscar.core.loading import get_class

from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from tests.factories import make_product, ready_to_confirm


@pytest.fixture
def battery(people):
    return make_product(stock=100)


@pytest.fixture
def order(people, battery):
    basket = ready_to_confirm(people.petra, people.north, battery, quantity=10)
    return place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))


def change(order, *statuses: str) -> None:
    handler = get_class("order.processing", "EventHandler")()
    for status in statuses:
        handler.handle_order_status_change(order, status)


def counts(product) -> tuple:
    record = product.stockrecords.get()
    return record.num_in_stock, record.num_allocated or 0


def test_a_placed_order_holds_its_pieces_back(order, battery):
    assert counts(battery) == (100, 10)


def test_a_cancelled_order_gives_them_back_once(order, battery):
    change(order, "cancelled", "cancelled")
    assert counts(battery) == (100, 0)


def test_a_shipped_order_takes_them_off_the_shelf_once(order, battery):
    change(order, "processing", "shipped", "shipped", "delivered")
    assert counts(battery) == (90, 0)


def test_an_article_without_a_count_holds_nothing_back(people):
    made = make_product("Earmould", stock=None)
    basket = ready_to_confirm(people.petra, people.north, made, quantity=3)
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    assert counts(made) == (None, 0)
    change(order, "processing", "shipped")
    assert counts(made) == (None, 0)


def test_customer_service_does_it_in_the_back_office(client, people, order, battery):
    people.stella.groups.add(*_service_group())
    client.force_login(people.stella)
    path = f"/backoffice/orders/{order.number}/"
    client.post(path, {"order_action": "change_order_status", "new_status": "cancelled"})
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert counts(battery) == (100, 0)


def _service_group():
    from django.contrib.auth.models import Group

    return Group.objects.filter(name="Customer service")


def test_no_migration_is_missing(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
