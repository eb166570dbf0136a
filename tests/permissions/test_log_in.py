"""Getting in and out: one log-in, by e-mail in any case, locked after five wrong passwords; nobody registers alone."""

import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.views import LoginView
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from permissions.models import User
from tests.factories import PASSWORD

REGISTRATION = {
    "registration_submit": "Register",
    "registration-email": "new@example.com",
    "registration-password1": "a very good secret",
    "registration-password2": "a very good secret",
    "email": "new@example.com",
    "password1": "a very good secret",
    "password2": "a very good secret",
    "first_name": "New",
    "last_name": "Person",
}


def log_in(client: Client, email: str, password: str = PASSWORD, **more):
    return client.post("/login/", {"username": email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def try_wrong(client: Client, email: str, times: int):
    return [log_in(client, email, "not the password") for _time in range(times)][-1]


def without_secrets(response) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize("typed", ["petra@example.com", "PETRA@EXAMPLE.COM", " Petra@Example.com "])
def test_the_e_mail_logs_in_in_any_case(client, people, typed):
    assert log_in(client, typed)["Location"] == "/"
    assert client.get("/").wsgi_request.user == people.petra


@pytest.mark.parametrize(("email", "password"), [("petra@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client, people, email, password):
    answer = log_in(client, email, password)
    assert "The e-mail address and password do not match." in answer.content.decode()
    assert not is_in(client)


def test_what_is_typed_stays_but_for_the_password(client, people):
    page = log_in(client, "petra@example.com", "my wrong password").content.decode()
    assert "petra@example.com" in page
    assert "my wrong password" not in page


# --- Locking (trap 5) -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["petra@example.com", "PETRA@example.com"])
def test_five_wrong_passwords_lock(client, people, typed):
    assert try_wrong(client, typed, 4).status_code == 200
    assert try_wrong(client, typed, 1).status_code == 403
    for again in ("petra@example.com", "PETRA@EXAMPLE.COM", " Petra@example.com"):
        assert log_in(client, again).status_code == 403
    assert not is_in(client)


def test_changing_the_case_gives_no_further_tries(client, people):
    for typed in ("petra@example.com", "Petra@example.com", "PETRA@EXAMPLE.COM", "petra@Example.Com"):
        assert try_wrong(client, typed, 1).status_code == 200
    assert try_wrong(client, "pEtRa@example.com", 1).status_code == 403


@pytest.mark.parametrize("lookalike", ["ol\u0131via@example.com", "OLIVIA@example.com", "olivia@e\uff58ample.com"])
def test_letters_that_fold_to_the_same_give_no_further_tries(client, people, lookalike):
    """A database may fold letters that Python's lower() leaves: what logs in must count as the same person."""
    User.objects.filter(pk=people.petra.pk).update(email="olivia@example.com")
    try_wrong(client, "olivia@example.com", 5)
    log_in(client, lookalike)
    assert not is_in(client)


def test_the_lock_holds_in_another_browser_from_another_place(client, people):
    try_wrong(client, "petra@example.com", 5)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9", headers={"User-Agent": "Another"})
    assert log_in(elsewhere, "petra@example.com").status_code == 403
    assert not is_in(elsewhere)


def test_another_person_of_the_clinic_is_not_locked(client, people):
    """A clinic shares one address on the net: who is counted is the person."""
    try_wrong(client, "petra@example.com", 5)
    assert log_in(client, "asta@example.com").status_code == 302
    assert is_in(client)


def test_the_right_password_takes_the_wrong_ones_back(client, people):
    try_wrong(client, "petra@example.com", 4)
    assert log_in(client, "PETRA@example.com").status_code == 302
    client.logout()
    assert try_wrong(client, "petra@example.com", 4).status_code == 200


def test_the_locked_page_says_what_to_do(client, people):
    page = try_wrong(client, "petra@example.com", 5)
    said = page.content.decode()
    assert "Log-in is locked" in said
    assert "Choose a new password" in said
    assert 'href="/password/forgotten/"' in said
    assert "petra" not in said


def test_an_unknown_address_is_locked_in_the_same_words(client, people):
    known, unknown = (try_wrong(Client(), email, 5) for email in ("petra@example.com", "nobody@example.com"))
    assert (known.status_code, without_secrets(known)) == (unknown.status_code, without_secrets(unknown))


def test_no_password_is_kept_with_the_tries(client, people):
    try_wrong(client, "petra@example.com", 2)
    kept = str(list(AccessAttempt.objects.values()))
    assert "petra@example.com" in kept
    assert "not the password" not in kept


# --- The only one -----------------------------------------------------------------------------------------------


def routes(resolver: URLResolver | None = None, before: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        found += routes(pattern, route) if isinstance(pattern, URLResolver) else [(route, pattern)]
    return found


def test_there_is_one_log_in_page(client, db):
    """Oscar, Wagtail's editor, Wagtail's pages and Oscar's dashboard each bring their own: none of them shows."""
    shown = set()
    for route, pattern in routes():
        if issubclass(getattr(pattern.callback, "view_class", object), LoginView):
            answer = client.get("/" + route)
            if answer.status_code != 302 or not answer["Location"].startswith("/login/"):
                shown.add(route)
    assert shown == {"login/"}


def test_nobody_can_register_alone(client, people):
    asking = {"register/", "register/received/"}  # asks customer service for an account, and makes nobody a user
    assert {route for route, pattern in routes() if "regist" in f"{route} {pattern.name}".lower()} == asking
    before = User.objects.count()
    paths = ["/login/", "/_util/login/", "/cms/login/", "/backoffice/login/", "/accounts/login/", "/accounts/register/"]
    for path in [*paths, "/register/", "/password/forgotten/"]:
        client.post(path, REGISTRATION)
    assert User.objects.count() == before
    assert not is_in(client)


def test_nobody_makes_themselves_a_user_at_the_log_in_page(client, db):
    page = client.get("/login/").content.decode()
    assert "signup" not in page
    assert page.count('type="password"') == 1


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/basket/", "/basket/"),
        ("/search/?q=dome", "/search/?q=dome"),
        ("http://testserver/orders/", "http://testserver/orders/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("http:///evil.example", "/"),
    ],
)
def test_next_leads_only_to_this_site(client, people, wanted, led_to):
    assert log_in(client, "petra@example.com", next=wanted)["Location"] == led_to
    again = client.get("/login/", {"next": wanted})
    assert again["Location"] == led_to


# --- Out --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["logout", "dashboard:logout", "wagtailadmin_logout"])
def test_only_a_post_logs_out(client, people, name):
    people.stella.groups.set(people.edit.groups.all())
    client.force_login(people.stella)
    assert client.get(reverse(name)).status_code == 405
    assert is_in(client)
    answer = client.post(reverse(name))
    assert answer.status_code == 302
    assert not is_in(client)


def test_after_log_out_the_shop_is_closed(client, people):
    client.force_login(people.petra)
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/orders/")["Location"] == "/login/?next=/orders/"


def test_a_forged_log_out_is_refused(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.petra)
    assert client.post("/logout/").status_code == 403
    assert is_in(client)


def test_a_deactivated_person_is_out_at_once(client, people):
    client.force_login(people.petra)
    assert client.get("/orders/").status_code == 200
    User.objects.filter(pk=people.petra.pk).update(is_active=False)
    assert client.get("/orders/")["Location"] == "/login/?next=/orders/"
    assert client.post("/basket/add/1/", {"quantity": 1}).status_code == 302
    assert "do not match" in log_in(client, "petra@example.com").content.decode()
    assert not is_in(client)


def test_a_known_address_costs_as_much_as_an_unknown_one(client, people, monkeypatch):
    """One hash each: else the time of the answer tells who has an account."""
    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or real(*args))
    log_in(client, "petra@example.com", "wrong")
    known, hashed = len(hashed), hashed.clear() or hashed
    log_in(client, "nobody@example.com", "wrong")
    assert (known, len(hashed)) == (1, 1)
