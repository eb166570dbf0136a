"""The history as an Excel file, row by row from the database to the disk."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from permissions.history.listing import with_names
from permissions.history.wording import entry_of
from permissions.models import AccessEvent
from permissions.spreadsheets import Book, Column

# Some seconds of a server's time; whoever needs more narrows the days.
MOST_ROWS = 30_000


def history_book(events: QuerySet[AccessEvent], *, for_staff: bool = False) -> Book:
    book = Book()
    heads = [
        Column(_("When"), 17),
        Column(_("Who"), 26),
        Column(_("What"), 32),
        Column(_("For whom"), 28),
        *([Column(_("Account"), 26)] if for_staff else []),
        Column(_("Clinic"), 26),
        Column(_("Customer number"), 16),
        Column(_("What changed"), 60),
        Column(_("Reason"), 40),
    ]
    sheet = book.sheet(_("History"), heads, fixed=1)
    for event in with_names(events)[: MOST_ROWS + 1].iterator(chunk_size=1000):
        if sheet.rows == MOST_ROWS:
            sheet.add([None, None, _("Only the newest %(n)s are in this file. Choose fewer days.") % {"n": MOST_ROWS}])
            break
        entry = entry_of(event, for_staff=for_staff)
        account = [entry.account] if for_staff else []
        about = [entry.at, entry.who, entry.what, entry.whom, *account, entry.clinic, entry.customer_number]
        sheet.add([*about, "; ".join(map(str, entry.changes)), entry.reason])
    return book
