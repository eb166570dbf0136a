"""The only writers of memberships and of guardian's rows: both change in one transaction, or neither.

They keep what must hold whoever asks: a clinic keeps its last main user, an account its owner, and nobody is left
without an approver unasked. Whether the person who asks may do so is `access.check_may_grant` and the like.
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from permissions import access
from permissions.events import record
from permissions.models import Account, Clinic, ClinicUserPermission, Membership, User
from permissions.models.events import AccessAction
from permissions.roles import ROLE_FUNCTIONS, ClinicPermission, Function, Role, functions_open_to, permissions_of

APPROVING = frozenset({ClinicPermission.APPROVE_ORDER, ClinicPermission.PLACE_ORDER})


class AccessUnchanged(Exception):
    """Nothing was changed. The text says why, and what to do, in the reader's language."""


class LastApprover(AccessUnchanged):
    """Somebody's orders could be approved by nobody any more. Confirm, or appoint another first."""


class LastMainUser(AccessUnchanged):
    """The clinic would have no main user. No confirmation helps; appoint another first."""


class OwnerStays(AccessUnchanged):
    """The account's owner is main user of all its clinics. The ownership is handed over first."""


@transaction.atomic
def membership_grant(
    *,
    user: User,
    clinic: Clinic,
    role: str,
    functions: Iterable[str] | None = None,
    granted_by: User | None = None,
    confirmed: bool = False,
    is_active: bool = True,
) -> Membership:
    """Give `user` the role at the clinic, whatever it was before.

    `functions` are those that are on; None keeps them while the role stays, else takes the role's usual ones.
    Raises LastMainUser, OwnerStays, and LastApprover unless `confirmed`.
    """
    role = Role(role)
    # The clinic's row is the lock: two changes of one person's role can't interleave.
    clinic = Clinic.objects.select_for_update(of=("self",)).select_related("account").get(pk=clinic.pk)
    membership = Membership.objects.filter(user=user, clinic=clinic).first()
    before = _state(membership)
    wanted = _functions(membership, role, functions)
    held = permissions_of(role, wanted) if is_active else frozenset()
    if membership is not None:
        if role != Role.MAIN_USER or not is_active:
            _refuse_last_main_user(membership)
        if not confirmed and not held >= APPROVING:
            _refuse_last_approver(user, clinic, stays=bool(held))
    else:
        membership = Membership(user=user, clinic=clinic)
    membership.role, membership.functions, membership.is_active = role, wanted, is_active
    after = _state(membership)
    if before != after:
        membership.save()
    make_rows_equal(user, clinic, held)
    if before != after:
        action = AccessAction.CHANGE if before else AccessAction.GRANT
        record(action, actor=granted_by, person=user, clinic=clinic, before=before, after=after)
        _settle(user)
    return membership


@transaction.atomic
def membership_revoke(*, user: User, clinic: Clinic, revoked_by: User | None = None, confirmed: bool = False) -> None:
    """Take all rights at the clinic from `user`; twice does no harm.

    Raises LastMainUser, OwnerStays, and LastApprover unless `confirmed`.
    """
    clinic = Clinic.objects.select_for_update(of=("self",)).select_related("account").get(pk=clinic.pk)
    membership = Membership.objects.filter(user=user, clinic=clinic).first()
    if membership is not None:
        _refuse_last_main_user(membership)
        if not confirmed:
            _refuse_last_approver(user, clinic)
        before = _state(membership)
        membership.delete()
        record(AccessAction.REVOKE, actor=revoked_by, person=user, clinic=clinic, before=before)
        _settle(user, may_open=False)
        if not membership.is_active:
            _settle(user)  # who was inactive here alone could never be invited again
    make_rows_equal(user, clinic, frozenset())


@transaction.atomic
def set_inactive(
    *, user: User, clinics: Collection[Clinic], by: User | None = None, confirmed: bool = False
) -> list[Clinic]:
    """Take every right at these clinics, keep role and functions for later, and end the person's sessions at once.

    Who is active nowhere any more can't log in. Returns the clinics where something changed.
    Raises LastMainUser, OwnerStays, and LastApprover unless `confirmed`.
    """
    changed = []
    for membership in _locked_memberships(user, clinics):
        if not membership.is_active:
            continue
        _refuse_last_main_user(membership)
        if not confirmed:
            _refuse_last_approver(user, membership.clinic)
        membership.is_active = False
        membership.save(update_fields=["is_active", "changed"])
        make_rows_equal(user, membership.clinic, frozenset())
        record(AccessAction.INACTIVATE, actor=by, person=user, clinic=membership.clinic)
        changed.append(membership.clinic)
    if changed:
        end_sessions(user)
        _settle(user)
    return changed


@transaction.atomic
def set_active(*, user: User, clinics: Collection[Clinic], by: User | None = None) -> list[Clinic]:
    """Give back what the person had at these clinics. Who is blocked by the supplier stays out until that is lifted."""
    changed = []
    for membership in _locked_memberships(user, clinics):
        if membership.is_active:
            continue
        membership.is_active = True
        membership.save(update_fields=["is_active", "changed"])
        make_rows_equal(user, membership.clinic, membership.permissions)
        record(AccessAction.ACTIVATE, actor=by, person=user, clinic=membership.clinic)
        changed.append(membership.clinic)
    if changed:
        _settle(user)
    return changed


@transaction.atomic
def block(*, user: User, by: User, reason: str) -> None:
    """The supplier shuts a person out everywhere, sessions and links included. Memberships stay as they are."""
    User.objects.filter(pk=user.pk).update(blocked=timezone.now())
    end_sessions(user)
    _settle(user)
    record(AccessAction.BLOCK, actor=by, person=user, reason=reason)


