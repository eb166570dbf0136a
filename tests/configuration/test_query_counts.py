"""Pages ask the database as often for many configurable products as for few. Run with `-s` to see the figures."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.basket import filling
from tests.configuration.shelf import GOOD, ask, form, make_aid, rule
from tests.factories import make_category


def asked(client, path: str, sent: dict | None = None) -> int:
    """Once everything that is kept between requests is there."""

    def send():
        return client.post(path, sent) if sent else client.get(path)

    for _warm in range(2):
        assert send().status_code == 200
    with CaptureQueriesContext(connection) as queries:
        send()
    return len(queries)


@pytest.mark.parametrize("view", ["grid", "list"])
def test_a_list_of_configurable_products(petra, monkeypatch, view):
    monkeypatch.setattr("shop.catalogue.views.PRODUCTS_PER_PAGE", 60)
    shelf = make_category("Aids")
    path = f"{shelf.get_absolute_url()}?view={view}"
    for number in range(5):
        make_aid(f"Aid {number}").categories.add(shelf)
    few = asked(petra, path)
    for number in range(45):
        make_aid(f"More {number}").categories.add(shelf)
    many = asked(petra, path)
    print(f"\nqueries  list of configurable products, {view}  5: {few}  50: {many}", end="")
    assert petra.get(path).content.decode().count("/products/configure/") == 50
    assert few == many


@pytest.mark.parametrize("sent", [None, {**form("both"), "check": "1"}])
def test_the_configurator(petra, people, sent):
    aid = make_aid()
    path = f"/products/configure/{aid.pk}/"
    few = asked(petra, path, sent)
    for number in range(10):
        values = [f"o{number}-v{value}" for value in range(10)]
        ask(aid.product_class, f"o{number}", values, required=False)
        rule(aid.product_class, "colour", "colour-beige", "excludes", f"o{number}", *values[:3])
    many = asked(petra, path, sent)
    print(f"\nqueries  configurator {'check' if sent else 'page'}  5 options: {few}  15 options: {many}", end="")
    assert few == many


def test_a_basket_of_configured_lines(petra, people):
    def fill(count: int, title: str) -> None:
        for number in range(count):
            choice = filling.Choice({"side": "left" if number % 2 else "right", **GOOD})
            who = {"user": people.petra, "clinic": people.north}
            filling.add(**who, product=make_aid(f"{title} {number}"), quantity=1, choice=choice)

    fill(3, "Few")
    few = asked(petra, "/basket/")
    fill(27, "Many")
    many = asked(petra, "/basket/")
    print(f"\nqueries  basket of configured lines  3: {few}  30: {many}", end="")
    assert petra.get("/basket/").content.decode().count("Change configuration") >= 30
    assert few == many
