"""What who filled a basket finds after a colleague has sent or closed it."""

import pytest

from shop.basket import sharing
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order
from tests.baskets.deeds import chosen
from tests.factories import fill_basket, make_product, ready_to_confirm


def test_a_looked_at_basket_that_was_sent_leads_to_its_order(client, people):
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, make_product())
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    assert client.get(f"/basket/{basket.public_id}/")["Location"] == order.get_absolute_url()


def test_who_filled_a_basket_that_a_colleague_sent_is_told_and_begins_a_new_one(asta, people):
    product = make_product("Domes")
    basket = ready_to_confirm(people.petra, people.north, product)
    sharing.choose(user=people.asta, basket=basket)
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    page = asta.get("/basket/").content.decode()
    assert "Petra has sent “Basket of Petra" in page
    assert f'href="{order.get_absolute_url()}"' in page
    added = asta.post(f"/basket/add/{product.pk}/", {"quantity": 1}, follow=True).content.decode()
    assert "has been sent meanwhile. A new basket was begun." in added
    assert (Order.objects.get().lines.get().quantity, chosen(people.asta, people.north).owner) == (1, people.asta)


def test_who_sent_it_reads_no_news_about_it(client, people):
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, make_product())
    place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    page = client.get("/basket/")
    assert page.context["ending"] is None
    assert "Your basket is empty" in page.content.decode()


def test_who_filled_a_basket_that_a_colleague_discarded_is_told_who(asta, people):
    basket = fill_basket(people.asta, people.north, make_product())
    sharing.discard(user=people.petra, basket=basket)
    assert "Petra has discarded “Basket of Asta" in asta.get("/basket/").content.decode()


@pytest.mark.parametrize("step", ["details", "review"])
def test_whoever_comes_to_checkout_after_a_colleague_sent_it_gets_the_order(client, people, step):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    sharing.choose(user=people.olga, basket=basket)
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    client.force_login(people.olga)
    page = client.get(f"/checkout/{step}/", follow=True)
    assert page.redirect_chain[-1][0] == f"/orders/{order.public_id}/confirmation/"
    assert "Petra Testsson has sent this basket already." in page.content.decode()


def test_whoever_confirms_second_gets_the_placed_order_and_is_told_who_sent_it(client, people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    sharing.choose(user=people.olga, basket=basket)
    posted = {"basket": basket.pk, "fingerprint": fingerprint(basket)}
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    client.force_login(people.olga)
    page = client.post("/checkout/confirm/", posted, follow=True)
    assert page.redirect_chain[-1][0] == f"/orders/{order.public_id}/confirmation/"
    assert "Petra Testsson has sent this basket already." in page.content.decode()
    assert Order.objects.count() == 1


def test_confirming_is_about_the_posted_basket_whatever_is_chosen_by_then(client, people):
    client.force_login(people.petra)
    reviewed = ready_to_confirm(people.olga, people.north, make_product("Reviewed"))
    posted = {"basket": reviewed.pk, "fingerprint": fingerprint(reviewed)}
    ready_to_confirm(people.petra, people.north, make_product("Chosen since"))
    client.post("/checkout/confirm/", posted)
    assert Order.objects.get().lines.get().title == "Reviewed"


def test_a_refused_confirm_never_leads_to_the_review_of_another_basket(client, people):
    client.force_login(people.petra)
    reviewed = ready_to_confirm(people.olga, people.north, make_product("Reviewed"))
    posted = {"basket": reviewed.pk, "fingerprint": "an older one"}
    ready_to_confirm(people.petra, people.north, make_product("Chosen since"))
    assert client.post("/checkout/confirm/", posted)["Location"] == f"/basket/{reviewed.public_id}/"
    assert Order.objects.count() == 0


def test_who_comes_second_reads_whom_the_confirmation_was_mailed_to(asta, people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    page = asta.get(f"{order.get_absolute_url()}confirmation/").content.decode()
    assert f"A confirmation goes to {people.petra.email}." in page
