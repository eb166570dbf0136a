"""The guards: whatever shows or changes a clinic's rows asks here first.

Three answers, the same everywhere: who is not signed in goes to the log-in page and comes back; who has nothing to do
with a clinic gets 404, as if it did not exist; a member of the clinic without the right gets 403.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import TypeVar, cast
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from permissions.locking import hold_access
from permissions.models import Clinic, ClinicUserPermission, Membership, User
from permissions.roles import ClinicPermission, Role, permissions_of

ModelT = TypeVar("ModelT", bound=Model)
MANAGE = ClinicPermission.MANAGE_USERS

# What a member reads who lacks the right: what they can do instead.
REFUSALS: dict[str, str | Promise] = {
    ClinicPermission.PLACE_ORDER: _(
        "You can fill the basket. A purchaser or main user of the clinic sends the order; ask one of them to do it."
    ),
    ClinicPermission.VIEW_ORDERS: _("Your clinic's main user has not given you access to the orders."),
    ClinicPermission.APPROVE_ORDER: _("A purchaser or main user of the clinic approves orders. Ask one of them."),
    ClinicPermission.VIEW_PATIENTS: _("Your clinic's main user has not given you access to patients."),
    ClinicPermission.MANAGE_CLINIC: _("Only a main user of the clinic changes this. Ask one of them."),
    ClinicPermission.PREPARE_ORDER: _("Your clinic's main user has not given you access to ordering."),
    ClinicPermission.MANAGE_USERS: _("Only who manages the clinic's users opens this. Ask a main user of the clinic."),
}


class Audience(Enum):
    """Whom a view is for. A view that says nothing is for customers with a clinic: forgetting shows nothing."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    CUSTOMER = "customer"
    READERS = "customers and our own people"
    BACK_OFFICE = "back office"
    EDITORS = "editors"


def audience(who: Audience) -> Callable:
    """Decorate a view that is for others than customers, e.g. `@audience(Audience.PUBLIC)`."""

    def mark(view: Callable) -> Callable:
        view.audience = who
        return view

    return mark


def _rows(user) -> QuerySet[ClinicUserPermission]:
    """guardian's rows of an active person at active clinics; no group, global or superuser right counts."""
    if not user.is_authenticated or not user.is_active:
        return ClinicUserPermission.objects.none()
    # Asked of the database: a request that waited for a lock may act for somebody who was blocked meanwhile.
    # Not as a join: so it is asked once, in whatever query this is nested.
    active = Exists(User.objects.filter(pk=user.pk, is_active=True))
    rows = ClinicUserPermission.objects.filter(active, user=user, content_object__is_active=True)
    if is_looked_at(user):
        # Who helps a customer sees the portal as they do, but for whom the goods are.
        rows = rows.exclude(permission__codename=ClinicPermission.VIEW_PATIENTS)
    return of_account_looked_at(rows, user, "content_object__account")


def is_looked_at(user) -> bool:
    """Whether this is customer service, who sees the portal as `user`."""
    return getattr(user, "impersonated_by", None) is not None


def of_account_looked_at(rows: QuerySet[ModelT], user, account: str = "account") -> QuerySet[ModelT]:
    """Who looks as a customer sees one of their accounts: its owner alone is told. `account` is the rows' way to it."""
    if not is_looked_at(user):
        return rows
    return rows.filter(**{f"{account}__in": [getattr(user, "account_looked_at", None)]})  # none: no rows at all


def clinic_ids(user, permission: str | None = None) -> QuerySet:
    """Ids of the clinics where `user` holds `permission` (any, when None), as a sub-query to filter with."""
    rows = _rows(user)
    if permission is not None:
        rows = rows.filter(permission__codename=permission)
    return rows.values("content_object_id")


def names_of_accounts(user, **having) -> list[str]:
    """Of those with these values at whose clinics this person may do anything at all.

    Rows first and joined: nested it took minutes where statistics were young.
    """
    wanted = {f"content_object__account__{name}": value for name, value in having.items()}
    rows = _rows(user).filter(**wanted).order_by()
    named = rows.values_list("content_object__account", "content_object__account__name").distinct()
    return sorted(name for _pk, name in named)


def clinics_with(user, permission: str) -> QuerySet[Clinic]:
    return Clinic.objects.filter(pk__in=clinic_ids(user, permission))


def can(user, permission: str, clinic: Clinic) -> bool:
    return _rows(user).filter(content_object=clinic, permission__codename=permission).exists()


