"""D8: dates that nobody means are refused like any other that can't be chosen."""

from datetime import date

import pytest

from tests.checkout.delivering import answers
from tests.factories import fill_basket, make_product


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("button", [{}, {"update": "1"}])
def test_a_date_at_the_end_of_time_is_refused_like_any_other(client, people, day, button):
    client.force_login(people.petra)
    fill_basket(people.petra, people.north, make_product())
    answer = client.post("/checkout/details/", answers(people.north, day, **button))
    assert answer.status_code == (200 if button else 422)
