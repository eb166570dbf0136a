"""D4: two baskets become one, exactly as it was shown; nothing is lost or doubled."""

from datetime import UTC, datetime

import pytest

from shop.basket import filling, merging, sharing
from shop.basket.filling import Choice, Refused
from shop.basket.models import Basket, ChosenBasket, Line
from tests.factories import fill_basket, make_product
from tests.ordering.aids import make_aid, make_patient

LEFT = {"side": "left", "colour": "beige"}


def contents(basket: Basket) -> dict[str, int]:
    return {line.product.title: line.quantity for line in basket.lines.select_related("product")}


def merged(people, source: Basket, target: Basket) -> Basket:
    seen = merging.plan_of(source, target).seen
    ids = {"source_id": source.pk, "target_id": target.pk}
    return merging.merge(user=people.petra, clinic=people.north, **ids, seen=seen)


@pytest.fixture
def goods(people):
    return {name: make_product(name, price="10.00", stock=100) for name in ("Domes", "Filters", "Batteries")}


@pytest.fixture
def two(people, goods):
    """Olga's basket, which goes, and Petra's, which stays; both hold domes."""
    source = fill_basket(people.olga, people.north, goods["Domes"], goods["Filters"], quantity=3)
    target = fill_basket(people.petra, people.north, goods["Domes"], goods["Batteries"], quantity=2)
    return source, target


def test_the_same_adds_up_and_the_rest_moves(people, two):
    source, target = two
    kept = target.lines.get(product__title="Domes").pk
    Line.objects.filter(basket=source).update(date_created=datetime(2026, 11, 20, 8, 5, tzinfo=UTC))
    assert merged(people, source, target) == target
    assert contents(target) == {"Domes": 5, "Batteries": 2, "Filters": 3}
    moved = target.lines.get(product__title="Filters")
    assert (moved.added_by, moved.date_created) == (people.olga, datetime(2026, 11, 20, 8, 5, tzinfo=UTC))
    assert target.lines.get(product__title="Domes").added_by == people.petra
    assert target.lines.get(product__title="Domes").pk == kept
    source.refresh_from_db()
    assert (source.status, source.merged_into, source.lines.count()) == ("Merged", target, 0)


def test_what_is_shown_first_is_what_happens(client, people, two):
    source, target = two
    client.force_login(people.petra)
    path = f"/basket/{source.public_id}/merge/"
    page = client.get(path)
    plan = page.context["plan"]
    shown = {line.row.product.title: (line.kept, line.moved) for line in plan.lines}
    assert shown == {"Domes": (2, 3), "Batteries": (2, 0), "Filters": (0, 3)}
    assert str(plan.net) == "100.00"
    assert Basket.objects.get(pk=source.pk).status == "Open"  # nothing happened yet
    done = client.post(path, {"into": target.public_id, "seen": plan.seen, "clinic": people.north.pk}, follow=True)
    assert "is now part of" in done.content.decode()
    assert contents(target) == {name: kept + moved for name, (kept, moved) in shown.items()}
    assert "Now also holds what was in Basket of Olga" in client.get("/basket/").content.decode()


def test_whoever_filled_the_one_that_goes_fills_the_other_from_then_on(people, two, goods):
    source, target = two
    sharing.choose(user=people.asta, basket=source)
    merged(people, source, target)
    assert set(ChosenBasket.objects.values_list("basket", flat=True)) == {target.pk}
    filling.add(user=people.asta, clinic=people.north, product=goods["Filters"], quantity=1)
    assert contents(target)["Filters"] == 4


@pytest.mark.parametrize("change", ["source", "target"])
def test_what_changed_since_it_was_shown_is_shown_again(client, people, two, goods, change):
    source, target = two
    client.force_login(people.petra)
    path = f"/basket/{source.public_id}/merge/"
    seen = client.get(path).context["plan"].seen
    changed = {"source": source, "target": target}[change]
    line = changed.lines.get(product__title="Domes")
    who = {"user": people.olga, "clinic": people.north, "basket_id": changed.pk}
    filling.change_quantity(**who, line_id=line.pk, quantity=9)
    answer = client.post(path, {"into": target.public_id, "seen": seen})
    assert answer.status_code == 422
    assert "has changed since you looked" in answer.content.decode()
    assert Basket.objects.get(pk=source.pk).status == "Open"
    again = answer.context["plan"].seen
    client.post(path, {"into": target.public_id, "seen": again})
    assert contents(target)["Domes"] == {"source": 11, "target": 12}[change]


def test_notes_are_joined_and_the_same_note_is_kept_once(people, two):
    source, target = two
    Line.objects.filter(basket=source).update(note="For room 2")
    target.lines.filter(product__title="Domes").update(note="Ask Olga")
    Basket.objects.filter(pk=source.pk).update(note="Same", title="Evening", purchase_number="PO-1")
    Basket.objects.filter(pk=target.pk).update(note="Same", reference="Room 4")
    merged(people, Basket.objects.get(pk=source.pk), Basket.objects.get(pk=target.pk))
    assert target.lines.get(product__title="Domes").note == "Ask Olga · For room 2"
    assert target.lines.get(product__title="Filters").note == "For room 2"
    target.refresh_from_db()
    assert (target.note, target.title, target.purchase_number, target.reference) == (
        "Same",
        "Evening",
        "PO-1",
        "Room 4",
    )


