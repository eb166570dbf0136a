"""Whose access the overview shows to whom: the members of the clinics at which the reader manages users."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from permissions import access
from permissions.models import AccessEvent, Clinic, ClinicUserPermission, Membership, User
from permissions.models.events import AccessAction
from permissions.naming import by_name, has_words
from permissions.overview.filters import Status, Wanted
from permissions.roles import ClinicPermission
from permissions.users.reach import managed_ids

LONG_AGO = timedelta(days=90)
# What happens to members only; an invitation says nothing of who somebody is.
OF_MEMBERS = (
    AccessAction.GRANT,
    AccessAction.CHANGE,
    AccessAction.REVOKE,
    AccessAction.INACTIVATE,
    AccessAction.ACTIVATE,
)


def members(clinics: Collection[Clinic], wanted: Wanted) -> QuerySet[User]:
    """Who has anything to do with these clinics and fits the filter, by name.

    Whoever has permission rows without being a member belongs in the picture: that is what an overview must show.
    """
    ids = [clinic.pk for clinic in clinics]
    here = Membership.objects.filter(clinic__in=ids)
    found = here.filter(_of_memberships(wanted)).values_list("user_id")
    if not wanted.asks_for_members:
        found = found.union(ClinicUserPermission.objects.filter(content_object__in=ids).values_list("user_id"))
    # Asked for first: as a sub-query PostgreSQL takes it for so many that it reads all people of the portal.
    people = User.objects.filter(pk__in={pk for (pk,) in found}).filter(_of_people(wanted))
    if wanted.query:
        # Who is inactive is found by name only: the address may have become their next employer's.
        at_work = set(here.filter(is_active=True).values_list("user_id", flat=True))
        named = has_words(wanted.query, "first_name", "last_name")
        people = people.filter(named | (has_words(wanted.query) & Q(pk__in=at_work)))
    return people.order_by(*by_name())


def _of_memberships(wanted: Wanted) -> Q:
    """All of it must be true of one and the same membership."""
    fits = Q()
    if wanted.role:
        fits &= Q(role=wanted.role)
    if wanted.function:
        fits &= Q(functions__contains=[wanted.function])
    if wanted.status:
        # Blocked, or long not seen: of who is inactive here that would tell what they do for somebody else.
        fits &= Q(is_active=wanted.status != Status.INACTIVE)
    return fits


def _of_people(wanted: Wanted) -> Q:
    if wanted.status == Status.ACTIVE:
        return Q(is_active=True)
    if wanted.status == Status.BLOCKED:
        return Q(blocked__isnull=False)
    if wanted.status == Status.ASLEEP:
        return Q(is_active=True) & (Q(last_login=None) | Q(last_login__lt=timezone.now() - LONG_AGO))
    return Q()


def find_cell(reader: User, person: UUID, clinic: UUID) -> tuple[User, Clinic]:
    """A person and a clinic whose access the reader may have explained.

    Raises Http404 for a stranger to the clinic and for people who never were at a clinic of theirs, and
    PermissionDenied for a member who manages no users.
    """
    found = Clinic.objects.select_related("account").filter(pk=clinic).first()
    if found is None:
        raise Http404
    access.require(reader, ClinicPermission.MANAGE_USERS, found)
    user = User.objects.filter(public_id=person).first()
    if user is None or not _is_known(reader, user):
        raise Http404
    return user, found


def _is_known(reader: User, user: User) -> bool:
    managed = managed_ids(reader)
    return (
        Membership.objects.filter(user=user, clinic__in=managed).exists()
        or ClinicUserPermission.objects.filter(user=user, content_object__in=managed).exists()
        or AccessEvent.objects.filter(person=user, clinic__in=managed, action__in=OF_MEMBERS).exists()
    )
