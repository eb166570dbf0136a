"""Which role somebody brings along. Nobody becomes main user by having been it elsewhere."""

from collections.abc import Iterable

from permissions.models import Invitation, Membership, User
from permissions.roles import ROLE_FUNCTIONS, Function, Role, functions_open_to, permissions_of

LOWEST_FIRST = (Role.ASSISTANT, Role.PURCHASER, Role.MAIN_USER)


def lowest(roles: Iterable[str]) -> Role:
    return min((Role(role) for role in roles), key=LOWEST_FIRST.index)


def held_in_account(person: User, account_id: object) -> tuple[Role, list[str]]:
    """The lowest role of a member of the account, and the functions they have wherever they hold it."""
    held = Membership.objects.filter(user=person, clinic__account_id=account_id)
    rows = list(held.filter(is_active=True)) or list(held)
    role = lowest(row.role for row in rows)
    shared = [set(row.functions) for row in rows if row.role == role]
    return role, [str(function) for function in Function if all(function in each for each in shared)]


def brought_along(person: User, invitation: Invitation) -> tuple[Role, list[str]]:
    """Role and functions with which somebody who has a log-in already accepts an invitation."""
    active = Membership.objects.filter(user=person, is_active=True)
    if active.filter(clinic__account_id=invitation.account_id).exists():
        return held_in_account(person, invitation.account_id)
    elsewhere = set(active.values_list("role", flat=True))
    invited = Role(invitation.role)
    if kept := elsewhere - {Role.MAIN_USER}:
        role = lowest(kept)
    elif elsewhere:
        role = lowest([invited, Role.PURCHASER])
    else:
        role = invited
    return role, list(invitation.functions) if role == invited else usual_functions(role)


def usual_functions(role: Role) -> list[str]:
    return [str(function) for function in functions_open_to(role) if function in ROLE_FUNCTIONS[role]]


def within_reach(reach: frozenset[str], role: Role, functions: Iterable[str]) -> list[str] | None:
    """The functions of these that who may give `reach` may still give; None when they may give the role no more."""
    if not reach or (role == Role.MAIN_USER and not permissions_of(role, ()) <= reach):
        return None
    return [function for function in functions if permissions_of(role, [function]) <= reach]
