"""A line of the basket is a product with its configuration (trap 4)."""

import pytest
from oscar.core.loading import get_model

from shop.basket.models import Basket
from tests.factories import fill_basket, make_product

Option = get_model("catalogue", "Option")


@pytest.fixture
def aid(people):
    """A configurable product: which side, which colour."""
    product = make_product("Hearing aid", price="4000")
    for code in ("side", "colour"):
        product.product_class.options.add(Option.objects.create(name=code.title(), code=code, type="text"))
    return product


def chosen(**values: str) -> list[dict]:
    return [{"option": Option.objects.get(code=code), "value": value} for code, value in values.items()]


@pytest.fixture
def basket(people, aid) -> Basket:
    basket = fill_basket(people.petra, people.north, make_product("Battery"))
    basket.lines.all().delete()
    basket.reset_offer_applications()
    return basket


def quantities(basket: Basket) -> list[int]:
    return sorted(basket.lines.values_list("quantity", flat=True))


def test_trap_04_two_configurations_are_two_lines(basket, aid):
    """Oscar's reference made one line of two patients' aids, with the last patient on it."""
    basket.add_product(aid, 1, chosen(side="left", colour="beige"))
    basket.add_product(aid, 1, chosen(side="right", colour="beige"))
    basket.add_product(aid, 1)
    assert quantities(basket) == [1, 1, 1]


def test_trap_04_the_same_configuration_is_one_line_in_whatever_order_it_is_given(basket, aid):
    basket.add_product(aid, 1, chosen(side="left", colour="beige"))
    basket.add_product(aid, 2, chosen(colour="beige", side="left"))
    assert quantities(basket) == [3]


def test_trap_04_renaming_an_option_parts_no_lines(basket, aid):
    basket.add_product(aid, 1, chosen(side="left"))
    Option.objects.filter(code="side").update(name="Which ear")
    basket.add_product(aid, 1, chosen(side="left"))
    assert quantities(basket) == [2]


def test_trap_04_values_that_run_into_each_other_are_told_apart(basket, aid):
    basket.add_product(aid, 1, chosen(side="left", colour="beige"))
    basket.add_product(aid, 1, chosen(side='left", "colour', colour="beige"))
    basket.add_product(aid, 1, chosen(side="left beige"))
    assert quantities(basket) == [1, 1, 1]
