"""Stands in for the app on somebody's phone."""

import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from permissions.log_in import second_factor
from permissions.models import User
from tests.factories import PASSWORD


@dataclass
class App:
    secret: str

    def code(self, steps: int = 0) -> str:
        """What it shows now, or so many half minutes from now."""
        return self.code_at(time.time() + 30 * steps)

    def code_at(self, at: float) -> str:
        return format_hotp_value(hotp_value(self.secret, int(at) // 30))

    def wrong_code(self) -> str:
        right = {self.code(steps) for steps in range(-3, 4)}
        return next(code for code in (f"{number:06}" for number in range(10)) if code not in right)


def give_app(user: User) -> App:
    """As if it had been set up an hour ago: no code of now is used up."""
    app = App(generate_totp_secret())
    second_factor.add_app(user, app.secret, int(time.time()) // 30 - 120)
    return app


def passkey_row(user: User, name: str = "My phone") -> Authenticator:
    """A row as django-allauth keeps it; nothing here looks into the credential."""
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def recovery_codes(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type=second_factor.CODES).wrap().get_unused_codes()


def password(client: Client, user: User, typed: str = PASSWORD, **more):
    return client.post("/login/", {"username": user.email, "password": typed, **more})


def send_code(client: Client, code: str):
    return client.post("/login/code/", {"code": code})


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def confirm(client: Client):
    return client.post("/profile/security/confirm/", {"password": PASSWORD})
