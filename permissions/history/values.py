"""What stands under each key of an event's before and after, as people read it. Whatever else another part of the
portal wrote down is shown as plain words, too.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.amounts import amount_words
from permissions.log_in.identities import provider_names
from permissions.models import PatientPolicy
from permissions.models.requests import RequestKind
from permissions.roles import ClinicPermission, Function, Role
from permissions.staff_rights import StaffRight

LABELS: dict[str, str | Promise] = {
    "role": gettext_lazy("Role"),
    "functions": gettext_lazy("Functions"),
    "rights": gettext_lazy("Rights at the supplier"),
    "is_active": gettext_lazy("Status"),
    "fields": gettext_lazy("Changed fields"),
    "requires_second_factor": gettext_lazy("Second factor required"),
    "tells_of_impersonation": gettext_lazy("Told when customer service looks"),
    "path": gettext_lazy("Page"),
    "factor": gettext_lazy("Second factor"),
    "factors": gettext_lazy("Second factor"),
    "provider": gettext_lazy("E-identity"),
    "ended": gettext_lazy("Sessions ended"),
    "since": gettext_lazy("Since"),
    "role_afterwards": gettext_lazy("Role afterwards"),
    "kind": gettext_lazy("Kind"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "language": gettext_lazy("Language"),
    "phone_number": gettext_lazy("Phone"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "blocked": gettext_lazy("Blocked"),
    "owner": gettext_lazy("Account owner"),
    "patient_policy": gettext_lazy("What identifies the patient on an order line"),
    "approval_limit": gettext_lazy("Purchasers need approval above"),
    "approval_reminder_hours": gettext_lazy("hours until a reminder"),
    "approval_escalation_hours": gettext_lazy("hours until the account owner is told"),
    "stand_in": gettext_lazy("Stand-in"),
    "first_day": gettext_lazy("First day"),
    "last_day": gettext_lazy("Last day"),
}
# As django-allauth calls them.
FACTORS: dict[Any, str | Promise] = {
    "totp": gettext_lazy("Authenticator app"),
    "webauthn": gettext_lazy("Passkey"),
    "recovery_codes": gettext_lazy("Recovery codes"),
}
# Asked once for each row of a file: `.values` would be made anew every time.
FUNCTIONS, ROLES, RIGHTS = frozenset(Function.values), frozenset(Role.values), frozenset(ClinicPermission.values)
STAFF_RIGHTS = frozenset(StaffRight.values)


def place(key: str) -> tuple[int, str]:
    """In which order the keys are told."""
    known = list(LABELS)
    return (known.index(key) if key in known else len(known), key)


def plain(value: Any) -> str:
    """Whatever another part of the portal wrote down."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(plain, value)))
    if isinstance(value, dict):
        return ", ".join(f"{LABELS.get(key) or key}: {plain(inner)}" for key, inner in value.items() if plain(inner))
    return str(value)


def _role(value: Any) -> str:
    return str(Role(value).label) if isinstance(value, str) and value in ROLES else plain(value)


def _labels(codes: list, kind: type[TextChoices], known: frozenset[str]) -> str:
    words = (str(kind(each).label) if isinstance(each, str) and each in known else plain(each) for each in codes)
    return ", ".join(words)


def functions(value: Any) -> str:
    return (_labels(value, Function, FUNCTIONS) or _("none")) if isinstance(value, list) else plain(value)


def rights(codes: list) -> str:
    """Guardian's rows."""
    return _labels(codes, ClinicPermission, RIGHTS)


def staff_rights_words(value: Any) -> str:
    """What is none of ours was given otherwise, and is said by its name."""
    return (_labels(value, StaffRight, STAFF_RIGHTS) or _("none")) if isinstance(value, list) else plain(value)


def _status(value: Any) -> str:
    return _("Active") if value else _("Inactive")


def _factors(value: Any) -> str:
    return ", ".join(
        str((isinstance(name, str) and FACTORS.get(name)) or plain(name))
        for name in (value if isinstance(value, list) else [value])
    )


def _kind(value: Any) -> str:
    return str(RequestKind(value).label) if isinstance(value, str) and value in RequestKind.values else plain(value)


def _moment(value: Any) -> str:
    moment = parse_datetime(value) if isinstance(value, str) else None
    if moment is None:
        return plain(value)
    return date_format(timezone.localtime(moment) if timezone.is_aware(moment) else moment, "DATETIME_FORMAT")


def _day(value: Any) -> str:
    day = parse_date(value) if isinstance(value, str) else None
    return date_format(day, "SHORT_DATE_FORMAT") if day else plain(value)


def _policy(value: Any) -> str:
    known = isinstance(value, str) and value in PatientPolicy.values
    return str(PatientPolicy(value).label) if known else plain(value)


def _amount(value: Any) -> str:
    """Written down as "900.00 SEK"; None is no limit."""
    if value is None:
        return _("no limit")
    number, _blank, currency = str(value).partition(" ")
    try:
        return amount_words(Decimal(number), currency) if currency else plain(value)
    except InvalidOperation:
        return plain(value)


def _provider(value: Any) -> str:
    return (isinstance(value, str) and provider_names().get(value)) or plain(value)


def _fields(value: Any) -> str:
    names = value if isinstance(value, list) else [value]
    return ", ".join(str((isinstance(name, str) and LABELS.get(name)) or plain(name)) for name in names)


WORDS: dict[str, Callable[[Any], str]] = {
    "role": _role,
    "role_afterwards": _role,
    "functions": functions,
    "rights": staff_rights_words,
    "is_active": _status,
    "fields": _fields,
    "factor": _factors,
    "factors": _factors,
    "kind": _kind,
    "since": _moment,
    "first_day": _day,
    "last_day": _day,
    "patient_policy": _policy,
    "approval_limit": _amount,
    "provider": _provider,
}
