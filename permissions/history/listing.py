"""Which events a reader sees, newest first, and whom they may ask about."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from permissions.history.filters import Asked
from permissions.models import AccessEvent, Account, Clinic, Membership, User
from permissions.naming import by_name, has_words

MOST_FOUND = 20
MOST_ASKED = MOST_FOUND + 1
# Nobody reads further back page by page: dates lead there.
MOST_LISTED = 10_000


class HistoryPaginator(Paginator):
    """Counts no further than it lists: a count of all would take longer with every year."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:MOST_LISTED].count()

    @property
    def is_cut(self) -> bool:
        return self.count >= MOST_LISTED


def narrowed(events: QuerySet[AccessEvent], asked: Asked, *, for_staff: bool) -> QuerySet[AccessEvent]:
    if asked.person:
        events = events.filter(person__in=_ids(User.objects.filter(public_id=asked.person)))
    if asked.actor:
        events = known_actors(events, for_staff=for_staff)
        events = events.filter(actor__in=_ids(User.objects.filter(public_id=asked.actor)))
    if asked.clinic:
        events = events.filter(clinic=asked.clinic)
    if asked.action:
        events = events.filter(action=asked.action)
    if asked.first_day:
        events = events.filter(at__gte=_midnight(asked.first_day))
    if asked.last_day:
        events = events.filter(at__lt=_midnight(asked.last_day + timedelta(days=1)))
    return _at_place(events, asked.where) if asked.where else events


def known_actors(events: QuerySet[AccessEvent], *, for_staff: bool) -> QuerySet[AccessEvent]:
    """Where the reader may know who did it: which of the supplier's people did what is not asked for by customers."""
    return events if for_staff else events.filter(by_supplier=False)


def _at_place(events: QuerySet[AccessEvent], where: str) -> QuerySet[AccessEvent]:
    accounts, clinics = Q(), Q()
    for word in where.split():
        accounts &= Q(name__icontains=word) | Q(organisation_number__icontains=word)
        clinics &= Q(name__icontains=word) | Q(customer_number__icontains=word) | Q(account__name__icontains=word)
    return events.filter(
        Q(account__in=_ids(Account.objects.filter(accounts))) | Q(clinic__in=_ids(Clinic.objects.filter(clinics)))
    )


def with_names(events: QuerySet[AccessEvent]) -> QuerySet[AccessEvent]:
    """Names are fetched for the rows of a page: joined, they would be fetched for all before the newest are known."""
    names = ("actor", "person", "clinic", "account", "invitation", "request")
    return events.prefetch_related(*names).order_by("-at", "-pk")


def find_people(events: QuerySet[AccessEvent], typed: str, clinics: Collection[Clinic] | None) -> list[User]:
    """Whom these events are about, and who made them, whose name or address has every word; one more than is shown.

    `clinics` are the reader's: who left them or is inactive there is found by name only, for
    their address may be their next employer's.
    """
    if not typed.split():
        return []
    memberships = Membership.objects.filter(user=OuterRef("pk"))
    if clinics is not None:
        memberships = memberships.filter(clinic__in=[clinic.pk for clinic in clinics], is_active=True)
    people = User.objects.annotate(is_member=Exists(memberships))
    fits = has_words(typed)
    if clinics is not None:
        fits = has_words(typed, "first_name", "last_name") | (fits & Q(is_member=True))
    events = events.order_by()
    about = Exists(events.filter(person=OuterRef("pk")))
    acted = Exists(known_actors(events, for_staff=clinics is None).filter(actor=OuterRef("pk")))
    # Asked for one after the other: with an "or" between them PostgreSQL reads all events.
    found = {pk for each in (about, acted) for pk in _ids(people.filter(fits, each).order_by(*by_name())[:MOST_ASKED])}
    people = people.filter(pk__in=found).annotate(is_about=about, has_acted=acted)
    return list(people.order_by(*by_name())[:MOST_ASKED])


def person_asked(events: QuerySet[AccessEvent], asked: Asked) -> User | None:
    """Whose history it is; None for who is in none of these events, as for who does not exist."""
    return _one_of(events, asked.person, "person")


def actor_asked(events: QuerySet[AccessEvent], asked: Asked, *, for_staff: bool) -> User | None:
    """Whose deeds they are; None for whom the reader may not know."""
    return _one_of(known_actors(events, for_staff=for_staff), asked.actor, "actor")


def _one_of(events: QuerySet[AccessEvent], public_id: UUID | None, field: str) -> User | None:
    person = User.objects.filter(public_id=public_id).first() if public_id else None
    return person if person and events.order_by().filter(**{field: person}).exists() else None


def _ids(rows: QuerySet) -> list:
    return list(rows.values_list("pk", flat=True))


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
