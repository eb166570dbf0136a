"""Patients' texts at rest: AES-GCM with a data key per clinic, which only the master key opens.

The master key comes from the environment (PATIENT_MASTER_KEY), never from the database. It may be a list with commas:
the first key wraps, every one of them opens, so that a new one can be put in front and `rotate_patient_keys` be run.

Opened data keys are not kept between calls: opening one takes a few microseconds, and a key that is not in memory
can't be read from it, nor be used after its row is destroyed.
"""

import base64
import binascii
import hashlib
import hmac
import os
import uuid
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12


class Unreadable(Exception):
    """The key is lost, or the bytes are not what this key made for this place."""


def master_keys() -> list[bytes]:
    """The keys of the environment, the one that wraps first."""
    keys = [_decoded(part.strip()) for part in settings.PATIENT_MASTER_KEY.split(",") if part.strip()]
    if not keys:
        raise ImproperlyConfigured("PATIENT_MASTER_KEY: set 32 random bytes as base64.")
    return keys


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured("PATIENT_MASTER_KEY: each key must be 32 bytes as base64.")
    return key


def _seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _open(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def _place_of_key(clinic_id: uuid.UUID) -> bytes:
    return b"clinic key " + clinic_id.bytes


def new_wrapped_key(clinic_id: uuid.UUID) -> bytes:
    return _seal(master_keys()[0], os.urandom(KEY_BYTES), _place_of_key(clinic_id))


def rewrapped(wrapped: bytes, clinic_id: uuid.UUID) -> bytes | None:
    """The same data key under the newest master key; None where it is already."""
    newest = master_keys()[0]
    try:
        _open(newest, wrapped, _place_of_key(clinic_id))
    except Unreadable:
        return _seal(newest, _unwrapped(wrapped, clinic_id), _place_of_key(clinic_id))
    return None


def _unwrapped(wrapped: bytes, clinic_id: uuid.UUID) -> bytes:
    for master in master_keys():
        try:
            return _open(master, wrapped, _place_of_key(clinic_id))
        except Unreadable:
            continue
    raise Unreadable


@dataclass(frozen=True, repr=False)
class ClinicCipher:
    """What one clinic's data key can do. Raises Unreadable at the first use of a key that can't be opened."""

    clinic_id: uuid.UUID
    wrapped: bytes

    def seal(self, text: str, label_id: uuid.UUID) -> bytes:
        return _seal(self._text_key, text.encode(), self._place(label_id))

    def open(self, sealed: bytes, label_id: uuid.UUID) -> str:
        return _open(self._text_key, bytes(sealed), self._place(label_id)).decode()

    def digest(self, normalised: str) -> bytes:
        """Of the whole text: tells whether two labels are of the same patient."""
        return self._hash(b"whole", normalised)

    def token(self, part: str) -> bytes:
        """Of a name part or its first letters: finds labels."""
        return self._hash(b"part", part)[:16]

    def _hash(self, kind: bytes, text: str) -> bytes:
        return hmac.new(self._hash_key, kind + b"\0" + text.encode(), hashlib.sha256).digest()

    def _place(self, label_id: uuid.UUID) -> bytes:
        return b"patient label " + self.clinic_id.bytes + label_id.bytes

    @cached_property
    def _data_key(self) -> bytes:
        return _unwrapped(bytes(self.wrapped), self.clinic_id)

    @cached_property
    def _text_key(self) -> bytes:
        return self._derived(b"patient texts")

    @cached_property
    def _hash_key(self) -> bytes:
        return self._derived(b"patient hashes")

    def _derived(self, purpose: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(self._data_key)
