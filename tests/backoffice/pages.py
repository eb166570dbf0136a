"""Addresses of the people pages, and what they leave behind."""

from permissions.models import AccessEvent, User

LIST = "/backoffice/people/"


def at(person: User, rest: str = "") -> str:
    return f"{LIST}{person.public_id}/{rest}"


def names(page) -> list[str]:
    return [str(row.person) for row in page.context["rows"]]


def last_event() -> AccessEvent:
    return AccessEvent.objects.latest("pk")
