"""What is printed says whose it is, of when, by whom, and what it was narrowed to: the forms are not printed."""

import re
from datetime import date

import pytest

from permissions.events import record
from permissions.models.events import AccessAction
from permissions.roles import Role
from permissions.services import membership_grant


def head(response) -> str:
    text = re.search(r'<div class="print-head".*?</div>', response.content.decode(), re.DOTALL)
    assert text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[0])).strip()


@pytest.mark.parametrize("path", ["/users/access/", "/users/history/"])
def test_the_account_who_printed_and_when(olga, path):
    shown = head(olga.get(path))
    assert shown.startswith("Nordhear AB · Printed by Olga Testsson, ")
    assert re.search(r"\d", shown)
    assert "Otolab" not in shown


def test_what_the_overview_is_narrowed_to(olga, people):
    olga.post("/users/access/", {"query": "petra"})
    shown = head(olga.get(f"/users/access/?clinic={people.north.pk}&role=purchaser&status=active&show=ordering"))
    for words in ("Clinic: Nordhear North (10010)", "Role: Purchaser", "Status: Active", "Show: Ordering"):
        assert words in shown
    assert "Find a person: petra" in shown
    assert "Function:" not in shown


def test_what_the_history_is_narrowed_to(olga, people):
    path = f"/users/history/?person={people.petra.public_id}&action=grant&first_day={date(2026, 1, 31)}"
    shown = head(olga.get(path))
    assert "What: Gave a role" in shown
    assert "Only about: Petra Testsson" in shown
    assert re.search(r"From: [^·]*31", shown)


def test_a_page_of_many_says_that_it_is_not_all(olga, people):
    for _number in range(60):
        record(AccessAction.REPAIR, actor=None, person=people.petra, clinic=people.north)
    words = "Only rows 51 to 60 of 60. The Excel file has all of them."
    assert words in head(olga.get("/users/history/?action=repair&page=2"))
    assert "Only rows" not in head(olga.get("/users/history/?action=grant"))


def test_by_whom_the_history_was(olga, people):
    membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT, granted_by=people.olga)
    assert "Only by: Olga Testsson" in head(olga.get(f"/users/history/?actor={people.olga.public_id}"))


def test_what_was_filled_in_wrong_narrows_nothing_and_is_not_said(olga):
    shown = head(olga.get("/users/history/?first_day=soon&action=nothing"))
    assert "What:" not in shown
    assert "From:" not in shown


def test_on_paper_a_cell_is_a_sentence(olga):
    """Print sets a full stop before the functions; no space may stand in front of it."""
    assert re.search(r"Purchaser<span> Ordering", olga.get("/users/access/").content.decode())
