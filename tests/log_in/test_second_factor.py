"""Logging in with a second factor: each code once, five wrong ones lock, and no route leads past it."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from permissions import services
from permissions.log_in import entrance, second_factor
from permissions.models import User
from tests.factories import PASSWORD
from tests.log_in.authenticator import give_app, is_in, passkey_row, password, recovery_codes, send_code

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(people):
    return give_app(people.petra)


@pytest.fixture
def half_way(client, people, app) -> Client:
    """The browser of somebody who knows Petra's password."""
    assert password(client, people.petra)["Location"] == "/login/code/"
    return client


def test_password_and_code_log_in_and_lead_back(client, people, app):
    password(client, people.petra, next="/orders/?page=2")
    assert not is_in(client)
    assert send_code(client, app.code())["Location"] == "/orders/?page=2"
    assert client.get("/").wsgi_request.user == people.petra


def test_who_has_no_second_factor_is_not_asked(client, people):
    assert password(client, people.petra)["Location"] == "/"
    assert is_in(client)


@pytest.mark.parametrize(
    "path", ["/", "/orders/", "/profile/", "/profile/security/", "/profile/security/app/", "/cms/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_password_alone_opens_nothing(half_way, people, path, method):
    people.petra.is_staff = True
    people.petra.save()
    people.petra.groups.set(people.edit.groups.all())
    answer = getattr(half_way, method)(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={path}")


@pytest.mark.parametrize("path", ["/backoffice/", "/cms/api/main/pages/", "/documents/1/x.pdf", "/basket/"])
def test_the_password_alone_opens_no_other_area(half_way, path):
    assert half_way.get(path)["Location"].startswith("/login/?next=")


def test_without_the_password_there_is_no_page_for_the_code(client, people, app):
    assert client.get("/login/code/")["Location"] == "/login/"
    assert send_code(client, app.code())["Location"] == "/login/"
    assert not is_in(client)


# --- Each code once ---------------------------------------------------------------------------------------------


def test_a_code_works_once_on_every_server(client, people, app):
    code = app.code()
    password(client, people.petra)
    send_code(client, code)
    cache.clear()  # each server has its own
    other = Client()
    password(other, people.petra)
    assert send_code(other, code).status_code == 422
    assert not is_in(other)


def test_the_code_before_the_one_that_was_used_is_worthless(client, people, app):
    password(client, people.petra)
    send_code(client, app.code())
    other = Client()
    password(other, people.petra)
    send_code(other, app.code(-1))
    assert not is_in(other)
    send_code(other, app.code(1))
    assert is_in(other)


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(half_way, app, monkeypatch, steps, opens):
    at = 1_900_000_015  # after the step that setting it up used
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: at))
    send_code(half_way, app.code_at(at + 30 * steps))
    assert is_in(half_way) == opens


def test_a_code_may_be_written_in_groups(half_way, app):
    code = app.code()
    send_code(half_way, f" {code[:3]} {code[3:]}")
    assert is_in(half_way)


def test_a_recovery_code_works_once(people, app):
    code = recovery_codes(people.petra)[4]
    first, second = Client(), Client()
    for client in (first, second):
        password(client, people.petra)
        send_code(client, f"{code[:4]} {code[4:]}")
    assert is_in(first)
    assert not is_in(second)
    assert second_factor.codes_left(people.petra) == 9


def test_who_runs_out_of_recovery_codes_is_told(client, people, app):
    codes = recovery_codes(people.petra)
    sheet = Authenticator.objects.get(user=people.petra, type="recovery_codes")
    sheet.data["used_mask"] = (1 << 6) - 1
    sheet.save()
    password(client, people.petra)
    page = client.get(send_code(client, codes[9])["Location"]).content.decode()
    assert "You have 3 recovery codes left." in page


def test_who_has_passkeys_only_is_asked_for_a_recovery_code(client, people, monkeypatch):
    """In the words of what they have, and without a keyboard over the button for the passkey."""
    monkeypatch.setattr(entrance, "_options_for", lambda user: {})  # the row's credential is none
    passkey_row(people.petra)
    second_factor.renew_codes(people.petra)
    password(client, people.petra)
    page, answer = client.get("/login/code/").content.decode(), send_code(client, "12345678").content.decode()
    assert ">Recovery code<" in " ".join(page.split()).replace(" <", "<")
    assert "autofocus" not in page
    assert "This recovery code is wrong or was used already." in answer
    for words in (page, answer):
        assert "authenticator app" not in words
        assert "in the app" not in words


def test_who_has_an_app_begins_in_its_field(half_way):
    assert "autofocus" in half_way.get("/login/code/").content.decode()


def test_another_persons_codes_do_not_fit(half_way, people):
    others = give_app(people.asta)
    assert send_code(half_way, others.code()).status_code == 422
    assert send_code(half_way, recovery_codes(people.asta)[0]).status_code == 422
    assert not is_in(half_way)


@pytest.mark.parametrize("typed", ["", " ", "abc", "１２３４５６", "-1", "0" * 20, "0" * 21, "\x00", "٣٤٥٦٧٨", "¹²³"])
def test_what_is_no_code_is_refused_kindly(half_way, typed):
    answer = send_code(half_way, typed)
    assert answer.status_code == 422
    assert "Check this and try again" in answer.content.decode()


# --- Locking ----------------------------------------------------------------------------------------------------


def test_five_wrong_codes_lock_as_five_wrong_passwords_do(half_way, people, app):
    answers = [send_code(half_way, app.wrong_code()).status_code for _time in range(5)]
    assert answers == [422, 422, 422, 422, 403]
    send_code(half_way, app.code())
    assert not is_in(half_way)
    assert password(Client(REMOTE_ADDR="203.0.113.9"), people.petra).status_code == 403


def test_the_lock_ends_what_had_begun_elsewhere(half_way, people, app):
    other = Client()
    password(other, people.petra)
    for _time in range(5):
        send_code(half_way, app.wrong_code())
    assert send_code(other, app.code()).status_code == 403
    assert not is_in(other)
    assert other.get("/login/code/")["Location"] == "/login/"


def test_wrong_passwords_and_wrong_codes_count_together(client, people, app):
    for _time in range(3):
        password(client, people.petra, "wrong")
    password(client, people.petra)
    assert send_code(client, app.wrong_code()).status_code == 422
    assert send_code(client, app.wrong_code()).status_code == 403


def test_the_right_password_gives_no_new_tries(client, people, app):
    for _time in range(4):
        password(client, people.petra)
        assert send_code(client, app.wrong_code()).status_code == 422
    password(client, people.petra)
    assert send_code(client, app.wrong_code()).status_code == 403


def test_being_in_takes_the_wrong_ones_back(half_way, people, app):
    for _time in range(4):
        send_code(half_way, app.wrong_code())
    send_code(half_way, app.code())
    assert is_in(half_way)
    assert not AccessAttempt.objects.filter(username=people.petra.email).exists()


def test_a_mistyped_code_is_not_kept(half_way, people, app):
    send_code(half_way, "73519204")
    kept = str(list(AccessAttempt.objects.values()))
    assert people.petra.email in kept
    assert "73519204" not in kept


# --- A log-in that waits for its code ----------------------------------------------------------------------------


def new_password(user: User, people) -> None:
    user.set_password("another good one 12")
    user.save()


INTERRUPTIONS = {
    "inactive": lambda user, people: services.set_inactive(user=user, clinics=[people.north], confirmed=True),
    "blocked": lambda user, people: services.block(user=user, by=people.stella, reason="Lost phone"),
    "new password": new_password,
    "sessions ended": lambda user, people: services.end_sessions(user),
}


@pytest.mark.parametrize("what", INTERRUPTIONS)
def test_a_waiting_log_in_dies_with_what_it_began_with(half_way, people, app, what):
    INTERRUPTIONS[what](people.petra, people)
    assert send_code(half_way, app.code())["Location"] == "/login/"
    assert not is_in(half_way)
    assert half_way.get("/login/code/")["Location"] == "/login/"


def test_it_does_not_come_back_to_life(half_way, people, app):
    services.block(user=people.petra, by=people.stella, reason="A mistake")
    services.unblock(user=people.petra, by=people.stella)
    send_code(half_way, app.code())
    assert not is_in(half_way)


def test_it_waits_a_quarter_of_an_hour(half_way, app, monkeypatch):
    code = app.code()
    session = half_way.session
    session["account_login"]["initiated_at"] -= 16 * 60
    session.save()
    assert send_code(half_way, code)["Location"] == "/login/"
    assert not is_in(half_way)


# --- No route leads past it -------------------------------------------------------------------------------------


def test_a_new_password_from_a_mailed_link_does_not_log_in(client, people, app):
    client.post("/password/forgotten/", {"email": people.petra.email})
    (link,) = {*re.findall(r"http\S+?/password/new/[^\s\"<>]+", mail.outbox[-1].body)}
    form = client.get(link.removeprefix(django_settings.BASE_URL), follow=True)
    where = form.redirect_chain[-1][0]
    client.post(where, {"new_password1": "brand new secret 7", "new_password2": "brand new secret 7"})
    assert not is_in(client)
    assert password(client, people.petra, "brand new secret 7")["Location"] == "/login/code/"
    assert not is_in(client)


@pytest.mark.parametrize("path", ["/cms/login/", "/_util/login/", "/backoffice/login/", "/accounts/login/", "/login/"])
def test_no_other_log_in_page_takes_the_password_alone(client, people, path):
    give_app(people.edit)
    client.post(path, {"username": people.edit.email, "password": PASSWORD, "next": "/cms/"})
    assert not is_in(client)
    assert client.get("/cms/").status_code == 302


def test_nothing_logs_in_but_what_asks_for_the_second_factor():
    """Whoever logs somebody in does it with `perform_login`, which goes through the stages."""
    past = re.compile(r"django\.contrib\.auth import [^\n]*\blogin\b|auth\.login\(|django_login\(|_login\.login\(")
    for folder in ("permissions", "shop", "content", "site"):
        for file in (ROOT / folder).rglob("*.py"):
            assert not past.search(file.read_text(encoding="utf-8")), file
