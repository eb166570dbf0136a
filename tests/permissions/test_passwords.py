"""Forgotten and changed passwords: the link reaches the mailbox only, works once and for a day, and unlocks."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client

from outbox.models import OutgoingMail
from permissions.models import User
from tests.factories import PASSWORD

NEW = "a brand new secret"
LINK = re.compile(r"https?://[^\s\"<]+/password/new/[^\s\"<]+")


def ask(client: Client, email: str):
    return client.post("/password/forgotten/", {"email": email}, follow=True)


def mailed_link(message=None) -> str:
    (link,) = set(LINK.findall((message or mail.outbox[-1]).body))
    return urlsplit(link).path


def choose(client: Client, link: str, password: str = NEW):
    """Follow the link to its form and send it."""
    form = client.get(link, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(where, {"new_password1": password, "new_password2": password}, follow=True)


def logs_in(password: str, email: str = "petra@example.com") -> bool:
    return Client().post("/login/", {"username": email, "password": password}).status_code == 302


@pytest.fixture
def link(client, people) -> str:
    ask(client, "Petra@Example.com")
    return mailed_link()


# --- The mail ---------------------------------------------------------------------------------------------------


def test_the_mail_has_text_and_html_with_the_same_link(client, people):
    ask(client, "petra@example.com")
    (message,) = mail.outbox
    ((html, kind),) = [(part.content, part.mimetype) for part in message.alternatives]
    assert kind == "text/html"
    assert set(LINK.findall(message.body)) == set(LINK.findall(html))
    assert message.to == ["petra@example.com"]
    assert "\n" not in message.subject


def test_the_mail_goes_through_the_outbox(client, people):
    ask(client, "petra@example.com")
    row = OutgoingMail.objects.get()
    assert row.to == ["petra@example.com"]
    assert row.html
    assert row.sent_at is not None


@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_the_link_leads_to_the_portal_whatever_host_was_asked(client, people, settings, host):
    """A forged Host header would send the token to whoever forged it; Django's `sites` says example.com."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = "https://bestil.example"
    client.post("/password/forgotten/", {"email": "petra@example.com"}, headers={"host": host})
    (message,) = mail.outbox
    for text in (message.body, message.alternatives[0].content):
        assert {urlsplit(found)[:2] for found in LINK.findall(text)} == {("https", "bestil.example")}
        assert host not in text


@pytest.mark.parametrize("email", ["petra@example.com", "nobody@example.com", "otto@example.com", "PETRA@example.com"])
def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client, people, email):
    User.objects.filter(pk=people.otto.pk).update(is_active=False)
    answer = ask(client, email)
    said = answer.content.decode()
    assert answer.redirect_chain == [("/password/forgotten/sent/", 302)]
    assert "If the address belongs to an active user" in said
    assert email not in said
    assert len(mail.outbox) == (1 if email.lower() == "petra@example.com" else 0)


def test_an_address_that_is_none_is_said_to_be_none(client, people):
    answer = ask(client, "petra")
    assert answer.redirect_chain == []
    assert "Enter a valid email address." in answer.content.decode()


# --- The link ---------------------------------------------------------------------------------------------------


def test_the_link_lets_choose_a_new_password(client, link):
    page = choose(client, link)
    assert page.redirect_chain[-1][0] == "/password/new/done/"
    assert logs_in(NEW)
    assert not logs_in(PASSWORD)


def test_the_link_works_once(client, link):
    choose(client, link)
    again = choose(Client(), link, "yet another secret")
    assert "This link no longer works" in again.content.decode()
    assert not logs_in("yet another secret")


@pytest.mark.parametrize(("hours", "works"), [(23, True), (25, False)])
def test_the_link_works_for_a_day(client, link, monkeypatch, hours, works):
    later = datetime.now() + timedelta(hours=hours)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    page = choose(client, link)
    assert ("This link no longer works" not in page.content.decode()) == works
    assert logs_in(NEW) == works


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "other@example.com"}])
def test_the_link_dies_with_what_it_was_made_for(client, people, link, change):
    """A new address or a deactivation must not be undone by a mail that is still on its way."""
    User.objects.filter(pk=people.petra.pk).update(**change)
    choose(client, link)
    assert not logs_in(NEW)
    assert not logs_in(NEW, "other@example.com")


