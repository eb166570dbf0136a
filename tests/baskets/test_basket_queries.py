"""Pages of shared baskets ask the database as often for many rows as for few. Run with `-s` to see the figures."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.basket import filling, sharing
from shop.basket.models import Basket
from tests.factories import fill_basket, make_product


@pytest.fixture
def goods(people):
    return [make_product(f"Product {number:02}", stock=None) for number in range(20)]


def asked(client, path: str) -> int:
    for _warm in range(2):
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def report(page: str, few: int, many: int) -> None:
    print(f"\nqueries  {page:32} few: {few}  many: {many}", end="")
    assert few == many


def make_basket(people, user, *products) -> Basket:
    basket = Basket.objects.create(owner=user, clinic=people.north)
    for product in products:
        filling.add(user=user, clinic=people.north, product=product, quantity=1, basket_id=basket.pk)
    return basket


@pytest.mark.parametrize("path", ["/orders/open/", "/orders/open/?clinics=all"])
def test_the_list_of_open_baskets(petra, people, goods, path):
    fill_basket(people.petra, people.north, goods[0])
    sharing.discard(user=people.petra, basket=make_basket(people, people.olga, goods[0]))
    few = asked(petra, path)
    for number in range(19):
        user = (people.petra, people.asta, people.olga)[number % 3]
        basket = make_basket(people, user, *goods[:5])
        sharing.stand_before_confirm(people.olga, basket)
    for _number in range(4):
        sharing.discard(user=people.olga, basket=make_basket(people, people.asta, goods[0]))
    many = asked(petra, path)
    assert len(petra.get(path).context["rows"]) == 20
    report(path, few, many)


def shared_basket(people, products) -> Basket:
    basket = fill_basket(people.petra, people.north, products[0])
    for user, product in zip([people.asta, people.olga] * 10, products[1:], strict=False):
        filling.add(user=user, clinic=people.north, product=product, quantity=1, basket_id=basket.pk)
    return basket


@pytest.mark.parametrize("page", ["basket", "look", "live"])
def test_a_basket_of_many_people(petra, people, goods, page):
    first = shared_basket(people, goods[:2])
    path = {"basket": "/basket/", "look": f"/basket/{first.public_id}/"}.get(page)
    path = path or f"/basket/live/?stamp=old&clinic={people.north.pk}"
    sharing.choose(user=people.olga, basket=first)
    few = asked(petra, path)
    shared_basket(people, goods)
    sharing.choose(user=people.asta, basket=first)
    report(f"{page}, lines 2 and 20", few, asked(petra, path))


def test_the_page_before_merging(petra, people, goods):
    mine = fill_basket(people.petra, people.north, goods[0])
    other = make_basket(people, people.olga, goods[0])
    path = f"/basket/{other.public_id}/merge/"
    few = asked(petra, path)
    for product in goods[1:]:
        for basket in (mine, other):
            filling.add(user=people.olga, clinic=people.north, product=product, quantity=1, basket_id=basket.pk)
    report("merge, lines 1 and 20", few, asked(petra, path))
