"""Five wrong passwords lock a person, wherever they come from; many from one network address make that wait."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from permissions.log_in import lock
from permissions.models import AccessEvent, User
from permissions.models.events import AccessAction
from permissions.services import block
from permissions.staff import SERVICE_GROUP
from tests.factories import PASSWORD, UserFactory
from tests.log_in.authenticator import give_app
from tests.log_in.doors import NEW, ask_for_link, choose, later, link_in, log_in, mails_to, try_wrong

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def stella(people) -> User:
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    return User.objects.get(pk=people.stella.pk)


def locked_events() -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(action=AccessAction.LOCKED))


# --- Told -------------------------------------------------------------------------------------------------------


def test_the_person_is_told_once_by_mail(people):
    client = Client()
    assert try_wrong(client, "petra@example.com", 4).status_code == 200
    assert (mail.outbox, locked_events()) == ([], [])
    assert try_wrong(client, "PETRA@example.com", 4).status_code == 403
    try_wrong(Client(), "petra@example.com", 3, **ELSEWHERE)
    (message,) = mails_to("petra@example.com")
    assert message.subject == "Your log-in to Bestil is locked"
    assert "/password/forgotten/" in message.body
    assert "/password/new/" not in message.body
    assert "wrong 0" not in message.body
    (event,) = locked_events()
    assert (event.actor, event.person) == (None, people.petra)


def test_each_lock_is_told(people, stella):
    try_wrong(Client(), "petra@example.com", 7)
    lock.unlock(people.petra, stella)
    try_wrong(Client(), "petra@example.com", 7)
    later(minutes=31)
    try_wrong(Client(), "petra@example.com", 7)
    assert len(mails_to("petra@example.com")) == len(locked_events()) == 3


def test_the_mail_speaks_the_persons_language(people):
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    try_wrong(Client(), "petra@example.com", 5)
    assert mails_to("petra@example.com")[0].alternatives[0].content.count('<html lang="sv">') == 1


def wrong_codes(client: Client, app, times: int) -> None:
    for _time in range(times):
        client.post("/login/code/", {"code": app.wrong_code()})


def test_wrong_passwords_alone_need_nothing_to_be_done(people):
    try_wrong(Client(), "petra@example.com", 5)
    (message,) = mails_to("petra@example.com")
    for text in (message.body, message.alternatives[0].content):
        assert "Your password was not guessed" in text
        assert "somebody knows your password" not in text


@pytest.mark.parametrize("wrong_passwords_after", [0, 2])
def test_after_the_right_password_and_wrong_codes_the_person_reads_that_somebody_knows_it(
    people, wrong_passwords_after
):
    app = give_app(people.petra)
    client = Client(headers={"User-Agent": "A"})
    log_in(client, "petra@example.com")
    mail.outbox.clear()
    wrong_codes(client, app, 5 - wrong_passwords_after)
    for number in range(wrong_passwords_after):
        log_in(client, "petra@example.com", f"wrong {number}")
    (message,) = mails_to("petra@example.com")
    for text in (message.body, message.alternatives[0].content):
        assert "somebody knows your password" in text
        assert "Choose a new password now" in text
        assert "not guessed" not in text
        assert "You need do nothing" not in text


def test_who_confirms_with_wrong_codes_is_not_said_to_know_the_password(people):
    """Their session is open, by whatever means."""
    app = give_app(people.petra)
    client = Client()
    client.force_login(people.petra)
    mail.outbox.clear()
    for _time in range(5):
        client.post("/profile/security/confirm/code/", {"code": app.wrong_code()})
    assert "Your password was not guessed" in mails_to("petra@example.com")[0].body


def test_nobody_is_told_of_an_address_that_nobody_has(people):
    assert try_wrong(Client(), "nobody@example.com", 6).status_code == 403
    assert (mail.outbox, locked_events()) == ([], [])


def test_a_blocked_person_gets_no_mail(people):
    block(user=people.petra, by=people.stella, reason="Asked by phone")
    try_wrong(Client(), "petra@example.com", 6)
    assert mail.outbox == []
    assert len(locked_events()) == 1


def test_the_page_says_so(people):
    page = try_wrong(Client(), "petra@example.com", 5).content.decode()
    assert "Log-in is locked" in page
    assert "We have written to the person whose log-in it is." in page


def test_a_lock_takes_the_same_queries_for_known_and_unknown(people, settings):
    settings.TASKS = QUEUE
    asked = {}
    for email in ("petra@example.com", "nobody@example.com"):
        try_wrong(Client(), email, 4)
        with CaptureQueriesContext(connection) as queries:
            assert try_wrong(Client(), email, 1).status_code == 403
        asked[email] = [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in queries]
    assert asked["petra@example.com"] == asked["nobody@example.com"]
    assert DBTaskResult.objects.count() == 2
    assert "example.com" not in str(list(DBTaskResult.objects.values()))


# --- How long ---------------------------------------------------------------------------------------------------


def test_it_stands_in_the_database_and_forgets_nothing(people):
    """Restarted, or on another server: nothing is kept in the process or its cache."""
    from axes.handlers.proxy import AxesProxyHandler
    from django.core.cache import cache

    try_wrong(Client(), "petra@example.com", 4)
    cache.clear()
    AxesProxyHandler.get_implementation(force=True)
    assert try_wrong(Client(), "petra@example.com", 1).status_code == 403
    AxesProxyHandler.get_implementation(force=True)
    assert log_in(Client(), "petra@example.com").status_code == 403
    assert lock.is_locked(people.petra)


@pytest.mark.parametrize(("minutes", "status"), [(29, 403), (31, 302)])
def test_it_lasts_half_an_hour_and_trying_on_makes_it_no_longer(people, minutes, status):
    try_wrong(Client(), "petra@example.com", 5)
    later(minutes=minutes - 1)
    try_wrong(Client(), "petra@example.com", 3)
    later(minutes=1)
    assert log_in(Client(), "petra@example.com").status_code == status


def test_a_reset_opens_it(people):
    try_wrong(Client(), "petra@example.com", 5)
    ask_for_link("petra@example.com")
    choose(link_in(mail.outbox[-1]))
    assert not lock.is_locked(people.petra)
    assert log_in(Client(), "petra@example.com", NEW).status_code == 302


@pytest.mark.parametrize("codes", [2, 5])
def test_a_reset_gives_no_new_tries_at_the_code(people, stella, codes):
    """Who has the password and the mailbox meets the second factor, whose codes they must not try five by five."""
    app = give_app(people.petra)
    client = Client()
    log_in(client, "petra@example.com")
    wrong_codes(client, app, codes)
    ask_for_link("petra@example.com")
    choose(link_in(mail.outbox[-1]))
    again = Client()
    log_in(again, "petra@example.com", NEW)
    wrong_codes(again, app, 5 - codes)
    assert lock.is_locked(people.petra)
    assert lock.unlock(people.petra, stella)
    assert not lock.is_locked(people.petra)


def test_customer_service_opens_it(people, stella):
    try_wrong(Client(), "petra@example.com", 5)
    try_wrong(Client(), "petra@example.com", 1, **ELSEWHERE)
    assert lock.unlock(people.petra, stella)
    assert log_in(Client(), "petra@example.com").status_code == 302
    event = AccessEvent.objects.get(action=AccessAction.UNLOCK)
    assert (event.actor, event.person) == (stella, people.petra)


def test_where_nothing_is_locked_nothing_is_noted(people, stella):
    assert not lock.unlock(people.petra, stella)
    assert not AccessEvent.objects.filter(action=AccessAction.UNLOCK).exists()


@pytest.mark.parametrize("name", ["olga", "petra", "otto", "edit"])
def test_nobody_else_opens_it(people, name):
    try_wrong(Client(), "petra@example.com", 5)
    with pytest.raises(PermissionDenied):
        lock.unlock(people.petra, getattr(people, name))
    assert lock.is_locked(people.petra)


def test_many_people_are_looked_up_in_one_query(people, django_assert_num_queries):
    try_wrong(Client(), "petra@example.com", 5)
    try_wrong(Client(), "asta@example.com", 4)
    crowd = [people.petra, people.asta, people.olga, *(UserFactory() for _number in range(20))]
    with django_assert_num_queries(1):
        assert lock.locked_among(crowd) == {people.petra.pk}


# --- No way around ----------------------------------------------------------------------------------------------


def test_who_is_logged_in_can_not_guess_the_password_either(people):
    """A session that was stolen must not become a password."""
    client = Client()
    client.force_login(people.petra)
    for number in range(4):
        change(client, f"wrong {number}")
    assert change(client, "wrong 4").status_code == 403
    assert change(client, PASSWORD).status_code == 403
    assert User.objects.get(pk=people.petra.pk).check_password(PASSWORD)


def change(client: Client, old: str):
    return client.post("/password/change/", {"old_password": old, "new_password1": NEW, "new_password2": NEW})
