"""A link to choose a password: for one person, once, for a day; whether there is such a person nobody can tell."""

import re
import statistics
import time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from permissions.log_in import mails
from permissions.log_in.tokens import reset_tokens
from permissions.models import AccessEvent, Attempt, User
from permissions.models.events import AccessAction
from permissions.services import block, end_sessions, set_inactive
from tests.factories import PASSWORD
from tests.log_in.doors import NEW, ask_for_link, choose, is_in, link_in, log_in, logged_in, mails_to, try_wrong
from tests.threads import at_once

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def link(people) -> str:
    ask_for_link("petra@example.com")
    return link_in(mail.outbox[-1])


def says_dead(answer) -> bool:
    return "This link no longer works" in answer.content.decode()


def logs_in(password: str, email: str = "petra@example.com") -> bool:
    return log_in(Client(), email, password).status_code == 302


# --- What kills it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "happens",
    [
        lambda people: end_sessions(people.petra),
        lambda people: set_inactive(user=people.petra, clinics=[people.north], by=people.olga, confirmed=True),
        lambda people: block(user=people.petra, by=people.stella, reason="Asked by phone"),
        lambda people: User.objects.filter(pk=people.petra.pk).update(is_active=False),
        lambda people: log_in(Client(), "petra@example.com"),
    ],
    ids=["sessions ended", "set inactive", "blocked", "not active", "logged in"],
)
def test_the_link_dies_at_once(people, link, happens):
    happens(people)
    assert says_dead(choose(link))
    assert User.objects.get(pk=people.petra.pk).check_password(PASSWORD)


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_active": False, "blocked": "2026-01-01T00:00Z"}])
def test_who_may_not_log_in_gets_no_link_and_can_use_none(people, state):
    User.objects.filter(pk=people.petra.pk).update(**state)
    user = User.objects.get(pk=people.petra.pk)
    assert not mails.mail_link(user)
    assert mail.outbox == []
    assert not reset_tokens.check_token(user, reset_tokens.make_token(user))


