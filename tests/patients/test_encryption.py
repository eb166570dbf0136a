"""Texts of patients can be read with the right key, for the right label, and not otherwise."""

import base64
import os
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from shop.patients import encryption, labels
from shop.patients.encryption import ClinicCipher, Unreadable
from shop.patients.models import ClinicKey

CLINIC, LABEL = uuid.uuid4(), uuid.uuid4()


def master_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
def cipher() -> ClinicCipher:
    return ClinicCipher(CLINIC, encryption.new_wrapped_key(CLINIC))


def test_what_is_sealed_is_opened_again(cipher):
    sealed = cipher.seal("Åse Ærlig", LABEL)
    assert cipher.open(sealed, LABEL) == "Åse Ærlig"
    assert "Ærlig".encode() not in sealed


def test_the_same_text_is_never_sealed_alike(cipher):
    assert len({cipher.seal("4711", LABEL) for _time in range(50)}) == 50


def test_every_changed_byte_is_noticed(cipher):
    sealed = cipher.seal("4711", LABEL)
    for place in range(len(sealed)):
        tampered = bytearray(sealed)
        tampered[place] ^= 1
        with pytest.raises(Unreadable):
            cipher.open(bytes(tampered), LABEL)


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 12, b"x" * 27])
def test_too_short_is_unreadable(cipher, sealed):
    with pytest.raises(Unreadable):
        cipher.open(sealed, LABEL)


def test_a_text_belongs_to_its_label_and_clinic(cipher):
    sealed = cipher.seal("4711", LABEL)
    with pytest.raises(Unreadable):
        cipher.open(sealed, uuid.uuid4())
    with pytest.raises(Unreadable):  # another clinic's key
        ClinicCipher(CLINIC, encryption.new_wrapped_key(CLINIC)).open(sealed, LABEL)
    with pytest.raises(Unreadable):  # this key in another clinic's row
        ClinicCipher(uuid.uuid4(), cipher.wrapped).open(sealed, LABEL)


def test_hashes_depend_on_key_and_purpose(cipher):
    other = ClinicCipher(CLINIC, encryption.new_wrapped_key(CLINIC))
    assert cipher.digest("karin") == cipher.digest("karin") != other.digest("karin")
    assert cipher.token("karin") != other.token("karin")
    assert not cipher.digest("karin").startswith(cipher.token("karin"))
    assert (len(cipher.digest("karin")), len(cipher.token("karin"))) == (32, 16)


def test_texts_and_hashes_have_keys_of_their_own(cipher):
    assert len({cipher._data_key, cipher._text_key, cipher._hash_key}) == 3


def test_no_key_shows_in_what_is_printed(cipher):
    cipher.seal("4711", LABEL)
    assert repr(cipher.wrapped) not in repr(cipher)
    assert "ClinicCipher object" in repr(cipher)


@pytest.mark.parametrize("wrong", ["", " , ", "not base64!", "c2hvcnQ="])
def test_a_wrong_master_key_is_named_and_not_shown(settings, wrong):
    settings.PATIENT_MASTER_KEY = wrong
    with pytest.raises(ImproperlyConfigured) as error:
        encryption.master_keys()
    assert "PATIENT_MASTER_KEY" in str(error.value)
    assert not wrong.strip(" ,") or wrong not in str(error.value)


# --- A new master key -------------------------------------------------------------------------------------------


@pytest.fixture
def written(people):
    return [
        labels.label_for(user=user, clinic=clinic, text="ref 4711")
        for user, clinic in ((people.olga, people.north), (people.olga, people.south))
    ]


def test_an_old_master_key_opens_beside_a_new_one(people, written, settings):
    settings.PATIENT_MASTER_KEY = f"{master_key()}, {settings.PATIENT_MASTER_KEY}"
    assert set(labels.texts(written, people.olga).values()) == {"ref 4711"}


def test_after_rotating_the_new_key_is_enough(people, written, settings, capsys):
    old, new = settings.PATIENT_MASTER_KEY, master_key()
    before = {label.pk: bytes(label.ciphertext) for label in written}
    settings.PATIENT_MASTER_KEY = f"{new},{old}"
    call_command("rotate_patient_keys")
    assert "Wrapped 2 keys anew." in capsys.readouterr().out
    call_command("rotate_patient_keys")
    assert "Wrapped 0 keys anew." in capsys.readouterr().out

    settings.PATIENT_MASTER_KEY = new
    for label in written:
        label.refresh_from_db()
        assert bytes(label.ciphertext) == before[label.pk]
    assert set(labels.texts(written, people.olga).values()) == {"ref 4711"}
    assert list(labels.find(people.olga, people.north, "4711")) == written[:1]
    settings.PATIENT_MASTER_KEY = old
    assert set(labels.texts(written, people.olga).values()) == {"can't be read"}


def test_rotating_names_what_it_cannot_open_and_does_the_rest(people, written, settings, capsys):
    ClinicKey.objects.filter(clinic=people.south).update(wrapped=b"nonsense")
    settings.PATIENT_MASTER_KEY = f"{master_key()},{settings.PATIENT_MASTER_KEY}"
    with pytest.raises(CommandError, match="1 keys can't be opened"):
        call_command("rotate_patient_keys")
    assert str(people.south.pk) in capsys.readouterr().err
    settings.PATIENT_MASTER_KEY = settings.PATIENT_MASTER_KEY.partition(",")[0]
    assert labels.texts(written[:1], people.olga) == {written[0].pk: "ref 4711"}


def test_with_no_usable_key_a_patient_is_refused_and_not_lost(people, written, settings):
    from django.core.exceptions import ValidationError

    settings.PATIENT_MASTER_KEY = master_key()
    with pytest.raises(ValidationError, match="can't be saved at the moment"):
        labels.label_for(user=people.petra, clinic=people.north, text="4712")
