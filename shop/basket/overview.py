"""What is told about baskets: the clinic's open ones, who else is at one, and what became of one that was closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone
from wagtail.models import ModelLogEntry

from permissions.models import Clinic, User
from shop.basket.models import Basket, ChosenBasket, Line
from shop.basket.sharing import BRINGING_BACK, reviewer_of, short_name, title_of
from shop.basket.statuses import FILLABLE, BasketStatus

# The log's word for what closed a basket without making it an order.
CLOSED_BY = {BasketStatus.DISCARDED: "basket.discard", BasketStatus.MERGED: "basket.merge"}


@dataclass(frozen=True)
class OpenBasket:
    """A row of the list."""

    basket: Basket
    title: str
    owner: str
    line_count: int
    net: Decimal
    # First names of who added lines, in that order, and who added the latest.
    people: Sequence[str]
    latest: str
    latest_at: datetime | None
    is_mine: bool
    reviewer: str

    @property
    def is_shared(self) -> bool:
        """Whether anybody but who began it has added lines."""
        return list(self.people) != [self.owner]

    @property
    def is_fillable(self) -> bool:
        return self.basket.status in FILLABLE


def open_baskets(user: User, clinic: Clinic | None = None) -> QuerySet[Basket]:
    """Every basket with lines that may still become an order, newest change first; of all clinics when None."""
    baskets = Basket.objects.visible_to(user).alive().filter(lines__isnull=False)
    if clinic is not None:
        baskets = baskets.filter(clinic=clinic)
    sums = {"line_count": Count("lines"), "net": Sum(F("lines__quantity") * F("lines__stockrecord__price"))}
    people = ("owner", "reviewed_by", "clinic__account")
    return baskets.annotate(**sums).select_related(*people).order_by("-changed", "-pk")


def count_open(clinic: Clinic) -> int:
    """For the tab."""
    return Basket.objects.alive().filter(clinic=clinic, lines__isnull=False).distinct().count()


def rows(baskets: Iterable[Basket], viewer: User) -> list[OpenBasket]:
    """Two queries for all of them."""
    baskets = list(baskets)
    mine = set(ChosenBasket.objects.filter(user=viewer, basket__in=baskets).values_list("basket_id", flat=True))
    added: dict[int, list[Line]] = {basket.pk: [] for basket in baskets}
    lines = Line.objects.filter(basket__in=baskets).select_related("added_by").order_by("date_created", "pk")
    for line in lines.only(
        "basket_id", "date_created", "added_by__first_name", "added_by__last_name", "added_by__email"
    ):
        added[line.basket_id].append(line)
    return [_row(basket, added[basket.pk], basket.pk in mine, viewer) for basket in baskets]


def _row(basket: Basket, lines: Sequence[Line], is_mine: bool, viewer: User) -> OpenBasket:
    latest = lines[-1] if lines else None
    reviewer = reviewer_of(basket, viewer)
    return OpenBasket(
        basket=basket,
        title=title_of(basket),
        owner=short_name(basket.owner),
        line_count=len(lines),
        net=basket.net or Decimal(),
        people=list(dict.fromkeys(short_name(line.added_by) for line in lines)),
        latest=short_name(latest.added_by) if latest else "",
        latest_at=latest.date_created if latest else None,
        is_mine=is_mine,
        reviewer=short_name(reviewer) if reviewer else "",
    )


def discarded_lately(user: User, clinic: Clinic) -> QuerySet[Basket]:
    """What can still be brought back, latest first."""
    since = timezone.now() - BRINGING_BACK
    gone = Basket.objects.visible_to(user).filter(clinic=clinic, status=BasketStatus.DISCARDED, changed__gte=since)
    return gone.filter(lines__isnull=False).distinct().select_related("owner", "clinic__account").order_by("-changed")


@dataclass(frozen=True)
class Head:
    """What stands above a basket's lines."""

    basket: Basket
    title: str
    owner: str
    # First names of who else has chosen it, and who else is about to send it.
    others: Sequence[str]
    reviewer: str
    # The step by which an approver returned it.
    returned: object | None
    # Titles of the baskets that were merged into it today.
    merged: Sequence[str]


def head_of(basket: Basket, viewer: User) -> Head:
    choices = ChosenBasket.objects.filter(basket=basket).exclude(user=viewer).select_related("user").order_by("user_id")
    returned = None
    if basket.status == BasketStatus.RETURNED:
        returned = basket.approval_steps.filter(action="returned").select_related("by").last()
    lately = timezone.now() - BRINGING_BACK
    merged = basket.merged.filter(changed__gte=lately).select_related("owner", "clinic__account").order_by("pk")
    reviewer = reviewer_of(basket, viewer)
    return Head(
        basket=basket,
        title=title_of(basket),
        owner=short_name(basket.owner),
        others=[short_name(choice.user) for choice in choices],
        reviewer=short_name(reviewer) if reviewer else "",
        returned=returned,
        merged=[title_of(gone) for gone in merged],
    )


@dataclass(frozen=True)
class Ending:
    """What became of the basket that a person was filling. `by` is None when nobody knows any more."""

    basket: Basket
    title: str
    by: User | None
    at: datetime
    order: object | None = None
    into: Basket | None = None

    @property
    def name(self) -> str:
        return short_name(self.by)

    @property
    def into_title(self) -> str:
        return title_of(self.into) if self.into else ""


def ending_for(user: User, clinic: Clinic) -> Ending | None:
    """Only what a colleague did: one's own doing is no news."""
    closed = Basket.objects.filter(chosen_by__user=user, chosen_by__clinic=clinic).exclude(status__in=FILLABLE)
    people = ("owner", "clinic__account", "merged_into__owner", "merged_into__clinic__account")
    basket = closed.select_related(*people).first()
    if basket is None:
        return None
    ending = ending_of(basket)
    return None if ending.by == user else ending


def ending_of(basket: Basket) -> Ending:
    title = title_of(basket)
    if basket.status == BasketStatus.SUBMITTED:
        order = basket.order_set.select_related("user", "approved_by").first()
        if order is not None:
            return Ending(basket, title, order.approved_by or order.user, order.date_placed, order=order)
    if action := CLOSED_BY.get(basket.status):
        entries = ModelLogEntry.objects.for_instance(basket).filter(action=action).select_related("user")
        entry = entries.order_by("-timestamp").first()
        return Ending(basket, title, entry.user if entry else None, basket.changed, into=basket.merged_into)
    step = basket.approval_steps.select_related("by").last()
    return Ending(basket, title, step.by if step else None, step.at if step else basket.changed)
