"""Who may do what at a clinic: the whole policy on one screen.

A membership holds one role per clinic and the functions that are on; `services.py` turns both into guardian's
permission rows, and every check reads those rows. To change what a role may do, change it here and run
`manage.py check_access --repair`.
"""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClinicPermission(TextChoices):
    PREPARE_ORDER = "prepare_order", _("Prepare orders")
    PLACE_ORDER = "place_order", _("Send orders")
    APPROVE_ORDER = "approve_order", _("Approve orders")
    VIEW_ORDERS = "view_orders", _("See orders")
    VIEW_FINANCES = "view_finances", _("See balance and invoices")
    REQUEST_SERVICE = "request_service", _("Ask for repairs, remakes and returns")
    VIEW_PATIENTS = "view_patients", _("See patients")
    MANAGE_USERS = "manage_users", _("Manage users")
    MANAGE_CLINIC = "manage_clinic", _("Manage the clinic")


class Role(TextChoices):
    MAIN_USER = "main_user", _("Main user")
    PURCHASER = "purchaser", _("Purchaser")
    ASSISTANT = "assistant", _("Assistant")


class Function(TextChoices):
    """What a main user switches on and off for one person at one clinic."""

    ORDERING = "ordering", _("Ordering")
    APPROVING = "approving", _("Approving")
    ORDER_HISTORY = "order_history", _("Order history")
    FINANCES = "finances", _("Balance and invoices")
    SERVICE = "service", _("Warranties and service")
    PATIENTS = "patients", _("Patients")
    USERS = "users", _("User administration")


P, F = ClinicPermission, Function

# What each function allows. Ordering lets an assistant prepare and everybody else send as well.
FUNCTION_PERMISSIONS: dict[str, frozenset[str]] = {
    F.ORDERING: frozenset({P.PREPARE_ORDER, P.PLACE_ORDER}),
    F.APPROVING: frozenset({P.APPROVE_ORDER}),
    F.ORDER_HISTORY: frozenset({P.VIEW_ORDERS}),
    F.FINANCES: frozenset({P.VIEW_FINANCES}),
    F.SERVICE: frozenset({P.REQUEST_SERVICE}),
    F.PATIENTS: frozenset({P.VIEW_PATIENTS}),
    F.USERS: frozenset({P.MANAGE_USERS}),
}
# What is of no use without another function: approving sends the order.
NEEDS: dict[str, Function] = {F.APPROVING: F.ORDERING}
# What a role may have at most: who holds it can be given no more.
ROLE_CEILING: dict[str, frozenset[str]] = {
    Role.MAIN_USER: frozenset(P),
    Role.PURCHASER: frozenset(P) - {P.MANAGE_CLINIC},
    Role.ASSISTANT: frozenset(P) - {P.MANAGE_CLINIC, P.MANAGE_USERS, P.PLACE_ORDER, P.APPROVE_ORDER},
}
# What is switched on when the role is given. Balance and invoices are the main user's own unless given.
ROLE_FUNCTIONS: dict[str, frozenset[str]] = {
    Role.MAIN_USER: frozenset(F),
    Role.PURCHASER: frozenset(F) - {F.FINANCES, F.USERS},
    Role.ASSISTANT: frozenset({F.ORDERING, F.ORDER_HISTORY, F.PATIENTS}),
}


def functions_open_to(role: str) -> list[str]:
    """The switches that can be on for this role, in their order; a main user's are always on."""
    return [function for function in F if FUNCTION_PERMISSIONS[function] & ROLE_CEILING[role]]


def switched_on(role: str, functions: Iterable[str]) -> list[str]:
    """Those of these functions that can be on for this role beside each other, in their order."""
    wanted = set(functions)
    return [str(each) for each in functions_open_to(role) if each in wanted and NEEDS.get(each, each) in wanted]


def permissions_of(role: str, functions: Iterable[str]) -> frozenset[str]:
    """What a person with this role and these functions may do at the clinic."""
    if role == Role.MAIN_USER:
        return ROLE_CEILING[role]
    wanted = frozenset[str]().union(*(FUNCTION_PERMISSIONS[function] for function in functions))
    return wanted & ROLE_CEILING[role]


ROLE_PERMISSIONS: dict[str, frozenset[str]] = {role: permissions_of(role, ROLE_FUNCTIONS[role]) for role in Role}
