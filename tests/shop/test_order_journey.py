"""The main job without a browser: from the catalogue to the confirmation, as the manual tells it."""

from decimal import Decimal

import pytest
from django.core import mail

from shop.basket.models import Basket
from shop.order.models import Order
from tests.factories import fill_basket, make_category, make_product, ready_to_confirm


@pytest.fixture
def battery(people):
    return make_product("Batteries size 13", price="24.90", category=make_category("Batteries"))


def confirm(client, basket):
    """Review, then press the button with what the review page says."""
    review = client.get("/checkout/review/")
    assert review.status_code == 200
    return client.post(
        "/checkout/confirm/", {"basket": basket.pk, "fingerprint": review.context["fingerprint"]}, follow=True
    )


def test_a_purchaser_orders_for_her_clinic(client, people, battery):
    client.force_login(people.petra)
    assert "Batteries" in client.get("/products/").content.decode()
    assert "24.90" in client.get(battery.get_absolute_url()).content.decode()
    client.post(f"/basket/add/{battery.pk}/", {"quantity": 10, "clinic": people.north.pk})
    basket = client.get("/basket/")
    assert basket.context["totals"].net == Decimal("249.00")
    address = people.north.delivery_addresses.get()
    answers = {"purchase_number": "PO-77", "reference": "Petra", "delivery_address": address.pk}
    details = client.post("/checkout/details/", {**answers, "dispatch_choice": "agreed"})
    assert details["Location"] == "/checkout/review/"
    page = confirm(client, Basket.objects.get(owner=people.petra))
    order = Order.objects.get()
    assert page.redirect_chain[-1][0] == f"/orders/{order.public_id}/confirmation/"
    assert order.number in page.content.decode()
    assert (order.clinic, order.user, order.status) == (people.north, people.petra, "received")
    assert (order.purchase_number, order.reference, order.dispatch_date) == ("PO-77", "Petra", None)
    assert (order.total_excl_tax, order.total_incl_tax, order.currency) == (Decimal("249.00"), Decimal("311.25"), "SEK")
    assert order.shipping_address.line1 == address.line1
    assert order.lines.get().quantity == 10
    assert client.get("/basket/").context["lines"] == []


def test_the_web_reference_is_of_the_manuals_kind(client, people, battery):
    client.force_login(people.petra)
    confirm(client, ready_to_confirm(people.petra, people.north, battery))
    assert Order.objects.get().number.startswith("10000")
    assert len(Order.objects.get().number) == 9


def test_the_confirmation_is_mailed_without_products_or_prices(client, people, battery):
    client.force_login(people.petra)
    confirm(client, ready_to_confirm(people.petra, people.north, battery))
    order = Order.objects.get()
    (message,) = mail.outbox
    assert message.to == [people.petra.email]
    assert order.number in message.subject
    html = message.alternatives[0].content
    for text in (message.body, html):
        assert f"/orders/{order.public_id}/" in text
        assert battery.title not in text
        assert "24" not in text.replace(order.number, "").replace(str(order.public_id), "") or "24.90" not in text


def test_confirming_twice_leads_to_the_same_order(client, people, battery):
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, battery)
    review = client.get("/checkout/review/")
    posted = {"basket": basket.pk, "fingerprint": review.context["fingerprint"]}
    first = client.post("/checkout/confirm/", posted)
    second = client.post("/checkout/confirm/", posted)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1
    assert len(mail.outbox) == 1


def test_stock_is_taken_and_never_oversold(client, people):
    last = make_product("Charger", price="900", stock=1)
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, last)
    fill_basket(people.olga, people.north, last)
    confirm(client, basket)
    record = last.stockrecords.get()
    assert (record.num_allocated, record.net_stock_level) == (1, 0)
    client.force_login(people.olga)
    answer = client.get("/checkout/details/", follow=True)
    assert "out of stock" in answer.content.decode()


