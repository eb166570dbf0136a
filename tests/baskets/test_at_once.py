"""Many people at one basket at the same moment, with real transactions. The races have negative controls."""

import random
import threading
import time

import pytest
from django.db.models import QuerySet, Sum
from django.http import Http404
from django.test import Client

from shop.basket import filling, sharing
from shop.basket.filling import Refused
from shop.basket.models import Basket, ChosenBasket, Line
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order
from shop.partner.strategy import Selector
from tests.baskets.colleagues import colleagues, faults
from tests.factories import fill_basket, make_product, ready_to_confirm
from tests.people import make_people
from tests.threads import at_once

EDITORS = 20
EDITS = 6


@pytest.fixture
def people(committed_db):
    return make_people()


class Editing:
    """One basket that many edit at random while one sends it. What succeeded is kept by the revision it made."""

    def __init__(self, people, seed: int, pause: float) -> None:
        self.people, self.seed, self.pause = people, seed, pause  # seconds between two edits of one person, at most
        self.products = [make_product(f"Product {number}", stock=None, price="1.00") for number in range(4)]
        self.users = colleagues(people, EDITORS)
        self.basket = ready_to_confirm(people.petra, people.north, *self.products)
        self.begun = self.quantities()
        self.first_revision = Basket.objects.get(pk=self.basket.pk).revision
        self.done: list[tuple[int, str, int, int]] = []
        self.late = 0
        self.sent = threading.Event()

    def quantities(self) -> dict[int, int]:
        lines = Line.objects.filter(basket=self.basket).values("product").annotate(pieces=Sum("quantity"))
        return {line["product"]: line["pieces"] for line in lines}

    def run(self) -> list:
        return at_once(EDITORS + 1, lambda index: self.edit(index) if index < EDITORS else self.send())

    def edit(self, index: int) -> None:
        chance = random.Random(f"{self.seed} {index}")
        for _edit in range(EDITS):
            time.sleep(chance.random() * self.pause)
            try:
                self.once(self.users[index], chance)
            except Refused:
                self.late += self.sent.is_set()

    def once(self, user, chance: random.Random) -> None:
        where = {"user": user, "clinic": self.people.north, "basket_id": self.basket.pk}
        product, quantity = chance.choice(self.products), chance.randint(1, 9)
        deed = chance.choice(["add", "add", "set", "remove"])
        if deed == "add":
            line = filling.add(**where, product=product, quantity=quantity)
        else:
            found = Line.objects.filter(basket=self.basket, product=product).first()
            if found is None:
                return
            where["line_id"] = found.pk
            changed = filling.remove(**where) if deed == "remove" else None
            line = changed or filling.change_quantity(**where, quantity=quantity)
        self.done.append((line.basket.revision, deed, product.pk, quantity))

    def send(self) -> Order:
        time.sleep(self.pause)
        for _try in range(400):
            basket = Basket.objects.get(pk=self.basket.pk)
            basket.strategy = Selector().strategy(clinic=self.people.north)
            try:
                order = place_order(user=self.people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
            except Refused:
                time.sleep(0.005)
                continue
            self.sent.set()
            return order
        raise AssertionError("the basket could not be sent")

    def check(self, order: Order) -> None:
        """The edits one after another, by their revisions without a gap, make exactly what was ordered."""
        steps = sorted(self.done)
        expected = list(range(self.first_revision + 1, self.first_revision + 1 + len(steps)))
        assert [revision for revision, *_rest in steps] == expected
        state = dict(self.begun)
        for _revision, deed, product, quantity in steps:
            if deed == "remove":
                state.pop(product)
            else:
                state[product] = quantity + (state.get(product, 0) if deed == "add" else 0)
        assert dict(order.lines.values_list("product", "quantity")) == state
        assert Basket.objects.get(pk=self.basket.pk).revision == expected[-1] + 1  # sending is the last change


def test_twenty_edit_one_basket_while_one_sends_it_and_every_edit_is_in_the_order_or_refused(people):
    edits = late = 0
    for round_number in range(3):
        editing = Editing(people, round_number, pause=2.0)
        *results, order = editing.run()
        assert not faults(results)
        assert isinstance(order, Order), order
        editing.check(order)
        assert editing.quantities() == dict(order.lines.values_list("product", "quantity"))
        edits, late = edits + len(editing.done), late + editing.late
    print(f"\n{edits} edits by {EDITORS} in the orders, {late} refused as too late", end="")
    assert edits
    assert late


@pytest.mark.logs_errors
def test_without_the_lock_edits_are_lost(people, monkeypatch):
    """The negative control: if nothing goes wrong here, the test above proves nothing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    for round_number in range(5):
        editing = Editing(people, round_number, pause=0.1)
        *results, order = editing.run()
        if faults(results) or not isinstance(order, Order):
            return
        try:
            editing.check(order)
        except (AssertionError, KeyError):
            return
    pytest.fail("every edit was kept although nothing was locked")


def pieces(clinic) -> int:
    lines = Line.objects.filter(basket__clinic=clinic, basket__status="Open")
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def test_choosing_and_adding_in_two_tabs_begins_one_basket(people):
    product = make_product(stock=None)
    for _round in range(5):
        Basket.objects.update(status="Discarded")
        ChosenBasket.objects.all().delete()
        add = {"user": people.petra, "clinic": people.north, "product": product, "quantity": 1}
        results = at_once(6, lambda _index, add=add: filling.add(**add))
        assert not faults(results), results
        assert Basket.objects.filter(status="Open").get().lines.get().quantity == 6


def test_choosing_a_colleagues_basket_while_adding_keeps_every_piece(people):
    product = make_product(stock=None)
    for _round in range(8):
        Basket.objects.update(status="Discarded")
        ChosenBasket.objects.all().delete()
        colleagues_basket = fill_basket(people.olga, people.north, product)

        def work(index: int, basket=colleagues_basket):
            if index == 0:
                return sharing.choose(user=people.petra, basket=basket)
            return filling.add(user=people.petra, clinic=people.north, product=product, quantity=1)

        results = at_once(5, work)
        assert not faults(results), results
        assert pieces(people.north) == 1 + 4
        assert Basket.objects.filter(status="Open").count() <= 2
        assert ChosenBasket.objects.get(user=people.petra).basket == colleagues_basket


def test_whoever_confirms_second_gets_the_placed_order(people):
    product = make_product(stock=None)
    clients = {}
    for user in (people.petra, people.olga):
        clients[user] = Client()
        clients[user].force_login(user)
    for round_number in range(1, 16):
        basket = ready_to_confirm(people.petra, people.north, product)
        sharing.choose(user=people.olga, basket=basket)
        posted = {"basket": basket.pk, "fingerprint": fingerprint(basket)}
        browsers = list(clients.values())
        answers = at_once(
            2, lambda index, browsers=browsers, posted=posted: browsers[index].post("/checkout/confirm/", posted)
        )
        assert not faults(answers), answers
        assert Order.objects.count() == round_number
        newest = Order.objects.order_by("-pk").first()
        assert {answer["Location"] for answer in answers} == {f"/orders/{newest.public_id}/confirmation/"}


def test_a_stranger_gets_nothing_by_hurrying(people):
    basket = fill_basket(people.petra, people.north, make_product(stock=None))
    results = at_once(6, lambda _index: sharing.choose(user=people.otto, basket=basket))
    assert all(isinstance(result, Http404) for result in results)
