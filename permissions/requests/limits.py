"""How often somebody may send the form that the whole world can open."""

from datetime import timedelta

from django.http import HttpRequest

from permissions.log_in.addresses import counted_address
from permissions.models import User
from permissions.throttle import allow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_NETWORK_AND_HOUR = 5
PER_NETWORK_AND_DAY = 20
# Each request mails a receipt to an address that nobody has proved to own.
PER_EMAIL_AND_DAY = 3
PER_PERSON_AND_DAY = 20
# Beyond it requests are still kept, but customer service isn't written to for each.
NOTICES_AND_HOUR = 30


def may_register(request: HttpRequest, email: str) -> bool:
    """Count one request for an account; False when there were too many from this network or for this e-mail."""
    network = counted_address(request) or "unknown"
    return (
        allow("register-hour", network, limit=PER_NETWORK_AND_HOUR, within=HOUR)
        and allow("register-day", network, limit=PER_NETWORK_AND_DAY, within=DAY)
        and allow("register-email", email, limit=PER_EMAIL_AND_DAY, within=DAY)
    )


def may_ask_for_clinic(user: User) -> bool:
    return allow("clinic-request", str(user.pk), limit=PER_PERSON_AND_DAY, within=DAY)


def may_notify() -> bool:
    return allow("request-notice", "all", limit=NOTICES_AND_HOUR, within=HOUR)
