"""An OpenID Connect provider of our own, on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client
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


@contextmanager
def running() -> Iterator[str]:
    claims = {"email": "petra@example.com", "email_verified": True, "national_number": NUMBER, "name": "Petra"}
    with run_server_in_thread(user_claims=[Identity(sub=sub, claims=claims) for sub in ("p-1", "p-2")]) as server:
        yield f"http://localhost:{server.server_port}"


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
