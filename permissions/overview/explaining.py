"""Why somebody may do something at a clinic, or may not.

The answer is read from what the guards read, guardian's rows; the reason from the membership and its history.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from permissions import access
from permissions.amounts import amount_words
from permissions.functions import allows
from permissions.log_in import lock, second_factor
from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.models.events import AccessAction
from permissions.overview.cells import ICONS, Mark, mark_of
from permissions.overview.deeds import Deed, Deeds
from permissions.roles import (
    FUNCTION_PERMISSIONS,
    ROLE_CEILING,
    ClinicPermission,
    Function,
    Role,
    functions_open_to,
)

CLINIC_RULES = "clinic_rules"


@dataclass(frozen=True)
class Verdict:
    """On one function. `deed` is who switched it; what came with the role came from whom gave that.

    `is_odd` when guardian's rows and the membership disagree.
    """

    code: str
    label: str | Promise
    icon: str
    mark: Mark
    allows: str | Promise
    reason: str
    deed: Deed | None = None
    is_odd: bool = False

    @property
    def is_allowed(self) -> bool:
        return self.mark is not Mark.NO


@dataclass(frozen=True)
class Obstacle:
    """Why the person may do nothing at all here, whatever role and switches say.

    One `at_the_log_in` takes no right: who is logged in works on, and who gets past it has all again.
    """

    reason: str
    deed: Deed | None = None
    since: datetime | None = None
    at_the_log_in: bool = False


@dataclass(frozen=True)
class Explanation:
    person: User
    clinic: Clinic
    membership: Membership | None
    role: Deed | None
    obstacles: list[Obstacle]
    verdicts: list[Verdict]

    @property
    def is_odd(self) -> bool:
        return any(verdict.is_odd for verdict in self.verdicts)

    @property
    def is_barred(self) -> bool:
        """One reason answers for all functions."""
        return any(not obstacle.at_the_log_in for obstacle in self.obstacles)


def explain(person: User, clinic: Clinic, *, for_staff: bool = False) -> Explanation:
    """Whoever calls has made sure that the reader may know it: see `people.find_cell`."""
    membership = Membership.objects.filter(user=person, clinic=clinic).first()
    rows = ClinicUserPermission.objects.filter(user=person, content_object=clinic)
    held = frozenset(rows.values_list("permission__codename", flat=True))
    deeds = Deeds(person, clinic, for_staff=for_staff)
    # What happens to somebody who is inactive here, or left, happens at another customer: staff alone read it.
    told = for_staff or (membership is not None and membership.is_active)
    obstacles = _obstacles(person, clinic, membership, deeds, of_log_in=told)
    works = clinic.is_active and (person.is_active or not told)
    barred = [obstacle for obstacle in obstacles if not obstacle.at_the_log_in]
    limit = _limit(person, clinic) if works and not barred else ""
    reasons = _Reasons(membership, held if works else frozenset(), held, deeds, barred, limit)
    verdicts = [reasons.verdict(function) for function in (*Function, CLINIC_RULES)]
    return Explanation(person, clinic, membership, deeds.role() if membership else None, obstacles, verdicts)


def _obstacles(
    person: User, clinic: Clinic, membership: Membership | None, deeds: Deeds, *, of_log_in: bool
) -> list[Obstacle]:
    names = {"person": person, "clinic": clinic.name}
    found = []
    if not clinic.is_active:
        found.append(Obstacle(_("%(clinic)s is closed. Nobody works for it in the portal.") % names))
    if of_log_in and person.blocked:
        found.append(Obstacle(_("The supplier has blocked %(person)s.") % names, since=person.blocked))
    elif of_log_in and not person.is_active:
        found.append(Obstacle(_("%(person)s is inactive and can't log in.") % names))
    if membership is None:
        text = _("%(person)s is not a member of %(clinic)s.") % names
        found.append(Obstacle(text, deeds.last(AccessAction.REVOKE)))
    elif not membership.is_active:
        text = _("%(person)s is inactive at %(clinic)s. Role and functions are kept for later.") % names
        found.append(Obstacle(text, deeds.last(AccessAction.INACTIVATE)))
    return found or (_at_the_log_in(person, clinic) if of_log_in else [])


def _at_the_log_in(person: User, clinic: Clinic) -> list[Obstacle]:
    """Of a member who may work here: what the log-in asks of them first. Only what this account asks for."""
    names = {"person": person, "account": clinic.account.name}
    found = []
    if lock.is_locked(person):
        text = _("The log-in of %(person)s is locked after wrong passwords. A new password unlocks it.")
        found.append(Obstacle(text % names, at_the_log_in=True))
    if clinic.account.requires_second_factor and not second_factor.has_factor(person):
        text = _("%(account)s asks for a second factor, and %(person)s has none: setting it up comes first.")
        found.append(Obstacle(text % names, at_the_log_in=True))
    return found


def _limit(person: User, clinic: Clinic) -> str:
    """The clinic's approval limit, for whom it binds; empty for others."""
    if clinic.approval_limit is None or not access.limit_binds(person, clinic):
        return ""
    amount = amount_words(clinic.approval_limit, clinic.account.currency)
    return _("Orders above %(amount)s need approval.") % {"amount": amount}


