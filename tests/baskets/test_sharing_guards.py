"""Who may do what with a colleague's basket, and what looking never does."""

import pytest

from permissions.models import ClinicUserPermission
from shop.basket.models import Basket, ChosenBasket
from tests.baskets.deeds import chosen, of
from tests.factories import fill_basket, make_product

NAMES = ("look", "choose", "save", "note", "merge", "discard", "bring-back", "reviewing")


@pytest.mark.parametrize("deed", ["save", "note", "discard", "choose"])
@pytest.mark.parametrize("status", ["Waiting", "Submitted", "Merged", "Discarded"])
def test_nothing_is_done_to_a_basket_that_waits_or_is_closed(client, people, deed, status):
    client.force_login(people.petra)
    basket = fill_basket(people.olga, people.north, make_product())
    Basket.objects.filter(pk=basket.pk).update(status=status)
    client.post(of(basket, deed), {"title": "Mine now", "note": "Mine now"})
    basket.refresh_from_db()
    assert (basket.status, basket.title, basket.note, basket.revision) == (status, "", "", 1)
    assert not ChosenBasket.objects.filter(user=people.petra, basket=basket).exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_finds_none_of_it(client, people, name):
    basket = fill_basket(people.petra, people.north, make_product())
    path = of(basket, name).replace("/look/", "/")
    client.force_login(people.otto)
    asked = client.get(path) if name == "look" else client.post(path, {"title": "Mine", "note": "Mine"})
    assert asked.status_code == 404
    assert Basket.objects.get(pk=basket.pk).revision == 1
    assert list(client.get("/orders/open/?clinics=all").context["rows"]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_member_without_the_right_is_refused(client, people, name):
    basket = fill_basket(people.petra, people.north, make_product())
    rights = ClinicUserPermission.objects.filter(user=people.asta)
    rights.filter(permission__codename="prepare_order").delete()
    client.force_login(people.asta)
    path = of(basket, name).replace("/look/", "/")
    assert (client.get(path) if name == "look" else client.post(path, {})).status_code == 403
    assert client.get("/orders/open/").status_code == 403
    assert Basket.objects.get(pk=basket.pk).revision == 1


def test_an_assistant_prepares_and_shares(asta, people):
    basket = fill_basket(people.petra, people.north, make_product())
    for deed, form in (("choose", {}), ("save", {"title": "T", "then": "stay"}), ("note", {"note": "N"})):
        assert asta.post(of(basket, deed), form).status_code == 302
    basket.refresh_from_db()
    assert (basket.title, basket.note, chosen(people.asta, people.north)) == ("T", "N", basket)


@pytest.mark.parametrize("deed", ["choose", "save", "note", "discard", "bring-back", "merge"])
def test_a_page_opened_for_another_clinic_changes_nothing(client, people, deed):
    client.force_login(people.olga)
    basket = fill_basket(people.petra, people.north, make_product())
    other = fill_basket(people.olga, people.north, make_product("Other"))
    form = {"clinic": people.south.pk, "title": "T", "note": "N", "into": other.public_id}
    client.post(of(basket, deed), form)
    basket.refresh_from_db()
    assert (basket.status, basket.title, basket.note, basket.revision) == ("Open", "", "", 1)
    assert chosen(people.olga, people.north) == other


def test_looking_writes_nothing(asta, people):
    basket = fill_basket(people.petra, people.north, make_product())
    before = Basket.objects.values().get()
    choices = list(ChosenBasket.objects.values())
    for path in (f"/basket/{basket.public_id}/", "/orders/open/", "/basket/", "/basket/live/", of(basket, "merge")):
        asta.get(path)
    assert Basket.objects.values().get() == before
    assert list(ChosenBasket.objects.values()) == choices
