"""The lists: who is active, invited or inactive at the clinics that somebody manages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permissions.enumeration import in_a_sentence
from permissions.models import Clinic, Invitation, Membership, User
from permissions.models.invitations import InvitationState
from permissions.naming import by_name, has_words
from permissions.roles import Role
from permissions.users.invitations import SHOW_DECLINED
from permissions.users.reach import managed_ids

TABS = {
    "active": pgettext_lazy("people", "Active"),
    "invited": pgettext_lazy("people", "Invited"),
    "inactive": pgettext_lazy("people", "Inactive"),
}
SORTS = {
    "name": _("Name"),
    "-name": _("Name, backwards"),
    "login": _("Last log-in, latest first"),
    "-login": _("Last log-in, oldest first"),
}


@dataclass(frozen=True)
class Row:
    """One person as a list shows them: only what concerns the clinics in question."""

    person: User
    roles: list[str]
    clinics: str
    is_locked: bool = False  # looked up for customer service alone
    works_here: bool = True  # else neither address nor block is told: they may be of who they work for now


@dataclass(frozen=True)
class Directory:
    """The people of one clinic, or of all that `actor` manages, narrowed by what was searched for."""

    actor: User
    clinic: Clinic | None = None
    query: str = ""

    @cached_property
    def _scope(self) -> list[UUID]:
        return [self.clinic.pk] if self.clinic else managed_ids(self.actor)

    def _memberships(self) -> QuerySet[Membership]:
        return Membership.objects.filter(clinic__in=self._scope)

    def _at_work(self) -> QuerySet[Membership, Any]:
        return self._memberships().filter(is_active=True).values("user_id")

    def _members(self) -> QuerySet[User]:
        """Who is inactive is found by name only: the address may have become their next employer's."""
        found = has_words(self.query, "first_name", "last_name")
        if self.query:
            found |= has_words(self.query) & Q(pk__in=self._at_work())
        # Not Exists: where the database knows little of its tables yet, it would ask it of each person anew.
        return User.objects.filter(found, pk__in=self._memberships().values("user_id"))

    def active(self) -> QuerySet[User]:
        return self._members().filter(pk__in=self._at_work(), is_active=True)

    def inactive(self) -> QuerySet[User]:
        return self._members().exclude(pk__in=self._at_work(), is_active=True)

    def invited(self) -> QuerySet[Invitation]:
        """Those who have not answered, and for some days those who declined."""
        lately = timezone.now() - SHOW_DECLINED
        shown = Q(state=InvitationState.PENDING) | Q(state=InvitationState.DECLINED, decided__gt=lately)
        here = Invitation.clinics.through.objects.filter(clinic__in=self._scope).values("invitation_id")
        return Invitation.objects.filter(shown, has_words(self.query), pk__in=here)

    def counts(self) -> dict[str, int]:
        return {"active": self.active().count(), "invited": self.invited().count(), "inactive": self.inactive().count()}

    def listed(self, tab: str, sort: str) -> QuerySet:
        """In the order asked for, with what the rows show."""
        if tab == "invited":
            clinics = Clinic.objects.filter(pk__in=managed_ids(self.actor))
            rows = self.invited().prefetch_related(Prefetch("clinics", clinics, to_attr="shown_clinics"))
            return rows.order_by(*_order(sort, login=False))
        memberships = self._memberships().select_related("clinic").order_by("clinic__name")
        people = self.active() if tab == "active" else self.inactive()
        # When somebody inactive here logged in last would tell that they work for somebody else.
        order = _order(sort, login=tab == "active")
        return people.prefetch_related(Prefetch("memberships", memberships, to_attr="shown")).order_by(*order)


def _order(sort: str, *, login: bool = True) -> list:
    names = by_name(backwards=sort == "-name")
    if login and sort == "login":
        return [F("last_login").desc(nulls_last=True), *names]
    if login and sort == "-login":
        return [F("last_login").asc(nulls_first=True), *names]
    return names


def rows_of(people: Iterable[User]) -> list[Row]:
    """Of who works at one clinic and is inactive at another, the list tells where they work."""
    return [row_of(person, [row for row in person.shown if row.is_active] or person.shown) for person in people]


def row_of(person: User, memberships: Iterable[Membership], *, is_locked: bool = False) -> Row:
    shown = list(memberships)
    roles = sorted({Role(row.role) for row in shown}, key=list(Role).index)
    names = in_a_sentence(row.clinic.name for row in shown)
    works_here = any(row.is_active for row in shown)
    return Row(person, [str(role.label) for role in roles], names, is_locked, works_here)
