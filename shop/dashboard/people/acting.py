"""What customer service changes for a person. Each function asks first whether they may, and writes the history.

The owners of the person's accounts read it there: whoever is helped is theirs.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from permissions import services
from permissions.events import record_for_owners
from permissions.locking import lock_clinic
from permissions.log_in import lock, mails, second_factor, sessions
from permissions.models import Clinic, Membership, User
from permissions.models.events import AccessAction
from permissions.services import AccessUnchanged
from permissions.throttle import allow
from permissions.users import mail
from shop.dashboard.people.limits import LINKS, WITHIN, refusal

DETAILS = ("first_name", "last_name", "phone_number", "language")


class Taken(AccessUnchanged):
    """Somebody else has this e-mail address."""


def _require(by: User, person: User) -> None:
    if problem := refusal(by, person):
        raise PermissionDenied(problem)


def lock_pair(by: User, person: User) -> tuple[User, User]:
    """Both rows as they are now, which stay so until the commit.

    Of two administrators who shut each other out at the same moment the second is none any more: one is always left.
    """
    rows = User.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[by.pk, person.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    _require(found[by.pk], found[person.pk])
    return found[by.pk], found[person.pk]


def _lock_person(by: User, person: User) -> User:
    return lock_pair(by, person)[1]


def _lock_clinic(by: User, person: User, clinic: Clinic) -> Clinic:
    """A clinic before its people: as everybody else does who changes a membership."""
    row = lock_clinic(clinic)
    _require(by, User.objects.get(pk=person.pk))
    return row


@transaction.atomic
def change_details(*, by: User, person: User, values: dict[str, object], reason: str = "") -> list[str]:
    """Name, phone, language and e-mail. The history says which, not what they are. Returns what was changed.

    A new e-mail is a new log-in: it wants a reason, is told to the old address, and ends sessions and mailed links.
    Raises Taken.
    """
    row = _lock_person(by, person)
    old = row.email
    values = {**values, "email": User.objects.normalize_email(str(values.get("email", old)))}
    changed = [name for name in (*DETAILS, "email") if name in values and getattr(row, name) != values[name]]
    if not changed:
        return []
    if "email" in changed and not reason:
        raise PermissionDenied(_("A new e-mail address wants a reason."))
    for name in changed:
        setattr(row, name, values[name])
    try:
        with transaction.atomic():
            row.save(update_fields=changed)
    except IntegrityError:
        raise Taken(_("Somebody else has this e-mail address.")) from None
    record_for_owners(AccessAction.DETAILS, actor=by, person=row, after={"fields": changed}, reason=reason)
    if "email" in changed:
        lock.move_failures(old, row.email)
        services.end_sessions(row)
        sessions.forget_sessions(row)
        mails.tell_of_new_address(row, old)
    return changed


@transaction.atomic
def send_link(*, by: User, person: User) -> None:
    """A link to choose a password. Raises AccessUnchanged for who may not log in, and when there were many."""
    row = _lock_person(by, person)
    if not allow("staff_link", str(row.pk), limit=LINKS, within=WITHIN):
        raise AccessUnchanged(_("%(count)s links were sent within the hour. Wait a while.") % {"count": LINKS})
    if not mails.mail_link(row):
        text = _("%(person)s can't log in at the moment, so no link was sent. Lift the block or give access first.")
        raise AccessUnchanged(text % {"person": row})
    record_for_owners(AccessAction.RESEND, actor=by, person=row)


@transaction.atomic
def unlock(*, by: User, person: User) -> bool:
    """False when the log-in was not locked."""
    return lock.unlock(_lock_person(by, person), by)


@transaction.atomic
def block(*, by: User, person: User, reason: str) -> None:
    row = _lock_person(by, person)
    if row.blocked:
        raise AccessUnchanged(_("%(person)s is blocked already.") % {"person": row})
    services.block(user=row, by=by, reason=reason)
    sessions.forget_sessions(row)


@transaction.atomic
def unblock(*, by: User, person: User, reason: str) -> None:
    row = _lock_person(by, person)
    if not row.blocked:
        raise AccessUnchanged(_("%(person)s is not blocked.") % {"person": row})
    services.unblock(user=row, by=by, reason=reason)


@transaction.atomic
def end_sessions(*, by: User, person: User) -> None:
    row = _lock_person(by, person)
    services.end_sessions(row)
    sessions.forget_sessions(row)
    record_for_owners(AccessAction.SESSIONS, actor=by, person=row)


@transaction.atomic
def reset_factor(*, by: User, person: User, reason: str) -> bool:
    """False when there was none."""
    row = _lock_person(by, person)
    done = second_factor.reset(row, by, reason)
    sessions.forget_sessions(row)
    return done


@transaction.atomic
def give_role(
    *, by: User, person: User, clinic: Clinic, role: str, functions: Iterable[str], confirmed: bool = False
) -> bool:
    """Role and functions at any open clinic; who is inactive there stays so. False when it was so already.

    Raises LastMainUser, OwnerStays, and LastApprover unless `confirmed`.
    """
    clinic = _lock_clinic(by, person, clinic)
    if not clinic.is_active:
        raise AccessUnchanged(_("%(clinic)s is closed.") % {"clinic": clinic.name})
    before = Membership.objects.filter(user=person, clinic=clinic).first()
    after = services.membership_grant(
        user=person,
        clinic=clinic,
        role=role,
        functions=functions,
        granted_by=by,
        confirmed=confirmed,
        is_active=before.is_active if before else True,
    )
    if before and (before.role, before.functions) == (after.role, after.functions):
        return False
    if after.is_active:
        (mail.tell_changed if before else mail.tell_given)(person, [after], by)
    return True


@transaction.atomic
def take_role(*, by: User, person: User, clinic: Clinic, confirmed: bool = False) -> None:
    """Raises LastMainUser, OwnerStays, LastApprover unless `confirmed`, and Http404 for who has no role there."""
    clinic = _lock_clinic(by, person, clinic)
    before = Membership.objects.filter(user=person, clinic=clinic).first()
    if before is None:
        raise Http404
    services.membership_revoke(user=person, clinic=clinic, revoked_by=by, confirmed=confirmed)
    if before.is_active:
        mail.tell_taken(person, [clinic], by)


@transaction.atomic
def set_status(*, by: User, person: User, clinic: Clinic, active: bool, confirmed: bool = False) -> None:
    """Active or inactive at one clinic. Raises LastMainUser, OwnerStays, and LastApprover unless `confirmed`."""
    clinic = _lock_clinic(by, person, clinic)
    if not Membership.objects.filter(user=person, clinic=clinic).exists():
        raise Http404
    if active:
        services.set_active(user=person, clinics=[clinic], by=by)
        mail.tell_given(person, list(Membership.objects.filter(user=person, clinic=clinic, is_active=True)), by)
        return
    changed = services.set_inactive(user=person, clinics=[clinic], by=by, confirmed=confirmed)
    mail.tell_taken(person, changed, by, inactive=True)
