"""The history as an Excel file, row by row from the database to the disk."""

from collections.abc import Collection, Iterator
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from permissions.history.listing import with_names
from permissions.history.wording import Entry, entries_of
from permissions.models import AccessEvent, Clinic
from permissions.spreadsheets import Book, Column
from permissions.users.reach import has_several_accounts

# Some seconds of a server's time; whoever needs more narrows the days.
MOST_ROWS = 30_000
AT_ONCE = 1000


def history_book(events: QuerySet[AccessEvent], clinics: Collection[Clinic] | None) -> Book:
    """`clinics` are those whose users the reader manages; None for staff."""
    book = Book()
    says_account = clinics is None or has_several_accounts(clinics)
    sheet = book.sheet(_("History"), _heads(says_account), fixed=1)
    for entry in _entries(events, clinics):
        if sheet.rows == MOST_ROWS:
            text = _("Only the newest %(n)s are in this file. Choose fewer days.") % {"n": MOST_ROWS}
            sheet.add([None, None, None, text])
            break
        account = [entry.account] if says_account else []
        about = [entry.at, entry.who, entry.who_email, entry.what, entry.whom, entry.whom_email, *account]
        sheet.add([*about, entry.clinic, entry.customer_number, "; ".join(map(str, entry.changes)), entry.reason])
    return book


def _heads(says_account: bool) -> list[Column]:
    return [
        Column(_("When"), 17),
        Column(_("Who"), 26),
        Column(_("Who: e-mail"), 30),
        Column(_("What"), 32),
        Column(_("For whom"), 28),
        Column(_("For whom: e-mail"), 30),
        *([Column(_("Account"), 26)] if says_account else []),
        Column(_("Clinic"), 26),
        Column(_("Customer number"), 16),
        Column(_("What changed"), 60),
        Column(_("Reason"), 40),
    ]


def _entries(events: QuerySet[AccessEvent], clinics: Collection[Clinic] | None) -> Iterator[Entry]:
    """A thousand in memory at a time; one more than fit."""
    every = with_names(events)[: MOST_ROWS + 1].iterator(chunk_size=AT_ONCE)
    while some := list(islice(every, AT_ONCE)):
        yield from entries_of(some, clinics)
