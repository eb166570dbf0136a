"""The patient of a line that is changed: kept for who can't read it, never replaced by what stands in its place."""

import pytest
from django.http import QueryDict

from shop.basket import sharing
from shop.basket.models import Line
from shop.basket.summary import lines_of
from shop.configuration.forms import Configurator, Start
from shop.configuration.loading import configuration_of
from shop.configuration.models import ClassOrdering
from shop.configuration.ordering import place_of, write
from shop.patients import labels
from shop.patients.models import ClinicKey
from tests.approvals.submissions import afresh

KARIN = "Karin Ögren"
NEW_KEY = "YW5vdGhlci1tYXN0ZXIta2V5LW9mLTMyLWJ5dGVzISE="


@pytest.fixture
def line(people, ordered_for) -> Line:
    return ordered_for(KARIN).lines.get()


def address(line: Line) -> str:
    return f"/products/configure/{line.product_id}/?line={line.pk}"


def test_the_form_opens_with_the_patient(petra, line):
    page = petra.get(address(line)).content.decode()
    assert f'value="{KARIN}"' in page
    assert 'autocomplete="off"' in page


def test_another_patient_replaces_the_first(petra, people, line):
    assert petra.post(address(line), {"quantity": 1, "patient": "Bo Ek"}).status_code == 302
    line.refresh_from_db()
    assert labels.texts([line.patient], people.petra) == {line.patient_id: "Bo Ek"}


def test_who_may_not_see_the_patient_keeps_it(petra, people, line, take_patients_from):
    before = line.patient_id
    take_patients_from(people.petra, people.north)
    assert KARIN not in petra.get(address(line)).content.decode()
    assert petra.post(address(line), {"quantity": 2, "patient": "Somebody"}).status_code == 302
    line.refresh_from_db()
    assert (line.patient_id, line.quantity) == (before, 2)


def test_what_cannot_be_read_stays_on_the_line(petra, line, settings):
    before, settings.PATIENT_MASTER_KEY = line.patient_id, NEW_KEY
    page = petra.get(address(line)).content.decode()
    assert "can&#x27;t be read" not in page
    assert petra.post(address(line), {"quantity": 2, "patient": ""}).status_code == 302
    line.refresh_from_db()
    assert (line.patient_id, line.quantity) == (before, 2)


def test_what_cannot_be_saved_is_refused_in_words(petra, line, settings):
    settings.PATIENT_MASTER_KEY = NEW_KEY
    answer = petra.post(address(line), {"quantity": 2, "patient": "Bo Ek"})
    assert answer.status_code == 422
    assert "saved at the moment" in answer.content.decode()
    line.refresh_from_db()
    assert line.quantity == 1


def test_an_erased_patient_is_not_written_anew_by_saving(petra, people, line):
    labels.erase(line.patient, people.olga)
    page = petra.get(address(line)).content.decode()
    assert 'value="erased"' not in page
    assert petra.post(address(line), {"quantity": 2, "patient": ""}).status_code == 302
    line.refresh_from_db()
    assert line.patient is None
    assert ClinicKey.objects.count() == 1


@pytest.mark.parametrize("number", ["811228-9874", "19811228-9874", "15108695088", "211062-5629"])
def test_an_identity_number_is_refused_as_patient_and_as_remark(petra, line, number):
    for field in ("patient", "one-option-remarks"):
        answer = petra.post(address(line), {"quantity": 1, "patient": KARIN, field: f"nr {number}"})
        assert answer.status_code == 422, field
        assert "looks like a national identity number" in answer.content.decode()


def test_who_may_not_see_patients_does_not_bring_back_who_was_replaced_meanwhile(people, line, take_patients_from):
    """The line's patient is another by the time its row is locked."""
    take_patients_from(people.asta, people.north)
    sharing.choose(user=people.asta, basket=line.basket)
    other = labels.label_for(user=people.petra, clinic=people.north, text="Bo Ek")
    place = place_of(people.asta, people.north, line_id=str(line.pk))
    Line.objects.filter(pk=line.pk).update(patient=other)
    asked = configuration_of(line.product)
    post = QueryDict("quantity=2")
    form = Configurator(asked, people.north, start=Start(), post=post, is_edit=True, asks_patient=place.asks_patient)
    assert form.check()
    write(form, line.product, place)
    line.refresh_from_db()
    assert (line.patient, line.quantity) == (other, 2)


def test_a_line_that_needs_a_patient_is_not_sent_for_an_erased_one(people, line):
    ClassOrdering.objects.update(patient="required")
    labels.erase(line.patient, people.olga)
    basket = afresh(line.basket)
    assert [bool(row.problem) for row in lines_of(basket)] == [True]
    assert place_of(people.petra, people.north, line_id=str(line.pk)).asks_patient
