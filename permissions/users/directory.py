"""The lists: who is active, invited or inactive at the clinics that somebody manages."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permissions.models import Clinic, Invitation, Membership, User
from permissions.models.invitations import InvitationState
from permissions.naming import by_name, has_words
from permissions.users.invitations import SHOW_DECLINED
from permissions.users.places import Places, places_of
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

    @cached_property
    def _works(self) -> dict[int, bool]:
        """Everybody who belongs here, and whether they are at work at one of the clinics at least.

        Read first: as a sub-query PostgreSQL takes them for so many that it reads all people of the portal.
        """
        return dict(self._memberships().values_list("user_id").annotate(works=BoolOr("is_active")).order_by())

    def _at_work(self) -> list[int]:
        return [pk for pk, works in self._works.items() if works]

    def _members(self) -> QuerySet[User]:
        """Who is inactive is found by name only: the address may have become their next employer's."""
        found = has_words(self.query, "first_name", "last_name")
        if self.query:
            found |= has_words(self.query) & Q(pk__in=self._at_work())
        return User.objects.filter(found, pk__in=self._works)

    def active(self) -> QuerySet[User]:
        return User.objects.filter(has_words(self.query), pk__in=self._at_work(), is_active=True)

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
        people = self.active() if tab == "active" else self.inactive()
        # When somebody inactive here logged in last would tell that they work for somebody else.
        order = _order(sort, login=tab == "active")
        return people.order_by(*order)

    def rows_of(self, people: Iterable[User]) -> list[Row]:
        """Of who works at one clinic and is inactive at another, the list tells where they work."""
        people = list(people)
        places = places_of(people, self._memberships())
        return [row_of(person, places.get(person.pk)) for person in people]


def _order(sort: str, *, login: bool = True) -> list:
    names = by_name(backwards=sort == "-name")
    if login and sort == "login":
        return [F("last_login").desc(nulls_last=True), *names]
    if login and sort == "-login":
        return [F("last_login").asc(nulls_first=True), *names]
    return names


def row_of(person: User, places: Places | None, *, is_locked: bool = False) -> Row:
    if places is None:
        return Row(person, [], "", is_locked, works_here=False)
    return Row(person, places.roles, places.clinics, is_locked, places.at_work)