def person_of(request: HttpRequest) -> User:
    """Who is signed in: what this module guards is reached by nobody else."""
    return cast(User, request.user)


def logged_in_person_of(request: HttpRequest) -> User:
    """Whose session it is: that of customer service while they look as somebody else."""
    return getattr(request.user, "impersonated_by", None) or person_of(request)


def limit_binds(user, clinic: Clinic) -> bool:
    """Whether the clinic's approval limit holds for this person: for all but those who set it."""
    return not can(user, ClinicPermission.MANAGE_CLINIC, clinic)


def people_with(permission: str, clinic: Clinic) -> QuerySet[User]:
    """Active people who hold a right at the clinic, e.g. who can approve there."""
    rows = ClinicUserPermission.objects.filter(
        content_object=clinic, content_object__is_active=True, permission__codename=permission
    )
    return User.objects.filter(pk__in=rows.values("user_id"), is_active=True).order_by("pk")


def may_be_told(person: User, clinic: Clinic | None) -> bool:
    """Whether a mail to this person may leave now: who can't log in, or lost access to the clinic, gets none."""
    people = User.objects.filter(pk=person.pk, is_active=True)
    if clinic is not None:
        held = ClinicUserPermission.objects.filter(content_object=clinic, content_object__is_active=True)
        people = people.filter(pk__in=held.values("user_id"))
    return people.exists()


def shut_out(addresses: Iterable[str], clinic: Clinic) -> frozenset[str]:
    """Which of these e-mail addresses are people's who may do nothing at the clinic (any more)."""
    held = ClinicUserPermission.objects.filter(content_object=clinic, content_object__is_active=True)
    known = User.objects.filter(email__in=[address.lower() for address in addresses])
    return frozenset(known.exclude(is_active=True, pk__in=held.values("user_id")).values_list("email", flat=True))


def grantable_at(actor, clinics: Iterable[Clinic]) -> dict[UUID, frozenset[str]]:
    """By the clinics' ids what `actor` may give there: nothing without user administration, never more than held."""
    return {pk: held if MANAGE in held else frozenset() for pk, held in _held_at(actor, clinics).items()}


def _held_at(user, clinics: Iterable[Clinic]) -> dict[UUID, frozenset[str]]:
    held: dict[UUID, set[str]] = {clinic.pk: set() for clinic in clinics}
    rows = _rows(user).filter(content_object__in=held)
    for pk, codename in rows.values_list("content_object_id", "permission__codename"):
        held[pk].add(codename)
    return {pk: frozenset(codenames) for pk, codenames in held.items()}


def check_may_grant(actor, user, clinic: Clinic, role: str, functions: Iterable[str]) -> None:
    """Before `actor` gives somebody role and functions at the clinic, or changes them.

    Nobody gives more than they hold, changes who holds more, or changes themselves.
    Raises Http404 for a stranger to the clinic, else PermissionDenied.
    """
    check_may_grant_at(actor, user, [clinic], role, functions)


def check_may_grant_at(actor, user, clinics: Collection[Clinic], role: str, functions: Iterable[str]) -> None:
    """The same at each of many clinics, in queries that don't grow with their number."""
    _require_at(actor, MANAGE, clinics)
    wanted = permissions_of(Role(role), functions)
    if not all(wanted <= reach for reach in grantable_at(actor, clinics).values()):
        raise PermissionDenied(_("You can give others only what you may do yourself."))
    if user is not None:
        check_may_change_at(actor, user, clinics)


def check_may_change(actor, user, clinic: Clinic) -> None:
    """Before `actor` changes, inactivates or removes somebody at the clinic. Refuses as `check_may_grant` does."""
    check_may_change_at(actor, user, [clinic])


def check_may_change_at(actor, user, clinics: Collection[Clinic]) -> None:
    """The same at each of many clinics, in as few queries."""
    _require_at(actor, MANAGE, clinics)
    held = _held_at(actor, clinics)
    memberships = {row.clinic_id: row for row in Membership.objects.filter(user=user, clinic__in=held)}
    for pk, reach in held.items():
        if refusal := refusal_to_change(actor, user, reach, memberships.get(pk)):
            raise PermissionDenied(refusal)


