"""The only writers of memberships and of guardian's rows: both change in one transaction, or neither."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm
from wagtail.log_actions import log

from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.roles import ROLE_PERMISSIONS, Role


@transaction.atomic
def membership_grant(*, user: User, clinic: Clinic, role: str, granted_by: User | None = None) -> Membership:
    """Give `user` the role at the clinic, whatever it was before."""
    role = Role(role)
    # The clinic's row is the lock: two changes of one person's role can't interleave.
    Clinic.objects.select_for_update(of=("self",)).get(pk=clinic.pk)
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
def membership_revoke(*, user: User, clinic: Clinic, revoked_by: User | None = None) -> None:
    """Take all rights at the clinic from `user`. Doing it twice does no harm."""
    Clinic.objects.select_for_update(of=("self",)).get(pk=clinic.pk)
    deleted, _rows = Membership.objects.filter(user=user, clinic=clinic).delete()
    _make_rows_equal(user, clinic, frozenset())
    if deleted:
        _record("permissions.revoke", clinic, revoked_by, user)


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
