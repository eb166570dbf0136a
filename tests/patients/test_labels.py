"""What a clinic calls a patient: one label each, read, found and erased only where one may."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from permissions.models import Clinic, PatientPolicy
from shop.patients import labels
from shop.patients.models import ClinicKey, PatientLabel, PatientSearchToken

KARIN = "Kåre Ærlig-Öström"


@pytest.fixture
def label(people, north) -> PatientLabel:
    return labels.label_for(user=people.petra, clinic=north, text=KARIN)


# --- Making -----------------------------------------------------------------------------------------------------


def test_a_blank_text_makes_nothing(people, north):
    assert labels.label_for(user=people.petra, clinic=north, text="  ") is None
    assert not ClinicKey.objects.exists()


def test_the_text_is_stored_as_typed_and_encrypted(people, label):
    assert labels.texts([label], people.petra) == {label.pk: KARIN}
    for column in (label.ciphertext, label.digest, *PatientSearchToken.objects.values_list("token", flat=True)):
        for part in ("Kåre", "kåre", "Öström"):
            assert part.encode() not in bytes(column)


@pytest.mark.parametrize(
    "again", [f"  {KARIN} ", KARIN.upper(), "Kåre   Ærlig-Öström", "Ka\u030are Ærlig-O\u0308stro\u0308m"]
)
def test_the_same_patient_has_one_label_however_it_is_typed(people, north, label, again):
    assert labels.label_for(user=people.asta, clinic=north, text=again) == label
    assert PatientLabel.objects.count() == 1


@pytest.mark.parametrize("other", ["Kare Ærlig-Öström", "Kåre Ærlig", "Kåre Ärlig-Öström", "Kåre Ærlig Öström"])
def test_another_letter_is_another_patient(people, north, label, other):
    assert labels.label_for(user=people.petra, clinic=north, text=other) != label


def test_two_clinics_labels_have_nothing_in_common(people, north, label):
    elsewhere = labels.label_for(user=people.olga, clinic=people.south, text=KARIN)
    assert elsewhere != label
    assert bytes(elsewhere.digest) != bytes(label.digest)
    assert not set(map(bytes, elsewhere.tokens.values_list("token", flat=True))) & set(
        map(bytes, label.tokens.values_list("token", flat=True))
    )


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (PatientPolicy.NONE, "4711"),
        (PatientPolicy.REFERENCE, "x" * 41),
        (PatientPolicy.NAME, "x" * 81),
        (PatientPolicy.REFERENCE, "811228-9874"),
        (PatientPolicy.NAME, "Karin 19811228-9874"),
    ],
)
def test_what_the_policy_forbids_is_refused_with_a_sentence(people, north, policy, text):
    north.patient_policy = policy
    with pytest.raises(ValidationError) as refused:
        labels.label_for(user=people.petra, clinic=north, text=text)
    assert refused.value.messages[0].endswith(".")
    assert not PatientLabel.objects.exists()


@pytest.mark.parametrize(("policy", "length"), [(PatientPolicy.REFERENCE, 40), (PatientPolicy.NAME, 80)])
def test_the_longest_text_is_taken(people, north, policy, length):
    north.patient_policy = policy
    label = labels.label_for(user=people.petra, clinic=north, text="å" * length)
    assert labels.texts([label], people.petra) == {label.pk: "å" * length}


def test_who_does_not_order_for_the_clinic_makes_no_label(people, north):
    with pytest.raises(Http404):
        labels.label_for(user=people.otto, clinic=north, text="4711")


# --- Showing ----------------------------------------------------------------------------------------------------


def test_only_who_sees_the_clinics_patients_reads_them(people, north, label, take_patients_from):
    south = labels.label_for(user=people.olga, clinic=people.south, text="Somebody")
    take_patients_from(people.asta, north)
    everything = [label, south, None]
    assert labels.texts(everything, people.olga) == {label.pk: KARIN, south.pk: "Somebody"}
    assert labels.texts(everything, people.petra) == {label.pk: KARIN}
    for outsider in (people.asta, people.otto, people.stella, people.edit):
        assert labels.texts(everything, outsider) == {}
        assert labels.text_to_edit(label, outsider) == ""
    Clinic.objects.filter(pk=north.pk).update(is_active=False)
    assert labels.texts([label], people.petra) == {}


def test_a_thousand_texts_are_read_in_as_many_queries_as_one(people, north, django_assert_num_queries):
    made = [labels.label_for(user=people.petra, clinic=north, text=f"Patient {number}") for number in range(30)]
    counts = []
    for some in (made[:1], made):
        with CaptureQueriesContext(connection) as queries:
            assert len(labels.texts(some, people.petra)) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    with django_assert_num_queries(0):
        assert labels.texts([None, None], people.petra) == {}


@pytest.mark.parametrize("loss", ["key destroyed", "another master key", "tampered", "another clinic's"])
def test_what_cannot_be_decrypted_says_so_and_breaks_nothing(people, north, label, loss, settings):
    if loss == "key destroyed":
        ClinicKey.objects.all().delete()
    elif loss == "another master key":
        settings.PATIENT_MASTER_KEY = "YW5vdGhlci1tYXN0ZXIta2V5LW9mLTMyLWJ5dGVzISE="
    elif loss == "tampered":
        sealed = bytearray(label.ciphertext)
        sealed[-1] ^= 1
        label.ciphertext = bytes(sealed)
    else:
        elsewhere = labels.label_for(user=people.olga, clinic=people.south, text="Somebody else")
        label.ciphertext = elsewhere.ciphertext
    assert labels.texts([label], people.olga) == {label.pk: "can't be read"}
    assert labels.text_to_edit(label, people.olga) == ""


def test_a_ciphertext_put_into_another_label_of_the_clinic_is_not_read(people, north, label):
    other = labels.label_for(user=people.petra, clinic=north, text="Somebody else")
    other.ciphertext = label.ciphertext
    assert labels.texts([other], people.petra) == {other.pk: "can't be read"}


# --- Finding ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["Kåre", "kår", "KÅRE", "ær", "ÆRL", "öst", "Öström", "ærlig öst", "öst kår", "Ærlig-Ös"]
)
def test_a_patient_is_found_by_the_beginnings_of_names(people, north, label, query):
    # Two letters find only a name of two letters.
    words = query.replace("-", " ").split()
    expected = [label] if all(len(word) > 2 for word in words) else []
    assert list(labels.find(people.petra, north, query)) == expected


@pytest.mark.parametrize("query", ["", "   ", "-", "Kare", "ström", "Kåre Berg", "Kårel", "%", "k" * 500])
def test_what_does_not_begin_a_name_finds_nothing(people, north, label, query):
    assert not labels.find(people.petra, north, query).exists()


def test_references_and_short_names_are_found(people, north):
    reference = labels.label_for(user=people.petra, clinic=north, text="ref. 4711/AB")
    bo = labels.label_for(user=people.petra, clinic=north, text="Bo Ek")
    assert list(labels.find(people.petra, north, "471")) == [reference]
    assert list(labels.find(people.petra, north, "4711 ab")) == [reference]
    assert list(labels.find(people.petra, north, "bo")) == [bo]


def test_a_search_never_crosses_clinics(people, north, label, take_patients_from):
    south = labels.label_for(user=people.olga, clinic=people.south, text=KARIN)
    take_patients_from(people.asta, north)
    assert list(labels.find(people.olga, people.south, "kåre")) == [south]
    assert list(labels.find(people.olga, north, "kåre")) == [label]
    for outsider, clinic in ((people.petra, people.south), (people.otto, north), (people.asta, north)):
        assert not labels.find(outsider, clinic, "kåre").exists()


def test_a_search_with_a_lost_key_finds_nothing(people, north, label, settings):
    settings.PATIENT_MASTER_KEY = "YW5vdGhlci1tYXN0ZXIta2V5LW9mLTMyLWJ5dGVzISE="
    assert not labels.find(people.petra, north, "kåre").exists()


# --- Erasing ----------------------------------------------------------------------------------------------------


def test_erasing_destroys_text_and_hashes_and_keeps_the_row(people, north, label):
    other = labels.label_for(user=people.petra, clinic=north, text="Somebody else")
    before = bytes(label.ciphertext)
    labels.erase(label, people.olga)
    label.refresh_from_db()
    assert (bytes(label.ciphertext), label.digest, label.tokens.count()) == (b"", None, 0)
    assert before
    assert label.erased
    assert labels.texts([label, other], people.petra) == {label.pk: "erased", other.pk: "Somebody else"}
    assert not labels.find(people.petra, north, "kåre").exists()
    assert labels.label_for(user=people.petra, clinic=north, text=KARIN) != label


def test_erasing_is_logged_once_and_without_the_text(people, north, label):
    for _again in range(2):
        labels.erase(label, people.olga)
    entry = ModelLogEntry.objects.get(action="patients.erase")
    assert (entry.user, entry.object_id) == (people.olga, str(north.pk))
    assert entry.data == {"label": str(label.pk)}


@pytest.mark.parametrize(
    ("who", "refusal"), [("petra", PermissionDenied), ("asta", PermissionDenied), ("otto", Http404)]
)
def test_only_a_main_user_erases(people, north, label, who, refusal):
    for erase in (lambda user: labels.erase(label, user), lambda user: labels.erase_clinic(north, user)):
        with pytest.raises(refusal):
            erase(getattr(people, who))
    assert labels.texts([label], people.petra) == {label.pk: KARIN}
    assert ClinicKey.objects.exists()


def test_erasing_a_clinic_destroys_its_key_and_nobody_elses(people, north, label):
    south = labels.label_for(user=people.olga, clinic=people.south, text="Somebody")
    assert labels.erase_clinic(north, people.olga) == 1
    assert not ClinicKey.objects.filter(clinic=north).exists()
    assert labels.texts([label, south], people.olga)[south.pk] == "Somebody"
    label.refresh_from_db()
    assert labels.texts([label], people.petra) == {label.pk: "erased"}
    again = labels.label_for(user=people.petra, clinic=north, text=KARIN)
    assert labels.texts([again], people.petra) == {again.pk: KARIN}
    assert ModelLogEntry.objects.get(action="patients.erase_clinic").data == {"count": 1}


def test_a_kept_copy_of_the_table_is_worth_nothing_once_the_key_is_destroyed(people, north, label):
    """Crypto-shredding: what a backup holds of the label can't be decrypted with any key there is."""
    labels.erase_clinic(north, people.olga)
    labels.label_for(user=people.petra, clinic=north, text="Somebody new")
    assert label.erased is None  # as it was in the backup
    assert labels.texts([label], people.petra) == {label.pk: "can't be read"}
