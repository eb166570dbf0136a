"""How long pages take and how many queries they ask, as ratios to the log-in page: `make bench`.

Ratios, because machines differ; they hold the speed where a timed test would fail by chance.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.basket import filling
from shop.basket.filling import Choice
from shop.basket.live import stamp_of
from shop.basket.models import Basket
from shop.order.models import Order
from tests.approvals.submissions import submitted
from tests.factories import make_category, make_product, ready_to_confirm
from tests.ordering.aids import make_aid, make_patient
from tests.people import People, make_people

ROUNDS = 15


@pytest.fixture
def people(committed_db: str) -> People:
    return make_people()


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable]:
    rows: list[tuple[str, float, int]] = []
    yield lambda name, seconds, queries: rows.append((name, seconds, queries))
    with capsys.disabled():
        first = rows[0][1]
        print(f"\n{'page':<34}{'ms':>8}{'ratio':>8}{'queries':>9}")
        for name, seconds, queries in rows:
            print(f"{name:<34}{seconds * 1000:>8.1f}{seconds / first:>8.1f}{queries:>9}")


def measure(client: Client, path: str) -> tuple[float, int]:
    """Median seconds of a page and its queries, warm."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a server does by itself after a while; fresh rows have no statistics
    assert client.get(path).status_code in (200, 204)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(path)
    asked = len(queries)  # read now: the next request empties the log
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - start)
    return statistics.median(times), asked


def many_orders(people: People, count: int) -> None:
    now = timezone.now()
    Order.objects.bulk_create(
        Order(
            number=f"B{index}",
            clinic=people.north,
            user=people.petra,
            currency="SEK",
            total_excl_tax=100,
            total_incl_tax=125,
            status="received",
            date_placed=now - timedelta(minutes=index),
        )
        for index in range(count)
    )


def test_pages(people: People, report: Callable) -> None:
    client = Client()
    report("log-in page", *measure(client, "/login/"))
    client.force_login(people.petra)
    category = make_category("Batteries")
    products = [make_product(f"Article {index:03}", category=category) for index in range(400)]
    report("start page", *measure(client, "/"))
    report("category page, 24 of 400", *measure(client, category.get_absolute_url()))
    report("search, 24 of 400", *measure(client, "/search/?q=article"))
    report("product page", *measure(client, products[0].get_absolute_url()))
    report("basket, empty", *measure(client, "/basket/"))
    ready_to_confirm(people.petra, people.north, products[0])
    report("basket, 1 line", *measure(client, "/basket/"))
    ready_to_confirm(people.petra, people.north, *products[1:30])
    report("basket, 30 lines", *measure(client, "/basket/"))
    report("delivery, 30 lines", *measure(client, "/checkout/details/"))
    report("review, 30 lines", *measure(client, "/checkout/review/"))
    many_orders(people, 20)
    report("orders, 20", *measure(client, "/orders/"))
    Order.objects.all().delete()
    many_orders(people, 2000)
    report("orders, 2,000", *measure(client, "/orders/"))


def test_pages_of_ordering(people: People, report: Callable) -> None:
    client = Client()
    report("log-in page", *measure(client, "/login/"))
    client.force_login(people.petra)
    aid, battery = make_aid(), make_product(stock=100_000)
    report("configurator", *measure(client, f"/products/configure/{aid.pk}/"))
    for number in range(30):
        choice = Choice({"side": "left", "colour": "beige"}, make_patient(people.petra, people.north, f"ref {number}"))
        filling.add(user=people.petra, clinic=people.north, product=aid, quantity=1, choice=choice)
    report("basket, 30 configured lines", *measure(client, "/basket/"))
    report("is the basket another? (no)", *measure(client, live_address(people)))
    report("calendar, 30 configured lines", *measure(client, "/checkout/details/"))
    report("favourites", *measure(client, "/favourites/"))
    for _number in range(40):
        submitted(people.asta, people.north, battery)
    report("open baskets, 41", *measure(client, "/orders/open/"))
    report("waiting for approval, 40", *measure(client, "/orders/approvals/"))
    waiting = Basket.objects.filter(status="Waiting").latest("pk")
    report("one that waits", *measure(client, f"/orders/approvals/{waiting.public_id}/"))


def live_address(people: People) -> str:
    """As the basket page asks it."""
    return f"/basket/live/?clinic={people.north.pk}&stamp={stamp_of(people.petra, people.north)}"


def test_placing_an_order(people: People, report: Callable) -> None:
    from shop.basket.summary import fingerprint
    from shop.checkout.placing import place_order

    products = [make_product(f"Article {index}", stock=100_000) for index in range(30)]
    for lines in (1, 30):
        times, queries = [], 0
        for _round in range(ROUNDS):
            basket = ready_to_confirm(people.petra, people.north, *products[:lines])
            reviewed = fingerprint(basket)
            with CaptureQueriesContext(connection) as captured:
                start = time.perf_counter()
                place_order(user=people.petra, basket_id=basket.pk, reviewed=reviewed)
                times.append(time.perf_counter() - start)
            queries = len(captured)
        report(f"placing an order, {lines} lines", statistics.median(times), queries)
    assert Basket.objects.filter(status="Submitted").count() == 2 * ROUNDS