@transaction.atomic
def unblock(*, user: User, by: User, reason: str = "") -> None:
    User.objects.filter(pk=user.pk).update(blocked=None)
    _settle(user)
    record(AccessAction.UNBLOCK, actor=by, person=user, reason=reason)


def end_sessions(user: User) -> None:
    """Every session and every mailed link of this person is worthless from the commit on, on every server."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])


def _settle(user: User, *, may_open: bool = True) -> None:
    """Who is blocked, or was set inactive at every clinic, can't log in; staff and editors only when blocked.

    To take something away (`may_open` False) lets nobody in who was out.
    """
    # Rows that only point at the person don't wait: two who change each other would wait in a circle.
    row = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    memberships = Membership.objects.filter(user=row)
    works_here = row.is_staff or row.groups.exists()
    somewhere = works_here or not memberships.exists() or memberships.filter(is_active=True).exists()
    row.is_active = user.is_active = row.blocked is None and somewhere and (may_open or row.is_active)
    row.save(update_fields=["is_active"])


def _locked_memberships(user: User, clinics: Iterable[Clinic]) -> list[Membership]:
    """In one order for everybody, so that two who change several clinics at once can't wait for each other."""
    ids = [clinic.pk for clinic in clinics]
    locked = Clinic.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    found = {clinic.pk: clinic for clinic in locked.select_related("account")}
    memberships = list(Membership.objects.filter(user=user, clinic__in=found).order_by("clinic_id"))
    for membership in memberships:
        membership.clinic = found[membership.clinic_id]
    return memberships


def _functions(membership: Membership | None, role: Role, functions: Iterable[str] | None) -> list[str]:
    if role == Role.MAIN_USER:
        return list(Function)
    if functions is None:
        functions = membership.functions if membership and membership.role == role else ROLE_FUNCTIONS[role]
    wanted = set(functions)
    return [str(function) for function in functions_open_to(role) if function in wanted]


def _state(membership: Membership | None) -> dict:
    """As the history keeps it."""
    if membership is None or membership.role == "":
        return {}
    return {
        "role": str(membership.role),
        "functions": [str(function) for function in membership.functions],
        "is_active": membership.is_active,
    }


def main_users_left(clinic: Clinic, without: User | None = None) -> list[User]:
    """Active main users of the clinic, but for one."""
    people = User.objects.filter(
        is_active=True, memberships__clinic=clinic, memberships__role=Role.MAIN_USER, memberships__is_active=True
    )
    return [user for user in people.order_by("pk") if user != without]


def _refuse_last_main_user(membership: Membership) -> None:
    """Before the membership ends, loses the role or is set inactive."""
    user, clinic = membership.user, membership.clinic
    if membership.role != Role.MAIN_USER or not membership.is_active:
        return
    # Asked now: while this waited for the clinic's lock, the ownership may have moved.
    if Account.objects.filter(pk=clinic.account_id, owner=user).exists():
        text = _("%(user)s is the owner of the account. Hand the ownership over first.")
        raise OwnerStays(text % {"user": user})
    if not main_users_left(clinic, without=user):
        text = _("%(user)s is the last main user of %(clinic)s. Make somebody else main user first.")
        raise LastMainUser(text % {"user": user, "clinic": clinic.name})


def approvers_left(clinic: Clinic, without: User | None = None) -> list[User]:
    """Active people who may approve and send the clinic's orders, but for one. Ask before somebody is set inactive."""
    sending = access.people_with(ClinicPermission.PLACE_ORDER, clinic).order_by().values("pk")
    able = access.people_with(ClinicPermission.APPROVE_ORDER, clinic).filter(pk__in=sending)
    return [user for user in able if user != without]


def stranded(clinic: Clinic, without: User | None = None) -> list[User]:
    """Members who need approval for their orders and have nobody to give it, once one person is gone."""
    approvers = approvers_left(clinic, without)
    preparing = [user for user in access.people_with(ClinicPermission.PREPARE_ORDER, clinic) if user != without]
    managing = set(access.people_with(ClinicPermission.MANAGE_CLINIC, clinic))
    alone = [user for user in preparing if not set(approvers) - {user}]
    return [user for user in alone if user not in approvers or _limit_holds(clinic, user in managing)]


def _limit_holds(clinic: Clinic, manages: bool) -> bool:
    return clinic.approval_limit is not None and not manages


def _refuse_last_approver(user: User, clinic: Clinic, *, stays: bool = False) -> None:
    """Only where this very change leaves somebody alone: a member, or the person who `stays` without the right."""
    if user not in approvers_left(clinic):
        return
    alone = set(stranded(clinic, without=user)) - set(stranded(clinic))
    if stays and not approvers_left(clinic, without=user):
        alone.add(user)
    if alone:
        words = {"user": user, "clinic": clinic.name, "people": ", ".join(sorted(map(str, alone)))}
        raise LastApprover(
            _("%(user)s is the last who approves orders at %(clinic)s. Nobody could approve what %(people)s submit.")
            % words
        )


def make_rows_equal(user: User, clinic: Clinic, wanted: frozenset[str]) -> None:
    """guardian's rows of a person at a clinic, whose row the caller has locked."""
    rows = ClinicUserPermission.objects.filter(user=user, content_object=clinic)
    present = set(rows.values_list("permission__codename", flat=True))
    for codename in sorted(wanted - present):
        assign_perm(codename, user, clinic)
    for codename in sorted(present - wanted):
        remove_perm(codename, user, clinic)


def clinics_of(account: Account) -> list[Clinic]:
    return list(account.clinics.filter(is_active=True).order_by("name", "customer_number"))
