"""The delivery step and the review ask the database as often for many lines and closed days as for few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.dispatch.models import DispatchAgreement, DispatchDay
from tests.checkout.delivering import answers, slow_product
from tests.factories import fill_basket, make_product, ready_to_confirm


def asked(work) -> int:
    for _warm in range(2):
        work()
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


@pytest.mark.parametrize("split", [False, True])
def test_lines_and_closed_days_cost_no_more_queries(client, people, split):
    client.force_login(people.petra)
    DispatchAgreement.objects.create(clinic=people.north, weekdays=[2, 4])
    basket = ready_to_confirm(people.petra, people.north, make_product(), slow_product())
    basket.split_dispatch = split
    basket.save()
    pages = {
        "details": lambda: client.get("/checkout/details/"),
        "month": lambda: client.post("/checkout/details/", {**answers(people.north), "month": "2027-01"}),
        "review": lambda: client.get("/checkout/review/"),
    }
    few = {name: asked(work) for name, work in pages.items()}
    fill_basket(people.petra, people.north, *(slow_product(f"Mould {days}", days) for days in range(1, 29)))
    for ahead in range(1, 200):
        DispatchDay.objects.create(date=timezone.localdate() + timedelta(days=ahead), kind="closed", country="SE")
    many = {name: asked(work) for name, work in pages.items()}
    print(f"\nqueries  2 lines: {few}  30 lines, 199 closed days: {many}")
    assert len(client.get("/checkout/details/").context["lines"]) == 30
    assert few == many
