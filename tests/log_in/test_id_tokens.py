"""What a provider says counts only when its own key signed it, for us, now."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import jwt
import oidc_provider_mock._app
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client

from permissions.log_in import id_tokens, identities
from tests.log_in.authenticator import confirm, is_in
from tests.log_in.provider import START, Provider, come_in, go, provider_running, say_who, settings_for

JWKS = "/jwks"


@pytest.fixture
def named_keys(monkeypatch) -> None:
    """The provider's tokens say which key signed them, as most providers' do."""
    code = oidc_provider_mock._app.OpenIDCode
    real = code.get_jwt_config

    def with_name(self, *args, **kwargs) -> dict:
        config = real(self, *args, **kwargs)
        return {**config, "kid": config["key"]["kid"]}

    monkeypatch.setattr(code, "get_jwt_config", with_name)


@pytest.fixture
def provider(named_keys, connected_provider) -> Provider:
    return connected_provider


@pytest.fixture
def connected_provider(people, settings) -> Iterator[Provider]:
    """Petra has connected her e-identity of it."""
    with provider_running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = settings_for(provider.address)
        client = Client()
        client.force_login(people.petra)
        confirm(client)
        come_in(client, process="connect")
        assert SocialAccount.objects.get().user == people.petra
        provider.asked.clear()
        yield provider


@pytest.fixture
def answer_with(monkeypatch) -> Callable[[Callable[[str], str]], None]:
    """Make another token out of the one that the provider sends."""
    adapter = identities.IdentityOAuth2Adapter
    real = adapter.get_access_token_data

    def answer_with(change: Callable[[str], str]) -> None:
        def changed(*args, **kwargs) -> dict:
            answer = real(*args, **kwargs)
            return {**answer, "id_token": change(answer["id_token"])}

        monkeypatch.setattr(adapter, "get_access_token_data", changed)

    return answer_with


def claims_of(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def named(token: str) -> dict:
    return {name: value for name, value in jwt.get_unverified_header(token).items() if name == "kid"}


def lets_in() -> bool:
    visitor = Client()
    answer = come_in(visitor)
    assert answer["Location"] == ("/" if is_in(visitor) else "/login/")
    return is_in(visitor)


def signed_by(provider: Provider, **changes) -> Callable[[str], str]:
    """As the provider would have signed it, with other claims; None takes one away."""

    def sign(token: str) -> str:
        claims = {**claims_of(token), **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, provider.key, headers=named(token))

    return sign


def test_what_the_provider_signed_lets_in(provider, answer_with):
    assert lets_in()
    answer_with(signed_by(provider))
    assert lets_in()


def test_a_claim_that_was_changed_on_the_way_is_refused(provider, answer_with):
    def tampered(token: str) -> str:
        head, _claims, signature = token.split(".")
        claims = json.dumps({**claims_of(token), "name": "Somebody else"}).encode()
        return f"{head}.{jwt.utils.base64url_encode(claims).decode()}.{signature}"

    answer_with(tampered)
    assert not lets_in()


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
    ],
)
def test_what_another_key_signed_under_the_same_name_is_refused(provider, answer_with, key, algorithm):
    answer_with(lambda token: jwt.encode(claims_of(token), key, algorithm, headers=named(token)))
    assert not lets_in()


def test_an_unsigned_one_is_refused(provider, answer_with):
    answer_with(lambda token: jwt.encode(claims_of(token), None, "none", headers=named(token)))
    assert not lets_in()


def test_one_signed_with_what_is_public_or_ours_is_refused(provider, answer_with):
    """HS256: the public key, or our secret at the provider, taken for a password."""
    public = provider.key.key.public_key()
    number = public.public_numbers().n.to_bytes(256, "big")
    for secret in (number, b"sesame" * 6):
        answer_with(lambda token, secret=secret: jwt.encode(claims_of(token), secret, "HS256", headers=named(token)))
        assert not lets_in()


def test_a_shared_secret_among_the_published_keys_is_not_used(provider, answer_with, monkeypatch):
    secret = {"kty": "oct", "k": jwt.utils.base64url_encode(b"s" * 32).decode(), "kid": "shared", "alg": "HS256"}
    monkeypatch.setattr(id_tokens.Keys, "fetch_data", lambda self: {"keys": [secret]})
    answer_with(lambda token: jwt.encode(claims_of(token), b"s" * 32, "HS256", headers={"kid": "shared"}))
    assert not lets_in()


@pytest.mark.parametrize("kid", ["another", "", "\x00"])
def test_one_that_names_an_unknown_key_is_refused(provider, answer_with, kid):
    answer_with(lambda token: jwt.encode(claims_of(token), provider.key, headers={"kid": kid}))
    assert not lets_in()


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"aud": ["bestil", "other"], "azp": "other"},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
        {"iat": 4_000_000_000},
        {"sub": ""},
        *({name: None} for name in ("iss", "sub", "aud", "exp", "iat", "nonce")),
    ],
)
def test_one_that_is_not_for_us_or_not_for_now_is_refused(provider, answer_with, changes):
    answer_with(signed_by(provider, **changes))
    assert not lets_in()


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", None])
def test_an_answer_without_a_token_is_refused(provider, answer_with, token):
    answer_with(lambda _real: token)
    assert not lets_in()


# --- The provider's keys ----------------------------------------------------------------------------------------


def test_the_keys_are_asked_for_once(provider):
    """The connecting asked before."""
    assert lets_in()
    assert lets_in()
    assert JWKS not in provider.asked


def test_a_new_key_is_asked_for_when_it_comes(provider):
    provider.turn_key()
    assert lets_in()
    assert lets_in()
    assert provider.asked.count(JWKS) == 1


def test_what_the_old_key_signed_is_refused_once_the_new_one_is_known(provider, answer_with):
    old = provider.key
    provider.turn_key()
    assert lets_in()
    answer_with(lambda token: jwt.encode(claims_of(token), old, headers={"kid": old.key_id}))
    assert not lets_in()


def test_unknown_keys_do_not_make_us_ask_again_and_again(provider, answer_with):
    answer_with(lambda token: jwt.encode(claims_of(token), provider.key, headers={"kid": "another"}))
    for _time in range(4):
        assert not lets_in()
    assert provider.asked.count(JWKS) == 1


def test_a_key_that_was_taken_back_is_forgotten_in_time(provider, monkeypatch):
    kept = id_tokens.keys_at(f"{provider.address}{JWKS}").jwk_set_cache
    assert kept.lifespan == id_tokens.KEYS_KEPT_FOR <= 600
    monkeypatch.setattr(kept, "lifespan", 0)
    assert lets_in()
    assert provider.asked.count(JWKS) == 1


def test_one_key_needs_no_name_and_may_turn(connected_provider):
    assert lets_in()
    connected_provider.turn_key()
    assert lets_in()


def test_of_several_keys_a_token_must_name_its_own(connected_provider, monkeypatch):
    real = id_tokens.Keys.fetch_data

    def two(self) -> dict:
        (key,) = real(self)["keys"]
        return {"keys": [key, {**key, "kid": "another"}]}

    monkeypatch.setattr(id_tokens.Keys, "fetch_data", two)
    assert not lets_in()


def test_a_wrong_signature_without_a_name_is_refused(connected_provider, answer_with):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    answer_with(lambda token: jwt.encode(claims_of(token), key, "RS256"))
    assert not lets_in()


@pytest.mark.parametrize("keys", [None, [], {}, {"keys": []}, {"keys": "x"}, {"keys": [{"kty": "RSA"}]}])
def test_keys_that_are_none_let_nobody_in(provider, monkeypatch, keys):
    id_tokens.keys_at.cache_clear()
    monkeypatch.setattr(id_tokens.Keys, "fetch_data", lambda self: keys)
    assert not lets_in()


def test_keys_that_can_not_be_had_let_nobody_in(provider, monkeypatch):
    id_tokens.keys_at.cache_clear()
    adapter = identities.IdentityOAuth2Adapter
    real = adapter.openid_config.fget
    for address in ("http://localhost:1/jwks", f"{provider.address}/nowhere", "file:///etc/passwd"):
        monkeypatch.setattr(adapter, "openid_config", property(lambda self, to=address: {**real(self), "jwks_uri": to}))
        assert not lets_in()


def test_a_provider_asked_by_https_leads_to_nothing_else(provider, monkeypatch):
    config = requests.get(f"{provider.address}/.well-known/openid-configuration", timeout=10).json()
    config["issuer"] = "https://provider.example"
    visitor = Client()
    back = say_who(go(visitor), "p-1")
    monkeypatch.setattr(identities.IdentityProvider, "server_url", property(lambda self: "https://provider.example"))
    monkeypatch.setattr(id_tokens, "fetched", lambda address: config)
    assert visitor.get(back)["Location"] == "/login/"
    assert Client().post(START)["Location"] == "/login/"
    monkeypatch.undo()
    assert lets_in()


@pytest.mark.parametrize("issuer", ["https://evil.example", "http://localhost", "", None, {}])
def test_a_provider_that_says_it_is_another_lets_nobody_in(provider, monkeypatch, issuer):
    real = id_tokens.fetched
    monkeypatch.setattr(id_tokens, "fetched", lambda address: {**real(address), "issuer": issuer})
    assert Client().post(START)["Location"] == "/login/"


def test_a_provider_leads_nobody_on_to_another(provider, monkeypatch):
    """Whoever can make its address lead elsewhere would else say who logs in."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{provider.address}{self.path}")
            self.end_headers()

        def log_message(self, *args) -> None:
            pass

    with HTTPServer(("localhost", 0), Elsewhere) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://localhost:{server.server_port}/.well-known/openid-configuration"
        with pytest.raises(OAuth2Error):
            id_tokens.fetched(address)
        server.shutdown()
