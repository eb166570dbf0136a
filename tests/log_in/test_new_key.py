"""A new SECRET_KEY, while SECRET_KEY_FALLBACKS names the old one: nobody who is in or has a link notices."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from permissions.log_in.sessions import NOTE_EVERY
from permissions.models import User
from tests.factories import PASSWORD
from tests.log_in.doors import ADDRESS, NEW, ask_for_link, choose, is_in, link_in, log_in, logged_in, mails_to
from tests.log_in.test_email_change import NEW as NEW_ADDRESS
from tests.log_in.test_email_change import ask as ask_for_address
from tests.log_in.test_open_sessions import lines, number_of, set_seen


@pytest.fixture
def turn_key(settings):
    def turn() -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "the next one"

    return turn


@pytest.fixture
def forget_old_key(settings, turn_key):
    def forget() -> None:
        settings.SECRET_KEY_FALLBACKS = []

    return forget


def test_the_mailed_links_live_on(people, turn_key):
    browser = logged_in("petra@example.com")
    ask_for_address(browser)
    ask_for_link("asta@example.com")
    turn_key()
    assert browser.post(link_in(mails_to(NEW_ADDRESS)[0], ADDRESS)).status_code == 302
    assert User.objects.get(pk=people.petra.pk).email == NEW_ADDRESS
    choose(link_in(mails_to("asta@example.com")[0]))
    assert log_in(Client(), "asta@example.com", NEW).status_code == 302


def test_links_die_with_the_old_key(people, turn_key, forget_old_key):
    browser = logged_in("petra@example.com")
    ask_for_address(browser)
    ask_for_link("petra@example.com")
    turn_key()
    forget_old_key()
    assert "This link no longer works" in choose(link_in(mail.outbox[-1])).content.decode()
    browser = logged_in("petra@example.com")
    assert browser.post(link_in(mails_to(NEW_ADDRESS)[0], ADDRESS)).status_code == 422


def test_sessions_stay_listed_under_the_names_they_had(people, turn_key):
    here, other = (logged_in("petra@example.com") for _number in range(2))
    keys = [client.session.session_key for client in (here, other)]
    turn_key()
    assert is_in(here)
    assert is_in(other)
    assert [client.session.session_key for client in (here, other)] == keys
    assert [(line.number is None, line.is_this) for line in lines(here)] == [(False, True), (False, False)]


def test_each_is_ended_singly_before_and_after_it_came_back(people, turn_key):
    here, other, away = (logged_in("petra@example.com") for _number in range(3))
    turn_key()
    assert is_in(other)
    for client in (other, away):
        here.post("/profile/security/sessions/end/", {"session": number_of(client)})
    assert [is_in(client) for client in (here, other, away)] == [True, False, False]


def test_another_log_in_ends_none(people, turn_key):
    old = logged_in("petra@example.com")
    turn_key()
    new = logged_in("petra@example.com")
    assert is_in(old)
    assert len(lines(new)) == 2


def test_a_session_in_use_moves_to_the_new_key(people, turn_key, forget_old_key):
    used, forgotten = (logged_in("petra@example.com") for _number in range(2))
    for client in (used, forgotten):
        set_seen(client, timedelta(seconds=NOTE_EVERY + 1))
    turn_key()
    assert is_in(used)
    forget_old_key()
    assert [is_in(client) for client in (used, forgotten)] == [True, False]


def test_a_new_password_still_ends_the_others_under_either_key(people, turn_key):
    here, other = (logged_in("petra@example.com") for _number in range(2))
    turn_key()
    here.post("/password/change/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert [is_in(client) for client in (here, other)] == [True, False]


def test_whoever_may_write_sessions_without_the_key_makes_none(people):
    """What the session says of the password is no secret: that we signed it is what counts."""
    client = logged_in("petra@example.com")
    row = Session.objects.get(session_key=client.session.session_key)
    content, signature = row.session_data.rsplit(":", 1)
    Session.objects.filter(pk=row.pk).update(session_data=f"{content}:{signature[::-1]}")
    assert not is_in(client)
