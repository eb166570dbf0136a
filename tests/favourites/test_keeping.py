"""D12: what is kept of a line, by whom it is seen, and how it goes away and comes back."""

import pytest
from django.http import Http404

from permissions.models import ClinicUserPermission
from permissions.roles import ClinicPermission
from permissions.services import membership_revoke
from shop.basket import filling
from shop.basket.filling import Choice
from shop.basket.models import Basket
from shop.catalogue.models import Option
from shop.favourites.keeping import change, keep, keep_lines, remove
from shop.favourites.models import Favourite
from tests.factories import fill_basket, make_product
from tests.ordering.aids import make_aid, make_patient
from tests.threads import at_once

BEIGE = {"side": "left", "colour": "beige"}


@pytest.fixture
def aid(people):
    aid = make_aid()
    aid.product_class.options.add(Option.objects.create(name="Engraving", code="engraving", type="text"))
    return aid


@pytest.fixture
def line(people, aid):
    """Petra's line: a beige left aid for a patient, whose name is engraved."""
    patient = make_patient(people.petra, people.north, "P-77")
    choice = Choice({**BEIGE, "engraving": "Anna"}, patient)
    return filling.add(user=people.petra, clinic=people.north, product=aid, quantity=2, choice=choice)


def save(client, line, **more):
    return client.post(f"/favourites/save/line/{line.pk}/", {"who": "shared", **more})


def rows(client, query: str = "") -> list:
    return client.get(f"/favourites/{query}").context["rows"]


def test_a_line_is_kept_with_its_configuration_and_without_what_may_name_a_patient(petra, people, line):
    answer = save(petra, line, name="Beige, left")
    assert answer.status_code == 302
    favourite = Favourite.objects.get()
    assert (favourite.product, favourite.configuration, favourite.quantity) == (line.product, BEIGE, 2)
    assert (favourite.name, favourite.private_to, favourite.added_by) == ("Beige, left", None, people.petra)
    page = petra.get("/favourites/").content.decode()
    assert "Beige" in page
    assert "Anna" not in page
    assert "P-77" not in page


def test_only_for_me_is_seen_by_nobody_else(client, people, line):
    client.force_login(people.petra)
    save(client, line, who="private")
    assert len(rows(client)) == 1
    for colleague in (people.olga, people.asta):
        client.force_login(colleague)
        assert rows(client) == []


def test_the_same_configuration_may_be_the_clinics_and_mine(petra, people, line):
    save(petra, line)
    save(petra, line, who="private")
    assert sorted(favourite.private_to_id or 0 for favourite in Favourite.objects.all()) == [0, people.petra.pk]


def test_keeping_it_twice_keeps_it_once_and_takes_the_new_name(petra, line):
    save(petra, line, name="One")
    save(petra, line)
    save(petra, line, name="Two")
    assert Favourite.objects.get().name == "Two"


def test_a_name_with_an_identity_number_is_refused_and_stays_in_its_field(petra, line):
    answer = save(petra, line, name="Anna 811218-9876", who="private")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "identity number" in page
    assert "Anna 811218-9876" in page
    assert not Favourite.objects.exists()


def test_a_line_of_another_clinic_can_not_be_kept(client, people, line):
    client.force_login(people.otto)
    assert save(client, line).status_code == 404
    client.force_login(people.olga)
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    assert save(client, line).status_code == 404
    assert not Favourite.objects.exists()


def test_a_form_opened_for_another_clinic_keeps_nothing(petra, people, line):
    save(petra, line, clinic=people.south.pk)
    assert not Favourite.objects.exists()


def test_a_whole_basket_becomes_favourites_and_twice_makes_no_more(petra, people, line):
    basket = fill_basket(people.petra, people.north, make_product("Battery"), make_product("Dome"))
    for _again in range(2):
        answer = petra.post(f"/favourites/save/basket/{basket.public_id}/", {"clinic": people.north.pk})
        assert answer.status_code == 302
    kept = {favourite.product.title: favourite.configuration for favourite in Favourite.objects.all()}
    assert kept == {"Battery": {}, "Dome": {}, "Hearing aid": BEIGE}
    assert all(favourite.digest or not favourite.configuration for favourite in Favourite.objects.all())


