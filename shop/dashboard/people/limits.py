"""Whom customer service may change: customers. Who works for the supplier is the administrators' business."""

from datetime import timedelta

from django.utils.translation import gettext as _

from permissions.models import User

RIGHT = "permissions.change_user"
LINKS, WITHIN = 5, timedelta(hours=1)


def works_for_us(person: User) -> bool:
    """Staff, administrators and editors: whoever has any right beside those at clinics."""
    return person.is_staff or person.is_superuser or person.groups.exists() or person.user_permissions.exists()


def refusal(by: User, person: User) -> str:
    """Why `by` may change nothing about this person, in words; "" when they may."""
    if not (by.is_staff and by.has_perm(RIGHT)):
        return _("You may look at people, not change them.")
    if by == person:
        return _("Nobody changes their own access. You change your own details in your profile.")
    if works_for_us(person) and not by.is_superuser:
        return _("%(person)s works for the supplier. Only an administrator changes their access.") % {"person": person}
    return ""
