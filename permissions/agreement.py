"""Whether guardian's rows say what the memberships say, and how to mend them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from permissions.events import record
from permissions.locking import lock_clinics
from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.models.events import AccessAction
from permissions.services import make_rows_equal


@dataclass(frozen=True)
class Disagreement:
    """A person at a clinic whose guardian rows are not what role and functions say."""

    user_id: int
    clinic_id: str
    missing: frozenset[str]
    surplus: frozenset[str]


def find_disagreements() -> Iterator[Disagreement]:
    """Compare every membership with guardian's rows, in two queries."""
    wanted: dict[tuple, frozenset[str]] = {
        (membership.user_id, membership.clinic_id): membership.permissions
        for membership in Membership.objects.only("user_id", "clinic_id", "role", "functions", "is_active").iterator()
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
def repair(disagreement: Disagreement) -> bool:
    """Make guardian's rows what the membership says now, which may have changed since the comparison.

    The history keeps what was held and what is held now. False when both agreed already.
    """
    (clinic,) = lock_clinics(Clinic.objects.filter(pk=disagreement.clinic_id))
    user = User.objects.get(pk=disagreement.user_id)
    membership = Membership.objects.filter(user=user, clinic=clinic).first()
    wanted = membership.permissions if membership else frozenset[str]()
    rows = ClinicUserPermission.objects.filter(user=user, content_object=clinic)
    held = frozenset(rows.values_list("permission__codename", flat=True))
    if held == wanted:
        return False
    make_rows_equal(user, {clinic.pk: wanted})
    before, after = ({"permissions": sorted(codenames)} for codenames in (held, wanted))
    record(AccessAction.REPAIR, actor=None, person=user, clinic=clinic, before=before, after=after)
    return True
