"""Each wrong password or code is counted before the next is looked at, and nothing of what was typed is kept."""

import importlib

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.db import DatabaseError
from django.db.models.signals import pre_save
from django.test import Client
from django.utils import timezone

from permissions.log_in import lock, mails
from tests.log_in.authenticator import confirm, give_app, is_in, password, send_code
from tests.log_in.doors import NEW, logged_in, try_wrong

TYPED = "mistyped 471"
FORMS = {
    "/password/change/": {"old_password": TYPED, "new_password1": NEW, "new_password2": NEW},
    "/profile/security/confirm/": {"password": TYPED},
    "/profile/security/confirm/code/": {"code": TYPED},
    "/profile/security/e-mail/": {"email": "new@example.com", "password": TYPED},
}


def kept() -> str:
    rows = AccessAttempt.objects.values("get_data", "post_data", "path_info", "http_accept", "user_agent")
    assert rows
    return str(list(rows))


@pytest.mark.parametrize("path", FORMS)
def test_nothing_that_was_typed_is_kept(client, people, path):
    give_app(people.petra)
    client.force_login(people.petra)
    for _time in range(2):
        client.post(f"{path}?next=/{TYPED}", FORMS[path])
    for typed in (TYPED, NEW, "new@example.com", "next"):
        assert typed not in kept()


def test_nothing_of_a_log_in_is_kept(client, people):
    app = give_app(people.petra)
    try_wrong(client, "petra@example.com", 2)
    password(client, people.petra)
    wrong = app.wrong_code()
    send_code(client, wrong)
    assert wrong not in kept()
    assert "wrong 1" not in kept()


def test_what_was_kept_before_is_forgotten(db):
    row = {"ip_address": "127.0.0.1", "user_agent": "", "failures_since_start": 3, "attempt_time": timezone.now()}
    AccessAttempt.objects.bulk_create([AccessAttempt(username="x", get_data="next=x", post_data=f"new={NEW}", **row)])
    migration = importlib.import_module("permissions.migrations.0008_forget_what_was_typed")
    migration.forget(apps, None)
    assert NEW not in kept()
    assert AccessAttempt.objects.get().failures_since_start == 3


@pytest.fixture
def uncounted():
    """A day on which wrong passwords can't be written down."""

    def fail(**kwargs) -> None:
        raise DatabaseError

    pre_save.connect(fail, sender=AccessAttempt)
    yield
    pre_save.disconnect(fail, sender=AccessAttempt)


@pytest.mark.logs_errors
def test_what_could_not_be_counted_is_not_tried(people, uncounted):
    """A wrong one would cost nothing; so the right one opens nothing."""
    client = Client(raise_request_exception=False)
    assert password(client, people.petra).status_code == 500
    assert not is_in(client)


@pytest.mark.logs_errors
def test_nor_is_a_code(people, request):
    app = give_app(people.petra)
    client = Client(raise_request_exception=False)
    password(client, people.petra)
    request.getfixturevalue("uncounted")
    assert send_code(client, app.code()).status_code == 500
    assert not is_in(client)


@pytest.mark.logs_errors
def test_nor_is_the_password_of_who_is_logged_in(people, request):
    client = logged_in("petra@example.com")
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    client.raise_request_exception = False
    request.getfixturevalue("uncounted")
    assert confirm(client).status_code == 500
    assert client.get("/profile/security/app/")["Location"].startswith("/profile/security/confirm/")


def test_a_right_try_leaves_no_trace_in_the_count(people):
    client = logged_in("petra@example.com")
    confirm(client)
    assert not AccessAttempt.objects.exists()


@pytest.mark.logs_errors
def test_a_lock_that_can_not_be_told_locks_all_the_same(people, monkeypatch):
    def fail(*args) -> None:
        raise DatabaseError

    monkeypatch.setattr(mails, "tell_of_lock", fail)
    assert try_wrong(Client(), "petra@example.com", 5).status_code == 403
    assert lock.is_locked(people.petra)
