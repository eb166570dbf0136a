"""One person at the site: asks an address, and tells what came back and what was written. Leaves no trace."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.views.defaults import permission_denied

# Sessions, and the counting of log-ins: they say who was here, not what a clinic has.
BOOKKEEPING = {"django_session", "axes_accesslog", "axes_accessattempt", "usersessions_usersession"}
AREAS = ("/cms/", "/backoffice/")


@dataclass(frozen=True)
class Answer:
    outcome: str  # as the table says it: a status, with where to for the redirects that refuse
    text: str  # headers and body, without the path that was asked for
    written: frozenset[str]  # tables in which rows were added, changed or deleted
    errors: tuple[str, ...]  # what was logged as an error

    @property
    def status(self) -> int:
        return int(self.outcome[:3])

    @property
    def is_refusal(self) -> bool:
        return self.status >= 400 or " " in self.outcome


class Visitor(RequestFactory):
    """As Django's test client, but without what that gathers for each template: it doubles the time."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def __init__(self, user) -> None:
        super().__init__()
        if user is not None:
            client = Client()
            client.force_login(user)
            self.cookies = client.cookies

    def request(self, **request: Any) -> HttpResponseBase:
        return self.handler(self._base_environ(**request))

    def ask(self, method: str, path: str, data: dict | None = None) -> Answer:
        """Every request meets the same site: what it wrote is rolled back."""
        written = Written()
        with errors_logged() as errors, transaction.atomic(), connection.execute_wrapper(written):
            response = self.post(path, data) if method == "POST" else self.get(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        text = f"{response.headers}\n{body.decode(errors='replace')}".replace(path, "")
        return Answer(_outcome(response, path), text, frozenset(written.tables - BOOKKEEPING), tuple(errors))


@dataclass
class Written:
    """Listens to the database connection."""

    tables: set[str] = field(default_factory=set)

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        words = str(sql).split(maxsplit=3)
        if words[0] in ("INSERT", "UPDATE", "DELETE") and context["cursor"].rowcount:
            self.tables.add(words[1 if words[0] == "UPDATE" else 2].strip('"'))
        return result


@contextmanager
def errors_logged() -> Iterator[list[str]]:
    messages: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage() + (f": {record.exc_info[1]!r}" if record.exc_info else ""))

    listener = Listener(logging.ERROR)
    logging.getLogger().addHandler(listener)
    logging.disable(logging.WARNING)  # every refusal would write its traceback
    try:
        yield messages
    finally:
        logging.disable(logging.NOTSET)
        logging.getLogger().removeHandler(listener)


def _outcome(response: HttpResponseBase, path: str) -> str:
    target = response.headers.get("Location", "")
    if target == f"/login/?next={quote(path)}":
        return f"{response.status_code} login"
    return f"{response.status_code} {target.strip('/')}" if target in AREAS else str(response.status_code)


def brief_refusal(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Takes the place of `handler403`: a thousand times the same page is most of what the suite would wait for."""
    if request.path.startswith(AREAS) and request.path not in AREAS:
        return HttpResponseForbidden()
    return permission_denied(request, exception)
