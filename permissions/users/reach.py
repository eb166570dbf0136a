"""Whom a manager of users reaches: the clinics they manage and the people who belong there."""

from collections.abc import Callable, Iterable
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from permissions import access
from permissions.access import MANAGE
from permissions.models import Clinic, Membership, User


def managed_clinics(request: HttpRequest) -> list[Clinic]:
    """Read once per request; in the order in which clinics are listed, those of one account together."""
    found = [clinic for clinic in request.access.clinics if request.access.can(MANAGE, clinic)]
    return sorted(found, key=lambda clinic: (clinic.account.name, clinic.account_id))


def has_several_accounts(clinics: Iterable[Clinic]) -> bool:
    """Then a list says of each row which account's it is."""
    return len({clinic.account_id for clinic in clinics}) > 1


def for_managers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Who manages users at no clinic at all is refused, whatever address they ask for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.access.can_somewhere(MANAGE):
            raise PermissionDenied(access.REFUSALS[MANAGE])
        return view(request, *args, **kwargs)

    return guarded


def managed_ids(actor: User) -> list[UUID]:
    """To filter with. Read first, for as a sub-query of what is filtered it was asked of each row anew where PostgreSQL
    knew little of its tables yet: minutes instead of milliseconds for a customer of 1,000 clinics.
    """
    return list(access.clinic_ids(actor, MANAGE).values_list("content_object_id", flat=True))


def fetch_person(actor: User, public_id: UUID) -> User:
    """A member, active or not, of a clinic where `actor` manages users; all others do not exist for them."""
    there = Membership.objects.filter(clinic__in=managed_ids(actor)).values("user_id")
    return get_object_or_404(User, public_id=public_id, pk__in=there)


def accounts_of(person: User) -> set[UUID]:
    return set(Membership.objects.filter(user=person).values_list("clinic__account_id", flat=True))


def active_accounts_of(person: User) -> set[UUID]:
    """Where they are active at one clinic at least. What they are at other accounts is nothing to go by."""
    held = Membership.objects.filter(user=person, is_active=True)
    return set(held.values_list("clinic__account_id", flat=True))
