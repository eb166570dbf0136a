"""What no browser sends as a passkey's answer, and no person as an address."""

import json

import pytest
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD
from tests.log_in.authenticator import confirm, give_app, is_in, password


def answer(**response) -> str:
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response})


HOSTILE = [
    *("", "null", "[]", "{}", "0", '"x"', "{", '{"id": 1}', '{"a": "\\u0000"}'),
    *("[" * 9000, '{"a":' * 3000, "x" * 30_000, '{"id": [], "rawId": {}, "type": 3, "response": [1]}'),
    answer(),
    answer(userHandle="QQ", clientDataJSON="e30", authenticatorData="AA", signature="AA"),
    answer(userHandle=None, clientDataJSON="////", authenticatorData="A" * 80, signature="AA"),
    answer(userHandle="enp6enp6enp6eno", clientDataJSON="e30", authenticatorData="A" * 80, signature="AA"),
    answer(attestationObject="o2NmbXRk", clientDataJSON="e30"),
]


@pytest.mark.parametrize("credential", HOSTILE)
def test_what_no_browser_sends_is_refused_kindly(client, people, credential):
    anonymous = Client()
    client.force_login(people.petra)
    confirm(client)
    anonymous.get("/login/passkey/", headers={"accept": "application/json"})
    assert anonymous.post("/login/passkey/", {"credential": credential})["Location"] == "/login/"
    client.get("/profile/security/passkeys/add/")
    assert client.post("/profile/security/passkeys/add/", {"credential": credential, "name": "x"}).status_code == 422
    give_app(people.asta)
    password(anonymous, people.asta)
    assert anonymous.post("/login/code/", {"credential": credential}).status_code == 422
    assert not is_in(anonymous)


# Lower case and folding make two or eighteen letters of one.
@pytest.mark.parametrize("typed", ["İ" * 254, "İ" * 240 + "@x.se", "ﷺ" * 14 + "@x.se", "ﷺ" * 254, "x" * 255])
def test_an_address_that_grows_while_it_is_folded_is_nobodys(client, people, typed):
    answer = client.post("/login/", {"username": typed, "password": "x"})
    assert answer.status_code == 200
    assert not is_in(client)
    assert client.post("/password/forgotten/", {"email": typed}).status_code in {200, 302}
    assert not mail.outbox


def test_nobody_changes_to_an_address_that_grows(client, people):
    client.force_login(people.petra)
    typed = "a@" + ".".join(["İ" * 60] * 4) + ".se"
    answer = client.post("/profile/security/e-mail/", {"email": typed, "password": PASSWORD})
    assert answer.status_code == 422
    assert not mail.outbox
