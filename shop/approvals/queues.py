"""Which baskets wait for whom, and what became of those that somebody submitted."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from permissions import access
from permissions.access import ClinicAccess
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.approvals.models import ApprovalStep
from shop.basket.models import Basket, Line, with_price_rows
from shop.basket.statuses import BasketStatus
from shop.partner.strategy import Selector

LATELY = timedelta(days=30)
Action = ApprovalStep.Action
APPROVING = (ClinicPermission.APPROVE_ORDER, ClinicPermission.PLACE_ORDER)


def approves_somewhere(held: ClinicAccess) -> bool:
    return held.can_somewhere(*APPROVING)


def may_approve(held: ClinicAccess, clinic: Clinic) -> bool:
    return all(held.can(right, clinic) for right in APPROVING)


def waiting_for(user: User) -> QuerySet[Basket]:
    """What this person may approve: nothing that they ever submitted themselves."""
    baskets = Basket.objects.filter(status=BasketStatus.WAITING)
    for right in APPROVING:
        baskets = baskets.filter(clinic__in=access.clinic_ids(user, right))
    return baskets.exclude(Exists(_submissions(by=user)))


def submitted_by(user: User) -> QuerySet[Basket]:
    """What they submitted and still counts: undecided, or decided lately. Only where they still order."""
    lately = timezone.now() - LATELY
    undecided = Q(status__in=[BasketStatus.WAITING, BasketStatus.RETURNED])
    decided = Q(status__in=[BasketStatus.REJECTED, BasketStatus.SUBMITTED], changed__gte=lately)
    return Basket.objects.visible_to(user).filter(undecided | decided).filter(Exists(_submissions(by=user)))


def with_approval() -> QuerySet[Basket]:
    """Baskets that were ever submitted: only they have a page here."""
    return Basket.objects.filter(Exists(_submissions())).select_related("clinic__account", "delivery_address")


def _submissions(**conditions) -> QuerySet[ApprovalStep]:
    return ApprovalStep.objects.filter(basket=OuterRef("pk"), action=Action.SUBMITTED, **conditions)


def with_lines(baskets: QuerySet[Basket]) -> list[Basket]:
    """The baskets with prices, lines and steps: as many queries for fifty as for one."""
    steps = Prefetch("approval_steps", ApprovalStep.objects.select_related("by"))
    found = list(baskets.select_related("clinic__account").prefetch_related(steps))
    _attach_lines(found)
    return found


def _attach_lines(baskets: Iterable[Basket]) -> None:
    by_id = {basket.pk: basket for basket in baskets}
    for basket in by_id.values():
        basket.strategy = Selector().strategy(clinic=basket.clinic)
        basket._lines = []  # type: ignore[assignment]  # filled below, in one query for all
    for line in with_price_rows(Line.objects.filter(basket__in=by_id)):
        line.basket = by_id[line.basket_id]
        line.basket._lines.append(line)
