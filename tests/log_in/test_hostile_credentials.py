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


# --- Letters that no browser sends ------------------------------------------------------------------------------

# Half a letter, which no database holds, as these charsets write it: in a form and in a query.
HALF_LETTERS = {"raw_unicode_escape": (b"\\ud800", "%5Cud800"), "utf-7": (b"+2AA-", "%2B2AA-")}
DOORS = {
    "/login/": {"username": "petra@example.com", "password": PASSWORD},
    "/login/code/": {"code": "123456"},
    "/password/change/": {"old_password": PASSWORD, "new_password1": "A new one 12", "new_password2": "A new one 12"},
    "/profile/security/confirm/": {"password": PASSWORD},
    "/profile/security/confirm/code/": {"code": "123456"},
    "/profile/security/e-mail/": {"email": "new@example.com", "password": PASSWORD},
}


def send(client: Client, path: str, charset: str, fields: dict[str, bytes]):
    """A form that says which charset it is in; the bytes go as they are (`client.post` would write them anew)."""
    part = b'--X\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    body = b"".join(part % (name.encode(), value) for name, value in fields.items()) + b"--X--\r\n"
    return client.generic("POST", path, body, content_type=f"multipart/form-data; boundary=X; charset={charset}")


def with_half_a_letter(client: Client, path: str, typed: dict, charset: str, place: str):
    in_form, in_query = HALF_LETTERS[charset]
    fields = {name: value.encode() for name, value in typed.items()}
    if place == "form":
        return send(client, path, charset, {**fields, "x": in_form})
    return send(client, f"{path}?x={in_query}", charset, fields)


@pytest.mark.parametrize("place", ["form", "query"])
@pytest.mark.parametrize("charset", HALF_LETTERS)
@pytest.mark.parametrize("path", DOORS)
def test_a_form_in_another_charset_is_refused_at_every_door(client, people, path, charset, place):
    if path == "/login/code/":
        give_app(people.petra)
        password(client, people.petra)
    elif path != "/login/":
        client.force_login(people.petra)
    assert with_half_a_letter(client, path, DOORS[path], charset, place).status_code == 400
    assert is_in(client) == (path not in ("/login/", "/login/code/"))


@pytest.mark.parametrize(
    ("named", "status"),
    [("utf-8", 200), ("UTF8", 200), ("latin-1", 400), ("utf-16", 400), ("utf-8-sig", 400), ("nonsense", 400)],
)
def test_forms_are_in_utf8(client, db, named, status):
    fields = {"username": b"nobody@example.com", "password": b"wrong"}
    assert send(client, "/login/", named, fields).status_code == status


@pytest.mark.parametrize("place", ["form", "query"])
@pytest.mark.parametrize("charset", HALF_LETTERS)
def test_behind_that_wall_they_are_counted_all_the_same(people, settings, charset, place):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "hostile_input" not in name]
    client = Client()
    wrong = {"username": "petra@example.com", "password": "wrong"}
    for _time in range(5):
        answer = with_half_a_letter(client, "/login/", wrong, charset, place)
    assert answer.status_code == 403
    assert with_half_a_letter(client, "/login/", DOORS["/login/"], charset, place).status_code == 403
    assert not is_in(client)


def test_half_a_letter_in_a_passkey_is_refused(client, people):
    client.force_login(people.petra)
    confirm(client)
    client.get("/profile/security/passkeys/add/")
    typed = {"credential": '{"a": "\\ud800"}', "name": "x"}
    assert client.post("/profile/security/passkeys/add/", typed).status_code == 422
