"""What no name and no day can be is refused, and stays in no session."""

import pytest

PAGE, HISTORY, STAFF = "/users/access/", "/users/history/", "/backoffice/access/"
BAD = ["petra\x00", "\x00", "x" * 101]


@pytest.mark.parametrize("typed", BAD)
def test_the_overview_forgets_it(olga, typed):
    assert olga.post(PAGE, {"query": typed}).status_code == 302
    page = olga.get(PAGE)
    assert page.context["query"] == ""
    assert len(page.context["table"].rows) == 3


@pytest.mark.parametrize("kept", [*BAD, 7, None, ["x"]])
def test_a_session_that_holds_it_is_no_fault(olga, kept):
    session = olga.session
    session["overview_query"] = kept
    session.save()
    assert olga.get(PAGE).status_code == 200
    assert b"".join(olga.get("/users/access.xlsx").streaming_content)


@pytest.mark.parametrize("typed", BAD)
def test_the_history_finds_nobody(olga, typed):
    page = olga.post(HISTORY, {"query": typed})
    assert (page.status_code, page.context["found"]) == (200, [])


@pytest.mark.parametrize("typed", BAD)
def test_nor_does_the_back_offices(stella, typed):
    page = stella.post(STAFF, {"query": typed})
    assert (page.status_code, page.context["found"]) == (200, [])


DAYS = [
    "last_day=9999-12-31",
    "first_day=9999-12-31",
    "first_day=0001-01-01",
    "last_day=0001-01-01",
    "last_day=2101-01-01",
]


@pytest.mark.parametrize("day", DAYS)
def test_the_ends_of_the_calendar_are_no_days(olga, day):
    page = olga.get(f"{HISTORY}?{day}")
    assert page.status_code == 200
    assert "Choose a day between 2000 and 2100." in page.content.decode()
    assert b"".join(olga.get(f"/users/history.xlsx?{day}").streaming_content)


@pytest.mark.parametrize("day", DAYS)
def test_nor_in_the_back_office(stella, day):
    page = stella.get(f"{STAFF}?{day}")
    assert page.status_code == 200
    assert "Choose a day between 2000 and 2100." in page.content.decode()
    assert b"".join(stella.get(f"/backoffice/access.xlsx?{day}").streaming_content)


def test_the_first_and_the_last_day_are_days(olga):
    page = olga.get(f"{HISTORY}?first_day=2000-01-01&last_day=2100-12-31")
    assert not page.context["form"].errors
    assert page.context["entries"]
