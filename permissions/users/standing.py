"""Which invitations still give something. Asked of many at once: lists say so of each."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from permissions.models import AccessEvent, Clinic, ClinicUserPermission, Invitation
from permissions.roles import ClinicPermission, Role
from permissions.users.answering import MAKING
from permissions.users.invitations import is_open


def still_given(invitations: Collection[Invitation]) -> set[UUID]:
    """Those that would give a newcomer anything if they accepted now: what `answering.offers_of` finds for each."""
    made = AccessEvent.objects.filter(invitation=OuterRef("pk"), action__in=MAKING).order_by("-pk")
    rows = Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations])
    given = rows.annotate(request=Subquery(made.values("request")[:1])).filter(_of_customer() | _of_supplier())
    return set(given.values_list("pk", flat=True))


def _of_customer() -> Q:
    held = ClinicUserPermission.objects.filter(
        user=OuterRef("invited_by"),
        user__is_active=True,
        content_object__invitations=OuterRef("pk"),
        content_object__is_active=True,
    )
    manages = Exists(held.filter(permission__codename=ClinicPermission.MANAGE_USERS))
    # Main users alone hold it, and with it everything that a main user may do.
    is_main_user = Exists(held.filter(permission__codename=ClinicPermission.MANAGE_CLINIC))
    return Q(manages) & (~Q(role=Role.MAIN_USER) | Q(is_main_user))


def _of_supplier() -> Q:
    open_clinics = Clinic.objects.filter(invitations=OuterRef("pk"), is_active=True)
    return Q(Exists(open_clinics), invited_by__is_staff=True, invited_by__is_active=True, request__isnull=False)


def is_over(invitation: Invitation) -> bool:
    """Nobody can accept it as it is: the link is too old, its clinics are closed, or who sent it lost the right."""
    is_too_old = invitation.sent is not None and not is_open(invitation)
    return is_too_old or not still_given([invitation])
