"""Kronor of two countries are no sum."""

from decimal import Decimal

import pytest

from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order
from tests.factories import make_product, ready_to_confirm

pytestmark = pytest.mark.django_db
PAGE = "/backoffice/orders/statistics/"


def make_order(people, currency: str, total: str) -> Order:
    basket = ready_to_confirm(people.petra, people.north, make_product())
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    Order.objects.filter(pk=order.pk).update(
        currency=currency, total_excl_tax=Decimal(total), total_incl_tax=Decimal(total)
    )
    return order


def test_each_currency_has_its_own_sum_and_statuses_have_their_names(people, stella):
    for currency, total in (("SEK", "100"), ("SEK", "11"), ("NOK", "1000")):
        make_order(people, currency, total)
    page = stella.get(PAGE)
    assert page.context["sums"] == [("NOK", Decimal(1000)), ("SEK", Decimal(111))]
    text = page.content.decode()
    assert "SEK\xa0111" in text
    assert "NOK\xa01,000" in text
    assert "1,111" not in text
    assert '?status=received&amp;response_format=html">Received</a></th><td>3</td>' in text


def test_only_of_the_days_asked_for(people, stella):
    order = make_order(people, "SEK", "100")
    Order.objects.filter(pk=order.pk).update(date_placed="2020-05-05T10:00:00Z")
    assert stella.get(f"{PAGE}?date_from=2020-05-01&date_to=2020-05-31").context["total_orders"] == 1
    nothing = stella.get(f"{PAGE}?date_from=2021-05-01")
    assert (nothing.context["total_orders"], nothing.context["sums"]) == (0, [])
