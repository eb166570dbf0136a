"""The overview as its page draws it: ten thousand cells, of which most look like another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from permissions.models import Clinic, User
from permissions.overview.cells import ICONS, Cell
from permissions.overview.matrix import Row, rows_of
from permissions.roles import Function

# More than these don't fit beside each other on A4 across; print shows cards instead.
MOST_ON_PAPER = {True: 50, False: 9}
CELL = "permissions/overview/partials/cell.html"


@dataclass(frozen=True)
class DrawnRow:
    person: User
    cells: list[SafeString]
    roles: int
    works_here: bool


@dataclass(frozen=True)
class Legend:
    function: str
    label: str
    icon: str


class Table:
    def __init__(self, people: Sequence[User], clinics: Sequence[Clinic], show: str) -> None:
        self.people, self.clinics, self.show = people, clinics, show
        self._bodies: dict[Cell, tuple[str, SafeString]] = {}

    @cached_property
    def rows(self) -> list[DrawnRow]:
        return [self._drawn(row) for row in rows_of(self.people, self.clinics)]

    @property
    def pictures(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """Each drawing of functions that the rows use, with the icons that are in it and where."""
        self.rows  # noqa: B018 - drawn first: it finds the pictures
        names = {cell.picture for cell in self._bodies if not cell.is_empty}
        return [(name, list(_icons_of(name))) for name in sorted(names)]

    @property
    def legend(self) -> list[Legend]:
        return [Legend(function, str(function.label), ICONS[function]) for function in Function]

    @property
    def function(self) -> str:
        return str(Function(self.show).label) if self.show else ""

    @property
    def fits_on_paper(self) -> bool:
        return len(self.clinics) <= MOST_ON_PAPER[bool(self.show)]

    def _drawn(self, row: Row) -> DrawnRow:
        cells = [self._cell(row.person, clinic, cell) for clinic, cell in zip(self.clinics, row.cells, strict=True)]
        return DrawnRow(row.person, cells, sum(not cell.is_empty for cell in row.cells), row.works_here)

    def _cell(self, person: User, clinic: Clinic, cell: Cell) -> SafeString:
        if cell not in self._bodies:
            context = {"cell": cell, "mark": cell.marks[self.show] if self.show else None}
            self._bodies[cell] = (self._kind(cell), render_to_string(CELL, context))
        kind, body = self._bodies[cell]
        label = "" if cell.is_empty else clinic.name
        # Relative to the overview's own address: ten thousand times the same beginning is half a megabyte.
        return format_html(
            '<td class="{}" data-c="{}"><a href="{}/{}/">{}</a></td>', kind, label, person.public_id, clinic.pk, body
        )

    def _kind(self, cell: Cell) -> str:
        if cell.is_empty:
            return "n"
        kinds = [f"r-{cell.role or 'none'}"]
        if self.show:
            kinds.append(f"m-{cell.marks[self.show]}")
        if cell.is_off:
            kinds.append("off")
        if not cell.agrees:
            kinds.append("odd")
        return " ".join(kinds)


def _icons_of(picture: str) -> Iterator[tuple[int, str]]:
    """(where, icon); an empty name draws the dot of a function that is off."""
    for number, function in enumerate(Function):
        yield number * 20, ICONS[function] if picture[number + 1] == "1" else ""
