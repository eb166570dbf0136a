"""Whom customer service may change: customers. Who works for the supplier is the administrators' business."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.models import User

RIGHT = "permissions.change_user"
ONLY_ADMINISTRATORS = gettext_lazy("Only an administrator says who works for the supplier.")
LINKS, WITHIN = 5, timedelta(hours=1)


def refusal(by: User, person: User) -> str:
    """Why `by` may change nothing about this person, in words; "" when they may."""
    if not (by.is_staff and by.has_perm(RIGHT)):
        return _("You may look at people, not change them.")
    if by == person:
        return _("Nobody changes their own access. You change your own details in your profile.")
    if person.works_for_supplier and not by.is_superuser:
        return _("%(person)s works for the supplier. Only an administrator changes their access.") % {"person": person}
    return ""


def rights_refusal(by: User, person: User) -> str:
    """Why `by` may not say what this person is at the supplier, in words; "" when they may."""
    if problem := refusal(by, person):
        return problem
    if not may_make_staff(by):
        return str(ONLY_ADMINISTRATORS)
    if not person.works_for_supplier and person.memberships.exists():
        return both(person)
    return ""


def may_make_staff(by: User) -> bool:
    return by.is_active and by.is_staff and by.is_superuser


def both(person: User) -> str:
    """Nobody is both: who works for the supplier sees every customer, and decides for none."""
    text = _(
        "%(person)s has a role at a clinic. Who works for the supplier has none: remove the roles first, or add the "
        "person with another e-mail address."
    )
    return text % {"person": person}
