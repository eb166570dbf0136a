"""Where a person is logged in: the list, ending it, how long it lasts, and what ends it at once."""

import re
import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from permissions.log_in import sessions
from permissions.log_in.devices import Device
from permissions.models import AccessEvent, User
from permissions.models.events import AccessAction
from permissions.services import block, membership_revoke, set_inactive
from tests.factories import PASSWORD, UserFactory
from tests.log_in.doors import NEW, ask_for_link, is_in, logged_in, mails_to

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) (KHTML, like Gecko) Version/17.1 Safari/604.1"


@pytest.fixture
def petras(people) -> list[Client]:
    """Ten browsers of one person, on ten computers."""
    return [logged_in("petra@example.com") for _number in range(10)]


def session_of(client: Client) -> Session:
    return Session.objects.get(session_key=client.session.session_key)


def lines(client: Client) -> list[sessions.OpenSession]:
    """As the page lists them, asked by this browser."""
    request = RequestFactory().get("/", headers={"User-Agent": EDGE})
    request.session = client.session
    request.user = User.objects.get(email="petra@example.com")
    return sessions.open_sessions(request)


def number_of(client: Client) -> int:
    return UserSession.objects.get(session_key=client.session.session_key).pk


# --- The end of all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happens", "survive"),
    [
        (lambda people: set_inactive(user=people.petra, clinics=[people.north], by=people.olga, confirmed=True), 0),
        (lambda people: block(user=people.petra, by=people.stella, reason="Asked by phone"), 0),
        (lambda people: User.objects.filter(pk=people.petra.pk).update(is_active=False), 0),
        (lambda people: membership_revoke(user=people.asta, clinic=people.north, revoked_by=people.olga), 10),
    ],
    ids=["inactive", "blocked", "not active", "somebody else"],
)
def test_ten_sessions_die_within_one_request(people, petras, happens, survive):
    assert all(map(is_in, petras))
    happens(people)
    assert sum(map(is_in, petras)) == survive


def test_a_changed_password_leaves_the_one_that_changed_it(petras):
    change = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    answer = petras[3].post("/password/change/", change, follow=True)
    assert "You are logged out everywhere but here." in answer.content.decode()
    assert [is_in(client) for client in petras] == [number == 3 for number in range(10)]
    assert [line.is_this for line in lines(petras[3])] == [True]
    assert UserSession.objects.get().session_key == petras[3].session.session_key


