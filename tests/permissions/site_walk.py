"""The table of who gets what at every address, and the walk over the addresses that the site really has."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

TABLE = Path(__file__).with_name("access_table.csv")
PEOPLE = ("anonymous", "assistant", "purchaser", "main_user", "other_account", "editor", "customer_service")


@dataclass(frozen=True)
class Address:
    """A URL pattern: its name with namespaces (empty when it has none), its route, what it wants to be filled with."""

    name: str
    route: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name or 'unnamed'} ({self.route})"


@dataclass(frozen=True, eq=False)
class Row:
    """One line of the table. `name` may end in ` [what is special]` when an address has several lines."""

    name: str
    route: str
    method: str
    expected: dict[str, str]

    @property
    def address_name(self) -> str:
        return self.name.partition(" [")[0]

    def __str__(self) -> str:
        return f"{self.method} {self.name or self.route}"


def addresses() -> list[Address]:
    """In the order in which they are tried. Of two that are the same only the first is ever reached."""
    return list(dict.fromkeys(_walk(get_resolver(), namespace="", route="", parameters=())))


def _walk(resolver: URLResolver, namespace: str, route: str, parameters: tuple[str, ...]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        # As `resolve()` puts them together: the ^ of an inner pattern is left out.
        here = route + (str(entry.pattern).removeprefix("^") if route else str(entry.pattern))
        wanted = parameters + _parameters_of(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, here, wanted)
        else:
            yield Address(f"{namespace}{entry.name}" if entry.name else "", here, wanted)


def _parameters_of(entry: URLPattern | URLResolver) -> tuple[str, ...]:
    if isinstance(entry.pattern, RoutePattern):
        return tuple(entry.pattern.converters)
    return tuple(entry.pattern.regex.groupindex)


def read_table() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(line["url_name"], line["route"], line["method"], {person: line[person] for person in PEOPLE})
            for line in csv.DictReader(file)
        ]


def differences(found: list[Address], table: list[Row]) -> list[str]:
    """What must be added to the table, and what must go."""
    known = {(row.address_name, row.route) for row in table if row.method == "GET"}
    there = {(address.name, address.route) for address in found}
    question_marks = ",".join("?" * len(PEOPLE))
    added = [f"add to {TABLE.name}: {name},{route},GET,{question_marks}" for name, route in sorted(there - known)]
    listed = {(row.address_name, row.route) for row in table}
    gone = [f"no such address any more, remove from {TABLE.name}: {n},{r}" for n, r in sorted(listed - there)]
    return added + gone
