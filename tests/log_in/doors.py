"""What tests of the log-in do at its doors."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from axes.models import AccessAttempt
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD

RESET = re.compile(r"https?://[^\s\"<]+/password/new/[^\s\"<]+")
ADDRESS = re.compile(r"https?://[^\s\"<]+/profile/security/e-mail/[^\s\"<]+")
NEW = "a brand new secret"


def log_in(client: Client, email: str, password: str = PASSWORD, **more):
    return client.post("/login/", {"username": email, "password": password}, **more)


def try_wrong(client: Client, email: str, times: int, **more):
    return [log_in(client, email, f"wrong {number}", **more) for number in range(times)][-1]


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def logged_in(email: str, **headers) -> Client:
    """A browser of its own, through the page."""
    client = Client(headers=headers)
    assert log_in(client, email).status_code == 302
    return client


def mails_to(email: str) -> list:
    return [message for message in mail.outbox if message.to == [email]]


def link_in(message, pattern: re.Pattern = RESET) -> str:
    (link,) = set(pattern.findall(message.body))
    return urlsplit(link).path


def ask_for_link(email: str, client: Client | None = None, **more):
    return (client or Client()).post("/password/forgotten/", {"email": email}, follow=True, **more)


def choose(link: str, password: str = NEW, client: Client | None = None):
    client = client or Client()
    form = client.get(link, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(where, {"new_password1": password, "new_password2": password}, follow=True)


def later(**by) -> None:
    """Time passes for what was tried."""
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - timedelta(**by))
