"""Codes sent at the same moment, to servers that share nothing but the database."""

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db.models import Sum
from django.test import Client

from tests.log_in.authenticator import give_app, is_in, password, recovery_codes, send_code
from tests.people import make_people
from tests.threads import at_once

TRIES = 12


def waiting(user) -> list[Client]:
    clients = [Client() for _try in range(TRIES)]
    for client in clients:
        assert password(client, user)["Location"] == "/login/code/"
    return clients


def test_a_code_lets_one_in(committed_db, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: True)  # as if each had a cache of its own
    people = make_people()
    app = give_app(people.petra)
    for code in (app.code(), recovery_codes(people.petra)[0]):
        clients = waiting(people.petra)
        at_once(TRIES, lambda index, clients=clients, code=code: send_code(clients[index], code))
        assert sum(map(is_in, clients)) == 1
        AccessAttempt.objects.all().delete()


def test_no_more_than_five_guesses(committed_db):
    people = make_people()
    app = give_app(people.petra)
    clients = waiting(people.petra)
    answers = at_once(TRIES, lambda index: send_code(clients[index], app.wrong_code()).status_code)
    assert sorted(answers) == [403] * (TRIES - 4) + [422] * 4
    assert AccessAttempt.objects.aggregate(n=Sum("failures_since_start"))["n"] == 5
    assert Authenticator.objects.filter(type="totp").count() == 1
