"""Who manages a clinic and who approves there, read for many clinics at once, and what must not be taken from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from permissions.models import Account, Clinic, ClinicUserPermission, Membership, User
from permissions.roles import ClinicPermission, Role


class AccessUnchanged(Exception):
    """Nothing was changed. The text says why, and what to do, in the reader's language."""


class LastApprover(AccessUnchanged):
    """Somebody's orders could be approved by nobody any more. Confirm, or appoint another first."""


class LastMainUser(AccessUnchanged):
    """The clinic would have no main user. No confirmation helps; appoint another first."""


class OwnerStays(AccessUnchanged):
    """The account's owner is main user of all its clinics. The ownership is handed over first."""


class WorksForSupplier(AccessUnchanged):
    """Nobody is both: who helps every customer decides for none."""


@dataclass(frozen=True)
class Staffing:
    """The active people of one clinic, by their ids."""

    clinic: Clinic
    owner: int | None
    main_users: frozenset[int]
    holders: Mapping[str, frozenset[int]]  # by permission; of a closed clinic nobody holds any

    def approvers(self, without: int | None = None) -> frozenset[int]:
        """Who may approve and send, but for one."""
        held = self._holders(ClinicPermission.APPROVE_ORDER) & self._holders(ClinicPermission.PLACE_ORDER)
        return held - {without}

    def stranded(self, without: int | None = None) -> frozenset[int]:
        """Who needs approval for their orders and has nobody to give it, once one person is gone."""
        approvers = self.approvers(without)
        preparing = self._holders(ClinicPermission.PREPARE_ORDER) - {without}
        alone = {person for person in preparing if not approvers - {person}}
        return frozenset(person for person in alone if person not in approvers or self._limit_holds(person))

    def refuse_last_main_user(self, user: User) -> None:
        """Before a main user loses the role here or is set inactive."""
        if user.pk == self.owner:
            text = _("%(user)s is the owner of the account. Hand the ownership over first.")
            raise OwnerStays(text % {"user": user})
        if not self.main_users - {user.pk}:
            text = _("%(user)s is the last main user of %(clinic)s. Make somebody else main user first.")
            raise LastMainUser(text % {"user": user, "clinic": self.clinic.name})

    def refuse_last_approver(self, user: User, *, stays: bool = False) -> None:
        """Only where this very change leaves somebody alone: a member, or the person who `stays` without the right."""
        if user.pk not in self.approvers():
            return
        alone = self.stranded(without=user.pk) - self.stranded()
        if stays and not self.approvers(without=user.pk):
            alone |= {user.pk}
        if alone:
            people = ", ".join(sorted(str(person) for person in User.objects.filter(pk__in=alone)))
            text = _(
                "%(user)s is the last who approves orders at %(clinic)s. Nobody could approve what %(people)s submit."
            )
            raise LastApprover(text % {"user": user, "clinic": self.clinic.name, "people": people})

    def _holders(self, permission: str) -> frozenset[int]:
        return self.holders.get(permission, frozenset())

    def _limit_holds(self, person: int) -> bool:
        return self.clinic.approval_limit is not None and person not in self._holders(ClinicPermission.MANAGE_CLINIC)


def staffing_of(clinics: Iterable[Clinic]) -> dict[UUID, Staffing]:
    """In three queries. Before a change, ask it after the clinics' rows are locked: only then it stays true."""
    found = {clinic.pk: clinic for clinic in clinics}
    rows = ClinicUserPermission.objects.filter(
        content_object__in=found, content_object__is_active=True, user__is_active=True
    )
    holders: dict[UUID, dict[str, set[int]]] = {pk: {} for pk in found}
    for clinic, permission, user in rows.values_list("content_object_id", "permission__codename", "user_id"):
        holders[clinic].setdefault(permission, set()).add(user)
    managing = Membership.objects.filter(
        clinic__in=found, role=Role.MAIN_USER, is_active=True, user__is_active=True
    ).values_list("clinic_id", "user_id")
    main_users: dict[UUID, set[int]] = {pk: set() for pk in found}
    for clinic, user in managing:
        main_users[clinic].add(user)
    accounts = {clinic.account_id for clinic in found.values()}
    owners = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "owner_id"))
    return {
        pk: Staffing(
            clinic=clinic,
            owner=owners[clinic.account_id],
            main_users=frozenset(main_users[pk]),
            holders={permission: frozenset(people) for permission, people in holders[pk].items()},
        )
        for pk, clinic in found.items()
    }


def main_users_left(clinic: Clinic, without: User | None = None) -> list[User]:
    """Active main users of the clinic, but for one."""
    return _people(staffing_of([clinic])[clinic.pk].main_users - {without.pk if without else None})


def approvers_left(clinic: Clinic, without: User | None = None) -> list[User]:
    """Active people who may approve and send the clinic's orders, but for one. Ask before somebody is set inactive."""
    return _people(staffing_of([clinic])[clinic.pk].approvers(without.pk if without else None))


def stranded(clinic: Clinic, without: User | None = None) -> list[User]:
    """Members who need approval for their orders and have nobody to give it, once one person is gone."""
    return _people(staffing_of([clinic])[clinic.pk].stranded(without.pk if without else None))


def _people(ids: Iterable[int | None]) -> list[User]:
    return list(User.objects.filter(pk__in=ids).order_by("pk"))