@dataclass(frozen=True)
class _Reasons:
    membership: Membership | None
    in_force: frozenset[str]
    held: frozenset[str]
    deeds: Deeds
    obstacles: list[Obstacle]
    limit: str

    def verdict(self, code: str) -> Verdict:
        rights = FUNCTION_PERMISSIONS.get(code, frozenset({ClinicPermission.MANAGE_CLINIC}))
        should = self.membership.permissions & rights if self.membership else frozenset()
        have, in_force = self.held & rights, self.in_force & rights
        mark = mark_of(code, in_force) if code in FUNCTION_PERMISSIONS else Mark.YES if in_force else Mark.NO
        label, icon, gives = self._about(code)
        if have != should:
            return Verdict(code, label, icon, mark, gives, self._disagreement(bool(have - should)), is_odd=True)
        reason, deed = self._reason(code, bool(have))
        return Verdict(code, label, icon, mark, gives, reason, deed)

    def _about(self, code: str) -> tuple[str | Promise, str, str | Promise]:
        """Name, icon, and what it allows."""
        if code == CLINIC_RULES:
            return _("The clinic's rules"), "scale", _("Change the clinic's rules of ordering.")
        role = self.membership.role if self.membership else ""
        return Function(code).label, ICONS[code], allows(role, code)

    def _disagreement(self, surplus: bool) -> str:
        if surplus:
            return _("Role and switches don't give it, yet the permission is there. Customer service mends it.")
        return _("Role and switches give it, but the permission is missing. Customer service mends it.")

    def _reason(self, code: str, has_it: bool) -> tuple[str, Deed | None]:
        if self.obstacles:
            return self.obstacles[0].reason, self.obstacles[0].deed
        assert self.membership is not None  # noqa: S101 - being no member is an obstacle
        role = Role(self.membership.role)
        words = {"role": role.label}
        if code == CLINIC_RULES:
            text = _("Comes with the role.") if has_it else _("Only main users have it.")
            return text, None
        if role == Role.MAIN_USER:
            return _("Main users have every function."), None
        if code not in functions_open_to(role):
            return _("Nobody with the role “%(role)s” can have it.") % words, None
        return self._switched(code, has_it, role)

    def _switched(self, code: str, has_it: bool, role: Role) -> tuple[str, Deed | None]:
        words = {"role": role.label}
        if deed := self.deeds.switch(code):
            text = _("Switched on.") if has_it else _("Switched off.")
        else:
            text = _("Came with the role “%(role)s”.") if has_it else _("Was off when the role “%(role)s” was given.")
            text = text % words
        if has_it and not FUNCTION_PERMISSIONS[code] <= ROLE_CEILING[role]:
            text += " " + _("Sending needs the role of purchaser or main user.")
        elif has_it and code == Function.ORDERING and self.limit:
            text += " " + self.limit
        return text, deed
