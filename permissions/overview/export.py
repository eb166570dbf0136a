"""The overview as an Excel file: the table as on the page, and a list that can be filtered and counted."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from permissions.models import Clinic, User
from permissions.overview.cells import Cell
from permissions.overview.filters import Status
from permissions.overview.matrix import Row, rows_of
from permissions.roles import Function
from permissions.spreadsheets import Book, Column, Sheet

PEOPLE_AT_ONCE = 200
# A sheet that is wider is read by nobody; the list has it all.
MOST_COLUMNS = 250


def access_book(people: QuerySet[User], clinics: Sequence[Clinic], show: str) -> Book:
    book = Book()
    table = _table(book, clinics) if len(clinics) <= MOST_COLUMNS else None
    members = _list(book)
    # Most cells look like another: each kind is put into words once.
    words, lines = cache(lambda cell: cell.words(show)), cache(_cell)
    for row in _rows(people, clinics):
        about = _person(row)
        if table is not None:
            table.add([*about, *map(words, row.cells)])
        for clinic, cell in zip(clinics, row.cells, strict=True):
            if not cell.is_empty:
                members.add([*about, *_clinic(clinic), *lines(cell)])
    return book


def _rows(people: QuerySet[User], clinics: Sequence[Clinic]) -> Iterator[Row]:
    """A few hundred people in memory at a time."""
    every = people.iterator(chunk_size=PEOPLE_AT_ONCE)
    while some := list(islice(every, PEOPLE_AT_ONCE)):
        yield from rows_of(some, clinics)


def _table(book: Book, clinics: Sequence[Clinic]) -> Sheet:
    heads = [Column(f"{clinic.name}\n{clinic.customer_number}", 24) for clinic in clinics]
    return book.sheet(_("Access overview"), [*_about_person(), *heads], fixed=1)


def _list(book: Book) -> Sheet:
    heads = [
        *_about_person(),
        Column(_("Account"), 24),
        Column(_("Clinic"), 24),
        Column(_("Customer number"), 16),
        Column(_("Role"), 14),
        Column(_("Status at the clinic"), 16),
        *(Column(function.label, 16) for function in Function),
        Column(_("Permissions agree"), 16),
    ]
    return book.sheet(_("List"), heads, fixed=1)


def _about_person() -> list[Column]:
    return [Column(_("Name"), 28), Column(_("E-mail"), 34), Column(_("Status"), 12), Column(_("Last log-in"), 18)]


def _person(row: Row) -> list:
    person, seen = row.person, row.person.last_login if row.shows_log_in else None
    return [person.get_full_name() or person.email, row.email, status_of(row).label, seen]


def status_of(row: Row) -> Status:
    """At the clinics that are shown: whether the person still works for somebody else is not told."""
    if row.is_blocked:
        return Status.BLOCKED
    return Status.ACTIVE if row.works_here else Status.INACTIVE


def _clinic(clinic: Clinic) -> list:
    return [clinic.account.name, clinic.name, clinic.customer_number]


def _cell(cell: Cell) -> list[str]:
    marks = [str(cell.marks[function].label) for function in Function]
    agrees = _("Yes") if cell.agrees else _("No")
    return [cell.role_words, cell.status_words or _("Active"), *marks, agrees]
