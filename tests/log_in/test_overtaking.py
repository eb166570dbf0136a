"""A request that was under way when its session ended changes nothing more; a new hash of a password ends none."""

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.test import Client

from permissions.log_in import factors, identities, passwords, second_factor, sessions
from permissions.models import User
from permissions.services import block, end_sessions
from tests.factories import PASSWORD
from tests.log_in.authenticator import App, confirm, give_app
from tests.log_in.doors import NEW, ask_for_link, choose, is_in, link_in, log_in, logged_in
from tests.log_in.test_setting_up import add_app, begin_app

THEIRS = "another's secret 1"


@pytest.fixture
def thief(people) -> Client:
    """Whoever knows Petra's password, logged in with it."""
    return logged_in("petra@example.com")


@pytest.fixture
def link(people) -> str:
    ask_for_link("petra@example.com")
    return link_in(mail.outbox[-1])


def reset_before(monkeypatch, module, name: str, link: str) -> None:
    """Petra chooses a new password at the moment when the thief's request is about to do that."""
    real = getattr(module, name)

    def overtaken(*args, **kwargs):
        assert choose(link).status_code == 200
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, overtaken)


def refused(client: Client, answer) -> None:
    assert answer["Location"] == "/login/"
    assert "The log-in was interrupted." in client.get("/login/").content.decode()
    assert not is_in(client)
    assert log_in(Client(), "petra@example.com", NEW)["Location"] == "/"


def test_a_password_that_was_reset_is_not_changed_by_who_had_the_old_one(people, thief, link, monkeypatch):
    reset_before(monkeypatch, passwords, "change_password", link)
    change = {"old_password": PASSWORD, "new_password1": THEIRS, "new_password2": THEIRS}
    refused(thief, thief.post("/password/change/", change))
    assert not User.objects.get(pk=people.petra.pk).check_password(THEIRS)


def test_nor_is_a_factor_added(people, thief, link, monkeypatch):
    app = begin_app(thief)
    reset_before(monkeypatch, factors, "_added", link)
    refused(thief, thief.post("/profile/security/app/", {"code": app.code()}))
    assert not second_factor.has_factor(people.petra)


def test_nor_are_the_other_sessions_ended(people, thief, link, monkeypatch):
    reset_before(monkeypatch, sessions, "end_others", link)
    refused(thief, thief.post("/profile/security/sessions/end-others/"))


ENDS = {
    "sessions ended": lambda people: end_sessions(User.objects.get(pk=people.petra.pk)),
    "blocked": lambda people: block(user=User.objects.get(pk=people.petra.pk), by=people.stella, reason="By phone"),
    "another password": lambda people: User.objects.filter(pk=people.petra.pk).update(password="!"),
}
CHANGES = {
    "app": lambda user: second_factor.add_app(user, App("A" * 32).secret, 1),
    "passkey": lambda user: second_factor.add_passkey(user, "Key", {}),
    "codes": second_factor.renew_codes,
    "removed": lambda user: second_factor.remove(user, second_factor.factors_of(user).first()),
    "e-identity": lambda user: identities.connect(user, "identity", "x" * 64),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("end", ENDS)
def test_who_was_shut_out_changes_nothing_about_the_log_in(people, what, end):
    if what in ("codes", "removed"):
        give_app(people.petra)
    as_the_request_began = User.objects.get(pk=people.petra.pk)
    ENDS[end](people)
    before = second_factor.factors_of(people.petra).count()
    with pytest.raises(sessions.SessionEnded):
        CHANGES[what](as_the_request_began)
    assert second_factor.factors_of(people.petra).count() == before
    assert not SocialAccount.objects.exists()


# --- A new hash -------------------------------------------------------------------------------------------------


class Weak(PBKDF2PasswordHasher):
    iterations = 10


class Strong(PBKDF2PasswordHasher):
    iterations = 20


@pytest.fixture
def hashed_anew(people, settings) -> Client:
    """Logged in before Django's way of hashing changed: the next right password is hashed anew."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Weak"]
    people.petra.set_password(PASSWORD)
    people.petra.save()
    client = logged_in("petra@example.com")
    settings.PASSWORD_HASHERS = [f"{__name__}.Strong"]
    return client


def test_confirming_goes_on_after_the_password_was_hashed_anew(people, hashed_anew):
    assert confirm(hashed_anew)["Location"] == "/profile/security/"
    assert "$20$" in User.objects.get(pk=people.petra.pk).password
    assert is_in(hashed_anew)
    assert UserSession.objects.get().session_key == hashed_anew.session.session_key
    add_app(hashed_anew)


def test_so_do_the_forms_that_ask_for_it(people, hashed_anew):
    typed = {"email": "new@example.com", "password": PASSWORD}
    assert hashed_anew.post("/profile/security/e-mail/", typed)["Location"] == "/profile/security/"
    assert is_in(hashed_anew)


def test_so_does_a_change_of_it(people, hashed_anew):
    change = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert hashed_anew.post("/password/change/", change)["Location"] == "/profile/"
    assert is_in(hashed_anew)
    assert log_in(Client(), "petra@example.com", NEW).status_code == 302


def test_a_wrong_password_is_hashed_by_nobody(people, hashed_anew):
    hashed_anew.post("/profile/security/confirm/", {"password": "wrong"})
    assert "$10$" in User.objects.get(pk=people.petra.pk).password
    assert is_in(hashed_anew)
