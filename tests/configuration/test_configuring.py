"""D1: a product with choices is configured before it is ordered, and can be changed from the basket."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permissions.models import PatientPolicy
from shop.basket import filling
from shop.basket.models import Line
from shop.catalogue.models import Product
from shop.configuration.models import ClassOrdering, RetiredProduct, Wording
from tests.configuration.shelf import (
    GOOD,
    address,
    answer,
    ask,
    configurations,
    form,
    make_aid,
    make_mould,
    option,
    value,
)
from tests.factories import make_product


@pytest.fixture
def aid(people):
    return make_aid()


# --- Adding -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_ear_makes_one_line(petra, aid, side):
    assert petra.post(address(aid), form(side, quantity=2)).url == "/basket/"
    assert configurations() == [{"side": side, **GOOD}]
    assert Line.objects.get().quantity == 2


def test_both_ears_make_a_left_and_a_right_line_each_with_its_own_choices(petra, aid):
    right = {**GOOD, "dome-size": "dome-10", "colour": "colour-silver"}
    petra.post(address(aid), form("both", right=right))
    assert configurations() == [{"side": "left", **GOOD}, {"side": "right", **right}]


def test_both_is_never_stored(petra, aid):
    petra.post(address(aid), form("both"))
    petra.post(address(aid), {**form("left"), "left-option-side": "both"})
    assert {line["side"] for line in configurations()} == {"left", "right"}


def test_a_wrong_right_ear_leaves_the_left_one_out_as_well(petra, aid):
    page = petra.post(address(aid), form("both", right={**GOOD, "power": "power-up"}))
    assert page.status_code == 422
    assert not Line.objects.exists()
    assert "UP is strong." in page.content.decode()


def test_a_pair_of_which_only_one_is_in_stock_is_not_added_in_part(petra, people, aid):
    aid.stockrecords.update(num_in_stock=1)
    aid.product_class.track_stock = True
    aid.product_class.save()
    page = petra.post(address(aid), form("both"))
    assert page.status_code == 422
    assert "Only 1" in page.content.decode()
    assert not Line.objects.exists()


def test_a_pair_locks_the_basket_once(petra, aid):
    petra.post(address(aid), form("left"))
    with CaptureQueriesContext(connection) as queries:
        petra.post(address(aid), form("both"))
    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"] and '"basket_basket"' in query["sql"]]
    assert len(locks) == 1


def test_what_a_hidden_ear_holds_is_not_ordered(petra, aid):
    petra.post(address(aid), {**form("left"), **form("right", {**GOOD, "power": "nonsense"}), "side": "left"})
    assert configurations() == [{"side": "left", **GOOD}]


@pytest.mark.parametrize("side", ["", "both ears", "middle"])
def test_the_side_must_be_said(petra, aid, side):
    page = petra.post(address(aid), {**form("left"), "side": side})
    assert page.status_code == 422
    assert page.context["form"].problems[0][0] == "id_side_0"
    assert not Line.objects.exists()


def test_errors_keep_what_was_typed_and_lead_to_the_fields(petra, aid):
    sent = form("left", {**GOOD, "power": "power-up"}, quantity="0", patient="4711")
    page = petra.post(address(aid), sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_left-option-dome_0"' in text
    assert 'href="#id_quantity"' in text
    assert 'value="4711"' in text
    assert answer(page, "left-option-power").answers[1].chosen


def test_the_same_again_raises_the_quantity(petra, aid):
    for _again in range(2):
        petra.post(address(aid), form("both"))
    assert [line.quantity for line in Line.objects.all()] == [2, 2]


def test_the_dialog_says_what_was_added(petra, aid):
    page = petra.post(address(aid), form("both"), headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "Added to basket" in text
    assert "Left" in text
    assert "Right" in text
    assert 'id="basket-count"' in text


def test_a_page_opened_for_another_clinic_orders_nothing(client, people, aid):
    client.force_login(people.olga)
    page = client.post(address(aid), form("left", clinic=people.south.pk))
    assert page.status_code == 422
    assert "another clinic" in page.content.decode()
    assert not Line.objects.exists()


# --- While choosing ---------------------------------------------------------------------------------------------


def test_choosing_asks_the_server_which_values_still_fit_and_orders_nothing(petra, aid):
    sent = {**form("left", {"power": "power-up", "colour": "colour-beige"}, patient="47"), "check": "1"}
    page = petra.post(address(aid), sent, headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert page.headers["HX-Retarget"] == "#configurator"
    dome = answer(page, "left-option-dome")
    assert [(option.code, option.disabled) for option in dome.answers] == [
        ("dome-open", True),
        ("dome-power", False),
        ("dome-mould", False),
    ]
    text = page.content.decode()
    assert "UP is strong." in text
    assert 'value="47"' in text
    assert "error-summary" not in text  # nothing missing is blamed on who has not come to it yet
    assert not Line.objects.exists()


def test_what_a_rule_asks_for_is_marked_as_required(petra, aid):
    size = answer(petra.post(address(aid), {**form("left", {}), "check": "1"}), "left-option-dome-size")
    assert not size.required
    sent = {**form("left", {"dome": "dome-open"}), "check": "1"}
    assert answer(petra.post(address(aid), sent), "left-option-dome-size").required


def test_a_chosen_value_that_no_longer_fits_is_shown_with_the_reason_and_not_dropped(petra, aid):
    sent = {**form("left", {**GOOD, "power": "power-up"}), "check": "1"}
    dome = answer(petra.post(address(aid), sent), "left-option-dome")
    assert dome.error == "UP is strong."
    assert dome.answers[0].chosen
    assert not dome.answers[0].disabled


def test_questions_are_asked_in_the_readers_language(petra, people, aid):
    Wording.objects.create(option=option("colour"), language="sv", text="Färg", help_text="På kåpan")
    Wording.objects.create(value=value("colour-silver"), language="sv", text="Silvergrå")
    people.petra.language = "sv"
    people.petra.save()
    text = petra.get(address(aid)).content.decode()
    for word in ("Färg", "På kåpan", "Silvergrå", "Beige"):
        assert word in text


# --- Retired ----------------------------------------------------------------------------------------------------


def test_what_is_no_longer_made_is_not_offered(petra, aid):
    assert "Bronze" not in petra.get(address(aid)).content.decode()
    page = petra.post(address(aid), form("left", {**GOOD, "colour": "colour-bronze"}))
    assert page.status_code == 422
    assert "Bronze is no longer made. Choose Silver instead." in page.content.decode()


def test_an_article_no_longer_sold_leads_to_its_successor(petra, aid):
    new = make_aid("New aid")
    RetiredProduct.objects.create(product=aid, successor=new)
    Product.objects.filter(pk=aid.pk).update(is_public=False)
    assert petra.get(address(aid)).url.startswith(f"/products/configure/{new.pk}/")


# --- Patients ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "policy", "shown"),
    [
        (ClassOrdering.Patient.NO, PatientPolicy.REFERENCE, False),
        (ClassOrdering.Patient.OPTIONAL, PatientPolicy.NONE, False),
        (ClassOrdering.Patient.REQUIRED, PatientPolicy.NONE, False),
        (ClassOrdering.Patient.OPTIONAL, PatientPolicy.REFERENCE, True),
        (ClassOrdering.Patient.REQUIRED, PatientPolicy.NAME, True),
    ],
)
def test_the_patient_is_asked_as_product_and_clinic_want(petra, people, aid, asked, policy, shown):
    ClassOrdering.objects.update(patient=asked)
    people.north.patient_policy = policy
    people.north.save()
    assert ('name="patient"' in petra.get(address(aid)).content.decode()) == shown
    response = petra.post(address(aid), form("left"))
    refused = asked == ClassOrdering.Patient.REQUIRED and shown
    assert response.status_code == (422 if refused else 302)


def test_both_ears_are_for_the_same_patient(petra, people, aid):
    petra.post(address(aid), form("both", patient="4711"))
    assert len({line.patient_id for line in Line.objects.all()} - {None}) == 1


@pytest.mark.parametrize("where", ["patient", "remarks"])
def test_identity_numbers_are_refused_wherever_one_may_write(petra, people, where):
    mould = make_mould(patient="optional")
    number = "811228-9874"
    choices = {"remarks": number} if where == "remarks" else {}
    extra = {"patient": number} if where == "patient" else {}
    page = petra.post(address(mould), form("left", choices, **extra))
    assert page.status_code == 422
    assert "identity number" in page.content.decode()
    assert not Line.objects.exists()


# --- Ways in ----------------------------------------------------------------------------------------------------


def test_lists_and_the_products_page_lead_to_the_configurator(petra, aid):
    battery = make_product("Battery")
    for path in ("/products/", "/products/?view=list", aid.get_absolute_url()):
        assert f'href="{address(aid)}"' in petra.get(path).content.decode(), path
    text = petra.get("/products/").content.decode()
    assert f'action="/basket/add/{battery.pk}/"' in text
    assert f'action="/basket/add/{aid.pk}/"' not in text


def test_options_of_one_article_alone_make_it_configurable(petra, aid):
    battery = make_product("Battery")
    battery.product_options.add(option("colour"))
    assert f'href="{address(battery)}"' in petra.get("/products/").content.decode()
    assert petra.get(address(battery)).status_code == 200


def test_buying_without_choices_leads_to_the_configurator(petra, aid):
    assert petra.post(f"/basket/add/{aid.pk}/", {"quantity": 1}).url == address(aid)
    assert not Line.objects.exists()


def test_the_basket_leads_back_to_the_configurator(petra, people, aid):
    choice = filling.Choice({"side": "left", **GOOD})
    line = filling.add(user=people.petra, clinic=people.north, product=aid, quantity=1, choice=choice)
    assert f'href="{address(aid)}?line={line.pk}"' in petra.get("/basket/").content.decode()


def test_what_has_no_choices_has_no_configurator(petra):
    battery = make_product("Battery")
    assert petra.get(address(battery)).url == battery.get_absolute_url()


def test_what_is_not_in_the_assortment_is_not_found(client, people, aid):
    client.force_login(people.otto)
    assert client.get(address(aid)).status_code == 404
    assert client.post(address(aid), form("left")).status_code == 404


# --- Bad input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "integer", "float", "date"])
@pytest.mark.parametrize("typed", ["--5", "a\0b", "\0", "-", "²", "1_0", "nan", "9" * 400])
def test_what_cannot_be_is_answered_in_words(petra, kind, typed):
    mould = make_mould()
    ask(mould.product_class, "typed", required=False, kind=kind)
    assert petra.post(address(mould), form("left", {"typed": typed})).status_code in (302, 422)


@pytest.mark.parametrize("typed", ["8112189876", "811218\0-9876"])
@pytest.mark.parametrize("kind", ["text", "float"])
def test_an_identity_number_is_refused_whatever_is_asked(petra, kind, typed):
    mould = make_mould()
    ask(mould.product_class, "typed", required=False, kind=kind)
    assert petra.post(address(mould), form("left", {"typed": typed})).status_code == 422
    assert not Line.objects.exists()


@pytest.mark.parametrize("name", ["line", "favourite", "again"])
@pytest.mark.parametrize("key", ["9" * 18, "9" * 30, "9" * 5000, "²", "\0", "-1"])
def test_a_key_of_nothing_finds_nothing(petra, aid, name, key):
    assert petra.get(address(aid), {name: key}).status_code in (200, 302, 404)
