"""What each role and function allows, in the words of who switches it on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.roles import Function, Role

F = Function
ROLES: dict[str, str | Promise] = {
    Role.MAIN_USER: _("Does everything: orders, approves, sees balance and invoices, manages users and the clinic."),
    Role.PURCHASER: _("Prepares and sends orders, and approves what assistants submit."),
    Role.ASSISTANT: _("Prepares orders and submits them for approval. Never sends them."),
}
ALLOWS: dict[str, str | Promise] = {
    F.ORDERING: _("Fill the basket and send orders."),
    F.APPROVING: _("Approve, return or reject the orders that others submit. Needs Ordering: approving sends."),
    F.ORDER_HISTORY: _("See all orders of the clinic, also those of others."),
    F.FINANCES: _("See the balance, the invoices and what was paid."),
    F.SERVICE: _("Look up warranties; ask for repairs, remakes and returns."),
    F.PATIENTS: _("See and find the patients' names or references on orders."),
    F.USERS: _("Add people, change what they may do, and set them inactive."),
}
ASSISTANT_ORDERING = _("Fill the basket and submit it for approval. Sending stays with purchasers and main users.")


def allows(role: str, function: str) -> str | Promise:
    """Without a role: what the function allows whoever can have it."""
    return ASSISTANT_ORDERING if (role, function) == (Role.ASSISTANT, F.ORDERING) else ALLOWS[function]
