"""An event of the history as people read it: words, no codes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.models import AccessEvent, User
from permissions.models.events import AccessAction
from permissions.models.requests import RequestKind
from permissions.overview.deeds import actor_words
from permissions.roles import Function, Role
from permissions.staff_rights import StaffRight

ICONS: dict[str, str] = {
    AccessAction.GRANT: "user-plus",
    AccessAction.CHANGE: "user-cog",
    AccessAction.REVOKE: "user-minus",
    AccessAction.REPAIR: "wrench",
    AccessAction.INACTIVATE: "user-x",
    AccessAction.ACTIVATE: "user-check",
    AccessAction.BLOCK: "ban",
    AccessAction.DETAILS: "pencil",
    AccessAction.SETTINGS: "settings",
    AccessAction.STAFF: "briefcase",
}
OTHER_ICONS = (
    ("invite resend withdraw accept decline", "mail"),
    ("look_begun looked look_ended", "eye"),
    ("transfer_offered transfer_accepted transfer_declined transfer_cancelled", "crown"),
    ("requested approved refused closed clinic_added", "building-2"),
)
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
}
# As django-allauth calls them.
FACTORS: dict[Any, str | Promise] = {
    "totp": gettext_lazy("Authenticator app"),
    "webauthn": gettext_lazy("Passkey"),
    "recovery_codes": gettext_lazy("Recovery codes"),
}
# Asked once for each row of a file: `.values` would be made anew every time.
ACTIONS, FUNCTIONS, ROLES = frozenset(AccessAction.values), frozenset(Function.values), frozenset(Role.values)
RIGHTS = frozenset(StaffRight.values)
# Keys that say nothing to people: ids of rows, and the clinics of an invitation, each of which has an event of its own.
UNSAID = frozenset({"clinics", "look", "nonce", "id", "owner", "transfer", "why", "forgotten"})


@dataclass(frozen=True)
class Change:
    """`before` is empty where nothing was before, `after` where nothing is any more."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        if self.before and self.after:
            return f"{self.label}: {self.before} → {self.after}"
        return f"{self.label}: {self.after or self.before}"


@dataclass(frozen=True)
class Entry:
    at: datetime
    what: str
    icon: str
    who: str
    whom: str
    person: User | None
    clinic: str
    clinic_id: UUID | None
    customer_number: str
    account: str
    changes: list[Change]
    reason: str


def entry_of(event: AccessEvent, *, for_staff: bool = False) -> Entry:
    clinic = event.clinic
    return Entry(
        at=event.at,
        what=_what(event),
        icon=icon_of(event.action),
        who=actor_words(event.actor, for_staff=for_staff),
        whom=_whom(event),
        person=event.person,
        clinic=clinic.name if clinic else "",
        clinic_id=event.clinic_id,
        customer_number=clinic.customer_number if clinic else "",
        account=event.account.name if event.account else "",
        changes=list(changes_of(event)),
        reason=event.reason,
    )


def _what(event: AccessEvent) -> str:
    if event.action == AccessAction.RESEND and event.invitation is None:
        return _("Sent a link to choose a password")
    if event.action == AccessAction.DETAILS and (event.after or {}).get("forgotten"):
        return _("Deleted who had asked, after the time for it")
    return str(AccessAction(event.action).label) if event.action in ACTIONS else event.action


def icon_of(action: str) -> str:
    if action in ICONS:
        return ICONS[action]
    return next((icon for actions, icon in OTHER_ICONS if action in actions.split()), "key-round")


def _whom(event: AccessEvent) -> str:
    if event.person:
        return str(event.person)
    if event.invitation:
        return str(event.invitation)
    return event.request.company if event.request else ""


def changes_of(event: AccessEvent) -> Iterator[Change]:
    """What differs between before and after; of what began, all; of what ended, what it was."""
    before, after = event.before or {}, event.after or {}
    for key in sorted((before.keys() | after.keys()) - UNSAID, key=_place):
        if key == "is_active" and not (before and after) and after.get(key, True):
            continue  # that somebody new is active goes without saying
        if before.get(key) == after.get(key):
            continue
        yield from _change(key, before, after)


def _change(key: str, before: dict, after: dict) -> Iterator[Change]:
    if key == "functions" and isinstance(before.get(key), list) and isinstance(after.get(key), list):
        # Against what was before: only what was switched is of interest.
        on = [code for code in after[key] if code not in before[key]]
        off = [code for code in before[key] if code not in after[key]]
        if on:
            yield Change(_("Switched on"), "", _functions(on))
        if off:
            yield Change(_("Switched off"), "", _functions(off))
        return
    words = WORDS.get(key, plain)
    old, new = (words(side[key]) if key in side else "" for side in (before, after))
    if old or new:
        yield Change(str(LABELS.get(key) or key.replace("_", " ").capitalize()), old, new)


def _place(key: str) -> tuple[int, str]:
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


def _functions(value: Any) -> str:
    if not isinstance(value, list):
        return plain(value)
    names = [
        str(Function(code).label) if isinstance(code, str) and code in FUNCTIONS else plain(code) for code in value
    ]
    return ", ".join(names) or _("none")


def rights_words(value: Any) -> str:
    """What is none of ours was given otherwise, and is said by its name."""
    if not isinstance(value, list):
        return plain(value)
    names = [str(StaffRight(code).label) if isinstance(code, str) and code in RIGHTS else plain(code) for code in value]
    return ", ".join(names) or _("none")


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


def _fields(value: Any) -> str:
    names = value if isinstance(value, list) else [value]
    return ", ".join(str((isinstance(name, str) and LABELS.get(name)) or plain(name)) for name in names)


WORDS: dict[str, Callable[[Any], str]] = {
    "role": _role,
    "role_afterwards": _role,
    "functions": _functions,
    "rights": rights_words,
    "is_active": _status,
    "fields": _fields,
    "factor": _factors,
    "factors": _factors,
    "kind": _kind,
    "since": _moment,
}
