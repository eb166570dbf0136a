"""Slowing down who tries too often: counted in the database, so that all servers count together and restarts forget
nothing. Wrong passwords and codes are django-axes' part; this is for what anybody may send, such as a registration.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from permissions.models import Attempt

KEEP = timedelta(days=1)


@transaction.atomic
def allow(kind: str, key: str, *, limit: int, within: timedelta) -> bool:
    """Count one attempt; False when there were `limit` within that time already (then it is not counted)."""
    hashed = salted_hmac(f"permissions.throttle.{kind}", key, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        # Two at once must not both be the last one allowed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind}:{hashed}"])
    if Attempt.objects.filter(kind=kind, key=hashed, at__gt=timezone.now() - within).count() >= limit:
        return False
    Attempt.objects.create(kind=kind, key=hashed)
    return True


def forget_old() -> int:
    return Attempt.objects.filter(at__lt=timezone.now() - KEEP).delete()[0]
