"""The only writers of memberships and of guardian's rows: both change in one transaction, or neither.

They keep what must hold whoever asks: a clinic keeps its last main user, an account its owner, and nobody is left
without an approver unasked. Whether the person who asks may do so is `access.check_may_grant` and the like.
All of them work on many clinics at once, in queries that don't grow with their number: an account may have 2,000.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from permissions.events import record_at, record_for_owners
from permissions.locking import lock_clinics
from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.models.events import AccessAction
from permissions.roles import ROLE_FUNCTIONS, ClinicPermission, Function, Role, permissions_of, switched_on
from permissions.staff_rights import has_left
from permissions.staffing import (
    AccessUnchanged,
    LastApprover,
    LastMainUser,
    OwnerStays,
    Staffing,
    WorksForSupplier,
    staffing_of,
)

# What these functions raise.
__all__ = ["AccessUnchanged", "LastApprover", "LastMainUser", "OwnerStays", "WorksForSupplier"]

ROW = ("pk", "content_object_id", "permission__codename")
APPROVING = frozenset({ClinicPermission.APPROVE_ORDER, ClinicPermission.PLACE_ORDER})


def membership_grant(*, user: User, clinic: Clinic, role: str, **options) -> Membership:
    """`memberships_grant` at one clinic."""
    return memberships_grant(user=user, clinics=[clinic], role=role, **options)[0]


@transaction.atomic
def memberships_grant(
    *,
    user: User,
    clinics: Collection[Clinic],
    role: str,
    functions: Iterable[str] | None = None,
    granted_by: User | None = None,
    confirmed: bool = False,
    is_active: bool = True,
) -> list[Membership]:
    """Give `user` the role at the clinics, whatever it was before; memberships come in the order of the clinics' ids.

    `functions` are those that are on; None keeps them while the role stays, else takes the role's usual ones.
    Raises LastMainUser, OwnerStays, WorksForSupplier, and LastApprover unless `confirmed`.
    """
    role, functions = Role(role), None if functions is None else frozenset(functions)
    # The clinics' rows are the lock: two changes of one person's role can't interleave.
    locked = _locked(clinics)
    held = {membership.clinic_id: membership for membership in _memberships(user, locked)}
    if not held:
        _refuse_suppliers_own(user)
    before = {pk: _state(held.get(pk)) for pk in locked}
    on = {pk: _functions(held.get(pk), role, functions) for pk in locked}
    wanted = {pk: permissions_of(role, on[pk]) if is_active else frozenset() for pk in locked}
    stays_main_user = is_active and role == Role.MAIN_USER
    _refuse_to_lose(user, held.values(), wanted, stays_main_user=stays_main_user, confirmed=confirmed)
    memberships = [held.get(pk) or Membership(user=user, clinic=clinic) for pk, clinic in locked.items()]
    for membership in memberships:
        membership.role, membership.functions, membership.is_active = role, on[membership.clinic_id], is_active
    changed = [membership for membership in memberships if _state(membership) != before[membership.clinic_id]]
    _save(changed)
    make_rows_equal(user, wanted)
    given = {membership.clinic: (before[membership.clinic_id], _state(membership)) for membership in changed}
    for action, is_new in ((AccessAction.GRANT, True), (AccessAction.CHANGE, False)):
        told = {clinic: states for clinic, states in given.items() if is_new is (clinic.pk not in held)}
        record_at(told, action, actor=granted_by, person=user)
    if changed:
        settle(user)
    return memberships


def membership_revoke(*, user: User, clinic: Clinic, revoked_by: User | None = None, confirmed: bool = False) -> None:
    """`memberships_revoke` at one clinic."""
    memberships_revoke(user=user, clinics=[clinic], revoked_by=revoked_by, confirmed=confirmed)


@transaction.atomic
def memberships_revoke(
    *, user: User, clinics: Collection[Clinic], revoked_by: User | None = None, confirmed: bool = False
) -> None:
    """Take all rights at the clinics from `user`; twice does no harm.

    Raises LastMainUser, OwnerStays, and LastApprover unless `confirmed`.
    """
    locked = _locked(clinics)
    memberships = _memberships(user, locked)
    nothing = dict.fromkeys(locked, frozenset[str]())
    _refuse_to_lose(user, memberships, nothing, confirmed=confirmed)
    states = {membership.clinic: (_state(membership), {}) for membership in memberships}
    Membership.objects.filter(pk__in=[membership.pk for membership in memberships]).delete()
    make_rows_equal(user, nothing)
    record_at(states, AccessAction.REVOKE, actor=revoked_by, person=user)
    if memberships:
        settle(user, may_open=False)
    if any(not membership.is_active for membership in memberships):
        settle(user)  # who was inactive here alone could never be invited again


@transaction.atomic
def set_inactive(
    *, user: User, clinics: Collection[Clinic], by: User | None = None, confirmed: bool = False
) -> list[Clinic]:
    """Take every right at these clinics, keep role and functions for later, and end the person's sessions at once.

    Who is active nowhere any more can't log in. Returns the clinics where something changed.
    Raises LastMainUser, OwnerStays, and LastApprover unless `confirmed`.
    """
    locked = _locked(clinics)
    memberships = [membership for membership in _memberships(user, locked) if membership.is_active]
    _refuse_to_lose(user, memberships, dict.fromkeys(locked, frozenset()), confirmed=confirmed)
    changed = _switch(user, memberships, AccessAction.INACTIVATE, by, is_active=False)
    if changed:
        end_sessions(user)
        settle(user)
    return changed


@transaction.atomic
def set_active(*, user: User, clinics: Collection[Clinic], by: User | None = None) -> list[Clinic]:
    """Give back what the person had at these clinics. Who is blocked by the supplier stays out until that is lifted."""
    memberships = [membership for membership in _memberships(user, _locked(clinics)) if not membership.is_active]
    changed = _switch(user, memberships, AccessAction.ACTIVATE, by, is_active=True)
    if changed:
        settle(user)
    return changed


@transaction.atomic
def block(*, user: User, by: User, reason: str) -> None:
    """The supplier shuts a person out everywhere, sessions and links included. Memberships stay as they are."""
    User.objects.filter(pk=user.pk).update(blocked=timezone.now(), is_active=False)
    end_sessions(user)
    settle(user)
    _record_block(AccessAction.BLOCK, user, by, reason, is_blocked=True)


@transaction.atomic
def unblock(*, user: User, by: User, reason: str = "") -> None:
    User.objects.filter(pk=user.pk).update(blocked=None)
    settle(user)
    _record_block(AccessAction.UNBLOCK, user, by, reason, is_blocked=False)


def _record_block(action: AccessAction, user: User, by: User, reason: str, *, is_blocked: bool) -> None:
    states = {"before": {"blocked": not is_blocked}, "after": {"blocked": is_blocked}}
    record_for_owners(action, actor=by, person=user, reason=reason, **states)


def end_sessions(user: User) -> None:
    """Every session and every mailed link of this person is worthless from the commit on, on every server."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])


