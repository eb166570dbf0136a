"""Excel files that people read: typed cells, fixed heads, and text that never becomes a formula.

openpyxl makes the book: heads, styles, what is printed. The rows, of which there may be two hundred thousand cells, are
written beside it as the XML that they are, which is many times quicker, and put in when the file is saved. They go to
disk as they are added: a file of any length needs the memory of one row.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from permissions.models import User
from permissions.printing import made_while_looking

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767  # Excel's own limit
A4 = 9
# Signs that no XML may hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
END_OF_ROWS = b"</sheetData>"
QUICKLY = 3  # of zlib's nine: a tenth larger than usual, in a third of the time
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
        self._letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
        for letter, column in zip(self._letters, columns, strict=True):
            self._sheet.column_dimensions[letter].width = column.width
        self.rows = 0
        self._sheet.append([self._head(str(column.title)) for column in columns])
        self._quoted = self._style(quotePrefix=True)
        self._moment, self._day = self._style(number_format="yyyy-mm-dd hh:mm"), self._style(number_format="yyyy-mm-dd")
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `pour` closes it

    def add(self, values: Iterable[Any]) -> None:
        self.rows += 1
        number = self.rows + 1
        insides = zip(self._letters, map(self._inside, values), strict=False)
        cells = [f'<c r="{letter}{number}"{inside}</c>' for letter, inside in insides if inside]
        self._file.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())

    def print_over_each_page(self, words: str) -> None:
        self._sheet.oddHeader.center.text = words.replace("&", "&&")  # as Excel writes it

    def finish(self) -> None:
        """Every column can be filtered."""
        self._sheet.auto_filter.ref = f"A1:{self._letters[-1]}{self.rows + 1}"

    def pour(self, into: IO[bytes]) -> None:
        """All rows but the head."""
        with self._file as rows:
            rows.seek(0)
            shutil.copyfileobj(rows, into)

    def _head(self, title: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self._sheet, ILLEGAL.sub("", title))
        cell.data_type = "s"
        cell.font, cell.fill, cell.alignment = HEAD_FONT, HEAD_FILL, HEAD_LINES
        return cell

    def _style(self, **looks: object) -> int:
        """Its number in the book."""
        cell = WriteOnlyCell(self._sheet)
        for name, value in looks.items():
            setattr(cell, name, value)
        return cell.style_id

    def _inside(self, value: Any) -> str:
        """Of a cell, from its attributes on; empty for an empty one."""
        if value is None or value == "":
            return ""
        if isinstance(value, datetime):
            value = timezone.make_naive(value) if timezone.is_aware(value) else value
            return f' s="{self._moment}"><v>{to_excel(value)}</v>'
        if isinstance(value, date):
            return f' s="{self._day}"><v>{to_excel(value)}</v>'
        if isinstance(value, int | float):
            return f"><v>{value}</v>"
        return text_inside(str(value), self._quoted)


@lru_cache(maxsize=8192)
def text_inside(text: str, quoted: int) -> str:
    """Most cells say what others said before. Excel makes no formula of a `quoted` one, nor does who edits it."""
    text = ILLEGAL.sub("", text)[:LONGEST_TEXT]
    style = f' s="{quoted}"' if text.startswith(TAKEN_FOR_OTHERS) else ""
    return f' t="inlineStr"{style}><is><t xml:space="preserve">{escape(text)}</t></is>'


class Book:
    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._sheets: list[Sheet] = []

    def sheet(self, title: str | Promise, columns: Sequence[Column], *, fixed: int = 1) -> Sheet:
        sheet = Sheet(self._book, str(title), columns, fixed)
        self._sheets.append(sheet)
        return sheet

    def response(self, name: str, reader: User) -> FileResponse:
        """The file as a download. Its name says what and when, never who."""
        if made_by := made_while_looking(reader):
            self.sheet(_("Customer service"), [Column(made_by, 60)])
            for sheet in self._sheets:
                sheet.print_over_each_page(made_by)
        dated = f"{name}-{timezone.localdate():%Y-%m-%d}.xlsx"
        response = FileResponse(self._saved(), as_attachment=True, filename=dated, content_type=CONTENT_TYPE)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _saved(self) -> IO[bytes]:
        for sheet in self._sheets:
            sheet.finish()
        places = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(self._sheets, 1)}
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with tempfile.TemporaryFile() as made:
            self._book.save(made)
            with ZipFile(made) as parts, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=QUICKLY) as filled:
                for name in parts.namelist():
                    before, end, after = parts.read(name).rpartition(END_OF_ROWS)
                    with filled.open(name, "w") as part:
                        part.write(before)
                        if name in places:
                            places[name].pour(part)
                        part.write(end + after)
        file.seek(0)
        return file
