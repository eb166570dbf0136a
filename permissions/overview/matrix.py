"""The overview as a table: people down, clinics across. As many queries for 10,000 cells as for one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg

from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.overview.cells import Cell

Key = tuple[int, UUID]


@dataclass(frozen=True)
class Row:
    """`cells` stand in the order of the clinics."""

    person: User
    cells: list[Cell]

    @property
    def works_here(self) -> bool:
        """At one of these clinics. Of who does not, no log-in is shown: it may have been for somebody else's."""
        return any(not cell.is_empty and not cell.is_off for cell in self.cells)


def rows_of(people: Sequence[User], clinics: Sequence[Clinic]) -> Iterator[Row]:
    """What these people may do at these clinics. Whoever calls has made sure that the reader may know it."""
    ids = [clinic.pk for clinic in clinics]
    memberships = _memberships(people, ids)
    held = _held(people, ids)
    for person in people:
        keys = [(person.pk, pk) for pk in ids]
        yield Row(person, [Cell.of(person, memberships.get(key), held.get(key, frozenset())) for key in keys])


def _memberships(people: Sequence[User], clinics: Sequence[UUID]) -> Mapping[Key, Membership]:
    rows = Membership.objects.filter(user__in=people, clinic__in=clinics)
    return {(row.user_id, row.clinic_id): row for row in rows.only("user", "clinic", "role", "functions", "is_active")}


def _held(people: Sequence[User], clinics: Sequence[UUID]) -> Mapping[Key, frozenset[str]]:
    """guardian's rows, a cell's together. Equal sets are one object: most people have what their role gives."""
    rows = ClinicUserPermission.objects.filter(user__in=people, content_object__in=clinics).order_by()
    grouped = rows.values_list("user_id", "content_object_id").annotate(
        codenames=ArrayAgg("permission__codename", order_by="permission__codename")
    )
    known: dict[tuple[str, ...], frozenset[str]] = {}
    return {
        (user_id, clinic_id): known.setdefault(tuple(names), frozenset(names)) for user_id, clinic_id, names in grouped
    }
