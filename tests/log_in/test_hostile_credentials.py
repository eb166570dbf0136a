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


@pytest.mark.parametrize("typed", ["petra@example.com\x00", "\x00petra@example.com", "pe\x00tra@example.com", "\x00"])
def test_an_address_with_a_nul_is_refused_by_every_form_that_asks_for_one(client, people, typed):
    assert client.post("/login/", {"username": typed, "password": PASSWORD}).status_code == 200
    assert not is_in(client)
    assert client.post("/password/forgotten/", {"email": typed}).status_code == 200
    assert client.post("/register/", {"email": typed}).status_code == 422
    assert not mail.outbox
    client.force_login(people.petra)
    answer = client.post("/profile/security/e-mail/", {"email": f"{typed}.se", "password": PASSWORD})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/login/", {"username": "petra@example.com", "password": "\x00"}),
        ("/login/", {"username": "x@example.com", "password": "x", "next": "/\x00"}),
        ("/login/code/", {"code": "123\x00456"}),
        ("/login/passkey/", {"credential": "\x00"}),
        ("/login/identity/identity/", {"process": "\x00", "next": "\x00"}),
        ("/i18n/setlang/", {"language": "\x00", "next": "/\x00"}),
        ("/logout/", {"next": "/\x00"}),
    ],
)
def test_a_nul_anywhere_else_breaks_nothing(client, people, path, typed):
    assert client.post(path, typed).status_code < 500
    query = "&".join(f"{name}=%00" for name in typed)
    assert client.get(f"{path}?{query}").status_code < 500


@pytest.mark.parametrize("path", ["/password/new/%00/x%00/", "/login/identity/%00/callback/", "/users/invited/%00/"])
def test_a_nul_in_a_link_breaks_nothing(client, db, path):
    assert client.get(path).status_code < 500


def test_a_second_factor_with_a_nul_is_refused(client, people):
    give_app(people.petra)
    password(client, people.petra)
    assert client.post("/login/code/", {"code": "123\x00456"}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_cookie_with_a_nul_is_refused(client, db, name, method):
    assert client.generic(method, "/login/", headers={"cookie": f'{name}="\\000aaaaaaaaaa"'}).status_code == 400


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
