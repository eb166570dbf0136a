"""How often somebody may send the form that the whole world can open."""

from datetime import timedelta

from django.http import HttpRequest

from permissions.log_in.addresses import counted_address
from permissions.models import AccountRequest, User
from permissions.throttle import allow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_NETWORK_AND_HOUR = 5
PER_NETWORK_AND_DAY = 20
# Each request mails a receipt to an address that nobody has proved to own.
PER_EMAIL_AND_DAY = 3
PER_PERSON_AND_DAY = 20
# Beyond it requests are still kept, but customer service isn't written to for each.
NOTICES_AND_HOUR = 30
REPEAT = timedelta(minutes=10)
GMAIL = ("gmail.com", "googlemail.com")
ALL_THAT_IS_SAID = (
    *("kind", "account_id", "country", "company", "organisation_number", "customer_number"),
    *("clinic_name", "line1", "postcode", "city", "first_name", "last_name", "email", "phone_number", "message"),
)


def wait_before_registering(request: HttpRequest, email: str) -> timedelta | None:
    """Count one request for an account. How long to wait when there were too many from this network or for this
    mailbox; None: go on.
    """
    network = counted_address(request) or "unknown"
    if not allow("register-hour", network, limit=PER_NETWORK_AND_HOUR, within=HOUR):
        return HOUR
    is_fine = allow("register-day", network, limit=PER_NETWORK_AND_DAY, within=DAY) and allow(
        "register-email", mailbox(email), limit=PER_EMAIL_AND_DAY, within=DAY
    )
    return None if is_fine else DAY


def mailbox(email: str) -> str:
    """Where the mail ends up: what follows a plus is the reader's own mark, and Gmail sees no dots."""
    name, _at, domain = email.rpartition("@")
    name = name.partition("+")[0] or name
    if domain in GMAIL:
        name, domain = name.replace(".", ""), GMAIL[0]
    return f"{name}@{domain}"


def is_repeated(row: AccountRequest) -> bool:
    """Whether the very same was sent a moment ago: pressed twice. Counts it; must be called inside the transaction
    that keeps the request, so that two at once wait for each other.
    """
    said = [str(getattr(row, name)) for name in ALL_THAT_IS_SAID]
    return not allow("request-said", "\n".join(said), limit=1, within=REPEAT)


def may_ask_for_clinic(user: User) -> bool:
    return allow("clinic-request", str(user.pk), limit=PER_PERSON_AND_DAY, within=DAY)


def may_notify() -> bool:
    return allow("request-notice", "all", limit=NOTICES_AND_HOUR, within=HOUR)
