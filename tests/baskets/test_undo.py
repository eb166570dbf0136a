"""A removed line comes back with all that belonged to it; the page holds no patient."""

import re
from datetime import UTC, datetime

import pytest

from shop.basket import filling, sharing, taken_out
from shop.basket.filling import Choice, Refused
from shop.basket.models import Basket, Line
from shop.configuration.models import EarScan
from tests.factories import fill_basket, make_product
from tests.ordering.aids import make_aid, make_patient

ADDED = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


@pytest.fixture
def line(people):
    """Asta's line in a basket that Petra fills too."""
    label = make_patient(people.asta, people.north, "Ref 4711")
    choice = Choice({"side": "left", "colour": "beige"}, label)
    line = filling.add(user=people.asta, clinic=people.north, product=make_aid(), quantity=2, choice=choice)
    Line.objects.update(note="Ask Olga", date_created=ADDED)
    sharing.choose(user=people.petra, basket=line.basket)
    return line


def test_the_undo_brings_back_everything(client, people, line):
    client.force_login(people.petra)
    page = client.post(f"/basket/lines/{line.pk}/", {"remove": "1"}).content.decode()
    assert not Line.objects.exists()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert "4711" not in page
    assert client.post("/basket/put-back/", {"token": token}).status_code == 302
    back = Line.objects.get()
    assert (back.quantity, back.configuration) == (2, {"side": "left", "colour": "beige"})
    assert (back.patient, back.note, back.added_by, back.date_created) == (line.patient, "Ask Olga", people.asta, ADDED)
    assert back.line_reference == line.line_reference


def test_the_token_is_of_keys_only(people, line):
    from django.core import signing

    removed = filling.remove(user=people.petra, clinic=people.north, line_id=line.pk)
    held = signing.loads(taken_out.token_of(removed), salt=taken_out.SALT)
    assert held["patient"] == line.patient_id.hex
    assert set(held) == {
        *("basket", "product", "quantity", "configuration", "patient", "ear_scan", "note", "added_by", "added"),
    }


def removed_token(people, line) -> str:
    return taken_out.token_of(filling.remove(user=people.petra, clinic=people.north, line_id=line.pk))


def test_a_forged_token_brings_nothing_back(people, line):
    token = removed_token(people, line)
    for wrong in ("", "nonsense", token[:-2] + "xx"):
        with pytest.raises(Refused):
            taken_out.put_back(user=people.petra, clinic=people.north, token=wrong)
    assert not Line.objects.exists()


def test_a_token_of_another_clinic_brings_nothing_back(people, line):
    token = removed_token(people, line)
    with pytest.raises(Refused):
        taken_out.put_back(user=people.otto, clinic=people.foreign, token=token)
    with pytest.raises(Refused):
        taken_out.put_back(user=people.olga, clinic=people.south, token=token)
    assert not Line.objects.exists()


def test_a_scan_of_another_clinic_is_not_brought_in(people):
    scan = EarScan.objects.create(clinic=people.south, file="x", kind="jpeg", size=1)
    fill_basket(people.petra, people.north, make_product())
    line = filling.remove(user=people.petra, clinic=people.north, line_id=Line.objects.get().pk)
    line.taken_out = Choice({}, None, scan)
    with pytest.raises(Refused):
        taken_out.put_back(user=people.petra, clinic=people.north, token=taken_out.token_of(line))


def test_a_patient_erased_meanwhile_is_not_brought_back(people, line):
    from shop.patients.labels import erase

    token, label = removed_token(people, line), line.patient
    erase(label, people.olga)
    with pytest.raises(Refused):
        taken_out.put_back(user=people.petra, clinic=people.north, token=token)


def test_it_comes_back_into_its_own_basket_or_not_at_all(client, people, line):
    token = removed_token(people, line)
    fill_basket(people.petra, people.north, make_product())
    Basket.objects.filter(pk=line.basket_id).update(status="Submitted")
    client.force_login(people.petra)
    page = client.post("/basket/put-back/", {"token": token}, follow=True).content.decode()
    assert "is closed" in page
    assert not Line.objects.filter(product=line.product).exists()


def test_what_was_added_again_meanwhile_grows_by_what_comes_back(people, line):
    token = removed_token(people, line)
    choice = Choice({"side": "left", "colour": "beige"}, line.patient)
    filling.add(user=people.petra, clinic=people.north, product=line.product, quantity=1, choice=choice)
    taken_out.put_back(user=people.petra, clinic=people.north, token=token)
    assert (Line.objects.get().quantity, Line.objects.get().added_by) == (3, people.petra)


def test_pressed_twice_it_comes_back_once(people, line):
    token = removed_token(people, line)
    for _press in range(2):
        assert taken_out.put_back(user=people.petra, clinic=people.north, token=token).quantity == 2
    assert Line.objects.get().quantity == 2


def test_pressed_twice_it_joins_its_like_once(people, line):
    token = removed_token(people, line)
    choice = Choice({"side": "left", "colour": "beige"}, line.patient)
    filling.add(user=people.petra, clinic=people.north, product=line.product, quantity=1, choice=choice)
    for _press in range(2):
        taken_out.put_back(user=people.petra, clinic=people.north, token=token)
    assert Line.objects.get().quantity == 3