def make_rows_equal(user: User, wanted: Mapping[UUID, frozenset[str]]) -> None:
    """guardian's rows of a person at clinics (by id) whose rows the caller has locked.

    Written all at once: guardian's own functions ask three times for each.
    """
    rows = ClinicUserPermission.objects.filter(user=user, content_object__in=wanted)
    present = {(clinic, codename): pk for pk, clinic, codename in rows.values_list(*ROW)}
    gone = [pk for (clinic, codename), pk in present.items() if codename not in wanted[clinic]]
    if gone:
        _take(rows.filter(pk__in=gone))
    missing = [(clinic, name) for clinic, names in wanted.items() for name in names if (clinic, name) not in present]
    if missing:
        rights = Permission.objects.filter(content_type=ContentType.objects.get_for_model(Clinic))
        kinds = dict(rights.values_list("codename", "pk"))
        ClinicUserPermission.objects.bulk_create(
            ClinicUserPermission(user=user, content_object_id=clinic, permission_id=kinds[name])
            for clinic, name in missing
        )


def _take(rows: QuerySet[ClinicUserPermission]) -> None:
    rows.delete()


def settle(user: User, *, may_open: bool = True) -> None:
    """Who is blocked, or was set inactive at every clinic, can't log in; staff and editors only when blocked.

    Nor can who worked for the supplier, does no more, and has no role at a clinic.
    To take something away (`may_open` False) lets nobody in who was out.
    """
    # Rows that only point at the person don't wait: two who change each other would wait in a circle.
    row = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    memberships = Membership.objects.filter(user=row)
    somewhere = row.works_for_supplier or memberships.filter(is_active=True).exists()
    somewhere = somewhere or not (memberships.exists() or has_left(row))
    row.is_active = user.is_active = row.blocked is None and somewhere and (may_open or row.is_active)
    row.save(update_fields=["is_active"])


