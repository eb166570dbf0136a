"""A new e-mail address: the password is asked, the new mailbox confirms, the old one is told."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client

from permissions.log_in import lock, tokens
from permissions.models import AccessEvent, Attempt, User
from permissions.models.events import AccessAction
from permissions.services import block, end_sessions
from tests.factories import PASSWORD, UserFactory
from tests.log_in.doors import ADDRESS, is_in, link_in, log_in, logged_in, mails_to, try_wrong

PAGE = "/profile/security/e-mail/"
NEW = "petra.new@example.com"


@pytest.fixture
def browser(people) -> Client:
    return logged_in("petra@example.com")


@pytest.fixture
def link(browser) -> str:
    ask(browser)
    return link_in(mails_to(NEW)[0], ADDRESS)


def ask(client: Client, email: str = NEW, password: str = PASSWORD, **more):
    return client.post(PAGE, {"email": email, "password": password}, **more)


def email_of(people) -> str:
    return User.objects.get(pk=people.petra.pk).email


# --- Asking -----------------------------------------------------------------------------------------------------


def test_asking_changes_nothing_and_mails_the_new_address_only(people, browser):
    answer = ask(browser, follow=True)
    assert "A mail is on its way to the new address." in answer.content.decode()
    assert email_of(people) == "petra@example.com"
    assert [message.to for message in mail.outbox] == [[NEW]]
    assert not AccessEvent.objects.filter(action=AccessAction.DETAILS).exists()


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        (NEW, "my wrong one", "password"),
        (NEW, "", "password"),
        ("", PASSWORD, "email"),
        ("no address", PASSWORD, "email"),
        (" PETRA@example.com", PASSWORD, "email"),
        ("x" * 250 + "@example.com", PASSWORD, "email"),
    ],
)
def test_what_can_not_be_is_refused(people, browser, email, password, field):
    answer = ask(browser, email, password)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert mail.outbox == []
    assert not password or password not in answer.content.decode()


def test_wrong_passwords_count_as_at_the_log_in(people, browser):
    for number in range(4):
        assert ask(browser, password=f"wrong {number}").status_code == 422
    assert ask(browser, password="wrong 4").status_code == 403
    assert ask(browser).status_code == 403
    assert lock.is_locked(people.petra)


def test_an_address_that_is_taken_reads_the_same(people, browser):
    free, taken = (ask(browser, email, follow=True) for email in (NEW, "otto@example.com"))
    assert [str(message) for message in free.context["messages"]] == [
        str(message) for message in taken.context["messages"]
    ]
    assert mails_to(NEW)[0].subject == mails_to("otto@example.com")[0].subject


def test_only_five_links_an_hour(browser):
    for number in range(7):
        answer = ask(browser, f"petra{number}@example.com", follow=True)
    assert "You asked for several links within an hour." in answer.content.decode()
    assert len(mail.outbox) == 5
    Attempt.objects.all().delete()
    ask(browser)
    assert len(mail.outbox) == 6


def test_who_has_no_password_is_led_to_choose_one(people, client):
    people.petra.set_unusable_password()
    people.petra.save()
    client.force_login(people.petra)
    page = client.get(PAGE).content.decode()
    assert "You have no password yet." in page
    assert 'name="email"' not in page
    assert ask(client).status_code == 422
    assert mail.outbox == []


# --- Confirming -------------------------------------------------------------------------------------------------


def test_the_link_names_nobody(link):
    assert "petra" not in link
    assert "example" not in link


def test_looking_at_the_link_changes_nothing(people, browser, link):
    page = browser.get(link)
    assert page.status_code == 200
    assert NEW in page.content.decode()
    assert email_of(people) == "petra@example.com"


def test_confirming_changes_the_log_in(people, browser, link):
    answer = browser.post(link, follow=True)
    assert "Your e-mail address is changed." in answer.content.decode()
    assert email_of(people) == NEW
    assert log_in(Client(), NEW).status_code == 302
    assert log_in(Client(), "petra@example.com").status_code == 200


def test_the_old_address_is_told(people, browser, link):
    browser.post(link)
    (message,) = mails_to("petra@example.com")
    assert message.subject == "Your e-mail address for Bestil was changed"
    assert NEW not in message.body + message.alternatives[0].content


def test_the_history_says_what_not_which(people, browser, link):
    browser.post(link)
    event = AccessEvent.objects.get(action=AccessAction.DETAILS)
    assert (event.actor, event.person) == (people.petra, people.petra)
    assert (event.before, event.after) == ({}, {"fields": ["email"]})


def test_the_other_sessions_end(people, browser, link):
    other = logged_in("petra@example.com")
    browser.post(link)
    assert is_in(browser)
    assert not is_in(other)


def test_it_works_once(people, browser, link):
    browser.post(link)
    User.objects.filter(pk=people.petra.pk).update(email="petra@example.com")
    assert browser.post(link).status_code == 422
    assert email_of(people) == "petra@example.com"


def test_a_link_dies_with_the_next_change(people, browser, link):
    """Two were asked for; the one that was confirmed is the last."""
    ask(browser, "petra.other@example.com")
    browser.post(link_in(mails_to("petra.other@example.com")[0], ADDRESS))
    assert browser.post(link).status_code == 422
    assert email_of(people) == "petra.other@example.com"


@pytest.mark.parametrize(("hours", "works"), [(23, True), (25, False)])
def test_it_works_for_a_day(people, browser, link, monkeypatch, hours, works):
    import time

    later = time.time() + timedelta(hours=hours).total_seconds()
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: later)
    status = browser.post(link).status_code
    monkeypatch.undo()
    assert (status == 302) == works
    assert (email_of(people) == NEW) == works


@pytest.mark.parametrize(
    "happens",
    [
        lambda people: end_sessions(people.petra),
        lambda people: block(user=people.petra, by=people.stella, reason="Asked by phone"),
    ],
    ids=["sessions ended", "blocked"],
)
def test_it_dies_with_the_sessions(people, link, happens):
    happens(people)
    people.petra.refresh_from_db()
    assert tokens.open_address(people.petra, link.split("/")[-2]) is None


def test_only_the_person_confirms(people, link):
    """Who was written to by mistake must not become the log-in."""
    assert Client().get(link)["Location"] == f"/login/?next={link}"
    assert Client().post(link).status_code == 302
    otto = logged_in("otto@example.com")
    assert "only for the person who asked for it" in otto.get(link).content.decode()
    assert otto.post(link).status_code == 422
    assert email_of(people) == "petra@example.com"
    assert User.objects.get(pk=people.otto.pk).email == "otto@example.com"


def test_a_link_is_worthless_to_who_has_the_old_address_now(people, link):
    token = link.split("/")[-2]
    User.objects.filter(pk=people.petra.pk).update(email="gone@example.com")
    User.objects.filter(pk=people.otto.pk).update(email="petra@example.com", session_generation=0)
    for user in User.objects.filter(pk__in=[people.petra.pk, people.otto.pk]):
        assert tokens.open_address(user, token) is None


@pytest.mark.parametrize("token", ["x", "gAAAA", "a" * 300, "é"])
def test_a_link_that_is_none(browser, token):
    page = browser.get(f"{PAGE}{token}/")
    assert page.status_code == 200
    assert "The address was not changed" in page.content.decode()


def test_an_address_that_somebody_took_meanwhile_is_refused(people, browser, link):
    UserFactory(email=NEW)
    answer = browser.post(link)
    assert answer.status_code == 422
    assert "This address can&#x27;t be used here." in answer.content.decode()
    assert email_of(people) == "petra@example.com"
    assert is_in(browser)
    assert not AccessEvent.objects.filter(action=AccessAction.DETAILS).exists()


def test_the_wrong_passwords_come_along(people, browser, link):
    """Else a new name would give five more tries."""
    try_wrong(Client(), "petra@example.com", 3)
    try_wrong(Client(), NEW, 1)
    try_wrong(Client(), "petra@example.com", 1, REMOTE_ADDR="203.0.113.9")
    browser.post(link)
    assert not AccessAttempt.objects.filter(username="petra@example.com").exists()
    people.petra.refresh_from_db()
    assert lock.is_locked(people.petra)
    assert log_in(Client(), NEW).status_code == 403