@pytest.mark.parametrize("spoil", [lambda link: link[:-2] + "x/", lambda link: link.replace("/new/", "/new/MTA")])
def test_a_link_that_was_tampered_with_says_what_to_do(client, link, spoil):
    page = client.get(spoil(link), follow=True)
    assert "This link no longer works" in page.content.decode()
    assert 'href="/password/forgotten/"' in page.content.decode()


def test_the_token_does_not_stay_in_the_address(client, link):
    """Where it would be sent on as referrer, kept in the history and written to logs."""
    page = client.get(link, follow=True)
    assert page.redirect_chain[-1][0].endswith("/set-password/")
    assert link.split("/")[-2] not in page.redirect_chain[-1][0]


def test_a_new_password_unlocks(client, people, link):
    for _time in range(5):
        client.post("/login/", {"username": "PETRA@example.com", "password": "wrong"})
    assert not logs_in(PASSWORD)
    choose(client, link)
    assert logs_in(NEW)


def test_a_new_password_ends_every_open_session(client, people):
    open_session = Client()
    open_session.force_login(people.petra)
    ask(client, "petra@example.com")
    choose(client, mailed_link())
    assert logs_in(NEW)
    assert open_session.get("/orders/").status_code == 302


# --- Changing it ------------------------------------------------------------------------------------------------

REFUSED = [
    ("kz7Qw1!", "too short"),
    ("password123", "too common"),
    ("12345678", "too common"),
    ("petra@example.com", "too similar"),
    ("Testsson", "too similar"),
]


def change(client: Client, old: str, new: str, again: str | None = None):
    form = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return client.post("/password/change/", form)


@pytest.fixture
def petra(client, people) -> Client:
    client.force_login(people.petra)
    return client


def test_a_password_is_changed_and_the_session_goes_on(petra):
    assert change(petra, PASSWORD, NEW)["Location"] == "/profile/"
    assert "Your password is changed." in petra.get("/profile/").content.decode()
    assert logs_in(NEW)
    assert not logs_in(PASSWORD)


def test_the_other_sessions_end(petra, people):
    elsewhere = Client()
    elsewhere.force_login(people.petra)
    change(petra, PASSWORD, NEW)
    assert elsewhere.get("/orders/").status_code == 302


@pytest.mark.parametrize("old", ["", "wrong"])
def test_the_current_password_is_needed(petra, old):
    assert change(petra, old, NEW).status_code == 200
    assert not logs_in(NEW)


def test_both_new_passwords_must_be_the_same(petra):
    assert change(petra, PASSWORD, NEW, "something else 12").status_code == 200
    assert logs_in(PASSWORD)


@pytest.mark.parametrize(("weak", "why"), REFUSED)
def test_a_weak_password_is_refused_and_the_reason_said(petra, weak, why):
    assert why in change(petra, PASSWORD, weak).content.decode()
    assert not logs_in(weak)


@pytest.mark.parametrize(("weak", "why"), REFUSED)
def test_a_link_from_a_mail_takes_no_weak_password_either(client, link, weak, why):
    assert why in choose(client, link, weak).content.decode()
    assert not logs_in(weak)


@pytest.mark.parametrize("good", ["kz7Qw1!x", "åäö æøå 12", "x" * 128 + "kQ"])
def test_a_password_of_eight_or_many_characters_is_taken(petra, good):
    change(petra, PASSWORD, good)
    assert logs_in(good)


def test_no_password_is_shown_again(petra):
    page = change(petra, "my wrong old one", "kz7Qw1!").content.decode()
    assert "my wrong old one" not in page
    assert "kz7Qw1!" not in page