def _locked(clinics: Iterable[Clinic]) -> dict[UUID, Clinic]:
    return {clinic.pk: clinic for clinic in lock_clinics(clinics)}


def _memberships(user: User, clinics: Mapping[UUID, Clinic]) -> list[Membership]:
    memberships = list(Membership.objects.filter(user=user, clinic__in=clinics).order_by("clinic_id"))
    for membership in memberships:
        membership.user, membership.clinic = user, clinics[membership.clinic_id]
    return memberships


def _save(memberships: Iterable[Membership]) -> None:
    known = [membership for membership in memberships if membership.pk]
    for membership in known:
        membership.changed = timezone.now()
    Membership.objects.bulk_update(known, ["role", "functions", "is_active", "changed"], batch_size=500)
    Membership.objects.bulk_create(membership for membership in memberships if not membership.pk)


def _switch(
    user: User, memberships: Collection[Membership], action: AccessAction, by: User | None, *, is_active: bool
) -> list[Clinic]:
    before = {membership.clinic: _state(membership) for membership in memberships}
    for membership in memberships:
        membership.is_active = is_active
    _save(memberships)
    make_rows_equal(user, {membership.clinic_id: membership.permissions for membership in memberships})
    states = {membership.clinic: (before[membership.clinic], _state(membership)) for membership in memberships}
    record_at(states, action, actor=by, person=user)
    return list(states)


def _functions(membership: Membership | None, role: Role, functions: Iterable[str] | None) -> list[str]:
    if role == Role.MAIN_USER:
        return list(Function)
    if functions is None:
        functions = membership.functions if membership and membership.role == role else ROLE_FUNCTIONS[role]
    return switched_on(role, functions)


def _state(membership: Membership | None) -> dict:
    """As the history keeps it."""
    if membership is None:
        return {}
    return {
        "role": str(membership.role),
        "functions": [str(function) for function in membership.functions],
        "is_active": membership.is_active,
    }


def _refuse_to_lose(
    user: User,
    memberships: Iterable[Membership],
    left: Mapping[UUID, frozenset[str]],
    *,
    stays_main_user: bool = False,
    confirmed: bool,
) -> None:
    """`left` are the rights that the person keeps, by clinic."""
    memberships = list(memberships)
    staffing = staffing_of(membership.clinic for membership in memberships)
    for membership in memberships:
        there, rights = staffing[membership.clinic_id], left[membership.clinic_id]
        if not stays_main_user:
            _refuse_last_main_user(membership, there)
        if not confirmed and not rights >= APPROVING:
            there.refuse_last_approver(user, stays=bool(rights))


def _refuse_suppliers_own(user: User) -> None:
    """Before somebody's first role. Held: whoever is being made staff at this moment is so when this goes on."""
    if Membership.objects.filter(user=user).exists():
        return
    row = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    if row.works_for_supplier:
        text = _("%(user)s works for the supplier, and has no role at a clinic with the same e-mail address.")
        raise WorksForSupplier(text % {"user": row})


def _refuse_last_main_user(membership: Membership, staffing: Staffing) -> None:
    """Before the membership ends, loses the role or is set inactive."""
    if membership.role == Role.MAIN_USER and membership.is_active:
        staffing.refuse_last_main_user(membership.user)
