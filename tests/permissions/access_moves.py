"""What may happen in a game of access_world.py: one random move by random people, in the model and for real."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from permissions.models import Clinic
from permissions.roles import Function, Role
from permissions.services import AccessUnchanged
from permissions.users import changing
from shop.dashboard.people import acting
from tests.permissions.access_world import CLINICS, CUSTOMERS, PEOPLE, STAFF, Game
from tests.permissions.site_visitor import Visitor

REFUSALS = (PermissionDenied, Http404, AccessUnchanged)
Move = Callable[[Game, str, str, str], None]


def give(game: Game, actor: str, person: str, clinic: str) -> None:
    role = game.chance.choice(Role.values)
    functions = {name for name in Function.values if game.chance.random() < 0.6}
    _give(game, actor, person, clinic, role, functions)


def switch(game: Game, actor: str, person: str, clinic: str) -> None:
    """The same role, one or two functions on or off."""
    held = game.model.members.get((person, clinic))
    if held is not None:
        turned = set(game.chance.sample(Function.values, game.chance.randint(1, 2)))
        _give(game, actor, person, clinic, held.role, set(held.functions) ^ turned)


def _give(game: Game, actor: str, person: str, clinic: str, role: str, functions: set[str]) -> None:
    game.model.give(actor, person, clinic, role, functions)
    where = {"person": game.user(person), "role": role, "functions": functions, "confirmed": True}
    if actor == STAFF:
        attempt(lambda: acting.give_role(by=game.user(actor), clinic=_clinic(game, clinic), **where))
    else:
        attempt(lambda: changing.give(actor=game.user(actor), clinics=[_clinic(game, clinic)], **where))


def take(game: Game, actor: str, person: str, clinic: str) -> None:
    game.model.take(actor, person, clinic)
    where = {"person": game.user(person), "clinic": _clinic(game, clinic), "confirmed": True}
    if actor == STAFF:
        attempt(lambda: acting.take_role(by=game.user(actor), **where))
    else:
        attempt(lambda: changing.remove(actor=game.user(actor), **where))


def inactivate(game: Game, actor: str, person: str, clinic: str) -> None:
    _set(game, actor, person, clinic, on=False)


def activate(game: Game, actor: str, person: str, clinic: str) -> None:
    _set(game, actor, person, clinic, on=True)


def _set(game: Game, actor: str, person: str, clinic: str, *, on: bool) -> None:
    game.model.set_active(actor, person, clinic, on)
    by, who, where = game.user(actor), game.user(person), _clinic(game, clinic)
    if actor == STAFF:
        attempt(lambda: acting.set_status(by=by, person=who, clinic=where, active=on, confirmed=True))
    elif on:
        attempt(lambda: changing.set_active(actor=by, person=who, clinics=[where]))
    else:
        attempt(lambda: changing.set_inactive(actor=by, person=who, clinics=[where], confirmed=True))


def block(game: Game, actor: str, person: str, clinic: str) -> None:
    game.model.block(actor, person, True)
    attempt(lambda: acting.block(by=game.user(actor), person=game.user(person), reason="left"))


def unblock(game: Game, actor: str, person: str, clinic: str) -> None:
    game.model.block(actor, person, False)
    attempt(lambda: acting.unblock(by=game.user(actor), person=game.user(person), reason="back"))


def close(game: Game, actor: str, person: str, clinic: str) -> None:
    game.model.closed.add(clinic)
    Clinic.objects.filter(pk=game.world.clinics[clinic].pk).update(is_active=False)


def reopen(game: Game, actor: str, person: str, clinic: str) -> None:
    game.model.closed.discard(clinic)
    Clinic.objects.filter(pk=game.world.clinics[clinic].pk).update(is_active=True)


def log_in(game: Game, actor: str, person: str, clinic: str) -> None:
    if person not in game.model.out:
        game.model.signed_in.add(person)
        game.visitors[person] = Visitor(game.user(person))


PLAYERS: dict[str, Move] = {
    "give": give,
    "switch functions": switch,
    "take": take,
    "inactivate": inactivate,
    "activate": activate,
    "block": block,
    "unblock": unblock,
    "close": close,
    "reopen": reopen,
    "log in": log_in,
}
# How often each is tried; what undoes something is tried more when there is something to undo.
WEIGHTS = {"give": 6, "switch functions": 5, "take": 3, "inactivate": 7, "block": 3, "close": 2}
MOSTLY = 0.8


def _weights(game: Game) -> list[int]:
    model = game.model
    waiting = {
        "activate": [member for member in model.members.values() if not member.active],
        "unblock": model.blocked,
        "reopen": model.closed,
        "log in": set(PEOPLE) - model.signed_in - model.out,
    }
    return [WEIGHTS.get(event, 12 if waiting.get(event) else 1) for event in PLAYERS]


def prepare(game: Game) -> None:
    """Not everybody begins as the tests' people are: customer service gives some of them other roles and functions."""
    for _each in range(2):
        give(game, STAFF, game.chance.choice(CUSTOMERS), game.chance.choice(CLINICS))
    inactivate(game, STAFF, game.chance.choice(CUSTOMERS), game.chance.choice(CLINICS))


