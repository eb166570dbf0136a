"""Customer service writes the rules, retires values and names them; what is saved holds for the next line."""

import pytest
from django.contrib.auth.models import Group, Permission

from shop.catalogue.models import Product
from shop.configuration.loading import configuration_of
from shop.configuration.models import ClassOrdering, RetiredProduct, RetiredValue, Rule, Wording
from shop.configuration.options import Invalid
from tests.configuration.shelf import GOOD, ask, make_aid, option, value

BASE = "/backoffice/configuration/"


@pytest.fixture
def aid(people):
    return make_aid()


@pytest.fixture
def stella(client, people):
    people.stella.groups.add(Group.objects.get(name="Customer service"))
    client.force_login(people.stella)
    return client


def rule_form(**changes) -> dict:
    sent = {
        "option": option("colour").pk,
        "value": value("colour-beige").pk,
        "effect": "excludes",
        "target_option": option("dome").pk,
        "targets": [value("dome-open").pk],
        "reason": "Beige has no open dome.",
    }
    return {name: given for name, given in {**sent, **changes}.items() if given is not None}


def test_a_new_rule_holds_for_the_next_line(stella, aid):
    assert configuration_of(aid).clean({"side": "left", **GOOD})
    response = stella.post(f"{BASE}types/{aid.product_class.pk}/rules/add/", rule_form())
    assert response.url == BASE
    with pytest.raises(Invalid, match=r"Beige has no open dome\."):
        configuration_of(aid).clean({"side": "left", **GOOD})
    page = stella.get(BASE).content.decode()
    assert "Beige has no open dome." in page


def test_a_rule_is_changed_and_deleted(stella, aid):
    rule = Rule.objects.order_by("pk").first()
    shown = stella.get(f"{BASE}rules/{rule.pk}/")
    assert shown.context["form"].initial["option"] == rule.option_id
    sent = rule_form(option=rule.option_id, value=rule.value_id, reason="Changed.")
    stella.post(f"{BASE}rules/{rule.pk}/", sent)
    rule.refresh_from_db()
    assert rule.reason == "Changed."
    assert stella.get(f"{BASE}rules/{rule.pk}/delete/").status_code == 200
    assert Rule.objects.filter(pk=rule.pk).exists()
    stella.post(f"{BASE}rules/{rule.pk}/delete/")
    assert not Rule.objects.filter(pk=rule.pk).exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value": "dome-open"}, "value", "Open is not a value of Colour."),
        ({"targets": ["colour-beige", "dome-open"]}, "targets", "Beige is not a value of Dome."),
        ({"targets": ["colour-beige", "power-up"]}, "targets", "Beige, Up are not values of Dome."),
        ({"target_option": "colour", "targets": []}, "target_option", "another option"),
        ({"option": None}, "option", "required"),
        ({"effect": "suggests"}, "effect", "valid choice"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(stella, aid, changes, field, sentence):
    known = {"value": lambda code: value(code).pk, "target_option": lambda code: option(code).pk}
    known["targets"] = lambda codes: [value(code).pk for code in codes]
    given = {name: known[name](given) if given and name in known else given for name, given in changes.items()}
    before = Rule.objects.count()
    page = stella.post(f"{BASE}types/{aid.product_class.pk}/rules/add/", rule_form(**given))
    assert page.status_code == 422
    assert sentence in " ".join(page.context["form"].errors[field])
    assert Rule.objects.count() == before


def test_a_rule_is_about_the_options_of_its_type_only(stella, aid):
    other = type(aid.product_class).objects.create(name="Battery", slug="battery")
    ask(other, "size", ["size-10", "size-13"])
    page = stella.post(f"{BASE}types/{aid.product_class.pk}/rules/add/", rule_form(target_option=option("size").pk))
    assert "target_option" in page.context["form"].errors
    assert page.status_code == 422


def test_any_value_can_begin_a_rule(stella, aid):
    stella.post(f"{BASE}types/{aid.product_class.pk}/rules/add/", rule_form(value=None, reason=""))
    with pytest.raises(Invalid):
        configuration_of(aid).clean({"side": "left", **GOOD})


def test_a_value_is_retired_and_made_again(stella, aid):
    silver = value("colour-silver")
    path = f"{BASE}values/{silver.pk}/"
    stella.post(path, {"is_retired": "on", "successor": value("colour-beige").pk})
    with pytest.raises(Invalid, match="Silver is no longer made"):
        configuration_of(aid).clean({"side": "left", **GOOD, "colour": "colour-silver"})
    stella.post(path, {})
    assert configuration_of(aid).clean({"side": "left", **GOOD, "colour": "colour-silver"})


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"successor": "colour-beige"}, "is_retired"),
        ({"is_retired": "on", "successor": "colour-bronze"}, "successor"),
        ({"is_retired": "on", "successor": "dome-open"}, "successor"),
        ({"is_retired": "on", "successor": "colour-silver"}, "successor"),
    ],
)
def test_a_successor_must_be_another_value_of_the_group_that_is_made(stella, aid, sent, field):
    sent = {name: value(given).pk if name == "successor" else given for name, given in sent.items()}
    page = stella.post(f"{BASE}values/{value('colour-silver').pk}/", sent)
    assert field in page.context["form"].errors
    assert not RetiredValue.objects.filter(value=value("colour-silver")).exists()


