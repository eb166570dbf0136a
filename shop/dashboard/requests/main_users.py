"""Who answers for an account: its owner, and who is main user of all its clinics; and who else must be told."""

from collections.abc import Iterable

from django.db.models import Count, Q

from permissions.access import clinics_with
from permissions.models import Account, Clinic, Membership, User
from permissions.roles import ClinicPermission, Role


def responsible(account: Account) -> list[User]:
    """The active ones; nobody where the account has neither owner nor clinic yet."""
    clinics = account.clinics.filter(is_active=True)
    held = Membership.objects.filter(clinic__in=clinics, role=Role.MAIN_USER, is_active=True)
    everywhere = held.values("user").annotate(clinics=Count("pk")).filter(clinics=clinics.count())
    people = User.objects.filter(Q(pk__in=everywhere.values("user")) | Q(pk=account.owner_id), is_active=True)
    return list(people.order_by("pk"))


def at(clinics: Iterable[Clinic]) -> dict[User, list[Clinic]]:
    """Who is main user of some of these clinics, and of which."""
    held = Membership.objects.filter(clinic__in=clinics, role=Role.MAIN_USER, is_active=True, user__is_active=True)
    found: dict[User, list[Clinic]] = {}
    for membership in held.select_related("user", "clinic").order_by("user_id", "clinic__name"):
        found.setdefault(membership.user, []).append(membership.clinic)
    return found


def stand_in(account: Account, asked: User | None) -> list[User]:
    """Where nobody is main user of all clinics: who asked, while they still manage one of them."""
    if asked is None or not clinics_with(asked, ClinicPermission.MANAGE_CLINIC).filter(account=account).exists():
        return []
    return [asked]
