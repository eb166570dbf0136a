"""The overview as a table: people down, clinics across. As many queries for 10,000 cells as for one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg

from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.overview.cells import Cell

Key = tuple[int, UUID]
Kept = tuple[str, tuple[str, ...], bool]
NOTHING = frozenset[str]()


@dataclass(frozen=True)
class Row:
    """`cells` stand in the order of the clinics."""

    person: User
    cells: list[Cell]

    @property
    def works_here(self) -> bool:
        """At one of these clinics."""
        return any(not cell.is_empty and not cell.is_off for cell in self.cells)

    @property
    def is_blocked(self) -> bool:
        """Told of members only: what the supplier does to others is not these clinics' business."""
        return bool(self.person.blocked) and any(cell.is_of_member for cell in self.cells)

    @property
    def email(self) -> str:
        """That of somebody who is inactive, or left, may have become their next employer's."""
        return self.person.email if any(cell.is_of_member for cell in self.cells) else ""

    @property
    def shows_log_in(self) -> bool:
        """When somebody else logged in last would tell that they work for another customer."""
        return any(cell.is_of_member and cell.can_log_in for cell in self.cells)


def rows_of(people: Sequence[User], clinics: Sequence[Clinic]) -> Iterator[Row]:
    """What these people may do at these clinics. Whoever calls has made sure that the reader may know it.

    Cells that say the same are one object: of ten thousand there are some dozens.
    """
    ids = [clinic.pk for clinic in clinics]
    kept, held = _kept(people, ids), _held(people, ids)
    known: dict[tuple, Cell] = {}
    for person in people:
        cells = []
        for pk in ids:
            what = (kept.get((person.pk, pk)), held.get((person.pk, pk), NOTHING), person.is_active)
            if what not in known:
                known[what] = _cell(*what)
            cells.append(known[what])
        yield Row(person, cells)


def _cell(kept: Kept | None, held: frozenset[str], can_log_in: bool) -> Cell:
    membership = None
    if kept is not None:
        role, functions, is_active = kept
        membership = Membership(role=role, functions=functions, is_active=is_active)
    return Cell.of(membership, held, can_log_in=can_log_in)


def _kept(people: Sequence[User], clinics: Sequence[UUID]) -> Mapping[Key, Kept]:
    """Of the memberships no more than is shown: an object for each of ten thousand takes its time."""
    rows = Membership.objects.filter(user__in=people, clinic__in=clinics)
    told = rows.values_list("user_id", "clinic_id", "role", "functions", "is_active")
    return {(user, clinic): (role, tuple(functions), active) for user, clinic, role, functions, active in told}


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
