"""What the database keeps of second factors, and what becomes of it when the key changes."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from tests.factories import PASSWORD
from tests.log_in.authenticator import give_app, is_in, password, recovery_codes, send_code


@pytest.fixture
def app(people):
    return give_app(people.petra)


def test_secrets_are_encrypted_in_the_database(people, app):
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in kept
    assert not re.search(r'"seed": "[0-9a-f]{80}"', kept)
    assert all(code not in kept for code in recovery_codes(people.petra))


def test_a_waiting_log_in_keeps_nothing_that_others_could_use(client, people, app):
    password(client, people.petra)
    kept = str(Session.objects.get(pk=client.session.session_key).get_decoded())
    assert people.petra.password not in kept
    assert PASSWORD not in kept


def test_secrets_move_to_a_new_key(people, app, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"
    client = Client()
    password(client, people.petra)
    send_code(client, app.code(-1))
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    later = Client()
    password(later, people.petra)
    send_code(later, app.code())
    assert is_in(later)


def test_all_secrets_move_to_a_new_key_at_once(people, app, settings, capsys):
    codes = recovery_codes(people.petra)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"
    call_command("rotate_second_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert recovery_codes(people.petra) == codes
    settings.SECRET_KEY = "one that nobody wrote down"
    call_command("rotate_second_factors")
    said = capsys.readouterr().out
    assert "2 moved" in said
    assert "2 can't be read" in said


def test_who_lost_the_key_is_refused_and_nothing_breaks(people, app, settings):
    settings.SECRET_KEY = "quite another"
    client = Client()
    password(client, people.petra)
    assert send_code(client, app.code()).status_code == 422
    assert not is_in(client)
