"""By what an e-identity is known: nobody who has read the database finds out whose number it is by trying."""

from collections.abc import Iterator
from hashlib import sha256

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from permissions.log_in.identity_names import known_as
from tests.log_in.authenticator import confirm, is_in
from tests.log_in.provider import come_in, running, settings_for

NEXT, AFTER = (f"{letter * 43}=" for letter in "AB")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
def connected(client, people, address, settings) -> Client:
    """Petra's browser, after she connected her e-identity."""
    settings.SOCIALACCOUNT_PROVIDERS = settings_for(address)
    client.force_login(people.petra)
    confirm(client)
    come_in(client, process="connect")
    return client


def test_it_is_no_hash_that_could_be_tried(connected, address):
    (uid,) = SocialAccount.objects.values_list("uid", flat=True)
    tried = {sha256(text.encode()).hexdigest() for text in ("p-1", f"{address}\np-1", f"{address}p-1")}
    assert uid not in tried


def test_it_depends_on_the_key_the_issuer_and_the_subject(db, settings):
    known = {known_as("identity", *who) for who in (("a", "1"), ("a", "2"), ("b", "1"))}
    settings.PATIENT_MASTER_KEY = NEXT
    known |= {known_as("identity", "a", "1")}
    assert len(known) == 4
    assert all(len(uid) == 64 for uid in known)


def test_a_new_secret_key_changes_nothing(connected, settings):
    settings.SECRET_KEY = "the next one"
    visitor = Client()
    come_in(visitor)
    assert is_in(visitor)


def test_who_logs_in_moves_to_the_new_key(connected, settings):
    before = SocialAccount.objects.get()
    settings.PATIENT_MASTER_KEY = f"{NEXT}, {settings.PATIENT_MASTER_KEY}"
    visitor = Client()
    come_in(visitor)
    assert is_in(visitor)
    after = SocialAccount.objects.get()
    assert (after.pk, after.uid == before.uid) == (before.pk, False)
    settings.PATIENT_MASTER_KEY = NEXT
    later = Client()
    come_in(later)
    assert is_in(later)


def test_who_did_not_connects_anew_once_the_old_key_is_gone(connected, people, settings):
    settings.PATIENT_MASTER_KEY = NEXT
    assert come_in(Client()).status_code == 403
    come_in(connected, process="connect")
    visitor = Client()
    come_in(visitor)
    assert is_in(visitor)


def test_one_that_was_kept_under_both_keys_stays_where_it_is(people, settings):
    """Servers may not all have read the new key yet when somebody connects."""
    old = settings.PATIENT_MASTER_KEY
    for keys in (f"{NEXT},{old}", old):
        settings.PATIENT_MASTER_KEY = keys
        SocialAccount.objects.create(user=people.petra, provider="identity", uid=known_as("identity", "a", "1"))
    settings.PATIENT_MASTER_KEY = f"{AFTER},{NEXT},{old}"
    first = known_as("identity", "a", "1")
    assert SocialAccount.objects.filter(uid=first).count() == 1
    assert known_as("identity", "a", "1") == first
    assert SocialAccount.objects.count() == 2


def test_no_other_providers_is_moved(people, settings):
    kept = SocialAccount.objects.create(user=people.petra, provider="other", uid=known_as("other", "a", "1"))
    settings.PATIENT_MASTER_KEY = f"{NEXT},{settings.PATIENT_MASTER_KEY}"
    known_as("identity", "a", "1")
    assert SocialAccount.objects.get().uid == kept.uid


@pytest.mark.parametrize("empty", ["", " , "])
def test_without_a_key_there_is_no_name(db, settings, empty):
    settings.PATIENT_MASTER_KEY = empty
    with pytest.raises(ImproperlyConfigured):
        known_as("identity", "a", "1")
