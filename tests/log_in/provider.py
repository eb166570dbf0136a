"""An OpenID Connect provider of our own, on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.jose import RSAKey
from django.test import Client
from flask import Flask, g
from flask import request as flask_request
from jwt import PyJWK
from oidc_provider_mock import User as Identity
from oidc_provider_mock import run_server_in_thread

NUMBER = "198001019999"  # as a country's claims may hold it
NAME = "Region ID"
START, BACK = "/login/identity/identity/", "/login/identity/identity/callback/"


def settings_for(address: str) -> dict:
    app = {
        "provider_id": "identity",
        "name": NAME,
        "client_id": "bestil",
        "secret": "sesame",
        "settings": {"server_url": address, "fetch_userinfo": False, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


@dataclass
class Provider:
    address: str
    app: Flask
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        @self.app.before_request
        def note() -> None:
            self.asked.append(flask_request.path)

    @property
    def _storage(self):
        with self.app.test_request_context("/"):
            self.app.preprocess_request()
            return g.oidc_provider_mock_storage

    @property
    def key(self) -> PyJWK:
        """What it signs with, the private half too."""
        return PyJWK(self._storage.jwk.as_dict(is_private=True), "RS256")

    def turn_key(self) -> None:
        self._storage.jwk = RSAKey.generate_key(is_private=True)


@contextmanager
def running() -> Iterator[str]:
    with provider_running() as provider:
        yield provider.address


@contextmanager
def provider_running() -> Iterator[Provider]:
    claims = {"email": "petra@example.com", "email_verified": True, "national_number": NUMBER, "name": "Petra"}
    with run_server_in_thread(user_claims=[Identity(sub=sub, claims=claims) for sub in ("p-1", "p-2")]) as server:
        yield Provider(f"http://localhost:{server.server_port}", server.app)


def go(client: Client, **more: str) -> str:
    """Press the button; the address at the provider to which the page leads."""
    page = client.post(START, more)
    assert page.status_code == 200
    return page.context["url"]


def say_who(url: str, sub: str) -> str:
    """At the provider; the path of ours to which it leads back."""
    answer = requests.post(url, data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_in(client: Client, sub: str = "p-1", **more: str):
    return client.get(say_who(go(client, **more), sub))


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
