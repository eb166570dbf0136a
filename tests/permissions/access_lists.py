"""The lists of the portal: which rows each shows, and which it should show by access_model.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from permissions.models import AccessEvent

if TYPE_CHECKING:
    from tests.permissions.access_world import Game

# What the page that was asked for last was given to draw.
shown: dict[str, Any] = {}


def keep(_template, context=None, request=None) -> str:
    """Takes the place of `Template.render`: what a page shows is decided before it is drawn, which takes longest."""
    shown.update(context or {})
    return ""


@dataclass(frozen=True)
class List:
    """`expected` are the keys of the rows that a reader should see."""

    right: str
    rows: Callable[[dict], Iterable]
    expected: Callable[[Game, str], set]
    anywhere: bool = False  # whichever clinic the reader works for


def _where(game: Game, reader: str, *needed: str) -> list[str]:
    return [clinic for clinic in game.world.clinics if game.model.rights(reader, clinic).issuperset(needed)]


def _orders(game: Game, reader: str) -> set:
    return {game.world.orders[clinic].pk for clinic in _where(game, reader, "view_orders")}


def _baskets(game: Game, reader: str) -> set:
    kinds = (game.world.ready, game.world.waiting)
    return {baskets[clinic].pk for clinic in _where(game, reader, "prepare_order") for baskets in kinds}


def _waiting(game: Game, reader: str) -> set:
    return {game.world.waiting[clinic].pk for clinic in _where(game, reader, "approve_order", "place_order")}


def _people(game: Game, reader: str) -> set:
    clinics = _where(game, reader, "manage_users")
    at_work = {name for (name, clinic), member in game.model.members.items() if clinic in clinics and member.active}
    return {game.world.users[name].pk for name in at_work - game.model.out}


def _inactive(game: Game, reader: str) -> set:
    clinics = _where(game, reader, "manage_users")
    known = {game.world.users[name].pk for name, clinic in game.model.members if clinic in clinics}
    return known - _people(game, reader)


def _matrix(game: Game, reader: str) -> set:
    clinics = _where(game, reader, "manage_users")
    people = {game.world.users[name].pk for name, clinic in game.model.members if clinic in clinics}
    return people | {game.world.clinics[clinic].pk for clinic in clinics}


def _history(game: Game, reader: str) -> set:
    """What happened at clinics where the reader manages users, and in the account that they own."""
    managed = _where(game, reader, "manage_users")
    clinics = {game.world.clinics[clinic].pk for clinic in managed}
    theirs = [clinic for clinic in managed if reader == game.model.owner and game.model.accounts[clinic] == "Nordhear"]
    owned = {game.world.clinics[clinic].account_id for clinic in theirs}
    events = AccessEvent.objects.values_list("pk", "clinic_id", "account_id")
    return {pk for pk, clinic, account in events if (clinic in clinics if clinic else account in owned)}


def _keys(name: str) -> Callable[[dict], Iterable]:
    return lambda context: [row.pk for row in context[name]]


LISTS = {
    "/orders/?clinics=all": List("view_orders", _keys("orders"), _orders),
    "/orders/open/?clinics=all": List("prepare_order", _keys("page_obj"), _baskets),
    "/orders/approvals/": List("prepare_order", _keys("page_obj"), _waiting),
    "/users/": List("manage_users", _keys("page_obj"), _people, anywhere=True),
    "/users/?tab=inactive": List("manage_users", _keys("page_obj"), _inactive, anywhere=True),
    "/users/history/": List("manage_users", _keys("page_obj"), _history, anywhere=True),
    "/users/access/": List(
        "manage_users", lambda shown: [*_keys("page_obj")(shown), *_keys("columns")(shown)], _matrix, anywhere=True
    ),
}
