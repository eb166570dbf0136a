"""The whole site as customer service sees it as Olga, who may do everything: nothing is written but the history.

The addresses are those of the access table, so that a new one is walked as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from permissions.impersonation import middleware
from permissions.impersonation.middleware import AREAS, END, LOG_OUTS
from permissions.models import AccessEvent, User
from permissions.models.events import AccessAction
from tests.impersonation.conftest import begin
from tests.permissions.site_samples import Samples
from tests.permissions.site_visitor import Visitor, Written, errors_logged
from tests.permissions.site_walk import Row, addresses, read_table

HISTORY = {"permissions_accessevent"}
# When a session was last used is its own, not the customer's.
SESSIONS = {"django_session", "usersessions_usersession"}
PATIENT = "Canary patient"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
UNHARMED = {END, *LOG_OUTS}
NO_PERSON = {"media", "media [missing]", "healthz"}


@dataclass(frozen=True)
class Seen:
    status: int
    body: str
    written: frozenset[str]
    pages: list[str]  # paths of the rows that the request left in the history
    errors: tuple[str, ...]
    session: dict
    people: list[dict] = field(repr=False)


class Walk:
    def __init__(self, world, user, look_as=None) -> None:
        self.samples = Samples(world)
        self.visitor = Visitor(user)
        browser = Client()
        browser.cookies = self.visitor.cookies
        if look_as is not None:
            response = begin(browser, look_as, world.people.north)
            assert response.status_code == 302
        self.key = browser.session.session_key
        self.begun = AccessEvent.objects.count()
        there = {(address.name, address.route): address for address in addresses()}
        known = [row for row in read_table() if (row.address_name, row.route) in there]
        self.paths = {row: self.samples.path_of(row, there[row.address_name, row.route]) for row in known}

    def ask(self, method: str, path: str, data: dict | None = None) -> Seen:
        written = Written()
        with errors_logged() as errors, transaction.atomic(), connection.execute_wrapper(written):
            send = getattr(self.visitor, method.lower())
            response = send(path, data) if data else send(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            rows = AccessEvent.objects.filter(action=AccessAction.LOOKED)
            pages = [row.after["path"] for row in rows]
            session = SessionStore(self.key).load()
            people = list(User.objects.order_by("pk").values())
            transaction.set_rollback(True)
        text = body.decode(errors="replace")
        return Seen(response.status_code, text, frozenset(written.tables), pages, tuple(errors), session, people)


@pytest.fixture(scope="module")
def world(template_database, django_db_blocker) -> Iterator:
    from tests.databases import copied_database
    from tests.permissions.site_objects import make_world

    with (
        django_db_blocker.unblock(),
        copied_database(template_database, "looking"),
        pytest.MonkeyPatch.context() as patch,
    ):
        # A thousand times the same page of refusal would be most of what this waits for.
        patch.setattr(middleware, "render", lambda *args, status: HttpResponse(status=status))
        yield make_world()


@pytest.fixture(scope="module")
def walk(world) -> Walk:
    return Walk(world, world.people.stella, look_as=world.people.olga)


@pytest.fixture(scope="module")
def looked_at(walk) -> dict[Row, Seen]:
    """Everything that can be opened, opened once."""
    return {row: walk.ask("GET", path) for row, path in walk.paths.items() if row.method == "GET"}


def of_the_customer(row: Row) -> bool:
    return not f"/{row.route}".startswith(AREAS) and row.name not in NO_PERSON


def listed(lines: list[str]) -> str:
    return "\n".join(["", *lines])


def test_looking_writes_nothing_but_the_history(looked_at):
    wrong = [
        f"{row}: wrote {sorted(seen.written - HISTORY - SESSIONS)} {seen.errors}"
        for row, seen in looked_at.items()
        if seen.written - HISTORY - SESSIONS or seen.errors
    ]
    assert not wrong, listed(wrong)
    assert sum(seen.status == 200 for seen in looked_at.values()) > 30


def test_each_page_that_was_shown_stands_in_the_history_once_and_nothing_else_does(walk, looked_at):
    wrong = []
    for row, seen in looked_at.items():
        path = walk.paths[row].partition("?")[0]
        wanted = [path] if seen.status == 200 and row.name not in NO_PERSON else []
        if seen.pages != wanted:
            wrong.append(f"{row}: {seen.status}, history says {seen.pages}")
    assert not wrong, listed(wrong)


def test_looking_changes_neither_the_session_nor_anybody(walk, looked_at):
    session = {key: value for key, value in SessionStore(walk.key).load().items() if not key.startswith("session")}
    people = list(User.objects.order_by("pk").values())
    wrong = [
        str(row)
        for row, seen in looked_at.items()
        if {key: seen.session.get(key) for key in session} != session or "clinic" in seen.session
    ]
    assert not wrong, listed(wrong)
    assert all(seen.people == people for seen in looked_at.values())


def test_the_banner_stands_on_every_page(looked_at):
    pages = {row: seen for row, seen in looked_at.items() if seen.body.lstrip().startswith("<!doctype html>")}
    wrong = [
        f"{row}: {seen.status}"
        for row, seen in pages.items()
        if seen.status == 200 and 'action="/impersonation/end/"' not in seen.body
    ]
    assert not wrong, listed(wrong)
    assert sum(seen.status == 200 for seen in pages.values()) > 20


def test_no_page_shows_a_patient(looked_at):
    assert not [str(row) for row, seen in looked_at.items() if PATIENT in seen.body]


def test_olga_herself_does_see_them(world):
    """Else the search above proves nothing."""
    walk = Walk(world, world.people.olga)
    _row, path = next((row, path) for row, path in walk.paths.items() if row.name == "orders:detail")
    assert PATIENT in walk.ask("GET", path).body


def test_the_back_office_and_the_editors_pages_are_closed(looked_at):
    wrong = [f"{row}: {seen.status}" for row, seen in looked_at.items() if f"/{row.route}".startswith(AREAS)]
    wrong = [line for line in wrong if not line.endswith((" 403",))]
    assert not wrong, listed(wrong)


def test_nothing_can_be_sent(walk):
    """Every form of the table, filled in as it should be."""
    wrong = []
    for row, path in walk.paths.items():
        if row.method != "POST" or row.address_name in UNHARMED:
            continue
        seen = walk.ask("POST", path, walk.samples.form_of(row, "main_user"))
        if seen.status != 403 or seen.written - SESSIONS:
            wrong.append(f"{row}: {seen.status}, wrote {sorted(seen.written)}")
    assert not wrong, listed(wrong)


def test_no_other_method_opens_a_way_either(walk):
    wrong = []
    for row, path in walk.paths.items():
        if row.method != "GET" or row.address_name in UNHARMED or not of_the_customer(row):
            continue
        for method in UNSAFE:
            seen = walk.ask(method, path)
            if seen.status != 403 or seen.written - SESSIONS:
                wrong.append(f"{method} {row}: {seen.status}, wrote {sorted(seen.written)}")
    assert not wrong, listed(wrong)
