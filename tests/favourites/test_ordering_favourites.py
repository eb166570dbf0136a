"""D12: a favourite says what must be updated, and goes into the basket when nothing must be."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permissions.models import Clinic, PatientPolicy
from shop.basket.models import Basket, Line
from shop.catalogue.models import AttributeOption
from shop.configuration.models import RetiredProduct, RetiredValue, Rule
from shop.favourites.models import Favourite
from tests.configuration.shelf import ask
from tests.factories import make_product
from tests.ordering.aids import make_aid

BEIGE = {"side": "left", "colour": "beige"}


@pytest.fixture
def aid(people):
    return make_aid()


@pytest.fixture
def battery(people):
    return make_product("Battery", stock=10)


def star(people, product, configuration=None, **more) -> Favourite:
    return Favourite.objects.create(clinic=people.north, product=product, configuration=configuration or {}, **more)


def rows(client, query: str = "") -> list:
    return client.get(f"/favourites/{query}").context["rows"]


def value(code: str) -> AttributeOption:
    return AttributeOption.objects.get(code=code)


def in_basket(people) -> dict:
    lines = Line.objects.filter(basket=Basket.objects.open_for(people.petra, people.north))
    return {line.product.title: (line.quantity, line.configuration) for line in lines}


def test_a_right_configuration_is_shown_in_words_and_asks_for_the_patient(petra, people, aid):
    favourite = star(people, aid, BEIGE)
    (row,) = rows(petra)
    assert dict(row.options) == {"Side": "Left", "Colour": "Beige"}
    assert row.problems == ()
    assert row.asks_patient
    assert row.configure_url == f"/products/configure/{aid.pk}/?favourite={favourite.pk}"
    assert row.configure_url in petra.get("/favourites/").content.decode()


def test_a_retired_value_is_pointed_out_with_its_successor(petra, people, aid):
    RetiredValue.objects.create(value=value("beige"), successor=value("silver"))
    star(people, aid, BEIGE)
    (row,) = rows(petra)
    assert not row.can_add
    assert "Beige" in row.problems[0]
    assert "Silver" in row.problems[0]
    assert row.problems[0] in petra.get("/favourites/").content.decode()


def test_a_newly_required_option_is_pointed_out(petra, people, aid):
    ask(aid.product_class, "dome", ["open", "closed"], kind="select")
    star(people, aid, BEIGE)
    (row,) = rows(petra)
    assert row.problems == ("Dome: choose one.",)
    assert not row.can_add
    assert row.configure_url


def test_a_changed_rule_is_pointed_out_with_its_reason(petra, people, aid):
    kind = aid.product_class
    options = {option.code: option for option in kind.options.all()}
    rule = Rule.objects.create(
        product_class=kind,
        option=options["side"],
        value=value("left"),
        effect="excludes",
        target_option=options["colour"],
        reason="Left ones are not beige any more.",
    )
    rule.targets.add(value("beige"))
    star(people, aid, BEIGE)
    assert rows(petra)[0].problems == ("Left ones are not beige any more.",)


def test_an_option_that_is_gone_is_pointed_out(petra, people, aid):
    star(people, aid, {**BEIGE, "cable": "long"})
    (row,) = rows(petra)
    assert len(row.problems) == 1
    assert not row.can_add
    assert row.configure_url


def test_a_discontinued_product_leads_to_its_successor_with_what_was_chosen(petra, people, aid):
    newer = make_aid("Newer aid")
    RetiredProduct.objects.create(product=aid, successor=newer)
    aid.is_public = False
    aid.save()
    favourite = star(people, aid, BEIGE)
    (row,) = rows(petra)
    assert row.successor == newer
    assert row.successor_url == f"/products/configure/{newer.pk}/?favourite={favourite.pk}"
    assert "Newer aid" in row.problems[0]
    form = petra.get(row.successor_url).content.decode()
    assert "Newer aid" in form
    assert re.search(r'value="beige"[^>]* (checked|selected)', form)


def test_a_plain_products_successor_is_shown_too(petra, people, battery):
    newer = make_product("Newer battery")
    RetiredProduct.objects.create(product=battery, successor=newer)
    battery.is_public = False
    battery.save()
    star(people, battery)
    assert rows(petra)[0].successor_url == newer.get_absolute_url()


def test_without_a_successor_that_can_be_bought_customer_service_is_named(petra, people, battery):
    newer = make_product("Nyere batteri", currency="NOK")
    RetiredProduct.objects.create(product=battery, successor=newer)
    battery.is_public = False
    battery.save()
    star(people, battery)
    (row,) = rows(petra)
    assert row.successor is None
    assert "Ask customer service" in row.problems[0]


def test_what_left_the_assortment_says_so_and_can_not_be_added(petra, people, battery):
    favourite = star(people, battery)
    battery.stockrecords.update(price_currency="NOK")
    (row,) = rows(petra)
    assert "assortment" in row.problems[0]
    petra.post("/favourites/order/", {"only": favourite.pk})
    assert in_basket(people) == {}


def test_what_is_outside_the_assortment_is_not_added_though_it_has_a_price(petra, people, battery, monkeypatch):
    favourite = star(people, battery)
    nothing = type(battery).objects.none()
    monkeypatch.setattr("shop.basket.batches.assortment.products_for", lambda account: nothing)
    petra.post("/favourites/order/", {"only": favourite.pk})
    assert in_basket(people) == {}


def test_too_few_in_stock_is_said(petra, people, battery):
    star(people, battery, quantity=11)
    (row,) = rows(petra)
    assert "10" in row.problems[0]
    assert not row.can_add


def test_a_bare_star_on_a_configurable_product_opens_the_configurator_without_alarm(petra, people, aid):
    star(people, aid)
    (row,) = rows(petra)
    assert (row.problems, row.can_add) == ((), False)
    assert row.configure_url


def test_a_plain_one_goes_into_the_basket_with_its_quantity_and_a_dialog(petra, people, battery):
    favourite = star(people, battery, quantity=3)
    answer = petra.post("/favourites/order/", {"only": favourite.pk}, headers={"HX-Request": "true"})
    assert "Added to basket" in answer.content.decode()
    assert in_basket(people) == {"Battery": (3, {})}


def test_the_quantity_that_is_typed_counts(petra, people, battery):
    favourite = star(people, battery, quantity=3)
    answer = petra.post("/favourites/order/", {"only": favourite.pk, f"quantity-{favourite.pk}": "5"})
    assert answer["Location"] == "/basket/"
    assert in_basket(people) == {"Battery": (5, {})}


@pytest.mark.parametrize("typed", ["0", "x", "", "99999", "-1"])
def test_a_wrong_quantity_adds_nothing(petra, people, battery, typed):
    favourite = star(people, battery)
    petra.post("/favourites/order/", {"only": favourite.pk, f"quantity-{favourite.pk}": typed})
    assert in_basket(people) == {}


def test_several_are_added_at_once_and_the_ones_with_questions_say_so(petra, people, aid, battery):
    RetiredValue.objects.create(value=value("beige"), successor=value("silver"))
    chosen = [star(people, battery, quantity=2), star(people, aid, BEIGE), star(people, make_product("Dome"))]
    form = {"favourite": [favourite.pk for favourite in chosen]}
    answer = petra.post("/favourites/order/", form, headers={"HX-Request": "true"})
    assert in_basket(people) == {"Battery": (2, {}), "Dome": (1, {})}
    page = answer.content.decode()
    assert "Not added:" in page
    assert "Silver" in page


def test_a_configuration_without_a_needed_patient_is_added_as_it_is(petra, people, aid):
    favourite = star(people, aid, BEIGE)
    assert rows(petra)[0].can_add
    petra.post("/favourites/order/", {"only": favourite.pk})
    assert in_basket(people) == {"Hearing aid": (1, BEIGE)}


def test_where_a_patient_is_needed_it_is_not_added_without(petra, people):
    aid = make_aid(patient="required")
    favourite = star(people, aid, BEIGE)
    assert not rows(petra)[0].can_add
    petra.post("/favourites/order/", {"only": favourite.pk})
    assert in_basket(people) == {}


def test_a_clinic_without_patients_is_not_asked_for_one(petra, people):
    Clinic.objects.filter(pk=people.north.pk).update(patient_policy=PatientPolicy.NONE)
    star(people, make_aid(patient="required"), BEIGE)
    (row,) = rows(petra)
    assert row.can_add
    assert not row.asks_patient


def test_ticking_nothing_says_what_to_do(petra, people, battery):
    star(people, battery)
    answer = petra.post("/favourites/order/", follow=True)
    assert "Tick the favourites" in answer.content.decode()


def test_a_form_opened_for_another_clinic_orders_nothing(petra, people, battery):
    favourite = star(people, battery)
    petra.post("/favourites/order/", {"only": favourite.pk, "clinic": people.south.pk})
    assert in_basket(people) == {}


def test_searching_and_narrowing_down(petra, people, aid, battery):
    star(people, aid, BEIGE, name="Spring offer")
    star(people, battery, private_to=people.petra)
    assert [row.title for row in rows(petra, "?q=spring")] == ["Spring offer"]
    assert [row.title for row in rows(petra, "?q=hearing aid")] == ["Spring offer"]
    assert [row.title for row in rows(petra, "?only=mine")] == ["Battery"]
    assert [row.title for row in rows(petra, "?only=shared")] == ["Spring offer"]
    assert rows(petra, "?q=nothing") == []
    assert petra.get("/favourites/?q=%00&only=x&sort=y&page=z").status_code == 200


def test_sorting(petra, people, aid, battery):
    star(people, battery)
    star(people, aid, BEIGE, name="A name")
    assert [row.title for row in rows(petra, "?sort=newest")] == ["A name", "Battery"]
    assert [row.title for row in rows(petra, "?sort=name")] == ["A name", "Battery"]
    Favourite.objects.filter(product=aid).update(name="Z")
    assert [row.title for row in rows(petra, "?sort=name")] == ["Battery", "Z"]


def test_what_is_ordered_most_stands_first(petra, people, battery):
    from tests.orders.again import make_order

    dome = make_product("Zz dome")
    star(people, battery)
    star(people, dome)
    make_order(people, dome)
    assert [row.title for row in rows(petra)] == ["Zz dome", "Battery"]


def test_the_panel_behind_the_star_shows_and_searches(petra, people, aid, battery):
    star(people, aid, BEIGE, name="Spring offer")
    star(people, battery)
    htmx = {"HX-Request": "true"}
    page = petra.get("/favourites/panel/", headers=htmx).content.decode()
    assert "Spring offer" in page
    assert "Battery" in page
    found = petra.get("/favourites/panel/?q=spr", headers=htmx).content.decode()
    assert "Spring offer" in found
    assert "Battery" not in found
    assert petra.get("/favourites/panel/")["Location"] == "/favourites/"


def asked(client, path: str) -> int:
    for _warm in range(2):
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_the_queries_do_not_grow_with_the_favourites(petra, people, aid):
    def keep(count: int) -> None:
        for number in range(count):
            product = make_product(f"Dome {Favourite.objects.count()}") if number % 3 == 0 else aid
            star(people, product, {} if number % 3 == 0 else {**BEIGE, "name": str(Favourite.objects.count())})
            if number % 6 == 0:
                newer = make_aid(f"Newer {product.pk}")
                RetiredProduct.objects.create(product=product, successor=newer)
                type(product).objects.filter(pk=product.pk).update(is_public=False)

    keep(3)
    few = asked(petra, "/favourites/")
    keep(57)
    many = asked(petra, "/favourites/")
    print(f"\nqueries  favourites 3: {few}  60: {many}")
    assert few == many