@pytest.mark.parametrize("step", ["link", "form"])
def test_it_dies_between_its_form_and_its_sending(people, link, step):
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0] if step == "form" else link
    block(user=people.petra, by=people.stella, reason="Asked by phone")
    answer = client.post(form, {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert says_dead(answer)
    assert not User.objects.get(pk=people.petra.pk).check_password(NEW)


def test_a_link_that_was_dead_does_not_come_back_with_the_person(people, link):
    from permissions.services import set_active

    set_inactive(user=people.petra, clinics=[people.north], by=people.olga, confirmed=True)
    set_active(user=people.petra, clinics=[people.north], by=people.olga)
    assert says_dead(choose(link))


def test_it_works_once_however_many_send_it_at_the_same_moment(committed_db):
    from tests.people import make_people

    make_people()
    ask_for_link("petra@example.com")
    link = link_in(mail.outbox[-1])
    browsers = [Client() for _number in range(6)]
    forms = [client.get(link, follow=True).redirect_chain[-1][0] for client in browsers]
    words = [f"a brand new secret {number}" for number in range(6)]

    def send(number: int) -> str:
        fields = {"new_password1": words[number], "new_password2": words[number]}
        return browsers[number].post(forms[number], fields)["Location"]

    answers = at_once(6, send)
    assert answers.count("/password/new/done/") == 1
    user = User.objects.get(email="petra@example.com")
    assert user.check_password(words[answers.index("/password/new/done/")])


def test_the_page_of_a_dead_link_offers_a_new_one(people, link):
    choose(link)
    page = Client().get(link).content.decode()
    assert "24 hours" in page
    assert 'href="/password/forgotten/"' in page


def test_it_names_nobody(people, link):
    assert "petra" not in link
    assert f"/{people.petra.pk}/" not in link
    assert str(people.petra.public_id) in link


# --- What it does -----------------------------------------------------------------------------------------------


def test_a_new_password_is_in_the_history_and_told(people, link):
    choose(link)
    event = AccessEvent.objects.get(action=AccessAction.PASSWORD)
    assert (event.actor, event.person, event.before, event.after) == (people.petra, people.petra, {}, {})
    assert [message.subject for message in mails_to("petra@example.com")][-1] == "Your password for Bestil was changed"
    assert NEW not in mails_to("petra@example.com")[-1].body


def test_every_session_ends(people):
    browsers = [logged_in("petra@example.com") for _number in range(3)]
    ask_for_link("petra@example.com")
    choose(link_in(mail.outbox[-1]))
    assert not any(map(is_in, browsers))


def test_password_managers_learn_whose_password_it_is(people, link, client):
    """Else they keep the new one beside the old one, and offer the old one at the next log-in."""
    new = Client().get(link, follow=True)
    client.force_login(people.petra)
    for page in (new, client.get("/password/change/")):
        field = re.search(r'<input type="text" value="petra@example.com"[^>]*>', page.content.decode())[0]
        assert 'autocomplete="username"' in field
        assert "hidden" in field
        assert "name=" not in field


def test_a_refused_password_leaves_the_link_usable(people, link):
    assert "too common" in choose(link, "password123").content.decode()
    choose(link)
    assert logs_in(NEW)


def test_who_never_had_a_password_is_welcomed(people):
    people.petra.set_unusable_password()
    people.petra.save()
    ask_for_link("petra@example.com")
    (message,) = mail.outbox
    assert message.subject == "Welcome to Bestil: choose your password"
    assert "You have a log-in to the order portal Bestil." in message.body
    link = link_in(message)
    assert "Choose your first password" in Client().get(link, follow=True).content.decode()
    choose(link)
    assert logs_in(NEW)


@pytest.mark.parametrize(("language", "subject"), [("sv", "Välj"), ("da", "Vælg"), ("", "Choose")])
def test_the_mail_speaks_the_persons_language(people, language, subject):
    User.objects.filter(pk=people.petra.pk).update(language=language)
    ask_for_link("petra@example.com", headers={"Accept-Language": "nb"})
    assert mail.outbox[-1].subject.startswith(subject)


def test_customer_service_sends_the_same_link(client, people):
    from django.contrib.auth.models import Group

    from permissions.staff import SERVICE_GROUP

    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    client.force_login(people.stella)
    assert client.post(f"/backoffice/people/{people.petra.public_id}/do/link/").status_code == 302
    choose(link_in(mail.outbox[-1]))
    assert logs_in(NEW)
    block(user=people.petra, by=people.stella, reason="Asked by phone")
    mail.outbox.clear()
    assert client.post(f"/backoffice/people/{people.petra.public_id}/do/link/").status_code == 302
    assert mail.outbox == []


# --- What it tells ----------------------------------------------------------------------------------------------


def words_of(answer) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())


def test_known_unknown_blocked_and_too_often_read_the_same(people):
    User.objects.filter(pk=people.otto.pk).update(is_active=False)
    emails = ["petra@example.com"] * 8 + ["nobody@example.com"] * 8 + ["otto@example.com"]
    pages = {words_of(ask_for_link(email)) for email in emails}
    assert len(pages) == 1
    assert "customer service" in pages.pop().lower()
    assert len(mail.outbox) == 5


def test_a_person_gets_five_links_an_hour_whoever_asks_from_where(people):
    for number in range(9):
        ask_for_link("PETRA@example.com" if number % 2 else "petra@example.com", REMOTE_ADDR=f"203.0.113.{number}")
    assert len(mail.outbox) == 5
    Attempt.objects.all().delete()
    ask_for_link("petra@example.com")
    assert len(mail.outbox) == 6


def test_an_address_asks_for_thirty_links_an_hour(people):
    for number in range(30):
        ask_for_link(f"nobody{number}@example.com")
    ask_for_link("petra@example.com")
    assert mail.outbox == []
    ask_for_link("petra@example.com", REMOTE_ADDR="203.0.113.9")
    assert len(mail.outbox) == 1


def test_the_same_queries_for_known_and_unknown(people, settings):
    settings.TASKS = QUEUE
    asked = {}
    for email in ("petra@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            ask_for_link(email)
        asked[email] = [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in queries]
    assert asked["petra@example.com"] == asked["nobody@example.com"]


def test_no_address_waits_in_the_queue(people, settings):
    settings.TASKS = QUEUE
    ask_for_link("petra@example.com")
    ask_for_link("nobody@example.com")
    kept = str(list(DBTaskResult.objects.values()))
    assert DBTaskResult.objects.count() == 2
    assert "example.com" not in kept


def test_the_same_time_for_known_and_unknown(people, settings):
    settings.TASKS = QUEUE
    client, taken = Client(), {"petra@example.com": [], "nobody@example.com": []}
    for _number in range(300):
        for email, times in taken.items():
            Attempt.objects.all().delete()
            begun = time.perf_counter()
            client.post("/password/forgotten/", {"email": email})
            times.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(times) * 1000 for times in taken.values())
    print(f"known {known:.2f} ms, unknown {unknown:.2f} ms")
    assert abs(known - unknown) < 20


def test_a_link_unlocks(people):
    assert try_wrong(Client(), "petra@example.com", 5).status_code == 403
    ask_for_link("petra@example.com")
    choose(link_in(mail.outbox[-1]))
    assert logs_in(NEW)
