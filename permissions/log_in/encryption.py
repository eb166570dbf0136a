"""Secrets of authenticator apps and recovery codes are kept encrypted: who reads the database can't log in with them.

The keys come from SECRET_KEY and SECRET_KEY_FALLBACKS, so that they turn with those; see docs/log-in.md.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"permissions.log_in.second_factor"


class Unreadable(Exception):
    """Encrypted with a key that is gone, or not by us."""


@lru_cache(maxsize=4)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    keys = [HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode()) for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _current() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def encrypt(text: str) -> str:
    return _current().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    try:
        return _current().decrypt(encrypted.encode()).decode()
    except InvalidToken as problem:
        raise Unreadable from problem
