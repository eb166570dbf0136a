"""What the page of a person shows per clinic of the manager who looks. Read in a fixed number of queries."""

from dataclasses import dataclass

from django.http import HttpRequest

from permissions.access import person_of, refusal_to_change
from permissions.models import Clinic, Membership, User
from permissions.roles import Function, Role
from permissions.users.reach import accounts_of, managed_clinics


@dataclass(frozen=True)
class Row:
    clinic: Clinic
    membership: Membership | None
    refusal: str  # why nothing can be changed, or ""

    @property
    def can_change(self) -> bool:
        return not self.refusal

    @property
    def role(self) -> str:
        return str(Role(self.membership.role).label) if self.membership else ""

    @property
    def functions(self) -> list[str]:
        """The labels of what is on; a main user has everything, which is said otherwise."""
        if self.membership is None or self.membership.role == Role.MAIN_USER:
            return []
        return [str(Function(function).label) for function in self.membership.functions]


def rows_of(request: HttpRequest, person: User) -> list[Row]:
    """The manager's clinics in the companies that the person works for; others are none of their business."""
    theirs = accounts_of(person)
    memberships = {row.clinic_id: row for row in Membership.objects.filter(user=person)}
    clinics = [clinic for clinic in managed_clinics(request) if clinic.account_id in theirs]
    return [_row(request, person, clinic, memberships.get(clinic.pk)) for clinic in clinics]


def _row(request: HttpRequest, person: User, clinic: Clinic, membership: Membership | None) -> Row:
    reach = request.access.permissions.get(clinic.pk, frozenset())
    return Row(clinic, membership, str(refusal_to_change(person_of(request), person, reach, membership)))