def attempt(work: Callable[[], object]) -> None:
    """The model knows whether this is refused."""
    try:
        with transaction.atomic():
            work()
    except REFUSALS:
        pass


def _clinic(game: Game, key: str) -> Clinic:
    return Clinic.objects.select_related("account").get(pk=game.world.clinics[key].pk)


def play(game: Game) -> str:
    """One random move; says which."""
    chance, model = game.chance, game.model
    event = chance.choices(list(PLAYERS), _weights(game))[0]
    clinic = chance.choice(_fitting_clinics(game, event) or CLINICS)
    # Mostly somebody to whom it can be done, by somebody else who may.
    person = _somebody(game, event, clinic) if chance.random() < MOSTLY else chance.choice(PEOPLE)
    managers = [name for name in CUSTOMERS if name != person and "manage_users" in model.rights(name, clinic)]
    usual = [STAFF] if event in ("block", "unblock") else [*managers, *managers, STAFF]
    actor = chance.choice(usual if chance.random() < MOSTLY else PEOPLE)
    before, was_in = game.rights(), set(model.signed_in) - model.out
    state = str([member.state for member in model.members.values()]), set(model.blocked), set(model.closed)
    PLAYERS[event](game, actor, person, clinic)
    after, is_in = game.rights(), set(model.signed_in) - model.out
    changed = (was_in ^ is_in) | {key[0] for key in before if before[key] != after[key]}
    game.touched = changed | {chance.choice([actor, person])}
    now = str([member.state for member in model.members.values()]), set(model.blocked), set(model.closed)
    game.seen[event, "changed" if (state, was_in) != (now, is_in) else "refused"] += 1
    return f"{event}: {actor} for {person} at {clinic}"


def _fitting_clinics(game: Game, event: str) -> list[str]:
    inactive = sorted({key[1] for key, member in game.model.members.items() if not member.active})
    return {"reopen": sorted(game.model.closed), "activate": inactive}.get(event, [])


def _somebody(game: Game, event: str, clinic: str) -> str:
    model = game.model
    members = {name: model.members[name, clinic] for name in CUSTOMERS if (name, clinic) in model.members}
    fitting = {
        "activate": [name for name, member in members.items() if not member.active],
        "unblock": sorted(model.blocked),
        "log in": [name for name in PEOPLE if name not in model.signed_in | model.out],
        "inactivate": [name for name, member in members.items() if member.active and not model.must_stay(name, clinic)],
        "take": [name for name in members if not model.must_stay(name, clinic)],
    }.get(event, list(members) if event not in ("give", "block") else list(CUSTOMERS))
    return game.chance.choice(fitting or list(CUSTOMERS))
