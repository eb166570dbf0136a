"""D4, D5: the clinic's open baskets, continuing a colleague's, saving, discarding; and who may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from shop.basket import filling, sharing
from shop.basket.filling import Refused
from shop.basket.models import Basket, Line
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from tests.baskets.deeds import chosen, of
from tests.factories import fill_basket, make_product, ready_to_confirm


def test_everybody_who_prepares_orders_sees_the_open_baskets_of_the_clinic(asta, people):
    petras = fill_basket(people.petra, people.north, make_product("Domes", price="10.00"), quantity=3)
    sharing.rename(user=people.petra, basket=petras, title="Week 48")
    fill_basket(people.olga, people.south, make_product("Elsewhere"))
    page = asta.get("/orders/open/")
    (row,) = page.context["rows"]
    assert (row.title, row.owner, row.line_count, str(row.net)) == ("Week 48", "Petra", 1, "30.00")
    assert (row.latest, row.is_mine) == ("Petra", False)
    assert "Week 48" in page.content.decode()


def test_a_basket_without_a_title_is_called_after_who_began_it(people):
    basket = fill_basket(people.petra, people.north, make_product())
    basket.date_created = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # past midnight in Sweden
    assert sharing.title_of(basket) == "Basket of Petra, 21 November"


def test_empty_and_closed_baskets_are_not_listed(asta, people):
    product = make_product()
    for closed in ("Submitted", "Merged", "Discarded", "Rejected"):
        basket = fill_basket(people.petra, people.north, product)
        Basket.objects.filter(pk=basket.pk).update(status=closed)
    empty = fill_basket(people.olga, people.north, product)
    empty.lines.all().delete()
    waiting = fill_basket(people.petra, people.north, product)
    Basket.objects.filter(pk=waiting.pk).update(status="Waiting")
    assert [row.basket for row in asta.get("/orders/open/").context["rows"]] == [waiting]


def test_the_newest_change_comes_first_and_pages_follow(asta, people):
    product = make_product()
    baskets = [Basket.objects.create(owner=people.petra, clinic=people.north) for _number in range(22)]
    for basket in baskets:
        filling.add(user=people.petra, clinic=people.north, product=product, quantity=1, basket_id=basket.pk)
    filling.add(user=people.olga, clinic=people.north, product=product, quantity=1, basket_id=baskets[0].pk)
    first, second = (asta.get(f"/orders/open/?page={page}").context["rows"] for page in (1, 2))
    assert (len(first), len(second)) == (20, 2)
    assert [first[0].basket, first[1].basket] == [baskets[0], baskets[-1]]


def test_all_clinics_are_listed_for_who_works_at_several(client, people):
    client.force_login(people.olga)
    fill_basket(people.petra, people.north, make_product("Here"))
    fill_basket(people.olga, people.south, make_product("There"))
    here = client.get("/orders/open/").context["rows"]
    everywhere = client.get("/orders/open/?clinics=all").context["rows"]
    assert (len(here), len(everywhere)) == (1, 2)


def test_continuing_a_colleagues_basket_fills_it_and_leaves_ones_own_open(asta, people):
    product, other = make_product("Domes"), make_product("Filters")
    petras = fill_basket(people.petra, people.north, product)
    own = fill_basket(people.asta, people.north, other)
    answer = asta.post(of(petras, "choose"), {"clinic": people.north.pk}, follow=True)
    assert "You now fill “Basket of Petra" in answer.content.decode()
    asta.post(f"/basket/add/{other.pk}/", {"quantity": 2})
    assert set(petras.lines.values_list("product", "quantity", "added_by")) == {
        (product.pk, 1, people.petra.pk),
        (other.pk, 2, people.asta.pk),
    }
    assert own.lines.get().quantity == 1
    assert Basket.objects.get(pk=own.pk).status == "Open"


def test_a_basket_of_another_of_ones_clinics_takes_one_there(client, people):
    client.force_login(people.olga)
    client.get("/orders/open/")
    south = fill_basket(people.olga, people.south, make_product())
    page = client.post(of(south, "choose"), {"clinic": people.north.pk}, follow=True)
    assert page.wsgi_request.clinic == people.south
    assert "You now work for Nordhear South." in page.content.decode()
    assert page.context["basket"] == south


def test_saving_keeps_it_open_under_its_title_and_the_next_thing_begins_a_new_one(client, people):
    client.force_login(people.petra)
    product = make_product()
    basket = fill_basket(people.petra, people.north, product)
    page = client.post(of(basket, "save"), {"title": "Week 48", "clinic": people.north.pk}, follow=True)
    assert f'<a href="/basket/{basket.public_id}/">Week 48</a>' in page.content.decode()
    assert chosen(people.petra, people.north) is None
    client.post(f"/basket/add/{product.pk}/", {"quantity": 5})
    basket.refresh_from_db()
    assert (basket.title, basket.status, basket.lines.get().quantity) == ("Week 48", "Open", 1)
    assert chosen(people.petra, people.north).lines.get().quantity == 5


def test_a_title_alone_is_changed_without_letting_go(client, people):
    client.force_login(people.petra)
    basket = fill_basket(people.petra, people.north, make_product())
    client.post(of(basket, "save"), {"title": "Week 49", "then": "stay"})
    assert chosen(people.petra, people.north) == basket
    assert Basket.objects.get(pk=basket.pk).title == "Week 49"


def test_an_empty_basket_is_not_saved(people):
    basket = fill_basket(people.petra, people.north, make_product())
    basket.lines.all().delete()
    with pytest.raises(Refused):
        sharing.save_as(user=people.petra, basket=basket, title="Nothing")
    assert chosen(people.petra, people.north) == basket


@pytest.mark.parametrize(("deed", "field"), [("save", "title"), ("note", "note")])
def test_no_identity_number_is_kept_in_what_colleagues_write(client, people, deed, field):
    client.force_login(people.petra)
    basket = fill_basket(people.petra, people.north, make_product())
    answer = client.post(of(basket, deed), {field: "For 19121212-1212"})
    assert answer.status_code == 422
    assert "For 19121212-1212" in answer.content.decode()  # what was typed stays
    assert getattr(Basket.objects.get(pk=basket.pk), field) == ""
    line = basket.lines.get()
    assert client.post(f"/basket/lines/{line.pk}/note/", {"note": "19121212-1212"}).status_code == 422
    assert Line.objects.get().note == ""


def test_a_title_or_note_that_is_too_long_is_refused_with_what_was_typed(client, people):
    client.force_login(people.petra)
    basket = fill_basket(people.petra, people.north, make_product())
    for deed, field, text in (("save", "title", "x" * 81), ("note", "note", "y" * 501)):
        answer = client.post(of(basket, deed), {field: text})
        assert answer.status_code == 422
        assert text in answer.content.decode()


def test_notes_are_shown_to_colleagues_and_are_not_in_the_order(client, people):
    client.force_login(people.petra)
    basket = ready_to_confirm(people.petra, people.north, make_product())
    client.post(of(basket, "note"), {"note": "Ask Olga about the domes"})
    client.post(f"/basket/lines/{basket.lines.get().pk}/note/", {"note": "Urgent one"})
    page = client.get("/basket/").content.decode()
    assert "Ask Olga about the domes" in page
    assert "Urgent one" in page
    basket = Basket.objects.open_for(people.petra, people.north)
    basket.strategy = client.get("/basket/").wsgi_request.strategy
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    shown = client.get(order.get_absolute_url()).content.decode()
    assert "Ask Olga" not in shown
    assert "Urgent one" not in shown


def test_a_line_says_who_added_it_and_when_unless_one_did_it_oneself(client, people):
    basket = fill_basket(people.petra, people.north, make_product())
    at = timezone.now().replace(hour=0, minute=32)
    Line.objects.update(date_created=at)
    sharing.choose(user=people.asta, basket=basket)
    client.force_login(people.asta)
    local = at.astimezone(people.north.market.time_zone)
    assert f"{local:%H:%M}" in client.get("/basket/").content.decode()
    assert "Added by Petra" in client.get("/basket/").content.decode()
    client.force_login(people.petra)
    assert "Added by" not in client.get("/basket/").content.decode()


def test_a_discarded_basket_is_brought_back_the_same_day(client, people):
    client.force_login(people.petra)
    basket = fill_basket(people.olga, people.north, make_product("Domes"))
    page = client.post(of(basket, "discard"), {}, follow=True)
    assert list(page.context["discarded"]) == [basket]
    assert page.context["rows"] == []
    client.post(of(basket, "bring-back"), {})
    basket.refresh_from_db()
    assert (basket.status, basket.lines.count()) == ("Open", 1)


def test_a_basket_discarded_the_day_before_stays_discarded(client, people):
    basket = fill_basket(people.olga, people.north, make_product())
    sharing.discard(user=people.olga, basket=basket)
    Basket.objects.update(changed=timezone.now() - timedelta(hours=25))
    with pytest.raises(Refused):
        sharing.bring_back(user=people.olga, basket=basket)


def test_a_returned_basket_that_was_discarded_comes_back_returned(people):
    basket = fill_basket(people.asta, people.north, make_product())
    basket.approval_steps.create(action="submitted", by=people.asta)
    basket.approval_steps.create(action="returned", by=people.olga, comment="Too many")
    Basket.objects.filter(pk=basket.pk).update(status="Returned")
    sharing.discard(user=people.asta, basket=basket)
    assert sharing.bring_back(user=people.asta, basket=basket).status == "Returned"


def test_a_returned_basket_says_who_returned_it_and_why(asta, people):
    basket = fill_basket(people.asta, people.north, make_product())
    basket.approval_steps.create(action="returned", by=people.olga, comment="Too many domes")
    Basket.objects.filter(pk=basket.pk).update(status="Returned")
    page = asta.get("/basket/").content.decode()
    assert "Olga returned this basket" in page
    assert "Too many domes" in page
