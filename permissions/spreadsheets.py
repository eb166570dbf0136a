"""Excel files that people read: typed cells, fixed heads, and text that never becomes a formula.

Rows go to disk as they are added: a file of any length needs the memory of one row.
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767  # Excel's own limit
A4 = 9
# What Excel takes for the beginning of a formula or an error, at once or when somebody edits the cell.
TAKEN_FOR_OTHERS = ("=", "+", "-", "@", "#", "\t", "\r", "\n", "|", "%")
HEAD_FONT = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", fgColor="0B5563")
HEAD_LINES = Alignment(vertical="center", wrap_text=True)


@dataclass(frozen=True)
class Column:
    title: str | Promise
    width: int = 18


class Sheet:
    """One sheet of a Book. The head stays in sight, and so do as many columns as `fixed` says."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column], fixed: int) -> None:
        self._sheet = book.create_sheet(title[:31])
        self._sheet.freeze_panes = f"{get_column_letter(fixed + 1)}2"
        self._sheet.print_title_rows = "1:1"
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.paperSize = A4
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for number, column in enumerate(columns, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = column.width
        self.columns = len(columns)
        self.rows = 0
        self._sheet.append([self._head(str(column.title)) for column in columns])

    def add(self, values: Iterable[Any]) -> None:
        self._sheet.append([None if value in (None, "") else self._cell(value) for value in values])
        self.rows += 1

    def finish(self) -> None:
        """Every column can be filtered."""
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(self.columns)}{self.rows + 1}"

    def _head(self, title: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self._sheet, title)
        cell.data_type = "s"
        cell.font, cell.fill, cell.alignment = HEAD_FONT, HEAD_FILL, HEAD_LINES
        return cell

    def _cell(self, value: Any) -> Any:
        """Plain values where openpyxl does the right thing by itself, which is quicker, else a cell."""
        if isinstance(value, datetime):
            value = timezone.make_naive(value) if timezone.is_aware(value) else value
            return self._formatted(value, "yyyy-mm-dd hh:mm")
        if isinstance(value, date):
            return self._formatted(value, "yyyy-mm-dd")
        if isinstance(value, int | float):
            return value
        text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_TEXT]
        return self._text(text) if text.startswith(TAKEN_FOR_OTHERS) else text

    def _formatted(self, value: date, number_format: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self._sheet, value)
        cell.number_format = number_format
        return cell

    def _text(self, text: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula, #N/A for an error
        cell.quotePrefix = True  # and Excel would, when somebody edits the cell
        return cell


class Book:
    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._sheets: list[Sheet] = []

    def sheet(self, title: str | Promise, columns: Sequence[Column], *, fixed: int = 1) -> Sheet:
        sheet = Sheet(self._book, str(title), columns, fixed)
        self._sheets.append(sheet)
        return sheet

    def response(self, name: str) -> FileResponse:
        """The file as a download. Its name says what and when, never who."""
        for sheet in self._sheets:
            sheet.finish()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        self._book.save(file)
        file.seek(0)
        dated = f"{name}-{timezone.localdate():%Y-%m-%d}.xlsx"
        response = FileResponse(file, as_attachment=True, filename=dated, content_type=CONTENT_TYPE)
        response.headers["Cache-Control"] = "private, no-store"
        return response