def test_a_changed_password_kills_the_links_and_is_told(people, petras):
    from django.core import mail

    from tests.log_in.doors import choose, link_in

    ask_for_link("petra@example.com")
    link = link_in(mail.outbox[-1])
    petras[0].post("/password/change/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert "This link no longer works" in choose(link, "something else 12").content.decode()
    assert mails_to("petra@example.com")[-1].subject == "Your password for Bestil was changed"
    assert AccessEvent.objects.filter(action=AccessAction.PASSWORD, person=people.petra).count() == 1


@pytest.mark.parametrize("blocked_meanwhile", [True, False])
def test_a_form_that_was_open_brings_nobody_back(people, blocked_meanwhile, monkeypatch):
    """What is saved is the field that was changed: not the person as they were when the request began."""
    from permissions import forms

    client = logged_in("petra@example.com")
    real = forms.ProfileForm.is_valid

    def is_valid(self) -> bool:
        if blocked_meanwhile:
            block(user=User.objects.get(pk=people.petra.pk), by=people.stella, reason="Asked by phone")
        return real(self)

    monkeypatch.setattr(forms.ProfileForm, "is_valid", is_valid)
    client.post("/profile/", {"first_name": "P", "last_name": "T", "phone_number": "", "language": ""})
    user = User.objects.get(pk=people.petra.pk)
    assert (user.first_name, user.is_active) == ("P", not blocked_meanwhile)
    assert is_in(client) == (not blocked_meanwhile)


# --- The list ---------------------------------------------------------------------------------------------------


def test_the_list_names_browser_system_place_and_this_one(people):
    phone = logged_in("petra@example.com", **{"User-Agent": PHONE})
    here = logged_in("petra@example.com", **{"User-Agent": EDGE})
    found = [(str(line.device), line.address, line.is_this) for line in lines(here)]
    assert found == [("Edge on Windows", "127.0.0.1", True), ("Safari on iPhone", "127.0.0.1", False)]
    assert [line.is_this for line in lines(phone)] == [True, False]


def test_only_open_sessions_of_oneself_are_listed(people, petras):
    logged_in("asta@example.com")
    petras[1].post("/logout/")
    session_of(petras[2]).delete()
    Session.objects.filter(pk=session_of(petras[3]).pk).update(expire_date=timezone.now())
    keys = {UserSession.objects.get(pk=line.number).session_key for line in lines(petras[0])}
    assert keys == {client.session.session_key for client in [petras[0], *petras[4:]]}


def test_the_list_takes_the_same_queries_for_one_and_ten(people):
    taken = []
    for _round in range(2):
        client = logged_in("petra@example.com")
        request = RequestFactory().get("/")
        request.session, request.user = client.session, people.petra
        request.session.session_key  # noqa: B018  # loaded before it is counted
        people.petra.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            found = len(sessions.open_sessions(request))
        taken.append((found, len(queries)))
        [logged_in("petra@example.com") for _number in range(9)]
    assert taken == [(1, 2), (11, 2)]


def test_the_panel_shows_it_to_who_asks(people, petras):
    from django.template.loader import render_to_string

    request = RequestFactory().get("/")
    request.session, request.user = petras[0].session, people.petra
    people.petra.refresh_from_db()
    page = render_to_string("permissions/log_in/sessions_panel.html", request=request)
    assert page.count('name="session"') == 9
    assert page.count("This browser") == 1
    assert petras[1].session.session_key not in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Edge on Windows"),
        (PHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/120.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.1 Safari/605.1.15", "Safari on macOS"),
        (
            "Mozilla/5.0 (Linux; Android 13) SamsungBrowser/23.0 Chrome/115 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) CriOS/119 Mobile Safari/604.1", "Chrome on iPad"),
        ("curl/8.1", "Unknown browser"),
        ("", "Unknown browser"),
        ("<script>Firefox/1", "Firefox"),
    ],
)
def test_a_browser_is_named_in_words(agent, words):
    assert str(Device.of(agent)) == words


# --- Ending them ------------------------------------------------------------------------------------------------


def test_one_is_ended(people, petras):
    answer = petras[0].post("/profile/security/sessions/end/", {"session": number_of(petras[4])}, follow=True)
    assert "The session is ended." in answer.content.decode()
    assert [is_in(client) for client in petras] == [number != 4 for number in range(10)]
    event = AccessEvent.objects.get(action=AccessAction.SESSIONS)
    assert (event.actor, event.person, event.after) == (people.petra, people.petra, {"ended": 1})


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 30, "\x00", "1 OR 1"])
def test_a_session_that_is_none(petras, typed):
    assert petras[0].post("/profile/security/sessions/end/", {"session": typed}).status_code == 302
    assert all(map(is_in, petras))


def test_nobody_ends_a_session_of_somebody_else(people, petras):
    asta = logged_in("asta@example.com")
    answer = petras[0].post("/profile/security/sessions/end/", {"session": number_of(asta)}, follow=True)
    assert "had ended already" in answer.content.decode()
    assert is_in(asta)
    assert not AccessEvent.objects.filter(action=AccessAction.SESSIONS).exists()


def test_all_others_are_ended_listed_or_not(people, petras):
    unlisted = Client()
    unlisted.force_login(people.petra)
    asta = logged_in("asta@example.com")
    answer = petras[0].post("/profile/security/sessions/end-others/", follow=True)
    assert "logged out everywhere but here" in answer.content.decode()
    assert [is_in(client) for client in [*petras, unlisted, asta]] == [True] + [False] * 10 + [True]
    event = AccessEvent.objects.get(action=AccessAction.SESSIONS)
    assert (event.person, event.after) == (people.petra, {"ended": 9})


