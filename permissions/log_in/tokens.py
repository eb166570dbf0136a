"""The secrets in mailed links: signed, for one person, for a day, worthless once that person has changed."""

import base64
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.crypto import constant_time_compare, salted_hmac

from permissions.models import User


class ResetTokens(PasswordResetTokenGenerator):
    """Django's, which die with the password, the e-mail and the next log-in; these also die with the sessions."""

    key_salt = "permissions.log_in.tokens.ResetTokens"

    def _make_hash_value(self, user, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}|{_standing(user)}"

    def check_token(self, user, token: str | None) -> bool:
        return user is not None and may_log_in(user) and super().check_token(user, token)


reset_tokens = ResetTokens()


def may_log_in(user: User) -> bool:
    return user.is_active and user.blocked is None


def seal_address(user: User, address: str) -> str:
    """A new e-mail address for a link: encrypted, because links are kept in logs and histories."""
    text = json.dumps([user.pk, address, _state(user, settings.SECRET_KEY)])
    return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode().rstrip("=")


def open_address(user: User, token: str) -> str | None:
    """The address that was sealed for this person; None when it is too old, another's, or used."""
    sealed = token + "=" * (-len(token) % 4)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            text = _cipher(secret).decrypt(sealed.encode(), ttl=settings.PASSWORD_RESET_TIMEOUT)
        except InvalidToken:
            continue
        person, address, state = json.loads(text)
        if person == user.pk and may_log_in(user) and constant_time_compare(state, _state(user, secret)):
            return address
    return None


def _standing(user: User) -> str:
    return f"{user.session_generation}|{user.is_active}|{user.blocked}"


def _state(user: User, secret: str) -> str:
    """What must still be so when the link comes back: the address itself makes it work once."""
    value = f"{user.email}|{_standing(user)}"
    return salted_hmac("permissions.log_in.tokens.address", value, secret=secret).hexdigest()


def _cipher(secret: str) -> Fernet:
    key = salted_hmac("permissions.log_in.tokens.cipher", "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
