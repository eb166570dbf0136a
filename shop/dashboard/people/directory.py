"""The list of all people: who is looked for, who is shown, in which order."""

from collections.abc import Callable, Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permissions.log_in.lock import locked_among, locked_names
from permissions.models import Membership, User
from permissions.naming import by_name, has_word
from permissions.users.directory import Row, row_of
from permissions.users.places import places_of

SHOWS: dict[str, str | Promise] = {
    "customers": _("Customers"),
    "supplier": _("Staff and editors"),
    "locked": _("Log-in locked"),
    "blocked": pgettext_lazy("people", "Blocked"),
    "inactive": pgettext_lazy("people", "Inactive"),
    "never": _("Never logged in"),
}
# Asked for when the list is: the reader's language says where å, ä and ö stand.
SORTS: dict[str, tuple[str | Promise, Callable[[], list]]] = {
    "name": (_("Name"), by_name),
    "-name": (_("Name, backwards"), lambda: by_name(backwards=True)),
    "login": (_("Last log-in, latest first"), lambda: [F("last_login").desc(nulls_last=True), *by_name()]),
    "-login": (_("Last log-in, oldest first"), lambda: [F("last_login").asc(nulls_first=True), *by_name()]),
    "new": (_("Newest first"), lambda: ["-date_joined", "-pk"]),
}


def found(show: str, sort: str, query: str) -> QuerySet[User]:
    """`query`: every word must be part of the name or the address, or begin a clinic's customer number."""
    people = User.objects.filter(_filter(show))
    for word in query.split():
        numbers = Membership.objects.filter(user=OuterRef("pk"), clinic__customer_number__istartswith=word)
        people = people.filter(has_word(word) | Q(Exists(numbers)))
    return people.order_by(*SORTS[sort][1]())


def _filter(show: str) -> Q:
    in_group = Exists(User.groups.through.objects.filter(user=OuterRef("pk")))
    ours = Q(is_staff=True) | Q(is_superuser=True) | Q(in_group)
    return {
        "customers": ~ours,
        "supplier": ours,
        "locked": Q(email__in=locked_names()),
        "blocked": Q(blocked__isnull=False),
        "inactive": Q(is_active=False, blocked=None),
        "never": Q(last_login=None, is_active=True) & ~ours,
    }[show]


def rows_of(people: Iterable[User]) -> list[Row]:
    people = list(people)
    locked, places = locked_among(people), places_of(people, Membership.objects.all())
    return [row_of(person, places.get(person.pk), is_locked=person.pk in locked) for person in people]
