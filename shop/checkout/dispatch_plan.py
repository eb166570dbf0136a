"""When a basket leaves: which dates it may choose, what is sent later, and what is wrong with its date."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from shop.basket.models import Basket, Line
from shop.dispatch.calendars import DispatchCalendar, Lead, day_words
from shop.dispatch.loading import calendar_for, lead_days_of


@dataclass(frozen=True)
class LaterLine:
    line: Line
    dispatch: date
    delivery: date
    dispatch_words: str
    delivery_words: str


@dataclass(frozen=True)
class DispatchPlan:
    """`ready` is the clinic's calendar for goods that are ready; `leads` stands beside `lines`."""

    ready: DispatchCalendar
    lines: list[Line]
    leads: list[Lead]
    is_split: bool
    chosen: date | None

    @property
    def shown(self) -> DispatchCalendar:
        """What the chosen date must fit: everything, or what is ready first."""
        return self._for(self.is_split)

    @property
    def can_split(self) -> bool:
        """Whether something would leave before the slowest line does."""
        return self._for(True).next_agreed() != self._for(False).next_agreed()

    @property
    def dispatch(self) -> date | None:
        """The chosen date, else the next agreed one as of now."""
        return self.chosen or self.shown.next_agreed()

    @property
    def delivery(self) -> date | None:
        return self.shown.delivery(self.dispatch) if self.dispatch else None

    def first_dispatch(self, *, split: bool) -> date | None:
        return self._for(split).next_agreed()

    def later_lines(self) -> list[LaterLine]:
        """What a split basket sends after its first dispatch, each with its own next agreed date."""
        if not self.is_split or self.dispatch is None:
            return []
        found = []
        for line, lead in zip(self.lines, self.leads, strict=True):
            slow = self.ready.with_lead(lead)
            leaves = self.dispatch if slow.may_choose(self.dispatch) else slow.next_agreed(self.dispatch)
            if leaves and leaves > self.dispatch:
                arrives = slow.delivery(leaves)
                words = (day_words(day, slow.today) for day in (leaves, arrives))
                found.append(LaterLine(line, leaves, arrives, *words))
        return found

    def problem(self, day: date) -> str:
        """Why a date can't be chosen (any more), with the next one that can, or an empty string."""
        reason = self.shown.reason(day)
        if not reason:
            return ""
        words = {"date": day_words(day, self.shown.today), "reason": reason}
        if (offered := self.next_after(day)) is None:
            return _("%(date)s can't be chosen. %(reason)s.") % words
        words["next"] = day_words(offered, self.shown.today)
        return _("%(date)s can't be chosen. %(reason)s. The next dispatch is %(next)s.") % words

    def next_after(self, day: date) -> date | None:
        return self.shown.next_agreed(day)

    def _for(self, split: bool) -> DispatchCalendar:
        leads = sorted(self.leads, key=lambda lead: lead.working_days)
        if not leads:
            return self.ready
        return self.ready.with_lead(leads[0] if split else leads[-1])


def plan_of(basket: Basket, *, split: bool | None = None, now: datetime | None = None) -> DispatchPlan:
    """`split` asks what another answer would lead to."""
    lines = list(basket.all_lines())
    return DispatchPlan(
        ready=calendar_for(basket.clinic, now),
        lines=lines,
        leads=[Lead(line.product.title, lead_days_of(line.product)) for line in lines],
        is_split=basket.split_dispatch if split is None else split,
        chosen=basket.dispatch_date,
    )
