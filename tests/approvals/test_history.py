"""What differs between two steps, line by line."""

import json

import pytest
from django.core.exceptions import ValidationError

from shop.approvals import changing, flow
from shop.approvals.forms import return_form, submit_form
from shop.approvals.history import history, since_submission
from shop.approvals.snapshots import differences, take
from shop.basket import filling
from tests.approvals.submissions import afresh, approve, submit, submitted
from tests.factories import make_product, ready_to_confirm
from tests.ordering.aids import make_aid


def row(key="1", number="A-1", quantity=2, price="10.00", options=()):
    pairs = [list(pair) for pair in options]
    return {
        "key": key,
        "product": f"Article {number}",
        "number": number,
        "options": pairs,
        "quantity": quantity,
        "unit_price": price,
        "currency": "SEK",
    }


def kinds(before, after):
    return [(found.kind, found.number, found.before, found.after) for found in differences(before, after)]


def test_equal_baskets_have_no_differences():
    assert kinds([row(), row("2", "A-2")], [row("2", "A-2"), row()]) == []


def test_added_removed_and_changed_lines_are_told_apart():
    before = [row("1", "A-1"), row("2", "A-2", quantity=2), row("3", "A-3", price="10.00")]
    after = [row("2", "A-2", quantity=3), row("3", "A-3", price="12.50"), row("4", "A-4", quantity=7)]
    found = kinds(before, after)
    assert [kind for kind, *_rest in found] == ["quantity", "price", "added", "removed"]
    assert found[0][1:] == ("A-2", 2, 3)
    assert [str(money) for money in found[1][2:]] == ["10.00", "12.50"]
    assert found[2][1:] == ("A-4", None, 7)
    assert found[3][1:] == ("A-1", 2, None)


def test_another_choice_of_the_same_product_is_a_change_not_a_removal():
    left, right = row("1a", options=[("Side", "Left")]), row("1b", options=[("Side", "Right")], quantity=5)
    assert kinds([left], [right]) == [
        ("choices", "A-1", "Side: Left", "Side: Right"),
        ("quantity", "A-1", 2, 5),
    ]


def test_a_pair_of_which_one_is_taken_out():
    pair = [row("left", options=[("Side", "Left")]), row("right", options=[("Side", "Right")])]
    assert kinds(pair, pair[:1]) == [("removed", "A-1", 2, None)]
    assert kinds(pair[:1], pair) == [("added", "A-1", None, 2)]


def test_a_price_that_is_gone():
    assert kinds([row()], [row(price=None)])[0][2:] == (pytest.approx(10), None)


@pytest.fixture
def product(people):
    return make_product("Tubes", price="100.00", stock=10_000)


@pytest.fixture
def basket(people, product):
    return submitted(people.asta, people.north, product)


def entries(basket):
    return history(list(basket.approval_steps.all()))


def test_what_an_approver_chooses_otherwise_is_the_approvers_step(people, client):
    aid = make_aid()
    choice = filling.Choice({"side": "left", "colour": "beige"})
    filling.add(user=people.asta, clinic=people.north, product=aid, quantity=1, choice=choice)
    basket = submit(people.asta, ready_to_confirm(people.asta, people.north))
    client.force_login(people.olga)
    where = f"/products/configure/{aid.pk}/?line={basket.lines.get().pk}&basket={basket.public_id}"
    client.post(where, {"one-option-side": "left", "one-option-colour": "black", "quantity": "1"})
    changed = entries(basket)[-1]
    assert (changed.action, changed.by) == ("changed", people.olga)
    assert [found.kind for found in changed.changes] == ["choices"]


def test_what_an_approver_changes_in_a_row_is_one_step(people, basket):
    line = basket.lines.get()
    for quantity in (3, 4, 5):
        changing.change_quantity(user=people.olga, basket_id=basket.pk, line_id=line.pk, quantity=quantity)
    changed = entries(basket)[-1]
    assert (changed.action, changed.by) == ("changed", people.olga)
    assert [(found.kind, found.before, found.after) for found in changed.changes] == [("quantity", 2, 5)]
    assert len(entries(basket)) == 2


def test_a_change_that_comes_to_nothing_is_not_told(people, basket):
    for quantity in (3, 2):
        changing.change_quantity(
            user=people.olga, basket_id=basket.pk, line_id=basket.lines.get().pk, quantity=quantity
        )
    assert [entry.action for entry in entries(basket)] == ["submitted"]


def test_two_approvers_have_a_step_each(people, basket):
    line = basket.lines.get()
    changing.change_quantity(user=people.olga, basket_id=basket.pk, line_id=line.pk, quantity=3)
    changing.change_quantity(user=people.petra, basket_id=basket.pk, line_id=line.pk, quantity=4)
    assert [entry.by for entry in entries(basket)[1:]] == [people.olga, people.petra]


def test_a_change_by_another_door_shows_at_the_next_step(people, basket):
    """The configurator changes a waiting basket's line without knowing of approval."""
    where = {"user": people.olga, "clinic": people.north, "basket_id": basket.pk}
    filling.change_quantity(**where, line_id=basket.lines.get().pk, quantity=8)
    approve(people.olga, basket)
    last = entries(basket)[-1]
    assert (last.action, last.changes[0].after) == ("approved", 8)


def test_the_correction_of_a_returned_basket_is_told_at_its_submission(people, basket, product):
    flow.send_back(user=people.olga, basket_id=basket.pk, comment="Fewer")
    where = {"user": people.asta, "clinic": people.north, "basket_id": basket.pk}
    filling.remove(**where, line_id=basket.lines.get().pk)
    filling.add(**where, product=make_product("Domes"), quantity=1)
    submit(people.asta, basket)
    last = entries(basket)[-1]
    assert [(found.kind, found.product) for found in last.changes] == [("added", "Domes"), ("removed", "Tubes")]


def test_a_price_that_changed_since_the_submission_is_shown(people, basket, product):
    product.stockrecords.update(price="110.00")
    found = since_submission(list(basket.approval_steps.all()), take(afresh(basket)))
    assert [(one.kind, str(one.before), str(one.after)) for one in found] == [("price", "100.00", "110.00")]


def test_a_step_keeps_no_patient(people, basket):
    line = basket.approval_steps.get().lines[0]
    assert set(line) == {"key", "product", "number", "options", "quantity", "unit_price", "currency"}
    assert "patient" not in json.dumps(line)


@pytest.mark.parametrize("form", [submit_form, return_form])
def test_identity_numbers_are_refused_in_comments(form):
    prefix = form().prefix
    bound = form({f"{prefix}-comment": "for 811218-9876"})
    assert not bound.is_valid()
    assert isinstance(bound.errors.as_data()["comment"][0], ValidationError)
