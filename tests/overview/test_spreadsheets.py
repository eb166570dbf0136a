"""Excel files of access: what was filtered, typed cells, and text that never is a formula."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from permissions.history import export as history_export
from permissions.models import AccessEvent, ClinicUserPermission, User
from permissions.roles import Role
from permissions.services import membership_grant
from permissions.spreadsheets import LONGEST_TEXT, Book, Column
from permissions.staff import SERVICE_GROUP
from tests.factories import UserFactory


def content(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def book(response):
    return openpyxl.load_workbook(io.BytesIO(content(response)))


def rows(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def written(*values):
    """A sheet with one row, as Excel reads it."""
    made = Book()
    made.sheet("Sheet", [Column("One", 30) for _value in values]).add(values)
    return book(made.response("test", User()))["Sheet"]


class TestCells:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", '=HYPERLINK("http://x")', "|x"])
    def test_a_text_is_no_formula_and_does_not_become_one(self, text):
        cell = written(text)["A2"]
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)

    def test_a_title_is_no_formula(self):
        made = Book()
        made.sheet("Sheet", [Column("=1+1")]).add(["x"])
        assert book(made.response("test", User()))["Sheet"]["A1"].data_type == "s"

    def test_a_title_holds_no_sign_that_no_file_may_hold(self):
        made = Book()
        made.sheet("Sheet", [Column("Clinic\x0b One")]).add(["x"])
        assert book(made.response("test", User()))["Sheet"]["A1"].value == "Clinic One"

    def test_moments_days_and_numbers_are_typed(self):
        moment = timezone.make_aware(datetime(2026, 3, 1, 14, 5))
        sheet = written(moment, date(2026, 3, 1), 7)
        assert [cell.value for cell in sheet[2]] == [datetime(2026, 3, 1, 14, 5), datetime(2026, 3, 1), 7]
        assert sheet["A2"].is_date

    def test_signs_that_no_file_may_hold_are_left_out_and_texts_are_cut(self):
        sheet = written("a\x00b\x0bc\uffff", "x" * 40_000)
        assert sheet["A2"].value == "abc"
        assert len(sheet["B2"].value) == LONGEST_TEXT

    @pytest.mark.parametrize("text", ["<b>&amp;</b> \"'", "  two lines\nand blanks  ", "]]></t>", "Ærø 😀", "007"])
    def test_a_text_is_read_as_it_was_written(self, text):
        assert written(text, "after")["A2"].value == text
        assert written(text, "after")["B2"].value == "after"

    def test_empty_cells_keep_the_others_in_their_columns(self):
        sheet = written(None, "", 0, "x")
        assert [cell.value for cell in sheet[2]] == [None, None, 0, "x"]

    def test_a_time_before_noon_and_a_summer_day_are_not_shifted(self):
        moment = timezone.make_aware(datetime(2026, 7, 1, 0, 5, 30))
        assert written(moment)["A2"].value == datetime(2026, 7, 1, 0, 5, 30)

    def test_each_sheet_has_its_own_rows(self):
        made = Book()
        sheets = [made.sheet(f"Sheet {number}", [Column("One")]) for number in range(12)]
        for number, sheet in enumerate(sheets):
            for row in range(number):
                sheet.add([f"{number}: {row}"])
        read = book(made.response("test", User()))
        for number in range(12):
            values = [cells[0] for cells in rows(read[f"Sheet {number}"])[1:]]
            assert values == [f"{number}: {row}" for row in range(number)]

    def test_it_reads_well(self):
        sheet = written("x", "y")
        assert sheet.freeze_panes == "B2"
        assert sheet.column_dimensions["A"].width == 30
        assert sheet.auto_filter.ref == "A1:B2"
        assert sheet["A1"].font.bold
        assert sheet.page_setup.orientation == "landscape"


class TestTheOverview:
    def test_the_table_and_the_list(self, olga, people):
        made = book(olga.get("/users/access.xlsx"))
        table, lines = (rows(sheet) for sheet in made)
        assert table[0][4:] == ["Nordhear North\n10010", "Nordhear South\n10020"]
        asta = next(row for row in table if row[0] == "Asta Testsson")
        assert asta[4:] == ["Assistant: Ordering, Order history, Patients", None]
        assert [row[5] for row in lines[1:] if row[0] == "Olga Testsson"] == ["Nordhear North", "Nordhear South"]
        line = dict(zip(lines[0], next(row for row in lines if row[0] == "Asta Testsson"), strict=True))
        assert (line["Role"], line["Ordering"], line["Approving"]) == ("Assistant", "Prepares only", "No")

    def test_only_what_is_filtered_and_found(self, olga, people):
        table = rows(book(olga.get("/users/access.xlsx?role=assistant&show=ordering"))["Access overview"])
        assert [row[0] for row in table[1:]] == ["Asta Testsson"]
        assert table[1][4] == "Prepares only"
        olga.post("/users/access/", {"query": "petra"})
        table = rows(book(olga.get("/users/access.xlsx"))["Access overview"])
        assert [row[0] for row in table[1:]] == ["Petra Testsson"]

    def test_a_name_is_no_formula(self, olga, people):
        User.objects.filter(pk=people.asta.pk).update(first_name="=cmd|' /C calc'!A0", last_name="")
        with zipfile.ZipFile(io.BytesIO(content(olga.get("/users/access.xlsx")))) as parts:
            assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "sheet" in name)

    def test_a_disagreement_is_told(self, olga, people):
        ClinicUserPermission.objects.filter(user=people.petra, permission__codename="view_orders").delete()
        lines = rows(book(olga.get("/users/access.xlsx"))["List"])
        assert {row[0]: row[-1] for row in lines[1:]}["Petra Testsson"] == "No"

    def test_nobody_of_another_account(self, olga):
        everything = str([rows(sheet) for sheet in book(olga.get("/users/access.xlsx"))])
        assert "otto" not in everything.lower()

    def test_its_name_names_nobody(self, olga):
        assert olga.get("/users/access.xlsx")["Content-Disposition"].startswith('attachment; filename="access-20')


class TestTheHistory:
    def test_in_words(self, olga, people):
        member = UserFactory(first_name="Nils", last_name="Ny")
        membership_grant(user=member, clinic=people.north, role=Role.ASSISTANT, granted_by=people.olga)
        lines = rows(book(olga.get(f"/users/history.xlsx?person={member.public_id}"))["History"])
        assert len(lines) == 2
        line = dict(zip(*lines, strict=True))
        assert (line["Who"], line["What"], line["For whom"]) == ("Olga Testsson", "Gave a role", "Nils Ny")
        assert line["What changed"] == "Role: Assistant; Functions: Ordering, Order history, Patients"
        assert (line["Who: e-mail"], line["For whom: e-mail"]) == (people.olga.email, member.email)
        assert "Account" not in line

    def test_nothing_of_another_account(self, olga):
        assert "Otolab" not in str(rows(book(olga.get("/users/history.xlsx"))["History"]))

    def test_of_all_accounts_for_staff(self, client, people):
        people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
        client.force_login(people.stella)
        lines = rows(book(client.get("/backoffice/access.xlsx"))["History"])
        place = lines[0].index("Account")
        assert {row[place] for row in lines[1:]} == {"Nordhear AB", "Otolab AS"}

    def test_who_manages_two_accounts_reads_of_each_row_whose_it_is(self, olga, people):
        membership_grant(user=people.olga, clinic=people.foreign, role=Role.MAIN_USER)
        lines = rows(book(olga.get("/users/history.xlsx"))["History"])
        place = lines[0].index("Account")
        assert {row[place] for row in lines[1:]} == {"Nordhear AB", "Otolab AS"}

    def test_a_row_is_told_in_no_more_queries_than_many(self, people):
        asked = []
        for _more in range(2):
            membership_grant(user=UserFactory(), clinic=people.north, role=Role.ASSISTANT, granted_by=people.olga)
            with CaptureQueriesContext(connection) as queries:
                content(history_export.history_book(AccessEvent.objects.all(), [people.north]).response("test", User()))
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_it_ends_somewhere_and_says_so(self, olga, monkeypatch):
        monkeypatch.setattr(history_export, "MOST_ROWS", 2)
        lines = rows(book(olga.get("/users/history.xlsx"))["History"])
        assert len(lines) == 4
        assert "Only the newest 2" in lines[3][lines[0].index("What")]
