"""The overview as its page draws it: ten thousand cells, of which most look like another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from permissions.models import Clinic, User
from permissions.overview.cells import ICONS, Cell
from permissions.overview.matrix import Row, rows_of
from permissions.roles import Function

# More than these don't fit beside each other on A4 across; print shows cards instead.
MOST_ON_PAPER = {True: 50, False: 9}
# Few columns are as wide as the names in them; many are all alike.
FEW = 9
CELL = "permissions/overview/partials/cell.html"


@dataclass(frozen=True)
class DrawnRow:
    """`cells` is their HTML."""

    person: User
    email: str
    cells: SafeString
    works_here: bool
    is_blocked: bool
    shows_log_in: bool


@dataclass(frozen=True)
class Legend:
    function: str
    label: str
    icon: str


class Table:
    def __init__(self, people: Sequence[User], clinics: Sequence[Clinic], show: str) -> None:
        self.people, self.clinics, self.show = people, clinics, show
        self._drawings: dict[Cell, tuple[str, str]] = {}
        self._columns = [(str(clinic.pk), escape(clinic.name)) for clinic in clinics]

    @cached_property
    def rows(self) -> list[DrawnRow]:
        return [self._drawn(row) for row in rows_of(self.people, self.clinics)]

    @property
    def pictures(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """Each drawing of functions that the rows use, with the icons that are in it and where."""
        self.rows  # noqa: B018 - drawn first: it finds the pictures
        if self.show:
            return []
        names = {cell.picture for cell in self._drawings if _has_picture(cell)}
        return [(name, list(_icons_of(name))) for name in sorted(names)]

    @property
    def legend(self) -> list[Legend]:
        return [Legend(function, str(function.label), ICONS[function]) for function in Function]

    @property
    def function(self) -> str:
        return str(Function(self.show).label) if self.show else ""

    @property
    def has_many_columns(self) -> bool:
        return len(self.clinics) > FEW

    @property
    def fits_on_paper(self) -> bool:
        return len(self.clinics) <= MOST_ON_PAPER[bool(self.show)]

    def _drawn(self, row: Row) -> DrawnRow:
        # Relative to the overview's own address: ten thousand times the same beginning is half a megabyte.
        person = str(row.person.public_id)
        cells = []
        for (clinic, label), cell in zip(self._columns, row.cells, strict=True):
            kind, body = self._drawing(cell)
            named = "" if cell.is_empty else f' data-c="{label}"'
            cells.append(f'<td class="{kind}"{named}><a href="{person}/{clinic}/">{body}</a></td>')
        html = mark_safe("".join(cells))  # noqa: S308 - names are escaped, bodies are templates
        return DrawnRow(row.person, row.email, html, row.works_here, row.is_blocked, row.shows_log_in)

    def _drawing(self, cell: Cell) -> tuple[str, str]:
        """Class and content; most cells look like another."""
        if cell not in self._drawings:
            context = {"cell": cell, "mark": cell.marks[self.show] if self.show else None}
            self._drawings[cell] = (self._kind(cell), render_to_string(CELL, context))
        return self._drawings[cell]

    def _kind(self, cell: Cell) -> str:
        if cell.is_empty:
            return "n"
        kinds = [f"r-{cell.role or 'none'}"]
        if self.show:
            kinds.append(f"m-{cell.marks[self.show]}")
        elif _has_picture(cell):
            kinds.append(cell.picture)
        if cell.is_off:
            kinds.append("off")
        if not cell.agrees:
            kinds.append("odd")
        return " ".join(kinds)


def _has_picture(cell: Cell) -> bool:
    """Who is off has words in its place."""
    return not cell.is_empty and not cell.status_words


def _icons_of(picture: str) -> Iterator[tuple[int, str]]:
    """(where, icon); an empty name draws the dot of a function that is off."""
    for number, function in enumerate(Function):
        yield number * 20, ICONS[function] if picture[number + 1] == "1" else ""