def test_two_patients_lines_of_the_same_kind_are_one_favourite(petra, people, aid):
    for text in ("P-1", "P-2"):
        choice = Choice(BEIGE, make_patient(people.petra, people.north, text))
        filling.add(user=people.petra, clinic=people.north, product=aid, quantity=1, choice=choice)
    basket = Basket.objects.open_for(people.petra, people.north)
    petra.post(f"/favourites/save/basket/{basket.public_id}/")
    assert Favourite.objects.get().configuration == BEIGE


def test_anothers_basket_is_out_of_reach(client, people, line):
    client.force_login(people.otto)
    assert client.post(f"/favourites/save/basket/{line.basket.public_id}/").status_code == 404
    assert not Favourite.objects.exists()


def test_who_may_not_order_keeps_and_sees_nothing(client, people, line):
    Favourite.objects.create(clinic=people.north, product=line.product)
    rights = ClinicUserPermission.objects.filter(user=people.asta)
    rights.filter(permission__codename=ClinicPermission.PREPARE_ORDER).delete()
    client.force_login(people.asta)
    for path in ("/favourites/", "/favourites/panel/"):
        assert client.get(path).status_code == 403
    assert save(client, line).status_code == 403
    assert client.post("/favourites/order/", {"only": Favourite.objects.get().pk}).status_code == 403
    assert client.post("/favourites/remove/", {"favourite": Favourite.objects.get().pk}).status_code == 403
    assert Favourite.objects.count() == 1


def test_removed_and_put_back_it_is_the_same(petra, people, line):
    save(petra, line, name="Mine", who="private")
    before = Favourite.objects.values().get()
    answer = petra.post("/favourites/remove/", {"favourite": before["id"]}, follow=True)
    assert not Favourite.objects.exists()
    assert answer.context["undo"]["title"] == "Mine"
    petra.post("/favourites/restore/", {"favourite": before["id"]})
    assert Favourite.objects.values().get() == before


def test_putting_it_back_twice_does_no_harm(petra, line):
    save(petra, line)
    pk = Favourite.objects.get().pk
    petra.post("/favourites/remove/", {"favourite": pk})
    for _again in range(2):
        assert petra.post("/favourites/restore/", {"favourite": pk}).status_code == 302
    assert Favourite.objects.get().pk == pk


def test_putting_back_what_was_kept_anew_meanwhile_makes_no_second(petra, line):
    save(petra, line)
    pk = Favourite.objects.get().pk
    petra.post("/favourites/remove/", {"favourite": pk})
    save(petra, line)
    assert petra.post("/favourites/restore/", {"favourite": pk}).status_code == 302
    assert Favourite.objects.count() == 1


def test_nobody_puts_back_what_another_removed_or_for_another_clinic(client, people, line):
    client.force_login(people.olga)
    save(client, line)
    pk = Favourite.objects.get().pk
    client.post("/favourites/remove/", {"favourite": pk})
    client.post("/clinics/switch/", {"clinic": people.south.pk})
    assert client.post("/favourites/restore/", {"favourite": pk}).status_code == 404
    client.force_login(people.petra)
    assert client.post("/favourites/restore/", {"favourite": pk}).status_code == 404
    assert not Favourite.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 30, "987654"])
def test_removing_what_is_not_there_is_not_found(petra, line, typed):
    assert petra.post("/favourites/remove/", {"favourite": typed}).status_code == 404
    assert petra.post("/favourites/restore/", {"favourite": typed}).status_code == 404


def test_what_a_colleague_removed_does_not_come_back_by_a_form_that_is_still_open(people, line):
    favourite, _is_new = keep(user=people.petra, clinic=people.north, product=line.product, configuration=BEIGE)
    remove(favourite)
    with pytest.raises(Http404):
        change(favourite, user=people.petra, name="Standard", quantity=1, private=False)
    assert not Favourite.objects.exists()


