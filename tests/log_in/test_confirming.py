"""Before the log-in is changed people show that it is them: by password, code or passkey, for ten minutes."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from permissions.log_in import second_factor
from tests.log_in.authenticator import confirm, give_app, passkey_row, password

CONFIRM = "/profile/security/confirm/"


@pytest.fixture
def petra(client, people) -> Client:
    client.force_login(people.petra)
    confirm(client)
    return client


ASKS_FIRST = ["app/", "app/remove/", "passkeys/add/", "codes/", "codes/new/", "codes/download/"]


@pytest.mark.parametrize("path", [*ASKS_FIRST, "passkeys/{key}/", "passkeys/{key}/remove/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_change_asks_for_the_password_first(client, people, path, method):
    give_app(people.petra)
    key = passkey_row(people.petra)
    client.force_login(people.petra)
    kept = list(Authenticator.objects.order_by("pk").values())
    full = "/profile/security/" + path.format(key=key.pk)
    answer = getattr(client, method)(full, {"name": "Other", "code": "123456"})
    assert answer["Location"] == f"{CONFIRM}?next={full.replace('/', '%2F')}"
    assert list(Authenticator.objects.order_by("pk").values()) == kept
    assert "123456" not in str(client.session.items())


def test_confirming_leads_back(client, people):
    client.force_login(people.petra)
    answer = client.post(CONFIRM, {"password": "correct horse battery", "next": "/profile/security/app/"})
    assert answer["Location"] == "/profile/security/app/"
    assert client.get("/profile/security/app/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_confirming_leads_nowhere_else(client, people, target):
    client.force_login(people.petra)
    answer = client.post(CONFIRM, {"password": "correct horse battery", "next": target})
    assert answer["Location"] == "/profile/security/"


def test_it_holds_for_ten_minutes(petra, monkeypatch):
    assert petra.get("/profile/security/app/").status_code == 200
    now = time.time()
    for minutes, status in ((9, 200), (11, 302)):
        monkeypatch.setattr("time.time", lambda minutes=minutes: now + minutes * 60)
        assert petra.get("/profile/security/app/").status_code == status


def test_a_password_typed_at_the_log_in_holds_as_long(client, people, monkeypatch):
    password(client, people.petra)
    assert client.get("/profile/security/app/").status_code == 200
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 11 * 60)
    assert client.get("/profile/security/app/")["Location"].startswith(CONFIRM)


def test_wrong_passwords_there_lock_as_well(client, people):
    client.force_login(people.petra)
    answers = [client.post(CONFIRM, {"password": "wrong"}).status_code for _time in range(5)]
    assert answers == [422, 422, 422, 422, 403]
    assert client.get("/profile/security/app/").status_code == 302
    assert password(Client(), people.petra).status_code == 403


def test_a_code_confirms_too_once(client, people):
    app = give_app(people.petra)
    client.force_login(people.petra)
    assert 'href="/profile/security/confirm/code/' in client.get(CONFIRM).content.decode()
    code = app.code()
    assert client.post(f"{CONFIRM}code/", {"code": code})["Location"] == "/profile/security/"
    assert client.get("/profile/security/app/remove/").status_code == 200
    other = Client()
    other.force_login(people.petra)
    assert other.post(f"{CONFIRM}code/", {"code": code}).status_code == 422


def test_a_code_confirms_nothing_for_who_has_none(client, people):
    client.force_login(people.petra)
    assert client.get(f"{CONFIRM}code/")["Location"] == CONFIRM


def test_who_has_no_app_is_asked_for_a_recovery_code(petra, people):
    passkey_row(people.petra)
    second_factor.renew_codes(people.petra)
    page = petra.get("/profile/security/confirm/code/").content.decode()
    assert "Write one of your recovery codes." in page
    assert "authenticator app" not in page