def test_vat_is_rounded_once_a_line(client, people):
    """Oscar rounds the unit's VAT: a hundred batteries at 2.35 came out 0.25 too dear."""
    cheap = make_product("Dome", price="2.35")
    client.force_login(people.petra)
    confirm(client, ready_to_confirm(people.petra, people.north, cheap, quantity=100))
    order = Order.objects.get()
    assert (order.total_excl_tax, order.total_tax) == (Decimal("235.00"), Decimal("58.75"))
    assert order.total_incl_tax == sum(line.line_price_incl_tax for line in order.lines.all())


def test_a_price_that_changed_after_the_review_is_shown_before_anything_is_ordered(client, people, battery):
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, battery)
    review = client.get("/checkout/review/")
    battery.stockrecords.update(price=Decimal("99.00"))
    posted = {"basket": basket.pk, "fingerprint": review.context["fingerprint"]}
    answer = client.post("/checkout/confirm/", posted, follow=True)
    assert "has changed since you reviewed it" in answer.content.decode()
    assert "99.00" in answer.content.decode()
    assert not Order.objects.exists()


def test_each_clinic_has_a_basket_of_its_own(client, people, battery):
    """Oscar merges all open baskets of a person: one clinic's articles went to another (trap 3)."""
    client.force_login(people.olga)
    client.post(f"/basket/add/{battery.pk}/", {"quantity": 1, "clinic": people.north.pk})
    client.post("/clinics/switch/", {"clinic": people.south.pk, "next": "/basket/"})
    assert client.get("/basket/").context["lines"] == []
    client.post(f"/basket/add/{battery.pk}/", {"quantity": 2, "clinic": people.south.pk})
    assert Basket.objects.filter(owner=people.olga, status="Open").count() == 2
    client.post("/clinics/switch/", {"clinic": people.north.pk})
    assert [row.line.quantity for row in client.get("/basket/").context["lines"]] == [1]


def test_the_clinic_is_remembered_at_the_next_log_in(client, people):
    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    client.logout()
    client.force_login(people.olga)
    assert client.get("/basket/").context["request"].clinic == people.south


def test_prices_are_the_accounts_currency_and_market(client, people):
    make_product("Svensk vara", price="100", currency="SEK")
    make_product("Norsk vare", price="200", currency="NOK")
    client.force_login(people.otto)
    page = client.get("/products/").content.decode()
    assert "Norsk vare" in page
    assert "Svensk vara" not in page


def test_colleagues_see_the_clinics_orders_newest_first(client, people, battery):
    for _order in range(2):
        client.force_login(people.petra)
        confirm(client, ready_to_confirm(people.petra, people.north, battery))
    client.force_login(people.asta)
    shown = [order.number for order in client.get("/orders/").context["orders"]]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == 2


def test_all_my_clinics_shows_the_orders_of_each(client, people, battery):
    client.force_login(people.olga)
    confirm(client, ready_to_confirm(people.olga, people.north, battery))
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    confirm(client, ready_to_confirm(people.olga, people.south, battery))
    assert len(client.get("/orders/").context["orders"]) == 1
    assert len(client.get("/orders/?clinics=all").context["orders"]) == 2
    client.force_login(people.petra)
    assert len(client.get("/orders/?clinics=all").context["orders"]) == 1


def test_a_strangers_order_looks_like_one_that_does_not_exist(client, people, battery):
    client.force_login(people.petra)
    confirm(client, ready_to_confirm(people.petra, people.north, battery))
    order = Order.objects.get()
    client.force_login(people.otto)
    for path in (f"/orders/{order.public_id}/", f"/orders/{order.public_id}/confirmation/"):
        foreign = client.get(path)
        unknown = client.get(path.replace(str(order.public_id), "11111111-1111-4111-8111-111111111111"))
        assert foreign.status_code == unknown.status_code == 404
        assert len(foreign.content) == len(unknown.content)
