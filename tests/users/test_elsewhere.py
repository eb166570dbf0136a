"""What somebody does for another customer can't be read from the users' pages: before and after they say the same."""

import re
from collections.abc import Callable

import pytest

from permissions.models import AccessEvent, User
from permissions.roles import Role
from permissions.services import block, membership_grant, set_inactive
from permissions.users import changing
from tests.users.inviting import browser_of
from tests.users.test_changing import page_of


def shown(browser, person: User) -> list[str]:
    """The pages on which a manager of North finds somebody, also when searching for an address."""
    pages = []
    for query in ("", "petra", "otolab"):
        posted = ("/users/", "/users/access/", "/users/history/")
        pages += [browser.post(path, {"query": query}, follow=True).content.decode() for path in posted]
        paths = [f"/users/?tab={tab}" for tab in ("active", "inactive")]
        paths += [page_of(person), "/users/access/", "/users/access/?status=inactive", "/users/history/"]
        pages += [browser.get(path).content.decode() for path in paths]
    return [re.sub(r'(csrfmiddlewaretoken" value|nonce|datetime)="[^"]*"|Printed by [^<]*', "", page) for page in pages]


def works_there(people) -> None:
    membership_grant(user=people.petra, clinic=people.foreign, role=Role.ASSISTANT, granted_by=people.otto)


def is_set_inactive_there(people) -> None:
    works_there(people)
    set_inactive(user=people.petra, clinics=[people.foreign], by=people.otto)


def has_another_address(people) -> None:
    works_there(people)
    User.objects.filter(pk=people.petra.pk).update(email="petra@otolab.no", phone_number="+4721234567")


def is_blocked(people) -> None:
    works_there(people)
    block(user=people.petra, by=people.stella, reason="Otolab's telephone was stolen")


@pytest.mark.parametrize("happens", [works_there, is_set_inactive_there, has_another_address, is_blocked])
def test_of_who_is_inactive_here_nothing_changes(people, olga, happens: Callable):
    set_inactive(user=people.petra, clinics=[people.north], confirmed=True)
    before = shown(olga, people.petra)
    happens(people)
    assert shown(olga, people.petra) == before
    assert "Petra Testsson" in "".join(before)


@pytest.mark.parametrize("happens", [works_there, is_set_inactive_there])
def test_of_who_works_here_nothing_changes(people, olga, happens: Callable):
    before = shown(olga, people.petra)
    happens(people)
    assert shown(olga, people.petra) == before


def test_of_who_works_here_the_block_is_told(people, olga):
    is_blocked(people)
    for path in (page_of(people.petra), "/users/?tab=inactive"):
        assert "Blocked" in olga.get(path).content.decode()
    assert "petra@example.com" in olga.get("/users/?tab=inactive").content.decode()


def test_who_is_active_again_has_an_address_again(people, olga):
    set_inactive(user=people.petra, clinics=[people.north], confirmed=True)
    assert "petra@example.com" not in olga.get(page_of(people.petra)).content.decode()
    assert "petra@example.com" not in olga.get("/users/access/").content.decode()
    changing.set_active(actor=people.olga, person=people.petra, clinics=[people.north])
    assert "petra@example.com" in olga.get(page_of(people.petra)).content.decode()


def test_whoever_has_logged_in_changes_their_own_details(people, olga):
    browser_of(people.petra).get("/")
    page = olga.get(page_of(people.petra)).content.decode()
    assert "Petra Testsson changes these details in their own profile." in page
    form = {"first_name": "Petronella", "last_name": "Testsson"}
    assert olga.post(page_of(people.petra, then="details/"), form).status_code == 403


def test_changed_details_stand_in_the_history_of_the_managers_clinics_alone(people):
    works_there(people)
    values = {"first_name": "Petronella"}
    assert changing.change_details(actor=people.olga, person=people.petra, values=values) == ["first_name"]
    events = AccessEvent.objects.filter(action="details")
    assert [event.clinic for event in events] == [people.north]
