"""Bad input gets a message that says what to do, and changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from permissions.roles import Role
from permissions.services import membership_grant, membership_revoke
from shop.addresses.models import DeliveryAddress
from shop.basket.models import Basket, Line
from shop.favourites.models import Favourite
from shop.order.models import Order
from tests.factories import Partner, StockRecord, fill_basket, make_product, ready_to_confirm


@pytest.fixture
def battery(people):
    return make_product("Batteries size 13", price="24.90", stock=50)


def said(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("typed", ["0", "-1", "1000000000000", "ten", "", "1.5", "1e3", "1\x00", "９" * 40])
@pytest.mark.parametrize("htmx", [True, False])
def test_a_quantity_that_is_none(petra, people, battery, typed, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    answer = petra.post(
        f"/basket/add/{battery.pk}/", {"quantity": typed, "clinic": people.north.pk}, headers=headers, follow=True
    )
    assert "Enter a whole number from 1 to 9999." in said(answer)
    assert not Line.objects.exists()


@pytest.mark.parametrize("typed", ["0", "-1", "1000000000000", "ten", ""])
def test_a_changed_quantity_that_is_none_leaves_the_line(petra, people, battery, typed):
    basket = fill_basket(people.petra, people.north, battery, quantity=3)
    line = basket.lines.get()
    answer = petra.post(f"/basket/lines/{line.pk}/", {"quantity": typed})
    assert "Enter a whole number from 1 to 9999." in said(answer)
    line.refresh_from_db()
    assert line.quantity == 3


def test_more_than_there_is(petra, people, battery):
    answer = petra.post(f"/basket/add/{battery.pk}/", {"quantity": 51}, follow=True)
    assert "Only 50 of Batteries size 13 are in stock" in said(answer)
    petra.post(f"/basket/add/{battery.pk}/", {"quantity": 30})
    answer = petra.post(f"/basket/add/{battery.pk}/", {"quantity": 30}, follow=True)
    assert "Only 50 of" in said(answer)
    assert Line.objects.get().quantity == 30


def test_an_unknown_product(petra, people):
    assert petra.post("/basket/add/987654/", {"quantity": 1}).status_code == 404


def test_a_product_of_another_market(petra, people):
    norwegian = make_product("Hanske", currency="NOK")
    assert petra.get(norwegian.get_absolute_url()).status_code == 404
    assert petra.post(f"/basket/add/{norwegian.pk}/", {"quantity": 1}).status_code == 404


def test_a_product_that_is_not_public(petra, people, battery):
    battery.is_public = False
    battery.save()
    assert petra.post(f"/basket/add/{battery.pk}/", {"quantity": 1}).status_code == 404


def test_a_product_without_a_price(petra, people):
    unpriced = make_product("Analyser", price=None)
    answer = petra.post(f"/basket/add/{unpriced.pk}/", {"quantity": 1}, follow=True)
    assert "has no price for your clinic yet" in said(answer)
    assert not Line.objects.exists()


def test_a_product_without_stock(petra, people):
    gone = make_product("Old charger", stock=0)
    answer = petra.post(f"/basket/add/{gone.pk}/", {"quantity": 1}, follow=True)
    assert "is out of stock" in said(answer)
    assert not Line.objects.exists()


@pytest.mark.parametrize("stock", [50, None])
def test_a_product_that_was_withdrawn_after_it_was_put_in_the_basket(petra, people, stock):
    old = make_product("Old aid", stock=stock)
    basket = ready_to_confirm(people.petra, people.north, old)
    fingerprint = petra.get("/checkout/review/").context["fingerprint"]
    old.is_public = False
    old.save()
    assert "Old aid is no longer sold" in said(petra.get("/basket/"))
    assert petra.get("/checkout/review/")["Location"] == "/basket/"
    posted = {"basket": basket.pk, "fingerprint": fingerprint}
    assert "no longer sold" in said(petra.post("/checkout/confirm/", posted, follow=True))
    assert not Order.objects.exists()


def test_an_account_that_moved_to_another_market(petra, people, battery):
    """Its old lines were priced from one stock record and would have been taken from another."""
    basket = ready_to_confirm(people.petra, people.north, battery)
    fingerprint = petra.get("/checkout/review/").context["fingerprint"]
    StockRecord.objects.create(
        product=battery,
        partner=Partner.objects.create(name="Warehouse NO", code="no"),
        partner_sku="NO-1",
        price_currency="NOK",
        price=Decimal("30"),
        num_in_stock=5,
    )
    people.north.account.country = "NO"
    people.north.account.save()
    assert "The price of Batteries size 13 is no longer yours" in said(petra.get("/basket/"))
    posted = {"basket": basket.pk, "fingerprint": fingerprint}
    assert "no longer yours" in said(petra.post("/checkout/confirm/", posted, follow=True))
    answer = petra.post(f"/basket/add/{battery.pk}/", {"quantity": 1}, follow=True)
    assert "lines in another currency" in said(answer)
    assert not Order.objects.exists()


@pytest.mark.parametrize("path", ["/clinics/switch/", "/basket/add/{pk}/", "/favourites/{pk}/"])
@pytest.mark.parametrize("target", ["foo", "//evil.example/", "https://evil.example/", "javascript:alert(1)", "\x00"])
def test_a_form_that_asks_to_lead_elsewhere(petra, people, battery, path, target):
    posted = {"next": target, "clinic": people.north.pk, "quantity": 1, "on": "1"}
    answer = petra.post(path.format(pk=battery.pk), posted)
    assert answer.status_code == 302
    assert answer["Location"] in ("/", "/basket/", "/favourites/")


def test_a_star_on_a_page_opened_before_the_clinic_was_switched(client, people, battery):
    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    answer = client.post(f"/favourites/{battery.pk}/", {"on": "1", "clinic": people.north.pk}, follow=True)
    assert "this page was opened for another clinic" in said(answer)
    assert not Favourite.objects.exists()


def test_a_right_that_was_taken_away_is_said_and_another_clinic_is_chosen(client, people):
    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
    membership_revoke(user=people.olga, clinic=people.south)
    answer = client.get("/basket/")
    assert "You no longer have access to the clinic you worked for. You now work for Nordhear North." in said(answer)
    assert answer.wsgi_request.clinic == people.north


def test_a_star_set_after_the_session_ended_leads_back_to_the_page_with_the_star(client, people, battery):
    answer = client.post(f"/favourites/{battery.pk}/", {"on": "1"}, headers={"Referer": "http://testserver/products/"})
    assert answer["Location"] == "/login/?next=/products/"
    foreign = client.post(f"/favourites/{battery.pk}/", {"on": "1"}, headers={"Referer": "http://evil.example/x"})
    assert foreign["Location"] == f"/login/?next=/favourites/{battery.pk}/"


def test_an_e_mail_address_of_any_length_at_log_in(client, db):
    answer = client.post("/login/", {"username": "a" * 5000 + "@example.com", "password": "x"})
    assert answer.status_code == 200


def test_a_nul_where_no_browser_sends_one(client, db):
    assert client.get("/login/", headers={"User-Agent": "x\x00y"}).status_code == 400
    assert client.get("/backoffice/orders/?order_number=%00").status_code == 400


def test_a_file_name_that_no_file_can_have(client, db):
    assert client.get("/media/" + "a" * 300).status_code == 404


def test_a_line_of_somebody_elses_basket(petra, people, battery):
    line = fill_basket(people.olga, people.north, battery).lines.get()
    for data in ({"quantity": 9}, {"remove": 1}):
        answer = petra.post(f"/basket/lines/{line.pk}/", data)
        assert "no longer in the basket" in said(answer)
    line.refresh_from_db()
    assert line.quantity == 1


def test_a_page_opened_before_the_clinic_was_switched(client, people, battery):
    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    answer = client.post(f"/basket/add/{battery.pk}/", {"quantity": 1, "clinic": people.north.pk}, follow=True)
    assert "this page was opened for another clinic" in said(answer)
    assert not Line.objects.exists()


def test_a_basket_of_another_clinic_at_confirm(client, people, battery):
    client.force_login(people.olga)
    basket = ready_to_confirm(people.olga, people.north, battery)
    fingerprint = client.get("/checkout/review/").context["fingerprint"]
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    answer = client.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": fingerprint}, follow=True)
    assert "Switch clinic, then confirm" in said(answer)
    assert not Order.objects.exists()


def test_a_foreign_basket_at_confirm(petra, people):
    foreign = ready_to_confirm(people.otto, people.foreign, make_product("Hanske", currency="NOK"))
    assert petra.post("/checkout/confirm/", {"basket": foreign.pk, "fingerprint": "x"}).status_code == 404
    assert not Order.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 30, "1;drop"])
def test_a_basket_number_that_is_none(petra, people, typed):
    answer = petra.post("/checkout/confirm/", {"basket": typed}, follow=True)
    assert "Review the order, then confirm it" in said(answer)


def details(address, **more) -> dict:
    return {"delivery_address": address, "dispatch_choice": "agreed", **more}


def test_an_address_of_another_clinic(petra, people, battery):
    fill_basket(people.petra, people.north, battery)
    foreign = people.south.delivery_addresses.get()
    answer = petra.post("/checkout/details/", details(foreign.pk))
    assert "Choose one of your clinic&#x27;s delivery addresses." in said(answer)
    assert Basket.objects.get().delivery_address is None


def test_an_address_that_was_closed_after_it_was_chosen(petra, people, battery):
    basket = ready_to_confirm(people.petra, people.north, battery)
    fingerprint = petra.get("/checkout/review/").context["fingerprint"]
    DeliveryAddress.objects.filter(clinic=people.north).update(is_active=False)
    answer = petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": fingerprint})
    assert answer["Location"] == "/checkout/details/"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1999-01-01", "has passed"),
        ("2999-01-01", "within a year"),
        ("31/12/2026", "year-month-day"),
        ("soon", "year-month-day"),
        ("2026-02-31", "year-month-day"),
        ("", "Choose a dispatch date"),
    ],
)
def test_a_date_that_can_not_be(petra, people, battery, typed, message):
    fill_basket(people.petra, people.north, battery)
    address = people.north.delivery_addresses.get().pk
    answer = petra.post("/checkout/details/", details(address, dispatch_choice="date", dispatch_date=typed))
    assert answer.status_code == 422
    assert message in said(answer)
    assert Basket.objects.get().dispatch_date is None


def test_what_was_typed_stays_after_an_error(petra, people, battery):
    fill_basket(people.petra, people.north, battery)
    answer = petra.post("/checkout/details/", {"purchase_number": "PO-99", "reference": "Desk 4"})
    assert "PO-99" in said(answer)
    assert "Desk 4" in said(answer)


def test_a_date_that_passed_between_review_and_confirm(petra, people, battery):
    basket = ready_to_confirm(people.petra, people.north, battery)
    Basket.objects.filter(pk=basket.pk).update(dispatch_date=timezone.localdate() - timedelta(days=2))
    answer = petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": "x"}, follow=True)
    assert "has passed" in said(answer)
    assert not Order.objects.exists()


def test_an_emptied_basket_at_confirm(petra, people, battery):
    basket = ready_to_confirm(people.petra, people.north, battery)
    fingerprint = petra.get("/checkout/review/").context["fingerprint"]
    basket.lines.all().delete()
    answer = petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": fingerprint}, follow=True)
    assert "The basket is empty, so nothing was ordered" in said(answer)
    assert not Order.objects.exists()


def test_an_empty_basket_has_no_checkout(petra, people):
    answer = petra.get("/checkout/details/", follow=True)
    assert "Your basket is empty" in said(answer)


def test_an_expired_session_in_the_middle_of_checkout_keeps_the_basket(client, people, battery):
    from tests.factories import PASSWORD

    client.force_login(people.petra)
    fill_basket(people.petra, people.north, battery, quantity=7)
    client.session.flush()
    client.cookies.clear()
    address = people.north.delivery_addresses.get().pk
    answer = client.post("/checkout/details/", details(address))
    assert answer["Location"] == "/login/?next=/checkout/details/"
    back = client.post(answer["Location"], {"username": people.petra.email, "password": PASSWORD}, follow=True)
    assert back.redirect_chain[-1][0] == "/checkout/details/"
    assert "so nothing was saved" in said(back)
    assert [row.line.quantity for row in back.context["lines"]] == [7]


def test_an_expired_session_at_confirm_leads_back_to_the_review(client, people, battery):
    from tests.factories import PASSWORD

    ready_to_confirm(people.petra, people.north, battery)
    answer = client.post("/checkout/confirm/", {"basket": 1, "fingerprint": "x"})
    back = client.post(answer["Location"], {"username": people.petra.email, "password": PASSWORD}, follow=True)
    assert back.redirect_chain[-1][0] == "/checkout/review/"
    assert not Order.objects.exists()


def test_an_assistant_can_fill_a_basket_and_submits_it_where_others_confirm(client, people, battery):
    client.force_login(people.asta)
    client.post(f"/basket/add/{battery.pk}/", {"quantity": 2})
    assert client.post("/checkout/details/", details(people.north.delivery_addresses.get().pk)).status_code == 302
    review = client.get("/checkout/review/")
    assert review.context["needs_approval"] is True
    assert "Confirm order" not in said(review)


def test_an_assistants_forged_confirm_is_refused(client, people, battery):
    basket = ready_to_confirm(people.asta, people.north, battery)
    from shop.basket.summary import fingerprint

    client.force_login(people.asta)
    answer = client.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": fingerprint(basket)})
    assert answer.status_code == 403
    assert "A purchaser or main user of the clinic sends the order" in said(answer)
    assert not Order.objects.exists()
    assert Basket.objects.get().status == "Open"
