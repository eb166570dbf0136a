"""Looks at the portal as a customer: who may look as whom, how a look begins and ends, what the history keeps of it.

A look changes nothing: the middleware refuses whatever is no plain reading, and patients stay hidden (`access._rows`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions import access
from permissions.events import record
from permissions.impersonation import mails
from permissions.models import AccessEvent, Account, Clinic, Impersonation, User
from permissions.models.events import AccessAction

LASTS = timedelta(minutes=60)
RIGHT = "permissions.add_impersonation"


class WhyEnded(TextChoices):
    ASKED = "asked", gettext_lazy("You ended it.")
    LOG_OUT = "log_out", gettext_lazy("You logged out.")
    ANOTHER = "another", gettext_lazy("It has been ended already.")
    TIME = "time", gettext_lazy("The 60 minutes are over.")
    RIGHT = "right", gettext_lazy("You may no longer see the portal as a customer.")
    PERSON = "person", gettext_lazy("This person can no longer log in, or is no longer a customer.")


BY_STAFF = (WhyEnded.ASKED, WhyEnded.LOG_OUT, WhyEnded.ANOTHER)


@dataclass(frozen=True)
class Look:
    """An open look, as the request and the banner know it."""

    row: Impersonation
    # The clinic that customer service chose to look at; what the person chose themselves stays as it is.
    clinic_id: str

    @property
    def ends(self) -> datetime:
        return self.row.started + LASTS

    @property
    def minutes_left(self) -> int:
        """Rounded up: the last minute is shown as one."""
        return max(0, -((timezone.now() - self.ends) // timedelta(minutes=1)))

    @property
    def language(self) -> str:
        """What is said to who looks is said in their language, not the customer's."""
        return self.row.staff.language or settings.LANGUAGE_CODE


def staff_problem(staff: User) -> str:
    """Why this person may not look as anybody, in words; "" when they may."""
    if staff.is_active and staff.is_staff and staff.has_perm(RIGHT):
        return ""
    return _("Only customer service with the right to it sees the portal as a customer.")


def person_problem(person: User) -> str:
    """Why nobody may look as this person, in words; "" when customer service may."""
    works_for_us = person.is_staff or person.is_superuser or person.groups.exists()
    if works_for_us or person.has_perm("wagtailadmin.access_admin"):
        return _("%(person)s works for the supplier. Only customers can be looked as.") % {"person": person}
    if not person.is_active or person.blocked:
        return _("%(person)s can't log in at the moment, so there is nothing to see as them.") % {"person": person}
    if not access.clinic_ids(person).exists():
        return _("%(person)s belongs to no clinic, so there is nothing to see as them.") % {"person": person}
    return ""


def clinics_of(person: User) -> QuerySet[Clinic]:
    return Clinic.objects.visible_to(person).select_related("account__owner").order_by("name", "customer_number")


@transaction.atomic
def begin(*, staff: User, person: User, clinic: Clinic, reason: str) -> Impersonation:
    """Open a look at the account of one of the person's clinics, and tell its owner, who reads the reason.

    Another account of the person's hears nothing of it, and nothing of it is shown. Raises PermissionDenied in words.
    """
    # The lock: one look at a time, however many windows are open.
    staff = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff.pk)
    person = User.objects.get(pk=person.pk)
    if problem := staff_problem(staff) or person_problem(person):
        raise PermissionDenied(problem)
    account = get_object_or_404(clinics_of(person), pk=clinic.pk).account
    for earlier in Impersonation.objects.filter(staff=staff, ended=None).select_related("staff", "person"):
        end(earlier, WhyEnded.ANOTHER)
    look = Impersonation.objects.create(staff=staff, person=person, reason=reason)
    _record(AccessAction.LOOK_BEGUN, look, account, actor=staff, reason=reason)
    mails.tell_owner(look, account, ends=look.started + LASTS)
    return look


@transaction.atomic
def end(look: Impersonation, why: WhyEnded) -> bool:
    """False when it had been ended already: by another window, another server, or the clock."""
    if not Impersonation.objects.filter(pk=look.pk, ended=None).update(ended=timezone.now()):
        return False
    begun = AccessEvent.objects.filter(person=look.person_id, action=AccessAction.LOOK_BEGUN, after__look=str(look.pk))
    actor = look.staff if why in BY_STAFF else None
    for account in Account.objects.filter(pk__in=begun.values("account_id")):
        _record(AccessAction.LOOK_ENDED, look, account, actor=actor, why=why)
    return True


def record_page(look: Look, path: str, clinic: Clinic | None) -> None:
    """One page that was shown: its address without what was searched for."""
    account = clinic.account if clinic else None  # without one there is nothing of a customer's on the page
    _record(AccessAction.LOOKED, look.row, account, actor=look.row.staff, path=path)


def _record(
    action: AccessAction,
    look: Impersonation,
    account: Account | None,
    *,
    actor: User | None,
    reason: str = "",
    **more: str,
) -> None:
    """Of the account, not of a clinic: its owner reads it, as the mail goes to the owner."""
    after = {"look": str(look.pk), **more}
    record(action, actor=actor, person=look.person, account=account, after=after, reason=reason)


def why_over(look: Impersonation | None, user) -> WhyEnded | None:
    """Why the look that a session carries is over for who has logged in; None while it goes on."""
    if look is None:
        return WhyEnded.ANOTHER
    if user.pk != look.staff_id:
        return WhyEnded.RIGHT if staff_problem(look.staff) else WhyEnded.LOG_OUT
    if look.ended is None and staff_problem(user):
        return WhyEnded.RIGHT
    if timezone.now() >= look.started + LASTS:
        return WhyEnded.TIME
    if look.ended is not None:
        return WhyEnded.ANOTHER
    return WhyEnded.PERSON if person_problem(look.person) else None


def end_overdue() -> int:
    """Looks whose browser never came back: their session expired, or who looked was shut out. For the clock."""
    ended = 0
    for look in Impersonation.objects.filter(ended=None).select_related("staff", "person"):
        why = why_over(look, look.staff)
        ended += why is not None and end(look, why)
    return ended
