"""Log-in by an e-identity, with a provider run on this machine: it opens the user who connected it, and nobody else."""

from collections.abc import Iterator

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from permissions import services
from permissions.models import AccessEvent, User
from tests.log_in.authenticator import confirm, give_app, is_in, send_code
from tests.log_in.provider import BACK, NUMBER, START, asked, come_in, go, running, say_who, settings_for


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
def provider(address, settings, db) -> str:
    settings.SOCIALACCOUNT_PROVIDERS = settings_for(address)
    return address


@pytest.fixture
def petra(client, people, provider) -> Client:
    client.force_login(people.petra)
    confirm(client)
    return client


@pytest.fixture
def connected(petra) -> Client:
    """Petra's browser, after she connected her e-identity."""
    assert come_in(petra, process="connect")["Location"] == "/profile/security/"
    return petra


def said(client: Client, path: str) -> str:
    return client.get(path).content.decode()


# --- Connecting -------------------------------------------------------------------------------------------------


def test_it_is_connected_told_and_remembered(connected, people):
    assert "The e-identity is connected." in said(connected, "/profile/security/")
    assert SocialAccount.objects.get().user == people.petra
    assert [message.to for message in mail.outbox] == [[people.petra.email]]
    event = AccessEvent.objects.get(action="identity_added")
    assert (event.actor, event.person, event.after) == (people.petra, people.petra, {"provider": "identity"})


def test_nothing_of_the_claims_is_kept(connected, people):
    row = SocialAccount.objects.get()
    assert row.extra_data == {}
    assert len(row.uid) == 64
    assert not SocialToken.objects.exists()
    come_in(Client())
    give_app(people.petra)
    come_in(Client())
    kept = str([session.get_decoded() for session in Session.objects.all()])
    assert "account_login" in kept
    for word in (NUMBER, "p-1", "access_token", people.petra.password):
        assert word not in kept + str(SocialAccount.objects.values())


def test_connecting_twice_changes_nothing(connected):
    mail.outbox.clear()
    come_in(connected, process="connect")
    assert "The e-identity was connected already." in said(connected, "/profile/security/")
    assert SocialAccount.objects.count() == 1
    assert not mail.outbox


def test_what_is_connected_is_not_offered_again(connected):
    assert "Connect: Region ID" not in said(connected, "/profile/security/")
    connected.post(f"/profile/security/identities/{SocialAccount.objects.get().pk}/remove/")
    assert "Connect: Region ID" in said(connected, "/profile/security/")


def test_one_e_identity_is_one_user(connected, people):
    asta = Client()
    asta.force_login(people.asta)
    confirm(asta)
    come_in(asta, process="connect")
    assert "connected to another user" in said(asta, "/profile/security/")
    assert SocialAccount.objects.get().user == people.petra


def test_connecting_asks_for_the_password(client, people, provider):
    client.force_login(people.petra)
    assert client.post(START, {"process": "connect"})["Location"].startswith("/profile/security/confirm/")


def test_who_took_too_long_at_the_provider_confirms_again(petra, people):
    back = say_who(go(petra, process="connect"), "p-1")
    session = petra.session
    session["account_authentication_methods"] = []
    session.save()
    assert petra.get(back)["Location"].startswith("/profile/security/confirm/")
    assert not SocialAccount.objects.exists()


def test_nobody_connects_without_being_logged_in(client, provider):
    assert client.post(START, {"process": "connect"})["Location"].startswith("/login/")


def test_disconnecting_is_asked_told_and_remembered(connected, people):
    row = SocialAccount.objects.get()
    path = f"/profile/security/identities/{row.pk}/remove/"
    assert "Region ID no longer logs you in." in said(connected, path)
    mail.outbox.clear()
    connected.post(path)
    assert not SocialAccount.objects.exists()
    assert len(mail.outbox) == 1
    assert AccessEvent.objects.get(action="identity_removed").person == people.petra
    assert come_in(Client()).status_code == 403


def test_nobody_disconnects_another_persons(connected, people):
    asta = Client()
    asta.force_login(people.asta)
    confirm(asta)
    assert asta.post(f"/profile/security/identities/{SocialAccount.objects.get().pk}/remove/").status_code == 404
    assert SocialAccount.objects.exists()


# --- Logging in -------------------------------------------------------------------------------------------------


def test_it_logs_in_who_connected_it_and_leads_back(connected, people):
    visitor = Client()
    assert come_in(visitor, next="/orders/")["Location"] == "/orders/"
    assert visitor.get("/").wsgi_request.user == people.petra


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_leads_to_this_site_only(connected, target):
    assert come_in(Client(), next=target)["Location"] == "/"


def test_an_unknown_one_opens_nobody_whatever_e_mail_it_has(client, people, provider):
    before = User.objects.count()
    answer = come_in(client)
    assert answer.status_code == 403
    assert "This e-identity is not connected" in answer.content.decode()
    assert not is_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_another_one_of_the_same_provider_opens_nobody(connected):
    visitor = Client()
    assert come_in(visitor, "p-2").status_code == 403
    assert not is_in(visitor)


