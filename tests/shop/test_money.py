"""Amounts: net and VAT apart, each line rounded once, written as the reader's language writes money."""

import random
from decimal import Decimal

import pytest
from django.utils import translation
from oscar.apps.partner.availability import Available
from oscar.apps.partner.strategy import PurchaseInfo

from permissions.markets import MARKETS
from shop.basket.models import Line
from shop.basket.summary import totals_of
from shop.partner.strategy import CENT, NetPrice, Selector
from shop.partner.templatetags.money import money
from tests.factories import fill_basket, make_product


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("sv", "SEK", "1 565,50 kr"),
        ("nb", "NOK", "1 565,50 kr"),
        ("da", "DKK", "1.565,50 kr."),
        ("en", "SEK", "SEK 1,565.50"),
        ("sv", "NOK", "1 565,50 Nkr"),
    ],
)
def test_money_is_written_as_the_language_writes_it(language, currency, written):
    with translation.override(language):
        assert money(Decimal("1565.50"), currency).replace("\xa0", " ") == written


def test_no_amount_is_written_as_nothing():
    assert money(None, "SEK") == money(Decimal(1), "") == ""


@pytest.mark.parametrize("amount", ["0", "-12.5", "0.005", "99999999999.99"])
def test_any_amount_can_be_written(amount):
    for language in ("sv", "nb", "da", "en"):
        with translation.override(language):
            assert money(Decimal(amount), "SEK")


@pytest.mark.parametrize(("country", "currency"), [("SE", "SEK"), ("NO", "NOK"), ("DK", "DKK")])
def test_each_market_has_its_currency_and_a_quarter_of_vat(country, currency):
    assert (MARKETS[country].currency, MARKETS[country].vat_rate) == (currency, Decimal("0.25"))


def test_the_price_is_net_and_the_vat_beside_it(people):
    product = make_product("Dome", price="2.35")
    price = Selector().strategy(clinic=people.north).fetch_for_product(product).price
    assert (price.excl_tax, price.tax, price.incl_tax) == (Decimal("2.35"), Decimal("0.59"), Decimal("2.94"))
    assert (price.currency, price.vat_rate) == ("SEK", Decimal("0.25"))


def test_a_price_in_another_currency_is_no_price(people):
    product = make_product("Hanske", currency="NOK")
    info = Selector().strategy(clinic=people.north).fetch_for_product(product)
    assert not info.price.exists
    assert not info.availability.is_available_to_buy


def test_without_a_clinic_nothing_has_a_price(people):
    """Staff in the back office look at products too."""
    info = Selector().strategy(user=people.stella).fetch_for_product(make_product("Dome"))
    assert not info.price.exists
    assert not info.availability.is_available_to_buy


def test_the_oldest_of_two_records_in_one_currency_counts_always(people):
    product = make_product("Dome", price="10")
    first = product.stockrecords.get()
    other = make_product("Other").stockrecords.get().partner
    product.stockrecords.create(partner=other, partner_sku="second", price_currency="SEK", price=99)
    strategy = Selector().strategy(clinic=people.north)
    assert strategy.fetch_for_product(product).stockrecord == first


def test_the_vat_of_a_line_is_a_quarter_to_the_cent():
    chance = random.Random(4711)
    for _number in range(2_000):
        price, quantity = CENT * chance.randint(1, 10 ** chance.randint(1, 8)), chance.randint(1, 9_999)
        line = Line(quantity=quantity)
        line._info = PurchaseInfo(NetPrice("SEK", price, Decimal("0.25")), Available(), None)
        net, gross = price * quantity, line.line_price_incl_tax
        assert line.line_price_excl_tax == net
        assert abs(gross - net * Decimal("1.25")) <= CENT / 2
        assert gross == gross.quantize(CENT)


@pytest.mark.parametrize(
    "lines",
    [
        [("2.35", 100)],
        [("0.01", 1), ("0.01", 1), ("0.01", 1)],
        [("0.33", 3), ("1.11", 7), ("99999.99", 9)],
        [("2.35", 100), ("0.05", 9_999)],
    ],
)
def test_the_lines_add_up_to_the_total(people, lines):
    for number, (price, quantity) in enumerate(lines):
        product = make_product(f"Product {number}", price=price, stock=None)
        basket = fill_basket(people.petra, people.north, product, quantity=quantity)
    totals = totals_of(basket)
    rows = list(basket.all_lines())
    assert totals.net == sum(Decimal(price) * quantity for price, quantity in lines)
    assert totals.gross == sum(row.line_price_incl_tax for row in rows)
    assert totals.net + totals.vat == totals.gross
    assert (totals.currency, totals.vat_rate) == ("SEK", "25")


def test_an_empty_basket_costs_nothing(people):
    basket = fill_basket(people.petra, people.north, make_product("Dome"))
    basket.lines.all().delete()
    basket._lines = None
    totals = totals_of(basket)
    assert (totals.net, totals.vat, totals.gross) == (0, 0, 0)


def test_a_norwegian_clinic_pays_in_kroner_of_its_own(client, people):
    product = make_product("Hanske", price="1000", currency="NOK")
    client.force_login(people.otto)
    client.post(f"/basket/add/{product.pk}/", {"quantity": 3})
    totals = client.get("/basket/").context["totals"]
    assert (totals.net, totals.vat, totals.gross, totals.currency) == (3000, 750, 3750, "NOK")
