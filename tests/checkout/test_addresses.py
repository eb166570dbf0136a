"""D8: the clinic's addresses, and one for this order only where the account allows it."""

import html

import pytest

from shop.addresses.models import DeliveryAddress
from shop.basket.merging import merge, plan_of
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.checkout.placing import DeliveryIncomplete, place_order
from shop.order.models import Order
from tests.approvals.submissions import afresh
from tests.checkout.delivering import answers
from tests.factories import fill_basket, make_product, ready_to_confirm

TYPED = {
    "delivery_address": "other",
    "other_name": "School nurse",
    "other_street": "Skolgatan 3",
    "other_more": "House B",
    "other_postcode": "903 25",
    "other_town": "Umeå",
}


@pytest.fixture
def allowed(people):
    people.north.account.allows_one_off_addresses = True
    people.north.account.save()


def said(answer) -> str:
    return html.unescape(answer.content.decode())


def give(petra, people, **typed):
    return petra.post("/checkout/details/", answers(people.north, **{**TYPED, **typed}))


def test_an_address_for_one_order_goes_where_it_says_and_is_never_offered_again(petra, people, allowed):
    basket = fill_basket(people.petra, people.north, make_product())
    assert give(petra, people).status_code == 302
    review = petra.get("/checkout/review/")
    assert "Skolgatan 3" in said(review)
    petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": review.context["fingerprint"]})
    to = Order.objects.get().shipping_address
    assert (to.last_name, to.line1, to.line2, to.postcode, to.line4, to.country_id) == (
        *("School nurse", "Skolgatan 3", "House B", "903 25", "Umeå"),
        "SE",
    )
    fill_basket(people.petra, people.north, make_product())
    assert "Skolgatan 3" not in said(petra.get("/checkout/details/"))


def test_where_it_is_not_allowed_it_is_neither_offered_nor_accepted(petra, people):
    fill_basket(people.petra, people.north, make_product())
    assert "Another address" not in said(petra.get("/checkout/details/"))
    assert give(petra, people).status_code == 422
    assert not DeliveryAddress.objects.filter(one_off=True).exists()


def test_what_was_typed_stands_there_again(petra, people, allowed):
    fill_basket(people.petra, people.north, make_product())
    give(petra, people)
    form = petra.get("/checkout/details/").context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED


def test_a_change_replaces_the_address_and_makes_the_review_old(petra, people, allowed):
    basket = fill_basket(people.petra, people.north, make_product())
    give(petra, people)
    reviewed = petra.get("/checkout/review/").context["fingerprint"]
    give(petra, people)
    assert petra.get("/checkout/review/").context["fingerprint"] == reviewed
    give(petra, people, other_street="Skolgatan 5")
    assert DeliveryAddress.objects.get(one_off=True).line1 == "Skolgatan 5"
    answer = petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed}, follow=True)
    assert "has changed since you reviewed it" in said(answer)


def test_going_back_to_the_clinics_address_forgets_the_typed_one(petra, people, allowed):
    fill_basket(people.petra, people.north, make_product())
    give(petra, people)
    petra.post("/checkout/details/", answers(people.north))
    assert not DeliveryAddress.objects.filter(one_off=True).exists()
    assert Basket.objects.get().delivery_address == people.north.delivery_addresses.get()


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("other_name", "", "Fill in this part of the address."),
        ("other_street", " ", "Fill in this part of the address."),
        ("other_town", "", "Fill in this part of the address."),
        ("other_postcode", "", "Fill in this part of the address."),
        ("other_postcode", "0150", "Write the postcode as in 903 25."),
        ("other_postcode", "SE-90325", "Write the postcode as in 903 25."),
        ("other_name", "811218-9876", "identity number"),
        ("other_street", "x" * 81, "80"),
        ("other_town", "a\0b", "Null characters"),
    ],
)
def test_an_address_that_can_not_be_is_refused_with_what_is_wrong(petra, people, allowed, field, typed, message):
    fill_basket(people.petra, people.north, make_product())
    answer = give(petra, people, **{field: typed})
    assert answer.status_code == 422
    assert any(message in error for error in answer.context["form"].errors[field])
    assert not DeliveryAddress.objects.filter(one_off=True).exists()


def test_the_typed_fields_are_not_looked_at_beside_a_clinics_address(petra, people, allowed):
    fill_basket(people.petra, people.north, make_product())
    posted = answers(people.north, other_postcode="nonsense", other_name="811218-9876")
    assert petra.post("/checkout/details/", posted).status_code == 302


def test_an_address_is_refused_once_the_account_no_longer_allows_it(petra, people, allowed):
    basket = fill_basket(people.petra, people.north, make_product())
    give(petra, people)
    reviewed = petra.get("/checkout/review/").context["fingerprint"]
    people.north.account.allows_one_off_addresses = False
    people.north.account.save()
    answer = petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed}, follow=True)
    assert "the clinic's own addresses only" in said(answer)
    assert not Order.objects.exists()
    assert answer.context["form"]["delivery_address"].value() == people.north.delivery_addresses.get(is_default=True).pk


def test_a_colleagues_typed_address_does_not_serve_another_basket(petra, people, allowed):
    fill_basket(people.petra, people.north, make_product())
    give(petra, people)
    typed = DeliveryAddress.objects.get(one_off=True)
    other = ready_to_confirm(people.olga, people.north, make_product())
    other.delivery_address = typed
    other.save()
    with pytest.raises(DeliveryIncomplete, match="another basket"):
        place_order(user=people.olga, basket_id=other.pk, reviewed=fingerprint(other))
    petra.post("/checkout/details/", answers(people.north))
    assert DeliveryAddress.objects.filter(pk=typed.pk).exists()  # the other basket still holds it


def test_another_clinics_address_is_refused_even_when_it_is_in_the_basket(people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    basket.delivery_address = people.south.delivery_addresses.get()
    basket.save()
    with pytest.raises(DeliveryIncomplete):
        place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))


def test_the_invoice_details_are_shown(petra, people):
    people.north.invoice_name, people.north.invoice_city = "Nordhear Ekonomi", "Umeå"
    people.north.save()
    fill_basket(people.petra, people.north, make_product())
    page = said(petra.get("/checkout/details/"))
    for text in ("Invoice to", "Nordhear Ekonomi", "556036-0793", "10010"):
        assert text in page


def test_a_typed_address_moves_along_when_baskets_are_merged(petra, people, allowed):
    source = fill_basket(people.olga, people.north, make_product())
    source.delivery_address = DeliveryAddress.objects.create(
        clinic=people.north, country_id="SE", one_off=True, label="School nurse", last_name="School nurse", line1="A 1"
    )
    source.save()
    target = fill_basket(people.petra, people.north, make_product())
    ids = {"source_id": source.pk, "target_id": target.pk}
    merge(user=people.petra, clinic=people.north, **ids, seen=plan_of(source, target).seen)
    target = afresh(target)
    assert target.delivery_address == source.delivery_address
    order = place_order(user=people.petra, basket_id=target.pk, reviewed=fingerprint(target))
    assert order.shipping_address.line1 == "A 1"
