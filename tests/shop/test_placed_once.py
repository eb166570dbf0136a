"""D9: an order is placed exactly once, whatever is pressed twice, done by two at the same moment, or killed.

Real transactions in a database of each test's own. The races have a negative control: without the lock they happen.
"""

import os
import signal
import subprocess
import sys

import pytest
from django.core import mail
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from outbox.models import OutgoingMail
from shop.basket import filling
from shop.basket.models import Basket, Line
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order, ShippingAddress
from tests.databases import ROOT, database_url
from tests.factories import fill_basket, make_product, ready_to_confirm
from tests.people import make_people
from tests.threads import at_once


@pytest.fixture
def people(committed_db):
    return make_people()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def press_confirm(people, browsers: int) -> list:
    """One basket, reviewed; then the button pressed in all browsers at once."""
    basket = ready_to_confirm(people.petra, people.north, make_product(stock=10_000), quantity=3)
    posted = {"basket": basket.pk, "fingerprint": fingerprint(basket)}
    clients = [signed_in(people.petra) for _browser in range(browsers)]
    return at_once(browsers, lambda index: clients[index].post("/checkout/confirm/", posted)["Location"])


def test_two_hundred_presses_make_one_order_a_basket(people):
    rounds, browsers = 10, 20
    for number in range(1, rounds + 1):
        answers = press_confirm(people, browsers)
        newest = Order.objects.order_by("-pk").first()
        assert set(answers) == {f"/orders/{newest.public_id}/confirmation/"}
        assert Order.objects.count() == number
    assert ShippingAddress.objects.count() == rounds
    assert OutgoingMail.objects.count() == len(mail.outbox) == rounds
    assert not Basket.objects.exclude(status="Submitted").exists()


@pytest.mark.logs_errors
def test_without_the_lock_the_race_happens(people, monkeypatch):
    """The negative control: if this finds one order, the test above proves nothing."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE order_order DROP CONSTRAINT order_one_per_basket")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    for _round in range(10):
        press_confirm(people, 8)
        if Order.objects.values("basket").distinct().count() < Order.objects.count():
            return
    pytest.fail("no basket was ordered twice although nothing was locked")


@pytest.mark.logs_errors
def test_the_database_itself_refuses_a_second_order_of_a_basket(people, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    for _round in range(3):
        press_confirm(people, 8)
    assert Order.objects.values("basket").distinct().count() == Order.objects.count()


def test_the_last_piece_is_sold_once(people):
    last = make_product("Charger", stock=5)
    baskets = {}
    for user in (people.petra, people.olga):
        baskets[user] = ready_to_confirm(user, people.north, last, quantity=3)
    users = list(baskets)

    def place(index: int):
        basket = baskets[users[index]]
        return place_order(user=users[index], basket_id=basket.pk, reviewed=fingerprint(basket))

    results = at_once(2, place)
    assert sum(isinstance(result, Order) for result in results) == 1
    assert sum(isinstance(result, filling.Refused) for result in results) == 1
    assert last.stockrecords.get().num_allocated == 3


def test_articles_in_opposite_order_do_not_lock_each_other_up(people):
    one, two = make_product("One", stock=1000), make_product("Two", stock=1000)
    for _round in range(5):
        baskets = [
            ready_to_confirm(people.petra, people.north, one, two),
            ready_to_confirm(people.olga, people.north, two, one),
        ]
        users = [people.petra, people.olga]

        def place(index: int, baskets=baskets, users=users):
            basket = baskets[index]
            return place_order(user=users[index], basket_id=basket.pk, reviewed=fingerprint(basket))

        assert all(isinstance(result, Order) for result in at_once(2, place))


def test_the_same_product_added_in_many_tabs_at_once_is_one_line_with_all_of_them(people):
    product = make_product(stock=10_000)

    def add(_index: int):
        return filling.add(user=people.petra, clinic=people.north, product=product, quantity=1)

    results = at_once(20, add)
    assert not [result for result in results if isinstance(result, Exception)]
    assert Line.objects.get().quantity == 20
    assert Basket.objects.filter(owner=people.petra).count() == 1


def test_adding_while_sending_is_in_the_order_or_in_a_new_basket(people):
    product = make_product(stock=10_000)
    for _round in range(8):
        basket = ready_to_confirm(people.petra, people.north, product)
        reviewed = fingerprint(basket)

        def work(index: int, basket=basket, reviewed=reviewed):
            if index:
                return filling.add(user=people.petra, clinic=people.north, product=product, quantity=1)
            return place_order(user=people.petra, basket_id=basket.pk, reviewed=reviewed)

        placed, _line = at_once(2, work)
        left = Basket.objects.open_for(people.petra, people.north)
        if isinstance(placed, Order):
            assert placed.lines.get().quantity == 1
            assert left.lines.get().quantity == 1
        else:
            assert isinstance(placed, filling.Refused)
            assert left.lines.get().quantity == 2
        Line.objects.filter(basket__status="Open").delete()


def test_numbers_are_given_once_to_many_at_a_time(people):
    from shop.checkout.placing import next_web_reference

    numbers = at_once(20, lambda _index: [next_web_reference() for _draw in range(20)])
    drawn = [number for some in numbers for number in some]
    assert len(set(drawn)) == 400


KILLED = """
import os, signal, sys
import django
django.setup()
from unittest import mock
from permissions.models import User
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.checkout import placing
from shop.partner.strategy import Selector