def test_names_are_written_in_every_language_and_taken_back(stella, aid):
    stella.post(f"{BASE}options/{option('colour').pk}/", {"text_sv": "Färg", "help_sv": "På kåpan", "text_nb": "Farge"})
    stella.post(f"{BASE}values/{value('colour-beige').pk}/", {"text_da": "Sand"})
    words = set(Wording.objects.values_list("language", "text", "help_text"))
    assert words == {("sv", "Färg", "På kåpan"), ("nb", "Farge", ""), ("da", "Sand", "")}
    stella.post(f"{BASE}options/{option('colour').pk}/", {"text_sv": "Kulör"})
    assert set(Wording.objects.values_list("text", flat=True)) == {"Kulör", "Sand"}


def test_a_type_says_whether_patient_and_scan_are_asked(stella, aid):
    path = f"{BASE}types/{aid.product_class.pk}/"
    stella.post(path, {"patient": "required", "takes_ear_scan": "on"})
    asked = configuration_of(aid)
    assert (asked.patient, asked.takes_ear_scan) == ("required", True)
    ClassOrdering.objects.all().delete()
    stella.post(path, {"patient": "optional"})
    assert configuration_of(aid).patient == "optional"


def test_an_article_gets_a_successor_by_its_number(stella, aid):
    new = make_aid("New")
    stella.post(f"{BASE}products/", {"product": aid.upc.lower(), "successor": f" {new.upc} "})
    retired = RetiredProduct.objects.get()
    assert (retired.product_id, retired.successor_id) == (aid.pk, new.pk)
    stella.post(f"{BASE}products/{retired.pk}/delete/")
    assert not RetiredProduct.objects.exists()


@pytest.mark.parametrize("wrong", ["itself", "unknown", "off sale", "retired"])
def test_a_successor_must_be_on_sale(stella, aid, wrong):
    new = make_aid("New")
    number = {"itself": aid.upc, "unknown": "X-0"}.get(wrong, new.upc)
    if wrong == "off sale":
        Product.objects.filter(pk=new.pk).update(is_public=False)
    if wrong == "retired":
        RetiredProduct.objects.create(product=new, successor=make_aid("Newest"))
    before = RetiredProduct.objects.count()
    page = stella.post(f"{BASE}products/", {"product": aid.upc, "successor": number})
    assert page.status_code == 422
    assert RetiredProduct.objects.count() == before


PATHS = [
    "",
    "types/{type}/",
    "types/{type}/rules/add/",
    "rules/{rule}/",
    "rules/{rule}/delete/",
    "values/",
    "values/{value}/",
    "options/{option}/",
    "products/",
    "products/{product}/delete/",
]


def paths(aid) -> list[str]:
    RetiredProduct.objects.get_or_create(product=aid, defaults={"successor": make_aid("New")})
    keys = {
        "type": aid.product_class.pk,
        "rule": Rule.objects.first().pk,
        "value": value("colour-beige").pk,
        "option": option("colour").pk,
        "product": aid.pk,
    }
    return [BASE + path.format(**keys) for path in PATHS]


def test_customer_service_opens_every_page(stella, aid):
    assert {path: stella.get(path).status_code for path in paths(aid)} == dict.fromkeys(paths(aid), 200)


@pytest.mark.parametrize("who", ["olga", "petra", "otto", "edit", "stella"])
def test_nobody_else_does_nor_sends(client, people, aid, who):
    """Stella without her group is of the staff and may nothing."""
    client.force_login(getattr(people, who))
    for path in paths(aid):
        assert client.get(path).status_code == 403, path
        assert client.post(path, {}).status_code == 403, path
    assert Rule.objects.count() == 4


def test_who_may_only_look_neither_adds_nor_deletes(client, people, aid):
    people.stella.user_permissions.add(Permission.objects.get(codename="view_rule"))
    client.force_login(people.stella)
    assert client.get(BASE).status_code == 200
    assert "New rule" not in client.get(BASE).content.decode()
    assert {client.post(path, {}).status_code for path in paths(aid)[1:]} == {403}