@pytest.mark.parametrize("path", ["/profile/security/sessions/end/", "/profile/security/sessions/end-others/"])
def test_looking_at_the_address_ends_nothing(petras, path):
    assert petras[0].get(path).status_code == 405
    assert all(map(is_in, petras))


# --- How long ---------------------------------------------------------------------------------------------------


def set_seen(client: Client, ago: timedelta) -> None:
    session = client.session
    session[sessions.SEEN] = int(time.time() - ago.total_seconds())
    session.save()


@pytest.mark.parametrize(
    ("name", "idle", "works"),
    [
        ("petra", timedelta(days=7), True),
        ("petra", timedelta(days=8, minutes=1), False),
        ("stella", timedelta(hours=11), True),
        ("stella", timedelta(hours=12, minutes=1), False),
        ("edit", timedelta(hours=12, minutes=1), False),
    ],
)
def test_a_session_in_which_nothing_is_done_ends(people, name, idle, works):
    client = logged_in(getattr(people, name).email)
    set_seen(client, idle)
    assert is_in(client) == works
    assert is_in(client) == works
    assert UserSession.objects.exists() == works


def test_whatever_is_done_a_session_ends_after_fourteen_days(people, monkeypatch):
    client = logged_in("olga@example.com")
    end = session_of(client).expire_date
    assert timedelta(days=13, hours=23) < end - timezone.now() <= timedelta(days=14)
    later = timezone.now() + timedelta(days=6)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post("/clinics/switch/", {"clinic": people.south.pk}).status_code == 302
    assert is_in(client)
    assert abs(session_of(client).expire_date - end) < timedelta(seconds=2)


@pytest.mark.parametrize(("ago", "noted"), [(timedelta(minutes=9), False), (timedelta(minutes=11), True)])
def test_that_somebody_is_there_is_noted_every_ten_minutes(people, ago, noted):
    client = logged_in("petra@example.com")
    set_seen(client, ago)
    long_ago = timezone.now() - timedelta(days=1)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/profile/")
    assert (UserSession.objects.get().last_seen_at != long_ago) == noted
    with CaptureQueriesContext(connection) as queries:
        client.get("/profile/")
    assert not [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_what_proxies_keep_carries_no_session(people, settings):
    (settings.MEDIA_ROOT / "dome.webp").write_bytes(b"picture")
    client = logged_in("petra@example.com")
    set_seen(client, timedelta(minutes=11))
    assert "sessionid" not in client.get("/media/dome.webp").cookies


def test_a_public_picture_asks_nobodys_session(people, settings, tmp_path, django_assert_num_queries):
    """Proxies keep it for everybody: it must not depend on the cookie."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "aid.txt").write_text("a picture")
    client = logged_in("petra@example.com")
    with django_assert_num_queries(0):
        answer = client.get("/media/aid.txt")
    assert answer.status_code == 200
    assert "Cookie" not in answer["Vary"]


def test_a_button_is_called_by_what_stands_on_it(petras):
    """Who speaks to the browser says what they see; which session it is comes after that."""
    page = petras[0].get("/profile/security/").content.decode()
    names = re.findall(r'<button[^>]*aria-label="([^"]+)"[^>]*>End session<', page)
    assert len(names) == 9
    assert all(name.startswith("End session: ") for name in names)


def test_who_joins_the_supplier_has_their_limit_from_then_on(db, settings):
    person = UserFactory()
    browsers = [logged_in(person.email) for _number in range(2)]
    User.objects.filter(pk=person.pk).update(is_staff=True)
    for browser, more in zip(browsers, (60, -60), strict=True):
        session = browser.session
        session[sessions.SEEN] = int(time.time() - settings.SESSION_IDLE_OF_STAFF.total_seconds()) - more
        session.save()
    assert [is_in(browser) for browser in browsers] == [False, True]