def refusal_to_change(actor, user, reach: Collection[str], membership: Membership | None) -> str | Promise:
    """Why `actor`, who may do `reach` at a clinic, may not change what `user` has or gets there; "" when they may."""
    if actor == user:
        return _("Nobody changes their own access. Ask another main user, or customer service.")
    # What an inactive person would have again counts as well.
    held = permissions_of(membership.role, membership.functions) if membership else frozenset()
    if MANAGE not in reach or not held <= frozenset(reach):
        return _("A main user of the clinic changes the access of this person.")
    return ""


def require(user, permission: str, clinic: Clinic) -> None:
    """Raise Http404 for a stranger to the clinic, PermissionDenied for a member without the right."""
    _require_at(user, permission, [clinic])


def require_until_commit(user, permission: str, clinic: Clinic) -> None:
    """The same for what can't be taken back: the right is still held when the transaction commits.

    A right that is taken away at this moment is waited for; who takes it away later waits for us. Asked after the rows
    of the clinic that are changed have been locked.
    """
    hold_access(user, clinic)
    require(user, permission, clinic)


def _require_at(user, permission: str, clinics: Iterable[Clinic]) -> None:
    for held in _held_at(user, clinics).values():
        _answer(permission, held)


def _answer(permission: str, held: Collection[str]) -> None:
    if not held:
        raise Http404
    if permission not in held:
        raise PermissionDenied(REFUSALS.get(permission, ""))


def fetch(queryset: QuerySet[ModelT], user, permission: str, **lookup) -> ModelT:
    """One row that belongs to a clinic (`row.clinic`), or the right refusal. The first line of a view."""
    row = get_object_or_404(queryset, **lookup)
    require(user, permission, row.clinic)
    return row


@dataclass(frozen=True)
class ClinicAccess:
    """What one person may do where, read once per request; the clinics only as far as they are asked for.

    There may be thousands: most pages need one or two of them.
    """

    permissions: dict[UUID, frozenset[str]]
    asks_for_second_factor: bool = False  # one of their accounts does, of everybody there

    @classmethod
    def of(cls, user) -> "ClinicAccess":
        asks = "content_object__account__requires_second_factor"
        rows = _rows(user).order_by().values_list("content_object_id", asks)
        alike: dict[tuple[str, ...], frozenset[str]] = {}  # the same few sets at all clinics
        by_clinic, asked = {}, False
        for clinic_id, asks_it, codenames in rows.annotate(codenames=ArrayAgg("permission__codename")):
            key, asked = tuple(sorted(codenames)), asked or asks_it
            by_clinic[clinic_id] = alike.setdefault(key, frozenset(key))
        return cls(by_clinic, asked)

    @cached_property
    def clinics(self) -> list[Clinic]:
        """All of them, by name."""
        return self._read(self.permissions)

    def can(self, permission: str, clinic: Clinic) -> bool:
        return permission in self.permissions.get(clinic.pk, frozenset())

    def can_somewhere(self, *permissions: str) -> bool:
        """Whether the person may do all of this at one and the same clinic."""
        return any(held.issuperset(permissions) for held in set(self.permissions.values()))

    def find(self, clinic_id: object) -> Clinic | None:
        """The person's clinic with this id, however it was typed; None for anything else."""
        return next(iter(self.find_all([clinic_id])), None)

    def find_all(self, clinic_ids: Iterable[object]) -> list[Clinic]:
        """Those of these that are the person's, in the order of the ids."""
        wanted = [pk for pk in map(_uuid, clinic_ids) if pk in self.permissions]
        found = {clinic.pk: clinic for clinic in self._read(wanted)}
        return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]

    def first(self) -> Clinic | None:
        """By name."""
        rows = Clinic.objects.filter(pk__in=self.permissions).select_related("account")
        return rows.first() if self.permissions else None

    def _read(self, clinic_ids: Collection[UUID]) -> list[Clinic]:
        if (known := self.__dict__.get("clinics")) is not None:
            return [clinic for clinic in known if clinic.pk in clinic_ids]
        return list(Clinic.objects.filter(pk__in=clinic_ids).select_related("account")) if clinic_ids else []


def _uuid(typed: object) -> UUID | None:
    try:
        return UUID(str(typed))
    except ValueError:
        return None


def needs(permission: str) -> Callable:
    """Guard a view for the clinic that the person works for now: `@needs(ClinicPermission.PREPARE_ORDER)`."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            _answer(permission, request.access.permissions.get(request.clinic.pk, ()))
            return view(request, *args, **kwargs)

        return guarded

    return guard
