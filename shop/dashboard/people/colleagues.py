"""Who works for the supplier, and as what: administrators say it, of others than themselves."""

import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from permissions import services
from permissions.events import record
from permissions.history.values import staff_rights_words
from permissions.log_in import mails, sessions
from permissions.mail import composed
from permissions.models import User
from permissions.models.events import AccessAction
from permissions.services import AccessUnchanged
from permissions.staff_rights import GROUPS, StaffRight, held_by
from shop.dashboard.people.acting import Taken, lock_pair
from shop.dashboard.people.limits import both, may_make_staff, rights_refusal


@transaction.atomic
def change_rights(*, by: User, person: User, rights: Collection[str]) -> bool:
    """All that somebody is at the supplier from now on; sessions end, for what they may do was read when they began.

    With nothing left, and no role at a clinic, the person can't log in any more. False when it was so already.
    Raises PermissionDenied.
    """
    by, row = lock_pair(by, person)
    if problem := rights_refusal(by, row):
        raise PermissionDenied(problem)
    wanted = _in_order(rights)
    if wanted == held_by(row):
        return False
    if not set(wanted) <= set(held_by(row)) and row.memberships.exists():
        raise AccessUnchanged(both(row))
    _give(row, wanted, by)
    sessions.forget_sessions(row)
    _tell(row, wanted, by)
    return True


@transaction.atomic
def add_colleague(*, by: User, details: dict[str, Any], rights: Collection[str]) -> User:
    """Somebody new, who chooses a password by the link that is mailed to them. Raises Taken and PermissionDenied."""
    by = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.pk)
    wanted = _in_order(rights)
    if not wanted or not may_make_staff(by):
        raise PermissionDenied
    try:
        with transaction.atomic():
            person = User.objects.create_user(**details)
    except IntegrityError:
        raise Taken(_("Somebody else has this e-mail address.")) from None
    _give(person, wanted, by)
    mails.mail_link(person)
    return person


def _in_order(rights: Collection[str]) -> list[str]:
    wanted = {StaffRight(right) for right in rights}
    return [right.value for right in StaffRight if right in wanted]


def _give(row: User, wanted: list[str], by: User) -> None:
    """These rights and no others: what was given otherwise is taken."""
    before = held_by(row)
    row.is_superuser = StaffRight.ADMINISTRATOR in wanted
    row.is_staff = row.is_superuser or StaffRight.SERVICE in wanted
    row.save(update_fields=["is_superuser", "is_staff"])
    row.groups.set(Group.objects.filter(name__in=[GROUPS[right] for right in wanted if right in GROUPS]))
    row.user_permissions.clear()
    record(AccessAction.STAFF, actor=by, person=row, before={"rights": before}, after={"rights": wanted})
    services.end_sessions(row)
    services.settle(row)


def _tell(row: User, rights: list[str], by: User) -> None:
    """Also who can't log in any more: it says so."""
    if row.blocked:
        return
    with translation.override(row.language or settings.LANGUAGE_CODE):
        context: dict[str, object] = {
            "who": str(by),
            "rights": staff_rights_words(rights) if rights else "",
            "can_log_in": row.is_active,
            "url": settings.BASE_URL + reverse("login"),
            "support": settings.SUPPORT,
        }
        message_id = f"staff-{uuid.uuid4()}"
        composed("emails/staff_rights", context, to=row, message_id=message_id, is_farewell=not row.is_active).send()
