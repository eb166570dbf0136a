"""One person at the site: asks an address, and tells what came back and what was written. Leaves no trace."""

import copy
import logging
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client

User = get_user_model()

# Sessions, and the counting of log-ins: they say who was here, not what a clinic has.
BOOKKEEPING = {"django_session", "axes_accesslog", "axes_accessattempt", "axes_accessfailurelog"}
AREAS = {"/cms/": "302 cms", "/backoffice/": "302 backoffice"}


@dataclass(frozen=True)
class Answer:
    outcome: str  # as the table says it: a status, with where to for the redirects that refuse
    text: str  # headers and body
    written: frozenset[str]  # tables in which rows were added, changed or deleted
    errors: tuple[str, ...]  # what was logged as an error, or raised

    @property
    def status(self) -> int:
        return int(self.outcome[:3])


class Visitor:
    def __init__(self, user: "User | None") -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
        self._cookies = self.client.cookies

    def ask(self, method: str, path: str, data: dict | None = None) -> Answer:
        """Every request meets the same site: what it wrote is rolled back, and the cookies are as before."""
        self.client.cookies = SimpleCookie(copy.deepcopy(self._cookies))
        written, errors = Written(), Errors()
        logging.getLogger().addHandler(errors)
        try:
            with transaction.atomic(), connection.execute_wrapper(written):
                response = self.client.generic(method, path) if data is None else self.client.post(path, data)
                text = _text_of(response)
                transaction.set_rollback(True)
        finally:
            logging.getLogger().removeHandler(errors)
        return Answer(_outcome(response, path), text, frozenset(written.tables - BOOKKEEPING), tuple(errors.messages))


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


class Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        reason = f": {record.exc_info[1]!r}" if record.exc_info else ""
        self.messages.append(record.getMessage() + reason)


def _outcome(response: HttpResponseBase, path: str) -> str:
    target = response.headers.get("Location", "")
    if target == f"/login/?next={quote(path, safe='/')}":
        return f"{response.status_code} login"
    return AREAS.get(target, str(response.status_code)) if response.status_code == 302 else str(response.status_code)


def _text_of(response: HttpResponseBase) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return f"{response.headers}\n{body.decode(errors='replace')}"
