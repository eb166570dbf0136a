"""Real transactions: two who write the same patient at the same moment get one label that both can read."""

import pytest

from permissions.models import Clinic, PatientPolicy
from shop.patients import labels
from shop.patients.models import ClinicKey, PatientLabel
from tests.people import make_people
from tests.shop.test_placed_once import at_once


@pytest.fixture
def people(committed_db):
    made = make_people()
    Clinic.objects.update(patient_policy=PatientPolicy.NAME)
    made.north.refresh_from_db()
    return made


def test_one_patient_has_one_label_and_a_clinic_one_key(people):
    users = (people.petra, people.asta, people.olga)
    for turn in range(10):
        spelt = (f"Karin Ögren {turn}", f"KARIN  ögren {turn}")

        def write(index: int, spelt=spelt):
            return labels.label_for(user=users[index % 3], clinic=people.north, text=spelt[index % 2])

        made = at_once(12, write)
        assert not [result for result in made if isinstance(result, Exception)], made
        assert len({label.pk for label in made}) == 1
        (text,) = labels.texts(made, people.petra).values()
        assert text in spelt
        assert list(labels.find(people.asta, people.north, f"ögren {turn}")) == made[:1]
    assert PatientLabel.objects.count() == 10
    assert ClinicKey.objects.count() == 1


def test_writing_while_the_clinic_is_erased_leaves_nothing_that_cannot_be_read(people):
    """Either the label was there and is erased, or it is new and has the new key."""
    for turn in range(15):
        labels.label_for(user=people.petra, clinic=people.north, text="Somebody")

        def work(index: int, turn=turn):
            if index == 0:
                return labels.erase_clinic(people.north, people.olga)
            return labels.label_for(user=people.petra, clinic=people.north, text=f"Karin {turn} {index}")

        results = at_once(5, work)
        assert not [result for result in results if isinstance(result, Exception)], results
        said = labels.texts(PatientLabel.objects.all(), people.olga).values()
        assert "can't be read" not in said


def test_erasing_twice_at_once_is_logged_once(people):
    from wagtail.models import ModelLogEntry

    label = labels.label_for(user=people.petra, clinic=people.north, text="Karin")
    results = at_once(6, lambda _index: labels.erase(label, people.olga))
    assert results == [None] * 6
    assert ModelLogEntry.objects.filter(action="patients.erase").count() == 1
