"""What we know an e-identity by: a hash that nobody can try numbers against without a key that is not in the database.

The key comes from PATIENT_MASTER_KEY, which turns seldom, and not from SECRET_KEY: of who has not come by since, a
hash can't be made anew. While several keys are set, each finds its own, and who comes by is kept under the first.
"""

import hmac
from functools import lru_cache

from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PURPOSE = b"permissions.log_in.identity_names"


def known_as(provider: str, issuer: str, subject: str) -> str:
    """Of one issuer only: another one behind the same address may give the same name to somebody else."""
    newest, *older = (_hash(key, issuer, subject) for key in _keys(settings.PATIENT_MASTER_KEY))
    rows = SocialAccount.objects.filter(provider=provider)
    if older and not rows.filter(uid=newest).exists():
        kept = rows.filter(uid__in=older).order_by("pk")[:1].values("pk")
        rows.filter(pk__in=kept).update(uid=newest)
    return newest


def _hash(key: bytes, issuer: str, subject: str) -> str:
    return hmac.digest(key, f"{issuer}\n{subject}".encode(), "sha256").hex()


@lru_cache(maxsize=4)
def _keys(text: str) -> list[bytes]:
    masters = [part.strip() for part in text.split(",") if part.strip()]
    if not masters:
        raise ImproperlyConfigured("PATIENT_MASTER_KEY: set 32 random bytes as base64.")
    return [HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(master.encode()) for master in masters]