point, user_id, basket_id = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
user, basket = User.objects.get(pk=user_id), Basket.objects.get(pk=basket_id)
basket.strategy = Selector().strategy(clinic=basket.clinic)

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

places = {
    "before anything": (placing, "check_ready"),
    "before the address": (placing.ShippingAddress, "save"),
    "between order and lines": (placing.OrderCreator, "create_line_models"),
    "before the stock": (placing.OrderCreator, "update_stock_records"),
    "before the basket is closed": (placing.Basket, "submit"),
    "before the mail": (placing, "send_confirmation"),
}
if point in places:
    mock.patch.object(*places[point], die).start()
if point == "before the commit":
    real = placing.send_confirmation
    mock.patch.object(placing, "send_confirmation", lambda order: (real(order), die())).start()
placing.place_order(user=user, basket_id=basket.pk, reviewed=fingerprint(basket))
die()  # "before the answer": committed, but nobody was told
"""

POINTS = [
    "before anything",
    "before the address",
    "between order and lines",
    "before the stock",
    "before the basket is closed",
    "before the mail",
    "before the commit",
    "before the answer",
]


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_between_two_steps_leaves_all_or_nothing(people, committed_db, point):
    product = make_product(stock=10)
    basket = ready_to_confirm(people.petra, people.north, product, quantity=2)
    connection.close()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(committed_db),
        "DJANGO_SETTINGS_MODULE": "tests.settings_with_queue",
        "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
    }
    command = [sys.executable, "-c", KILLED, point, str(people.petra.pk), str(basket.pk)]
    died = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr

    committed = point == "before the answer"
    assert Order.objects.count() == ShippingAddress.objects.count() == OutgoingMail.objects.count() == committed
    assert Basket.objects.get().status == ("Submitted" if committed else "Open")
    assert (product.stockrecords.get().num_allocated or 0) == (2 if committed else 0)

    again = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    assert Order.objects.get() == again
    assert OutgoingMail.objects.count() == 1
    assert product.stockrecords.get().num_allocated == 2


def test_a_reopened_browser_finds_the_placed_order(people):
    """The back button after confirming shows the review page again; its button leads to the order."""
    basket = ready_to_confirm(people.petra, people.north, make_product())
    posted = {"basket": basket.pk, "fingerprint": fingerprint(basket)}
    browser = signed_in(people.petra)
    first = browser.post("/checkout/confirm/", posted)["Location"]
    fill_basket(people.petra, people.north, make_product("Something new"))
    assert browser.post("/checkout/confirm/", posted)["Location"] == first
    assert Basket.objects.open_for(people.petra, people.north).lines.count() == 1
