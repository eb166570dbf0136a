"""D3, D12: what was configured opens with everything filled in: a line, a waiting basket's line, a favourite."""

import pytest

from shop.basket import filling
from shop.basket.models import Basket, Line
from shop.configuration.models import RetiredValue
from shop.favourites.models import Favourite
from shop.patients.labels import label_for
from tests.configuration.shelf import GOOD, address, answer, configurations, form, make_aid, value


@pytest.fixture
def aid(people):
    return make_aid()


def fill(people, aid, side: str = "left", quantity: int = 1, patient=None, **changes) -> Line:
    choice = filling.Choice({"side": side, **GOOD, **changes}, patient)
    return filling.add(user=people.petra, clinic=people.north, product=aid, quantity=quantity, choice=choice)


# --- Changing ---------------------------------------------------------------------------------------------------


def test_a_line_opens_with_everything_filled_in(petra, people, aid):
    patient = label_for(user=people.petra, clinic=people.north, text="4711")
    line = fill(people, aid, "right", 3, patient)
    page = petra.get(address(aid, f"?line={line.pk}"))
    chosen = {question.name: [a.code for a in question.answers if a.chosen] for question in _questions(page)}
    assert chosen == {f"one-option-{code}": [given] for code, given in {"side": "right", **GOOD}.items()}
    text = page.content.decode()
    assert 'value="4711"' in text
    assert 'value="3"' in text
    assert "Update this before you order" not in text


def _questions(page) -> list:
    return [question for part in page.context["form"].parts for question in part.questions]


def test_a_changed_line_stays_one_line(petra, people, aid):
    line = fill(people, aid)
    changed = {"side": "right", **GOOD, "dome-size": "dome-10"}
    response = petra.post(address(aid, f"?line={line.pk}"), form("", changed, quantity=4))
    assert response.url == "/basket/"
    line.refresh_from_db()
    assert (Line.objects.count(), line.quantity) == (1, 4)
    assert configurations() == [changed]


def test_a_line_changed_into_another_becomes_one_with_it(petra, people, aid):
    fill(people, aid, quantity=2)
    other = fill(people, aid, quantity=3, colour="colour-silver")
    petra.post(address(aid, f"?line={other.pk}"), form("", {"side": "left", **GOOD}, quantity=3))
    assert Line.objects.get().quantity == 5


def test_the_patient_of_a_line_is_changed_and_never_merged_with_anothers(petra, people, aid):
    first, second = (label_for(user=people.petra, clinic=people.north, text=text) for text in ("4711", "4712"))
    fill(people, aid, patient=first)
    line = fill(people, aid, patient=second)
    assert Line.objects.count() == 2
    petra.post(address(aid, f"?line={line.pk}"), form("", {"side": "left", **GOOD}, patient="4711"))
    assert Line.objects.get().patient == first


def test_who_may_not_see_patients_neither_reads_nor_removes_one(client, people, aid):
    from permissions.models import ClinicUserPermission

    ClinicUserPermission.objects.filter(user=people.asta, permission__codename="view_patients").delete()
    patient = label_for(user=people.petra, clinic=people.north, text="Kodnamn X")
    choice = filling.Choice({"side": "left", **GOOD}, patient)
    line = filling.add(user=people.asta, clinic=people.north, product=aid, quantity=1, choice=choice)
    client.force_login(people.asta)
    page = client.get(address(aid, f"?line={line.pk}"))
    assert "Kodnamn" not in page.content.decode()
    assert 'name="patient"' not in page.content.decode()
    client.post(address(aid, f"?line={line.pk}"), form("", {"side": "right", **GOOD}, patient="Somebody else"))
    line.refresh_from_db()
    assert line.patient == patient


def test_a_line_of_another_basket_is_not_opened(petra, people, aid):
    choice = filling.Choice({"side": "left", **GOOD})
    foreign = filling.add(user=people.asta, clinic=people.north, product=aid, quantity=1, choice=choice)
    assert petra.get(address(aid, f"?line={foreign.pk}")).url == "/basket/"
    assert petra.post(address(aid, f"?line={foreign.pk}"), form("", {"side": "right", **GOOD})).url == "/basket/"
    assert Line.objects.get().configuration["side"] == "left"


@pytest.mark.parametrize(
    "query", ["?line=x", "?line=1&basket=nonsense", "?basket=11111111-1111-4111-8111-111111111111"]
)
def test_made_up_addresses_are_not_found(petra, aid, query):
    assert petra.get(address(aid, query)).status_code == 404


# --- A waiting basket -------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(people, aid):
    choice = filling.Choice({"side": "left", **GOOD})
    line = filling.add(user=people.asta, clinic=people.north, product=aid, quantity=1, choice=choice)
    line.basket.approval_steps.create(action="submitted", by=people.asta)
    Basket.objects.update(status="Waiting")
    return line


def test_who_approves_changes_a_line_of_the_waiting_basket(client, people, aid, waiting):
    client.force_login(people.olga)
    query = f"?line={waiting.pk}&basket={waiting.basket.public_id}"
    assert client.get(address(aid, query)).status_code == 200
    response = client.post(address(aid, query), form("", {"side": "right", **GOOD}, clinic=people.north.pk))
    assert response.status_code == 302
    assert str(waiting.basket.public_id) in response.url
    assert configurations() == [{"side": "right", **GOOD}]


def test_who_submitted_it_does_not(client, people, aid, waiting):
    client.force_login(people.asta)
    query = f"?line={waiting.pk}&basket={waiting.basket.public_id}"
    for response in (client.get(address(aid, query)), client.post(address(aid, query), form("", {"side": "right"}))):
        assert response.status_code == 403
    assert configurations()[0]["side"] == "left"


def test_a_stranger_does_not_find_it(client, people, aid, waiting):
    client.force_login(people.otto)
    assert client.get(address(aid, f"?basket={waiting.basket.public_id}")).status_code == 404


# --- Favourites -------------------------------------------------------------------------------------------------


def test_a_favourite_opens_with_its_choices_and_says_what_must_be_updated(petra, people, aid):
    values = {"side": "left", **GOOD, "colour": "colour-bronze"}
    favourite = Favourite.objects.create(clinic=people.north, product=aid, configuration=values, quantity=2)
    page = petra.get(address(aid, f"?favourite={favourite.pk}"))
    assert page.context["form"].side == "left"
    text = page.content.decode()
    assert "Update this before you order" in text
    assert "Bronze is no longer made. Choose Silver instead." in text
    assert answer(page, "left-option-colour").retired.successor.code == "colour-silver"


def test_another_clinics_favourite_opens_an_empty_form(petra, people, aid):
    favourite = Favourite.objects.create(clinic=people.foreign, product=aid, configuration={"side": "left", **GOOD})
    assert petra.get(address(aid, f"?favourite={favourite.pk}")).context["form"].side == ""


def test_a_line_with_a_retired_value_opens_with_it_and_suggests_its_successor(petra, people, aid):
    line = fill(people, aid, colour="colour-silver")
    RetiredValue.objects.update(value=value("colour-silver"), successor=value("colour-beige"))
    page = petra.get(address(aid, f"?line={line.pk}"))
    colour = answer(page, "one-option-colour")
    assert colour.retired.code == "colour-silver"
    assert colour.retired.chosen
    assert colour.retired.successor.code == "colour-beige"
    assert "Choose Beige instead" in page.content.decode()
    assert Line.objects.get().configuration["colour"] == "colour-silver"
