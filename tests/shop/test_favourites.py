"""The star is the clinic's: everybody there who prepares orders sees and sets it, nobody else."""

import pytest
from django.db import IntegrityError, transaction

from permissions.services import membership_revoke
from shop.favourites.models import Favourite
from tests.factories import make_product


@pytest.fixture
def dome(people):
    return make_product("Dome")


def star(client, product, on: int = 1, **more):
    return client.post(f"/favourites/{product.pk}/", {"on": on, **more})


def shown(client) -> list[str]:
    return [row.card.product.title for row in client.get("/favourites/").context["rows"]]


def test_a_star_is_seen_by_the_whole_clinic(client, people, dome):
    client.force_login(people.asta)
    star(client, dome)
    for who in (people.petra, people.olga):
        client.force_login(who)
        assert shown(client) == ["Dome"]
        assert client.get("/products/").context["products"][0].is_favourite
        assert client.get(dome.get_absolute_url()).context["card"].is_favourite


def test_a_star_is_not_seen_by_another_clinic_of_the_account(client, people, dome):
    client.force_login(people.petra)
    star(client, dome)
    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    assert shown(client) == []
    assert not client.get("/products/").context["products"][0].is_favourite


def test_taking_it_away(client, people, dome):
    client.force_login(people.petra)
    star(client, dome)
    star(client, dome, on=0)
    assert shown(client) == []


@pytest.mark.parametrize("on", [1, 0])
def test_doing_it_twice_does_no_harm(client, people, dome, on):
    client.force_login(people.petra)
    star(client, dome)
    for _again in range(2):
        assert star(client, dome, on=on).status_code == 302
    assert Favourite.objects.count() == on


def test_a_product_has_one_star_at_a_clinic_even_when_two_press_at_once(people, dome):
    Favourite.objects.create(clinic=people.north, product=dome)
    with pytest.raises(IntegrityError), transaction.atomic():
        Favourite.objects.create(clinic=people.north, product=dome)


@pytest.mark.parametrize("on", ["", "2", "yes", "\x00"])
def test_anything_but_one_takes_it_away(client, people, dome, on):
    client.force_login(people.petra)
    star(client, dome)
    star(client, dome, on=on)
    assert shown(client) == []


def test_a_product_that_can_not_be_bought_can_not_be_starred(client, people):
    client.force_login(people.petra)
    norwegian = make_product("Hanske", currency="NOK")
    assert star(client, norwegian).status_code == 404
    assert client.post("/favourites/987654/", {"on": 1}).status_code == 404
    assert not Favourite.objects.exists()


def test_a_product_that_was_withdrawn_is_shown_as_such_and_can_not_be_ordered(client, people, dome):
    client.force_login(people.petra)
    star(client, dome)
    dome.is_public = False
    dome.save()
    (row,) = client.get("/favourites/").context["rows"]
    assert not row.can_add
    assert "no longer sold" in row.problems[0]


def test_setting_a_star_wants_a_post(client, people, dome):
    client.force_login(people.petra)
    assert client.get(f"/favourites/{dome.pk}/?on=1").status_code == 405
    assert not Favourite.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [("/products/?page=2", "/products/?page=2"), ("https://evil.example/", "/favourites/"), ("//evil", "/favourites/")],
)
def test_a_star_leads_back_to_this_site_only(client, people, dome, wanted, led_to):
    client.force_login(people.petra)
    assert star(client, dome, next=wanted)["Location"] == led_to


def test_who_left_the_clinic_sees_nothing_of_it(client, people, dome):
    client.force_login(people.petra)
    star(client, dome)
    membership_revoke(user=people.petra, clinic=people.north)
    assert client.get("/favourites/").status_code == 403
    assert star(client, dome, on=0).status_code == 403
    assert Favourite.objects.exists()
    assert not Favourite.objects.visible_to(people.petra).exists()


def test_no_favourites_says_how_to_get_some(client, people):
    client.force_login(people.petra)
    page = client.get("/favourites/")
    assert page.status_code == 200
    assert 'href="/products/"' in page.content.decode()