def test_the_second_factor_is_still_asked(connected, people):
    app = give_app(people.petra)
    visitor = Client()
    assert come_in(visitor, next="/orders/")["Location"] == "/login/code/"
    assert not is_in(visitor)
    assert send_code(visitor, app.code())["Location"] == "/orders/"
    assert is_in(visitor)


def test_wrong_codes_after_it_lock_as_well(connected, people):
    app = give_app(people.petra)
    visitor = Client()
    for _time in range(5):
        come_in(visitor)
        answer = send_code(visitor, app.wrong_code())
    assert answer.status_code == 403
    come_in(visitor)
    assert send_code(visitor, app.code()).status_code == 403


def test_who_is_shut_out_stays_out(connected, people):
    services.block(user=people.petra, by=people.stella, reason="Left")
    visitor = Client()
    answer = come_in(visitor)
    assert "Your user is not active" in answer.content.decode()
    assert not is_in(visitor)


def test_another_issuer_with_the_same_name_is_somebody_else(connected, settings):
    with running() as other:
        settings.SOCIALACCOUNT_PROVIDERS = settings_for(other)
        visitor = Client()
        assert come_in(visitor, "p-1").status_code == 403
        assert not is_in(visitor)


# --- The exchange -----------------------------------------------------------------------------------------------


def test_it_asks_for_who_it_is_only_and_protects_the_exchange(client, provider):
    first, second = (asked(go(client)) for _time in range(2))
    assert first["scope"] == "openid"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]


def test_the_code_is_exchanged_with_its_verifier(client, people, provider, monkeypatch):
    sent = []
    real = requests.Session.request

    def listen(self, method, url, **kwargs):
        sent.append((url, kwargs.get("data")))
        return real(self, method, url, **kwargs)

    monkeypatch.setattr(requests.Session, "request", listen)
    come_in(client)
    (data,) = [data for url, data in sent if url.endswith("/token")] or [None]
    assert len(data["code_verifier"]) >= 43
    assert not [url for url, _data in sent if "userinfo" in url]


def spoil(client: Client, **more) -> None:
    """Change what the session remembers of the log-in that was begun."""
    session = client.session
    for state, _at, _provider in session["socialaccount_states"].values():
        state.update(more)
    session.save()


def refused(client: Client, back: str) -> bool:
    answer = client.get(back)
    return answer["Location"] == "/login/" and "did not work" in said(client, "/login/") and not is_in(client)


def test_an_answer_with_another_nonce_is_refused(connected):
    visitor = Client()
    back = say_who(go(visitor), "p-1")
    spoil(visitor, data={"nonce": "another"})
    assert refused(visitor, back)


def test_an_answer_that_another_browser_asked_for_is_refused(connected):
    attacker, victim = Client(), Client()
    assert refused(victim, say_who(go(attacker), "p-1"))


def test_an_answer_works_once(connected):
    visitor = Client()
    back = say_who(go(visitor), "p-1")
    visitor.get(back)
    visitor.post("/logout/")
    assert refused(visitor, back)


@pytest.mark.parametrize("query", ["", "?code=1", "?state=x&code=1", "?error=server_error", "?state=%00&code=%00"])
def test_an_answer_that_nobody_asked_for_is_refused(client, provider, query):
    assert refused(client, BACK + query)


def test_whoever_stops_at_the_provider_is_led_back(client, provider):
    state = asked(go(client))["state"]
    assert client.get(f"{BACK}?state={state}&error=access_denied")["Location"] == "/login/"
    assert "You stopped the log-in with Region ID." in said(client, "/login/")


def test_a_provider_that_is_down_is_said(client, people, settings):
    settings.SOCIALACCOUNT_PROVIDERS = settings_for("http://localhost:1")
    assert client.post(START)["Location"] == "/login/"
    assert "did not work" in said(client, "/login/")


def test_a_provider_that_goes_down_half_way_is_said(client, provider, settings):
    back = say_who(go(client), "p-1")
    settings.SOCIALACCOUNT_PROVIDERS = settings_for("http://localhost:1")
    assert refused(client, back)


# --- Without a provider -----------------------------------------------------------------------------------------


def test_without_a_provider_there_is_no_button_and_no_address(client, people):
    assert "/login/identity/" not in said(client, "/login/")
    assert client.post(START).status_code == 404
    assert client.get(BACK).status_code == 404
    client.force_login(people.petra)
    assert "/login/identity/" not in said(client, "/profile/security/")


def test_the_button_carries_where_to_go(client, provider):
    page = said(client, "/login/?next=/orders/")
    assert "Log in with Region ID" in page
    assert page.count('name="next" value="/orders/"') == 3


def test_a_link_alone_begins_nothing(client, provider):
    assert client.get(START).status_code == 405
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403
