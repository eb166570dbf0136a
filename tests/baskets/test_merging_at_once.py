"""Merging while others choose, add and merge, with real transactions."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections
from django.db.models import Sum

from permissions.roles import Role
from permissions.services import membership_grant
from shop.basket import filling, merging, sharing
from shop.basket.models import Basket, ChosenBasket, Line
from tests.baskets.colleagues import colleagues, faults
from tests.factories import UserFactory, fill_basket, make_product
from tests.people import make_people
from tests.threads import at_once


@pytest.fixture
def people(committed_db):
    return make_people()


def two_baskets(people, products):
    one = fill_basket(people.petra, people.north, *products, quantity=2)
    two = fill_basket(people.olga, people.north, *products, quantity=3)
    return one, two


def pieces(clinic) -> int:
    lines = Line.objects.filter(basket__clinic=clinic, basket__status="Open")
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def test_two_merges_crosswise_do_not_lock_each_other_up_and_lose_nothing(people):
    products = [make_product(f"Product {number}", stock=None) for number in range(3)]
    for _round in range(8):
        Basket.objects.update(status="Discarded")
        pair = two_baskets(people, products)
        users = (people.petra, people.olga)

        def cross(index: int, pair=pair, users=users):
            source, target = pair[index], pair[1 - index]
            ids = {"source_id": source.pk, "target_id": target.pk}
            seen = merging.plan_of(Basket.objects.get(pk=source.pk), Basket.objects.get(pk=target.pk)).seen
            return merging.merge(user=users[index], clinic=people.north, **ids, seen=seen)

        results = at_once(2, cross)
        assert not faults(results), results
        assert sum(isinstance(result, Basket) for result in results) == 1
        assert pieces(people.north) == 15
        open_one = Basket.objects.get(status="Open")
        assert set(ChosenBasket.objects.values_list("basket", flat=True)) == {open_one.pk}


def test_a_merge_pressed_twice_happens_once(people):
    products = [make_product(f"Product {number}", stock=None) for number in range(3)]
    for _round in range(5):
        Basket.objects.update(status="Discarded")
        source, target = two_baskets(people, products)
        ids = {"source_id": source.pk, "target_id": target.pk}
        seen = merging.plan_of(source, target).seen
        results = at_once(
            4,
            lambda _index, ids=ids, seen=seen: merging.merge(user=people.petra, clinic=people.north, **ids, seen=seen),
        )
        assert not faults(results), results
        assert sum(isinstance(result, Basket) for result in results) == 1
        assert pieces(people.north) == 15


def test_adding_choosing_and_merging_at_once_neither_lock_up_nor_lose_a_piece(people):
    product = make_product(stock=None)
    users = [people.petra, people.olga, *colleagues(people, 6)]
    for _round in range(5):
        Basket.objects.update(status="Discarded")
        ChosenBasket.objects.update(basket=None)
        source, target = two_baskets(people, [product])
        for user in users[2:5]:
            sharing.choose(user=user, basket=source)

        def work(index: int, source=source, target=target):
            if index < 2:
                ids = {"source_id": source.pk, "target_id": target.pk}
                for _try in range(20):
                    plan = merging.plan_of(Basket.objects.get(pk=source.pk), Basket.objects.get(pk=target.pk))
                    try:
                        return merging.merge(user=users[index], clinic=people.north, **ids, seen=plan.seen)
                    except merging.SeenAnother:
                        continue
            if index < 5:
                return filling.add(user=users[index], clinic=people.north, product=product, quantity=7)
            return sharing.choose(user=users[index], basket=source)

        results = at_once(8, work)
        assert not faults(results), results
        added = sum(7 for result in results[2:5] if isinstance(result, Line))
        assert pieces(people.north) == 5 + added


def test_who_chooses_a_basket_just_before_it_is_merged_and_adds_meanwhile_does_not_lock_up(people, monkeypatch):
    """The one order of steps in which the choice is taken after the merge looked for choices."""
    product = make_product(stock=None)
    source, target = two_baskets(people, [product])
    seen = merging.plan_of(Basket.objects.get(pk=source.pk), Basket.objects.get(pk=target.pk)).seen
    late = UserFactory(first_name="Late")
    membership_grant(user=late, clinic=people.north, role=Role.ASSISTANT)
    pool, adding = ThreadPoolExecutor(1), []

    def elsewhere(work):
        def run():
            try:
                return work()
            finally:
                connections.close_all()

        return pool.submit(run)

    def lock_after_the_choice(**options):
        """Between the locks of the choices and those of the baskets."""
        elsewhere(lambda: sharing.choose(user=late, basket=source)).result(timeout=30)
        return Basket.objects.select_for_update(**options)

    real_plan = merging.plan_of

    def plan_while_adding(*baskets):
        add = {"user": late, "clinic": people.north, "product": product, "quantity": 7}
        adding.append(elsewhere(lambda: filling.add(**add)))
        time.sleep(1)  # until it has locked its choice and waits for the basket
        return real_plan(*baskets)

    baskets = SimpleNamespace(select_for_update=lock_after_the_choice)
    monkeypatch.setattr(merging, "Basket", SimpleNamespace(objects=baskets))
    monkeypatch.setattr(merging, "plan_of", plan_while_adding)
    ids = {"source_id": source.pk, "target_id": target.pk}
    merging.merge(user=people.petra, clinic=people.north, **ids, seen=seen)
    assert adding[0].result(timeout=30).basket.instead_of == source
    assert pieces(people.north) == 5 + 7