def test_anothers_own_favourite_can_not_be_removed_changed_or_ordered(client, people, line):
    mine = Favourite.objects.create(clinic=people.north, product=line.product, private_to=people.petra)
    client.force_login(people.olga)
    assert client.post("/favourites/remove/", {"favourite": mine.pk}).status_code == 404
    assert client.get(f"/favourites/change/{mine.pk}/").status_code == 404
    form = {"name": "x", "quantity": 1, "who": "shared"}
    assert client.post(f"/favourites/change/{mine.pk}/", form).status_code == 404
    assert client.post("/favourites/order/", {"only": mine.pk}).status_code == 404
    mine.refresh_from_db()
    assert (mine.private_to, mine.name) == (people.petra, "")


def test_a_colleague_renames_the_clinics_and_takes_it_for_herself(client, people, line):
    shared = Favourite.objects.create(clinic=people.north, product=line.product, configuration=BEIGE)
    client.force_login(people.olga)
    client.post(f"/favourites/change/{shared.pk}/", {"name": "Spring", "quantity": 4, "who": "private"})
    shared.refresh_from_db()
    assert (shared.name, shared.quantity, shared.private_to) == ("Spring", 4, people.olga)
    assert shared.configuration == BEIGE
    client.force_login(people.petra)
    assert rows(client) == []


def test_sharing_what_the_clinic_has_already_is_refused_in_words(petra, people, line):
    for owner in (None, people.petra):
        Favourite.objects.create(clinic=people.north, product=line.product, private_to=owner)
    mine = Favourite.objects.get(private_to=people.petra)
    answer = petra.post(f"/favourites/change/{mine.pk}/", {"name": "New", "quantity": 1, "who": "shared"})
    assert answer.status_code == 422
    assert "already" in answer.content.decode()
    assert 'value="New"' in answer.content.decode()
    mine.refresh_from_db()
    assert mine.private_to == people.petra


@pytest.mark.parametrize("wrong", [{"quantity": 0}, {"quantity": "x"}, {"who": "all"}, {"name": "811218-9876"}])
def test_wrong_input_is_told_and_changes_nothing(petra, people, line, wrong):
    favourite = Favourite.objects.create(clinic=people.north, product=line.product)
    form = {"name": "", "quantity": 1, "who": "shared", **wrong}
    assert petra.post(f"/favourites/change/{favourite.pk}/", form).status_code == 422
    favourite.refresh_from_db()
    assert (favourite.name, favourite.quantity, favourite.private_to) == ("", 1, None)


def test_the_products_star_leaves_configured_and_private_favourites_alone(petra, people, aid):
    Favourite.objects.create(clinic=people.north, product=aid, configuration=BEIGE)
    Favourite.objects.create(clinic=people.north, product=aid, private_to=people.petra)
    assert not petra.get("/products/").context["products"][0].is_favourite
    petra.post(f"/favourites/{aid.pk}/", {"on": 1})
    assert petra.get("/products/").context["products"][0].is_favourite
    petra.post(f"/favourites/{aid.pk}/", {"on": 0})
    assert Favourite.objects.count() == 2


def test_who_left_sees_not_even_her_own(people, line):
    keep(user=people.petra, clinic=people.north, product=line.product, private=True)
    membership_revoke(user=people.petra, clinic=people.north)
    assert not Favourite.objects.visible_to(people.petra).exists()


def test_pressing_the_star_eight_times_at_once_keeps_one_each_time(committed_db):
    from tests.people import make_people

    people = make_people()
    battery = make_product("Battery")
    basket = fill_basket(people.petra, people.north, battery)

    def press(number: int) -> None:
        if number % 2:
            keep(user=people.petra, clinic=people.north, product=battery, name="Star")
        else:
            lines = basket.lines.select_related("product").prefetch_related("attributes__option")
            keep_lines(user=people.petra, clinic=people.north, lines=lines)

    assert at_once(8, press) == [None] * 8
    assert Favourite.objects.count() == 1
