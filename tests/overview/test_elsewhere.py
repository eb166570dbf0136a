"""What happens to somebody elsewhere can't be read here: who is inactive here, or left, looks as if nothing had."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from permissions.models import User
from permissions.overview.explaining import explain
from permissions.overview.filters import Status
from permissions.roles import Role
from permissions.services import block, membership_grant, membership_revoke, set_inactive
from permissions.staff import SERVICE_GROUP
from tests.factories import UserFactory

OVERVIEW = "/users/access/"
NAME = "Nils Ny"


@pytest.fixture
def olga(client, people):
    """The account's owner: nobody at a customer reads more."""
    people.north.account.owner = people.olga
    people.north.account.save()
    client.force_login(people.olga)
    return client


def colleague(people, **fields) -> User:
    """A purchaser at North, who then is made inactive there or leaves."""
    person = UserFactory(**{"first_name": "Nils", "last_name": "Ny", **fields})
    membership_grant(user=person, clinic=people.north, role=Role.PURCHASER)
    return person


def leave(people, person) -> None:
    membership_revoke(user=person, clinic=people.north, revoked_by=people.olga, confirmed=True)


def become_inactive(people, person) -> None:
    set_inactive(user=person, clinics=[people.north], by=people.olga, confirmed=True)


# --- What may happen to them elsewhere ---------------------------------------------------------------------------


def work(people, person) -> None:
    membership_grant(user=person, clinic=people.foreign, role=Role.PURCHASER, granted_by=people.otto)


def log_in(people, person) -> None:
    work(people, person)
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())


def have_logged_in_long_ago(people, person) -> None:
    work(people, person)
    User.objects.filter(pk=person.pk).update(last_login=timezone.now() - timedelta(days=200))


def be_made_inactive(people, person) -> None:
    work(people, person)
    set_inactive(user=person, clinics=[people.foreign], by=people.otto, confirmed=True)


def be_blocked(people, person) -> None:
    work(people, person)
    block(user=person, by=people.stella, reason="Otolab has lost her telephone")


def be_blocked_without_work(people, person) -> None:
    block(user=person, by=people.stella, reason="Reported by a third customer")


HAPPENINGS = (work, log_in, have_logged_in_long_ago, be_made_inactive, be_blocked, be_blocked_without_work)


# --- What is read -------------------------------------------------------------------------------------------------


def without_ids(text: str, person: User) -> str:
    """What differs between two people in any case."""
    for own in (str(person.public_id), person.email, person.last_name, person.last_name.lower()):
        text = text.replace(own, "…")
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce|content|datetime)="[^"]*"', "", text)
    return re.sub(r"\s+", " ", re.sub(r"<time[^>]*>[^<]*", "", text))


def read_of(browser, people, person: User) -> dict[str, object]:
    """All that a manager of North can read of somebody in the overview and the history."""
    page = browser.get(OVERVIEW).content.decode()
    row = next((row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if str(person.public_id) in row), "")
    why = browser.get(f"{OVERVIEW}{person.public_id}/{people.north.pk}/").content.decode()
    read: dict[str, object] = {"row": without_ids(row, person), "sheets": rows_of(browser, person)}
    read["why"] = without_ids(why[why.index("<main") : why.index("</main")], person)
    for status in Status.values:
        read[f"only {status}"] = str(person.public_id) in browser.get(f"{OVERVIEW}?status={status}").content.decode()
    history = browser.get(f"/users/history/?person={person.public_id}").context["entries"]
    read["history"] = [(entry.what, entry.who, without_ids(str(entry.whom), person), entry.reason) for entry in history]
    return read


def rows_of(browser, person: User) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(browser.get("/users/access.xlsx").streaming_content)))
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    return [["…" if value == str(person) else value for value in row] for row in rows if str(person) in row]


@pytest.mark.parametrize("happens", HAPPENINGS)
@pytest.mark.parametrize("ends", [become_inactive, leave])
def test_it_is_read_nowhere(olga, people, ends, happens):
    """Beside somebody to whom nothing happened elsewhere, every page says the same."""
    quiet, busy = colleague(people, last_name="Quiet"), colleague(people, last_name="Busy")
    for person in (quiet, busy):
        ends(people, person)
    happens(people, busy)
    expected, read = read_of(olga, people, quiet), read_of(olga, people, busy)
    assert "Otolab" not in olga.get("/users/history/").content.decode()
    assert "Nils …" in expected["why"]  # the page is there, and says something
    for what, words in expected.items():
        assert read[what] == words, what


def test_of_who_works_here_it_is_read_that_they_are_blocked(olga, people):
    person = colleague(people)
    be_blocked(people, person)
    read = read_of(olga, people, person)
    assert "Blocked" in str(read["row"])
    assert "The supplier has blocked Nils …" in str(read["why"])
    assert read["only blocked"]
    assert "Can't log in" in str(read["sheets"])
    assert read["history"][0] == ("Blocked the person", "Customer service", "Nils …", "Otolab has lost her telephone")


def test_staff_read_all_of_it(people):
    person = colleague(people)
    become_inactive(people, person)
    be_blocked(people, person)
    blocked, inactive = explain(User.objects.get(pk=person.pk), people.north, for_staff=True).obstacles
    assert blocked.reason == "The supplier has blocked Nils Ny."
    assert "inactive at Nordhear North" in inactive.reason


# --- Finding people in the history --------------------------------------------------------------------------------


def found(browser, query: str, path: str = "/users/history/") -> str:
    text = browser.post(path, {"query": query}).content.decode()
    return re.search(r"<section.*?</section>", text, re.DOTALL)[0]


def test_who_left_is_found_by_name_and_not_by_the_address_of_today(olga, people):
    person = colleague(people)
    leave(people, person)
    User.objects.filter(pk=person.pk).update(email="nils@next-employer.example")
    assert str(person.public_id) in found(olga, "nils ny")
    for query in ("nils ny", "next-employer", "nils next"):
        assert "@next-employer" not in found(olga, query)
    assert str(person.public_id) not in found(olga, "next-employer")
    assert str(person.public_id) not in found(olga, "nils next-employer")


def test_who_belongs_here_is_found_by_the_address(olga, people):
    for query in ("petra@", "petra test", "testsson petra@example"):
        assert people.petra.email in found(olga, query)


def test_staff_find_everybody_by_the_address(client, people):
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    client.force_login(people.stella)
    leave(people, people.petra)
    assert people.petra.email in client.post("/backoffice/access/", {"query": "petra@"}).content.decode()
