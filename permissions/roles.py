"""Who may do what at a clinic: the whole policy on one screen.

A membership holds one role per clinic; `services.py` turns it into guardian's permission rows, and every check
reads those rows. To change what a role may do, change it here and run `manage.py check_access --repair`.
"""

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


P = ClinicPermission

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.MAIN_USER: frozenset(P),
    Role.PURCHASER: frozenset(P) - {P.VIEW_FINANCES, P.MANAGE_USERS, P.MANAGE_CLINIC},
    Role.ASSISTANT: frozenset({P.PREPARE_ORDER, P.VIEW_ORDERS, P.VIEW_PATIENTS}),
}
