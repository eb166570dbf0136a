"""An event of the history as people read it: words, no codes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from permissions.history.values import LABELS, WORDS, functions, place, plain, rights
from permissions.models import AccessEvent, Clinic, Membership, User
from permissions.models.events import AccessAction
from permissions.overview.deeds import actor_words

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
    AccessAction.CLINIC_RULES: "scale",
}
OTHER_ICONS = (
    ("invite resend withdraw accept decline", "mail"),
    ("look_begun looked look_ended", "eye"),
    ("transfer_offered transfer_accepted transfer_declined transfer_cancelled", "crown"),
    ("requested approved refused closed clinic_added", "building-2"),
)
# Asked once for each row of a file: `.values` would be made anew every time.
ACTIONS = frozenset(AccessAction.values)
# Keys that say nothing to people: ids of rows, and the clinics of an invitation, each of which has an event of its own.
UNSAID = frozenset({"clinics", "look", "nonce", "id", "transfer", "why", "forgotten"})
# Public ids of people stand under these.
PEOPLE = frozenset({"owner", "stand_in"})
# Lists of which only what came or went is of interest, and what that is called.
LISTS = {
    "functions": (functions, lambda: (_("Switched on"), _("Switched off"))),
    "permissions": (rights, lambda: (_("Permissions given"), _("Permissions taken"))),
}
NOBODY = frozenset[int]()


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
    """`actor` and the addresses are left out where the reader may not know them."""

    at: datetime
    what: str
    icon: str
    who: str
    who_email: str
    actor: User | None
    whom: str
    whom_email: str
    person: User | None
    clinic: str
    clinic_id: UUID | None
    customer_number: str
    account: str
    changes: list[Change]
    reason: str


def entries_of(events: Sequence[AccessEvent], clinics: Collection[Clinic] | None) -> list[Entry]:
    """For who manages the users of these clinics; None for staff. Two queries, however many events.

    Two people may have one name: the address tells them apart. Customers read it of those who work at their clinics,
    for that of who left or is inactive there may be their next employer's.
    """
    for_staff, members, names = clinics is None, NOBODY, names_in(events)
    if clinics is not None:
        people = {pk for event in events for pk in (event.actor_id, event.person_id)}
        here = Membership.objects.filter(clinic__in=[clinic.pk for clinic in clinics], is_active=True)
        members = frozenset(here.filter(user__in=people - {None}).values_list("user_id", flat=True))
    return [entry_of(event, for_staff=for_staff, members=members, names=names) for event in events]


def names_in(events: Iterable[AccessEvent]) -> dict[str, str]:
    """Of the people of whom the events keep the public id only."""
    sides = [side for event in events for side in (event.before or {}, event.after or {})]
    ids = {side[key] for side in sides for key in PEOPLE & side.keys() if _is_id(side[key])}
    people = User.objects.filter(public_id__in=ids) if ids else ()
    return {str(person.public_id): str(person) for person in people}


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def entry_of(
    event: AccessEvent,
    *,
    for_staff: bool = False,
    members: Collection[int] = NOBODY,
    names: Mapping[str, str] | None = None,
) -> Entry:
    """`members` are those whose addresses a customer may read."""
    clinic = event.clinic
    actor = event.actor if for_staff or not event.by_supplier else None
    return Entry(
        at=event.at,
        what=_what(event),
        icon=icon_of(event.action),
        who=actor_words(event, for_staff=for_staff),
        who_email=actor.email if actor and (for_staff or actor.pk in members) else "",
        actor=actor,
        whom=_whom(event),
        whom_email=event.person.email if event.person and (for_staff or event.person_id in members) else "",
        person=event.person,
        clinic=clinic.name if clinic else "",
        clinic_id=event.clinic_id,
        customer_number=clinic.customer_number if clinic else "",
        account=event.account.name if event.account else "",
        changes=list(changes_of(event, names)),
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


def changes_of(event: AccessEvent, names: Mapping[str, str] | None = None) -> Iterator[Change]:
    """What differs between before and after; of what began, all; of what ended, what it was.

    `names` are those of `names_in`, where they were fetched for many events at once.
    """
    before, after = event.before or {}, event.after or {}
    names = names_in([event]) if names is None else names
    for key in sorted((before.keys() | after.keys()) - UNSAID, key=place):
        if key == "is_active" and not (before and after) and after.get(key, True):
            continue  # that somebody new is active goes without saying
        if key in before and key in after and before[key] == after[key]:
            continue
        yield from _change(key, before, after, names)


def _change(key: str, before: dict, after: dict, names: Mapping[str, str]) -> Iterator[Change]:
    if key in LISTS and isinstance(before.get(key), list) and isinstance(after.get(key), list):
        # Against what was before: only what was switched is of interest.
        words, (came, went) = LISTS[key][0], LISTS[key][1]()
        if on := [code for code in after[key] if code not in before[key]]:
            yield Change(came, "", words(on))
        if off := [code for code in before[key] if code not in after[key]]:
            yield Change(went, "", words(off))
        return
    old, new = (_words(key, side[key], names) if key in side else "" for side in (before, after))
    if old or new:
        yield Change(capfirst(str(LABELS.get(key) or key.replace("_", " "))), old, new)


def _words(key: str, value: object, names: Mapping[str, str]) -> str:
    if key in PEOPLE and _is_id(value):
        return names.get(str(value), _("Unknown"))
    return WORDS.get(key, plain)(value)
