"""What was fine when it was put in the basket is asked again when it is sent."""

import pytest

from shop.basket import filling
from shop.basket.filling import Choice
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.catalogue.models import AttributeOption, Option
from shop.checkout.placing import ReviewAgain, place_order
from shop.configuration.models import ClassOrdering, RetiredValue, Rule
from shop.order.models import Order
from shop.partner.strategy import Selector
from tests.ordering.aids import make_aid


def colour_retires(aid) -> None:
    RetiredValue.objects.create(value=AttributeOption.objects.get(code="silver"))


def a_rule_comes(aid) -> None:
    rule = Rule.objects.create(
        product_class=aid.product_class,
        option=Option.objects.get(code="side"),
        value=AttributeOption.objects.get(code="left"),
        effect="excludes",
        target_option=Option.objects.get(code="colour"),
    )
    rule.targets.add(AttributeOption.objects.get(code="silver"))


def a_question_comes(aid) -> None:
    option = Option.objects.create(name="Power", code="power", type="text", required=True)
    aid.product_class.options.add(option)


def a_patient_is_required(aid) -> None:
    ClassOrdering.objects.update(patient="required")


@pytest.mark.parametrize("change", [colour_retires, a_rule_comes, a_question_comes, a_patient_is_required])
def test_a_configuration_that_no_longer_holds_is_not_sent(people, change):
    aid = make_aid()
    choice = Choice({"side": "left", "colour": "silver"})
    filling.add(user=people.petra, clinic=people.north, product=aid, quantity=1, choice=choice)
    address = people.north.delivery_addresses.get(is_default=True)
    Basket.objects.update(delivery_address=address)
    basket = Basket.objects.get()
    basket.strategy = Selector().strategy(clinic=people.north)
    change(aid)
    with pytest.raises(ReviewAgain):
        place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    assert not Order.objects.exists()
