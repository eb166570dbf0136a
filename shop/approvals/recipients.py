"""Who is told that something waits: the main users, who wished for it, and stand-ins for who is away."""

from collections.abc import Collection

from django.utils import timezone

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from permissions.staffing import approvers_left
from shop.approvals.models import ApprovalStep, MailWish, StandIn
from shop.basket.models import Basket


def submitter_ids(basket: Basket) -> set[int]:
    """Everybody who ever submitted this basket: none of them may approve it."""
    submissions = basket.approval_steps.filter(action=ApprovalStep.Action.SUBMITTED)
    return set(submissions.values_list("by_id", flat=True))


def approvers_of(clinic: Clinic, without: Collection[int] = ()) -> list[User]:
    return [user for user in approvers_left(clinic) if user.pk not in without]


def people_to_tell(basket: Basket) -> list[User]:
    """Who gets the mail that this basket waits, never who submitted it."""
    submitters = submitter_ids(basket)
    approvers = {user.pk: user for user in approvers_of(basket.clinic, without=submitters)}
    usual = {user.pk for user in access.people_with(ClinicPermission.MANAGE_CLINIC, basket.clinic)}
    usual |= set(MailWish.objects.filter(clinic=basket.clinic).values_list("user_id", flat=True))
    told = _with_stand_ins(basket.clinic, usual & approvers.keys(), approvers.keys())
    people = [approvers[pk] for pk in sorted(told)] or list(approvers.values())
    return people or account_owners(basket.clinic, without=submitters)


def _with_stand_ins(clinic: Clinic, usual: set[int], approvers: Collection[int]) -> set[int]:
    """Who is away today is replaced; somebody whose stand-in can't approve (any more) keeps the mail."""
    today = timezone.localdate(timezone=clinic.market.time_zone)
    standing = StandIn.objects.filter(clinic=clinic, first_day__lte=today, last_day__gte=today, person__in=approvers)
    instead: dict[int, set[int]] = {}
    for absent, person in standing.values_list("absent_id", "person_id"):
        instead.setdefault(absent, set()).add(person)
    away = instead.keys()
    told = usual - away
    for absent in usual & away:
        # A stand-in who is away too hands it on no further: somebody must get it.
        told |= {person for person in instead[absent] if person not in away} or {absent}
    return told


def account_owners(clinic: Clinic, without: Collection[int] = ()) -> list[User]:
    """The account's owner; else the main users of all its clinics; where nobody is that, those of this clinic."""
    here = [user for user in access.people_with(ClinicPermission.MANAGE_CLINIC, clinic) if user.pk not in without]
    if owner := [user for user in here if user.pk == clinic.account.owner_id]:
        return owner
    others = Clinic.objects.filter(account=clinic.account_id, is_active=True).exclude(pk=clinic.pk)
    owners = {user.pk for user in here}
    for other in others:
        owners &= set(access.people_with(ClinicPermission.MANAGE_CLINIC, other).values_list("pk", flat=True))
    return [user for user in here if user.pk in owners] or here
