"""D8: what an account asks of its purchase numbers, at the delivery step and again when the order is sent."""

import html
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.checkout.placing import DeliveryIncomplete, place_order
from shop.checkout.purchase_numbers import LONGEST_NUMBER, Rules, pattern_problem
from shop.order.models import Order
from tests.checkout.delivering import answers
from tests.factories import fill_basket, make_product, ready_to_confirm


def ask(people, **rules) -> None:
    account = people.north.account
    for name, value in rules.items():
        setattr(account, name if name.startswith("allows") else f"purchase_number_{name}", value)
    account.save()


def said(answer) -> str:
    return html.unescape(answer.content.decode())


def send(petra, people, number: str):
    return petra.post("/checkout/details/", answers(people.north, purchase_number=number))


def test_without_rules_any_number_or_none_will_do(petra, people):
    fill_basket(people.petra, people.north, make_product())
    for number in ("", "PO 77", "Å/1 – x"):
        assert send(petra, people, number).status_code == 302


def test_a_required_number_is_asked_for_before_the_review(petra, people):
    ask(people, required=True)
    ready_to_confirm(people.petra, people.north, make_product())
    answer = send(petra, people, "  ")
    assert answer.status_code == 422
    assert "Your company asks for a purchase number on every order." in said(answer)
    assert "Your company asks for" in said(petra.get("/checkout/review/", follow=True))
    assert send(petra, people, "1").status_code == 302


@pytest.mark.parametrize(
    ("number", "fits"),
    [("INK-0042", True), ("INK-42", False), ("xINK-0042", False), ("INK-0042 ", True), ("INK-00421", False)],
)
def test_the_whole_number_must_fit_the_pattern(petra, people, number, fits):
    """Spaces around it are taken off, as everywhere."""
    ask(people, pattern=r"INK-\d{4}", help="INK- and four digits <b>")
    fill_basket(people.petra, people.north, make_product())
    answer = send(petra, people, number)
    assert (answer.status_code == 302) is fits
    if not fits:
        assert "This is not how your company writes its purchase numbers. INK- and four digits" in said(answer)
        assert "<b>" not in answer.content.decode().split("<main")[1].split("<aside")[0]


def test_allowed_numbers_are_a_list_to_choose_from(petra, people):
    ask(people, values="A-1\nB-2\n\n A-1 \n")
    fill_basket(people.petra, people.north, make_product())
    page = said(petra.get("/checkout/details/"))
    assert page.count('<option value="A-1">') == 1
    assert "<datalist" not in page
    assert send(petra, people, "C-3").status_code == 422
    assert send(petra, people, "B-2").status_code == 302
    assert send(petra, people, "").status_code == 302


def test_with_a_pattern_the_allowed_numbers_are_suggestions(petra, people):
    ask(people, values="FRAME-2026", pattern=r"\d{4}")
    fill_basket(people.petra, people.north, make_product())
    assert '<datalist id="purchase-number-values"><option value="FRAME-2026">' in said(petra.get("/checkout/details/"))
    for number, status in (("FRAME-2026", 302), ("1234", 302), ("FRAME-2027", 422)):
        assert send(petra, people, number).status_code == status


@pytest.mark.parametrize("rule", [{"required": True}, {"pattern": r"\d+"}, {"values": "A-1"}])
def test_rules_that_came_after_the_review_hold_at_confirm(people, rule):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    basket.purchase_number = "" if "required" in rule else "PO"
    basket.save()
    reviewed = fingerprint(basket)
    ask(people, **rule)
    with pytest.raises(DeliveryIncomplete):
        place_order(user=people.petra, basket_id=basket.pk, reviewed=reviewed)
    assert not Order.objects.exists()


@pytest.mark.parametrize("name", ["purchase_number", "reference"])
def test_an_identity_number_is_refused(petra, people, name):
    fill_basket(people.petra, people.north, make_product())
    answer = petra.post("/checkout/details/", answers(people.north, **{name: "19811218-9876"}))
    assert answer.status_code == 422
    assert "identity number" in said(answer)
    assert getattr(Basket.objects.get(), name) == ""


@pytest.mark.parametrize(
    "pattern",
    ["", r"INK-\d{4}(-\d{4})?", r"20\d\d/\d{1,5}", "[A-Z]{2,4}[0-9]+", r"(AB|CD)\d+", r"\w+-\w+-\w+", r"(\d{2}-)+\d"],
)
def test_usual_patterns_are_accepted(pattern):
    assert pattern_problem(pattern) == ""


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "*", "a{99999999999}", "(?P<1>x)", "(" * 500])
def test_what_is_no_pattern_is_refused(pattern):
    assert pattern_problem(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a|a)*b",
        "(a*)*",
        "(.*)(.*)(.*)(.*)x",
        "a*a*a*a*a*b",
        r"(\w+\s?)+x",
        "(a|aa)+",
        "(a?){30}",
        "(?=(a+)+)b",
        r"(a)\1",
    ],
)
def test_patterns_that_could_hang_the_portal_are_refused(pattern):
    assert "too long to check" in pattern_problem(pattern)


ATOMS = st.sampled_from(["a", "[ab]", r"\w", ".", "b", "-"])
PARTS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
    ),
    max_leaves=8,
)
HOSTILE = ["a" * LONGEST_NUMBER, "a" * (LONGEST_NUMBER - 1) + "!", "ab" * 19 + "!", "b" * 39 + "!", "a-" * 19 + "!"]


@settings(max_examples=300, deadline=None)
@given(PARTS)
def test_every_accepted_pattern_is_fast_on_hostile_numbers(pattern):
    if pattern_problem(pattern):
        return
    rules = Rules(pattern=pattern)
    started = time.process_time()
    for number in HOSTILE:
        rules.problem(number)
    assert time.process_time() - started < 0.5


def test_a_pattern_that_got_past_the_back_office_stops_nobody():
    assert Rules(pattern="(a+)+b").problem("a" * 40) == ""
    assert Rules(pattern="(").problem("x") == ""