def test_what_the_basket_that_stays_says_already_is_kept(people, two):
    source, target = two
    Basket.objects.filter(pk=source.pk).update(title="Goes", purchase_number="PO-1")
    Basket.objects.filter(pk=target.pk).update(title="Stays", purchase_number="PO-2")
    merged(people, *(Basket.objects.get(pk=basket.pk) for basket in two))
    target.refresh_from_db()
    assert (target.title, target.purchase_number) == ("Stays", "PO-2")


def test_the_same_aid_for_another_patient_or_ear_stays_another_line(people):
    aid = make_aid()
    labels = [make_patient(people.petra, people.north, text) for text in ("Ref 1", "Ref 2")]
    asked = [
        (people.olga, Choice(LEFT, labels[0])),
        (people.olga, Choice({**LEFT, "side": "right"}, labels[0])),
        (people.petra, Choice(LEFT, labels[0])),
        (people.petra, Choice(LEFT, labels[1])),
    ]
    for user, choice in asked:
        filling.add(user=user, clinic=people.north, product=aid, quantity=1, choice=choice)
    source, target = (Basket.objects.open_for(user, people.north) for user in (people.olga, people.petra))
    merged(people, source, target)
    lines = {(line.configuration["side"], line.patient_id): line.quantity for line in target.lines.all()}
    assert lines == {("left", labels[0].pk): 2, ("right", labels[0].pk): 1, ("left", labels[1].pk): 1}


def test_more_than_is_in_stock_is_said_before_and_refused(client, people, two, goods):
    source, target = two
    goods["Domes"].stockrecords.update(num_in_stock=4)
    client.force_login(people.petra)
    page = client.get(f"/basket/{source.public_id}/merge/")
    assert "Only 4 of Domes are in stock." in page.content.decode()
    assert "Merge the baskets" not in page.content.decode()
    with pytest.raises(Refused):
        merged(people, source, target)
    assert (contents(source), contents(target)) == ({"Domes": 3, "Filters": 3}, {"Domes": 2, "Batteries": 2})


def test_more_than_a_line_may_hold_is_refused(people, two, goods):
    source, target = two
    goods["Domes"].stockrecords.update(num_in_stock=None)
    Line.objects.filter(product=goods["Domes"]).update(quantity=5_000)
    plan = merging.plan_of(source, target)
    assert plan.problems == ["Together there would be more than 9999 of Domes."]
    with pytest.raises(Refused):
        merged(people, source, target)


def test_notes_too_long_to_join_are_not_cut(people, two):
    source, target = two
    Line.objects.filter(basket=source).update(note="a" * 150)
    Line.objects.filter(basket=target).update(note="b" * 150)
    with pytest.raises(Refused, match="too long together"):
        merged(people, source, target)
    assert set(Line.objects.values_list("note", flat=True)) == {"a" * 150, "b" * 150}


@pytest.mark.parametrize("which", ["source", "target"])
@pytest.mark.parametrize("status", ["Waiting", "Submitted", "Merged", "Discarded"])
def test_only_baskets_that_can_be_filled_are_merged(people, two, which, status):
    changed = dict(zip(("source", "target"), two, strict=True))[which]
    Basket.objects.filter(pk=changed.pk).update(status=status)
    source, target = (Basket.objects.get(pk=basket.pk) for basket in two)
    with pytest.raises(Refused):
        merged(people, source, target)
    assert contents(source) == {"Domes": 3, "Filters": 3}


def test_a_basket_with_a_history_of_approval_may_only_stay(people, two):
    source, target = two
    source.approval_steps.create(action="returned", by=people.olga)
    Basket.objects.filter(pk=source.pk).update(status="Returned")
    source.refresh_from_db()
    with pytest.raises(Refused, match="keeps its history"):
        merged(people, source, target)
    assert merged(people, target, source).status == "Returned"
    assert contents(source) == {"Domes": 5, "Filters": 3, "Batteries": 2}


def test_a_basket_is_not_merged_into_itself(people, two):
    source, _target = two
    with pytest.raises(Refused):
        merged(people, source, source)
    assert contents(source) == {"Domes": 3, "Filters": 3}


def test_baskets_of_two_clinics_are_never_merged(client, people, goods):
    client.force_login(people.olga)
    south = fill_basket(people.olga, people.south, goods["Domes"])
    north = fill_basket(people.olga, people.north, goods["Domes"])
    path = f"/basket/{south.public_id}/merge/"
    for asked in (client.get(f"{path}?into={north.public_id}"), client.post(path, {"into": north.public_id})):
        assert asked.status_code == 404


def test_an_into_that_is_nonsense_is_not_found(client, people, two):
    client.force_login(people.petra)
    assert client.get(f"/basket/{two[0].public_id}/merge/?into=nonsense").status_code == 404


def test_without_a_basket_of_ones_own_one_is_told_what_to_do(client, people, two):
    client.force_login(people.asta)
    answer = client.get(f"/basket/{two[0].public_id}/merge/", follow=True)
    assert "Continue one of the baskets first." in answer.content.decode()
