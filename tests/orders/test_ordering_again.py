"""D14: what can be ordered again is said before anything is added, and nothing else is added then."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permissions.models import ClinicUserPermission
from permissions.roles import ClinicPermission
from shop.basket.filling import Choice
from shop.basket.models import Basket, Line
from shop.catalogue.models import AttributeOption, Product
from shop.configuration.models import RetiredProduct, RetiredValue
from shop.order.reorder import Verdict
from tests.factories import make_product
from tests.ordering.aids import make_aid, make_patient
from tests.orders.again import form_of, in_basket, look, make_order, send

BEIGE = {"side": "left", "colour": "beige"}


@pytest.fixture
def battery(people):
    return make_product("Battery", price="10.00", stock=100)


@pytest.fixture
def aid(people):
    return make_aid()


def verdict(client, order, title: str) -> Verdict:
    return look(client, order)[title].look.verdict


def told(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_looking_adds_nothing(petra, people, battery):
    order = make_order(people, battery)
    assert verdict(petra, order, "Battery") == Verdict.READY
    assert in_basket(people) == {}


def test_what_is_as_before_is_added_with_the_quantity_of_then(petra, people, battery, aid):
    order = make_order(people, battery, aid, quantities={0: 5}, choices={1: Choice(BEIGE)})
    answer = send(petra, order, form_of(petra, order))
    assert answer.redirect_chain[-1][0] == "/basket/"
    assert in_basket(people) == {"Battery": (5, {}, None), "Hearing aid": (1, BEIGE, None)}


def test_a_changed_price_is_shown_old_and_new_and_added_at_the_new_one(petra, people, battery):
    order = make_order(people, battery)
    battery.stockrecords.update(price=Decimal("12.50"))
    row = look(petra, order)["Battery"]
    assert row.look.verdict == Verdict.PRICE_CHANGED
    page = petra.get(f"/orders/{order.public_id}/again/").content.decode().replace("\xa0", " ")
    assert "SEK 10.00" in page
    assert "SEK 12.50" in page
    send(petra, order, form_of(petra, order))
    assert in_basket(people)["Battery"][0] == 1


def test_a_price_that_changes_after_it_was_shown_is_not_slipped_in(petra, people, battery):
    order = make_order(people, battery)
    form = form_of(petra, order)
    battery.stockrecords.update(price=Decimal("99.00"))
    answer = send(petra, order, form)
    assert in_basket(people) == {}
    assert "price has changed" in told(answer)


def test_a_retired_value_must_be_chosen_again_and_is_not_added(petra, people, aid):
    order = make_order(people, aid, choices={0: Choice(BEIGE)})
    beige, silver = (AttributeOption.objects.get(code=code) for code in ("beige", "silver"))
    form = form_of(petra, order)
    RetiredValue.objects.create(value=beige, successor=silver)
    row = look(petra, order)["Hearing aid"]
    assert row.look.verdict == Verdict.CONFIGURE
    assert "Silver" in row.look.reason
    assert row.tick is None
    send(petra, order, form)
    assert in_basket(people) == {}


def test_a_discontinued_product_names_its_successor(petra, people, battery):
    order = make_order(people, battery)
    RetiredProduct.objects.create(product=battery, successor=make_product("Newer battery"))
    Product.objects.filter(pk=battery.pk).update(is_public=False)
    row = look(petra, order)["Battery"]
    assert row.look.verdict == Verdict.DISCONTINUED
    assert row.look.successor.title == "Newer battery"
    assert row.look.successor.get_absolute_url() in petra.get(f"/orders/{order.public_id}/again/").content.decode()


def test_a_deleted_product_and_one_without_successor_are_named_as_such(petra, people, battery):
    dome = make_product("Dome")
    order = make_order(people, battery, dome)
    Product.objects.filter(pk=battery.pk).update(is_public=False)
    order.lines.filter(product=dome).update(product=None)
    assert {row.look.verdict for row in look(petra, order).values()} == {Verdict.DISCONTINUED}
    send(petra, order, {f"line-{line.pk}": "on" for line in order.lines.all()})
    assert in_basket(people) == {}


def test_what_left_the_assortment_or_its_price_is_not_yours(petra, people, battery):
    dome = make_product("Dome")
    order = make_order(people, battery, dome)
    battery.stockrecords.update(price_currency="NOK")
    dome.stockrecords.update(price=None)
    assert verdict(petra, order, "Battery") == Verdict.NOT_YOURS
    assert verdict(petra, order, "Dome") == Verdict.NOT_YOURS


def test_too_few_in_stock_says_how_many_and_offers_them(petra, people, battery):
    order = make_order(people, battery, quantities={0: 60})
    row = look(petra, order)["Battery"]
    assert (row.look.verdict, row.look.left) == (Verdict.TOO_FEW, 40)
    assert row.quantity.value() == 40
    assert not row.tick.value()
    form = form_of(petra, order, **{f"line-{row.look.line.pk}": "on"})
    send(petra, order, form)
    assert in_basket(people)["Battery"][0] == 40


def test_none_in_stock_can_not_be_ticked(petra, people, battery):
    order = make_order(people, battery, quantities={0: 60})
    battery.stockrecords.update(num_in_stock=60)
    row = look(petra, order)["Battery"]
    assert (row.look.verdict, row.look.left, row.tick) == (Verdict.TOO_FEW, 0, None)


def test_lines_of_one_product_share_its_stock(petra, people):
    aid = make_aid()
    aid.product_class.track_stock = True
    aid.product_class.save()
    aid.stockrecords.update(num_in_stock=7)
    other = {**BEIGE, "side": "right"}
    order = make_order(people, aid, aid, quantities={0: 2, 1: 2}, choices={0: Choice(BEIGE), 1: Choice(other)})
    rows = petra.get(f"/orders/{order.public_id}/again/").context["rows"]
    assert [(row.look.verdict, row.look.left) for row in rows] == [(Verdict.READY, 0), (Verdict.TOO_FEW, 1)]


def test_only_what_is_ticked_is_added_and_with_the_typed_quantity(petra, people, battery):
    dome = make_product("Dome")
    order = make_order(people, battery, dome)
    pks = {line.title: line.pk for line in order.lines.all()}
    form = form_of(petra, order, **{f"line-{pks['Dome']}": None, f"quantity-{pks['Battery']}": "7"})
    send(petra, order, {**form, f"quantity-{pks['Dome']}": "x"})
    assert in_basket(people) == {"Battery": (7, {}, None)}


def test_one_line_of_the_orders_page_is_the_only_one_ticked(petra, people, battery):
    order = make_order(people, battery, make_product("Dome"))
    line = order.lines.get(title="Dome")
    assert f"/orders/{order.public_id}/again/?line={line.pk}" in petra.get(order.get_absolute_url()).content.decode()
    rows = look(petra, order, f"?line={line.pk}")
    assert {title: bool(row.tick.value()) for title, row in rows.items()} == {"Battery": False, "Dome": True}


@pytest.mark.parametrize("typed", ["0", "", "x", "100000"])
def test_a_wrong_quantity_is_told_and_nothing_is_added(petra, people, battery, typed):
    order = make_order(people, battery)
    line = order.lines.get()
    answer = send(petra, order, form_of(petra, order, **{f"quantity-{line.pk}": typed}))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert in_basket(people) == {}


def test_no_ticks_say_what_to_do(petra, people, battery):
    order = make_order(people, battery)
    answer = send(petra, order, {})
    assert answer.status_code == 422
    assert "Tick the lines" in answer.content.decode()


def test_an_order_of_another_of_my_clinics_says_to_switch_first(client, people, battery):
    order = make_order(people, battery)
    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    page = client.get(f"/orders/{order.public_id}/again/").content.decode()
    assert "Switch to Nordhear North" in page
    line = order.lines.get()
    form = {f"line-{line.pk}": "on", f"quantity-{line.pk}": "1", f"price-{line.pk}": "10.00"}
    answer = client.post(f"/orders/{order.public_id}/again/", form)
    assert answer.status_code == 422
    assert not Line.objects.filter(basket__owner=people.olga).exists()
    client.post("/clinics/switch/", {"clinic": people.north.pk, "next": f"/orders/{order.public_id}/again/"})
    client.post(f"/orders/{order.public_id}/again/", form)
    assert Basket.objects.open_for(people.olga, people.north).lines.count() == 1


def test_a_page_of_before_the_switch_adds_nothing(client, people, battery):
    order = make_order(people, battery)
    client.force_login(people.olga)
    line = order.lines.get()
    form = {f"line-{line.pk}": "on", f"quantity-{line.pk}": "1", f"price-{line.pk}": "10.00", "clinic": people.south.pk}
    assert client.post(f"/orders/{order.public_id}/again/", form).status_code == 422
    assert not Line.objects.filter(basket__owner=people.olga).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_and_members_without_the_rights_are_refused(client, people, battery, method):
    order = make_order(people, battery)
    address = f"/orders/{order.public_id}/again/"
    client.force_login(people.otto)
    assert getattr(client, method)(address).status_code == 404
    client.force_login(people.asta)
    rights = ClinicUserPermission.objects.filter(user=people.asta)
    rights.filter(permission__codename=ClinicPermission.PREPARE_ORDER).delete()
    assert getattr(client, method)(address).status_code == 403
    rights.filter(permission__codename=ClinicPermission.VIEW_PATIENTS).update()
    rights.filter(permission__codename=ClinicPermission.VIEW_ORDERS).delete()
    assert getattr(client, method)(address).status_code == 403


def test_an_assistant_orders_again(client, people, battery):
    order = make_order(people, battery)
    client.force_login(people.asta)
    client.post(f"/orders/{order.public_id}/again/", form_of(client, order))
    assert Basket.objects.open_for(people.asta, people.north).lines.count() == 1


def test_the_queries_do_not_grow_with_the_lines(petra, people, aid):
    def count(order, more: str) -> int:
        for _warm in range(2):
            petra.get(f"/orders/{order.public_id}/{more}")
        with CaptureQueriesContext(connection) as queries:
            assert petra.get(f"/orders/{order.public_id}/{more}").status_code == 200
        return len(queries)

    def order_of(lines: int):
        products = [aid if number % 2 else make_product(f"Dome {number}") for number in range(lines)]
        choices = {
            number: Choice(BEIGE, make_patient(people.petra, people.north, f"P-{lines}-{number}"))
            for number in range(1, lines, 2)
        }
        return make_order(people, *products, choices=choices)

    small, large = order_of(2), order_of(60)
    for more in ("again/", "", "confirmation/", "pdf/"):
        few, many = count(small, more), count(large, more)
        print(f"\nqueries  order {more or 'page'}  2 lines: {few}  60 lines: {many}", end="")
        assert few == many
