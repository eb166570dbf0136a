"""The only writers of memberships and of guardian's rows: both change in one transaction, or neither."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm
from wagtail.log_actions import log

from permissions import access
from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.roles import ROLE_PERMISSIONS, ClinicPermission, Role

APPROVING = frozenset({ClinicPermission.APPROVE_ORDER, ClinicPermission.PLACE_ORDER})


class LastApprover(Exception):
    """Nothing was changed: somebody's orders could be approved by nobody any more. Confirm, or appoint another first.

    The text says so in the reader's language.
    """


@transaction.atomic
def membership_grant(
    *, user: User, clinic: Clinic, role: str, granted_by: User | None = None, confirmed: bool = False
) -> Membership:
    """Give `user` the role at the clinic, whatever it was before. Raises LastApprover unless `confirmed`."""
    role = Role(role)
    # The clinic's row is the lock: two changes of one person's role can't interleave.
    Clinic.objects.select_for_update(of=("self",)).get(pk=clinic.pk)
    if not confirmed and not ROLE_PERMISSIONS[role] >= APPROVING:
        _refuse_last_approver(user, clinic, stays=True)
    membership, created = Membership.objects.get_or_create(user=user, clinic=clinic, defaults={"role": role})
    before = None if created else membership.role
    if before != role:
        membership.role = role
        membership.save(update_fields=["role", "changed"])
    _make_rows_equal(user, clinic, ROLE_PERMISSIONS[role])
    if before != role:
        _record("permissions.grant", clinic, granted_by, user, role=role.value, role_before=before)
    return membership


@transaction.atomic
def membership_revoke(*, user: User, clinic: Clinic, revoked_by: User | None = None, confirmed: bool = False) -> None:
    """Take all rights at the clinic from `user`; twice does no harm. Raises LastApprover unless `confirmed`."""
    Clinic.objects.select_for_update(of=("self",)).get(pk=clinic.pk)
    if not confirmed:
        _refuse_last_approver(user, clinic)
    deleted, _rows = Membership.objects.filter(user=user, clinic=clinic).delete()
    _make_rows_equal(user, clinic, frozenset())
    if deleted:
        _record("permissions.revoke", clinic, revoked_by, user)


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


def _make_rows_equal(user: User, clinic: Clinic, wanted: frozenset[str]) -> None:
    rows = ClinicUserPermission.objects.filter(user=user, content_object=clinic)
    present = set(rows.values_list("permission__codename", flat=True))
    for codename in sorted(wanted - present):
        assign_perm(codename, user, clinic)
    for codename in sorted(present - wanted):
        remove_perm(codename, user, clinic)


def _record(action: str, clinic: Clinic, actor: User | None, user: User, **data: str | None) -> None:
    log(instance=clinic, action=action, user=actor, data={"user": user.pk, **data})


@dataclass(frozen=True)
class Disagreement:
    """A person at a clinic whose guardian rows are not what the role says."""

    user_id: int
    clinic_id: str
    missing: frozenset[str]
    surplus: frozenset[str]


def find_disagreements() -> Iterator[Disagreement]:
    """Compare every membership with guardian's rows, in two queries."""
    wanted: dict[tuple, frozenset[str]] = {
        (user_id, clinic_id): ROLE_PERMISSIONS[role]
        for user_id, clinic_id, role in Membership.objects.values_list("user_id", "clinic_id", "role")
    }
    present: dict[tuple, set[str]] = {}
    rows = ClinicUserPermission.objects.values_list("user_id", "content_object_id", "permission__codename")
    for user_id, clinic_id, codename in rows.iterator():
        present.setdefault((user_id, clinic_id), set()).add(codename)
    for key in sorted(wanted.keys() | present.keys(), key=str):
        should, have = wanted.get(key, frozenset()), frozenset(present.get(key, ()))
        if should != have:
            yield Disagreement(key[0], key[1], should - have, have - should)


@transaction.atomic
def repair(disagreement: Disagreement) -> None:
    """Make guardian's rows what the membership says now (it may have changed since the comparison)."""
    clinic = Clinic.objects.select_for_update(of=("self",)).get(pk=disagreement.clinic_id)
    user = User.objects.get(pk=disagreement.user_id)
    membership = Membership.objects.filter(user=user, clinic=clinic).first()
    _make_rows_equal(user, clinic, ROLE_PERMISSIONS[membership.role] if membership else frozenset())
    _record("permissions.repair", clinic, None, user)
