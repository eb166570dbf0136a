"""D14, K: an order that is ordered again is for nobody, unless somebody who sees patients says for whom."""

import pytest

from permissions.models import Clinic, ClinicUserPermission, PatientPolicy
from permissions.roles import ClinicPermission
from shop.basket.filling import Choice
from shop.catalogue.models import Option
from shop.configuration.models import ClassOrdering
from shop.patients.labels import erase
from tests.ordering.aids import make_aid, make_patient
from tests.orders.again import form_of, in_basket, look, make_order, send

BEIGE = {"side": "left", "colour": "beige"}


@pytest.fixture
def aid(people):
    return make_aid()


@pytest.fixture
def order(people, aid):
    aid.product_class.options.add(Option.objects.create(name="Engraving", code="engraving", type="text"))
    patient = make_patient(people.petra, people.north, "P-77")
    return make_order(people, aid, choices={0: Choice({**BEIGE, "engraving": "Anna"}, patient)})


def test_by_default_nobody_and_nothing_that_names_somebody(petra, people, order):
    send(petra, order, form_of(petra, order))
    assert in_basket(people) == {"Hearing aid": (1, BEIGE, None)}


def test_the_same_patient_when_it_is_ticked(petra, people, order):
    line = order.lines.get()
    send(petra, order, form_of(petra, order, **{f"same-{line.pk}": "on"}))
    assert in_basket(people) == {"Hearing aid": (1, {**BEIGE, "engraving": "Anna"}, line.patient)}


def test_who_may_not_see_patients_can_not_repeat_one(petra, people, order):
    rows = ClinicUserPermission.objects.filter(user=people.petra)
    rows.filter(permission__codename=ClinicPermission.VIEW_PATIENTS).delete()
    assert "P-77" not in petra.get(f"/orders/{order.public_id}/again/").content.decode()
    send(petra, order, form_of(petra, order, **{f"same-{order.lines.get().pk}": "on"}))
    assert in_basket(people) == {"Hearing aid": (1, BEIGE, None)}


def test_another_patient_is_written(petra, people, order):
    line = order.lines.get()
    send(petra, order, form_of(petra, order, **{f"patient-{line.pk}": "P-78"}))
    (found,) = in_basket(people).values()
    assert found[1] == BEIGE
    assert found[2] == make_patient(people.petra, people.north, "P-78")


def test_both_at_once_is_refused(petra, people, order):
    pk = order.lines.get().pk
    answer = send(petra, order, form_of(petra, order, **{f"patient-{pk}": "P-78", f"same-{pk}": "on"}))
    assert answer.status_code == 422
    assert 'value="P-78"' in answer.content.decode()
    assert in_basket(people) == {}


def test_an_identity_number_is_refused(petra, people, order):
    pk = order.lines.get().pk
    answer = send(petra, order, form_of(petra, order, **{f"patient-{pk}": "811218-9876"}))
    assert answer.status_code == 422
    assert in_basket(people) == {}


def test_where_a_patient_is_needed_it_is_asked(petra, people, order):
    ClassOrdering.objects.update(patient="required")
    answer = send(petra, order, form_of(petra, order))
    assert answer.status_code == 422
    assert "Write whom it is for" in answer.content.decode()
    assert in_basket(people) == {}
    send(petra, order, form_of(petra, order, **{f"same-{order.lines.get().pk}": "on"}))
    assert len(in_basket(people)) == 1


def test_a_clinic_that_writes_no_patients_is_not_asked(petra, people, order):
    Clinic.objects.filter(pk=people.north.pk).update(patient_policy=PatientPolicy.NONE)
    assert look(petra, order)["Hearing aid"].patient is None


def test_an_erased_patient_is_asked_for_again(petra, people, order):
    line = order.lines.get()
    erase(line.patient, people.olga)
    ClassOrdering.objects.update(patient="required")
    answer = send(petra, order, form_of(petra, order, **{f"same-{line.pk}": "on"}))
    assert answer.status_code == 422
    assert "Write whom it is for." in answer.content.decode()
    assert in_basket(people) == {}


def test_an_erased_patient_is_nobody(petra, people, order):
    line = order.lines.get()
    erase(line.patient, people.olga)
    send(petra, order, form_of(petra, order, **{f"same-{line.pk}": "on"}))
    assert in_basket(people)["Hearing aid"][2] is None


def test_a_patient_who_cannot_be_saved_is_told_in_words(petra, people, order, settings):
    form = form_of(petra, order, **{f"patient-{order.lines.get().pk}": "P-78"})
    settings.PATIENT_MASTER_KEY = "YW5vdGhlci1tYXN0ZXIta2V5LW9mLTMyLWJ5dGVzISE="
    answer = send(petra, order, form)
    assert answer.status_code == 422
    assert "saved at the moment" in answer.content.decode()
    assert in_basket(people) == {}
