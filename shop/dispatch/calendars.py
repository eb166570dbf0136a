"""Which dates a clinic can choose for dispatch, why not the others, and when the goods arrive.

Pure: the rows, the holidays and the clock are given (`loading.calendar_for` does it). Lead times and days on the way
are counted in working days of the market: Monday to Friday without public holidays; making stands still, too, on days
closed for everybody or for the country.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

FURTHEST_DISPATCH = timedelta(days=365)
LONGEST_LEAD = 1_000  # a typing mistake among the products must not count for ever
ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 6, 7


@dataclass(frozen=True)
class Agreement:
    """The weekdays are ISO's: Monday is 1. As it stands: what holds where nothing was agreed."""

    weekdays: AbstractSet[int] = frozenset({1, 2, 3, 4, 5})
    cut_off: time = time(14, 0)
    transit_days: int = 1


@dataclass(frozen=True)
class SpecialDay:
    """What staff wrote into the calendar for a day; `reason` is shown to the customer."""

    is_open: bool
    reason: str = ""


@dataclass(frozen=True)
class Lead:
    """How many working days a line takes before it can leave."""

    title: str
    working_days: int


@dataclass(frozen=True)
class DispatchCalendar:
    agreement: Agreement
    zone: ZoneInfo
    now: datetime
    holidays: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    # Closed for everybody or for the country, whatever was opened for this clinic.
    standstill: AbstractSet[date] = frozenset()
    lead: Lead | None = None

    def with_lead(self, lead: Lead | None) -> "DispatchCalendar":
        return replace(self, lead=lead)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @cached_property
    def last(self) -> date:
        return self.today + FURTHEST_DISPATCH

    @cached_property
    def is_late_today(self) -> bool:
        """Compared in UTC: on the day the clocks go back, an hour of local time comes twice."""
        cut_off = datetime.combine(self.today, self.agreement.cut_off, self.zone)
        return self.now.astimezone(UTC) > cut_off.astimezone(UTC)

    @cached_property
    def ready(self) -> date:
        """The first day on which the slowest line can leave."""
        first = self.today + ONE_DAY if self.is_late_today else self.today
        if self.lead is None or self.lead.working_days <= 0:
            return first
        while not self._is_made(first):
            first += ONE_DAY
        return _count(first, min(self.lead.working_days, LONGEST_LEAD), self._is_made)

    def reason(self, day: date) -> str:
        """Why a date can't be chosen, in words, or an empty string."""
        return self._out_of_range(day) or self._not_dispatched(day) or self._too_early(day)

    def may_choose(self, day: date) -> bool:
        return not self.reason(day)

    def next_agreed(self, after: date | None = None) -> date | None:
        """The first date that can be chosen, later than `after` if given; None when there is none within a year."""
        return next(self._agreed(after), None)

    def agreed(self, count: int) -> list[date]:
        """The next so many dates that can be chosen."""
        return list(islice(self._agreed(None), count))

    def delivery(self, dispatch: date) -> date:
        """When goods that leave on this date are expected."""
        return _count(dispatch, self.agreement.transit_days, self.is_working_day)

    def is_working_day(self, day: date) -> bool:
        return day.isoweekday() < SATURDAY and day not in self.holidays

    def mark(self, day: date) -> str:
        """What a calendar draws beside the number: `closed`, `extra`, `holiday` or nothing."""
        if (special := self.special.get(day)) is not None:
            return "extra" if special.is_open else "closed"
        return "holiday" if day in self.holidays else ""

    def _agreed(self, after: date | None) -> Iterator[date]:
        # What is typed may be the last day that there is, after which none can be counted.
        day = self.today if after is None else max(self.today, min(after, self.last) + ONE_DAY)
        while day <= self.last:
            if self.may_choose(day):
                yield day
            day += ONE_DAY

    def _is_made(self, day: date) -> bool:
        return self.is_working_day(day) and day not in self.standstill

    def _out_of_range(self, day: date) -> str:
        if day < self.today:
            return _("This day has passed")
        return _("Dates can be chosen within a year from now") if day > self.last else ""

    def _not_dispatched(self, day: date) -> str:
        if (special := self.special.get(day)) is not None:
            if special.is_open:
                return ""
            return _("Closed: %(reason)s") % {"reason": special.reason} if special.reason else _("Closed")
        if day in self.holidays:
            return _("Public holiday: %(name)s") % {"name": self.holidays[day]}
        if day.isoweekday() in self.agreement.weekdays:
            return ""
        if day.isoweekday() == SATURDAY:
            return _("No dispatch on Saturdays")
        if day.isoweekday() == SUNDAY:
            return _("No dispatch on Sundays")
        return _("Not one of your dispatch days")

    def _too_early(self, day: date) -> str:
        if day == self.today and self.is_late_today:
            cut_off = time_format(self.agreement.cut_off, "H:i")
            return _("Too early: the cut-off %(time)s has passed") % {"time": cut_off}
        if day >= self.ready or self.lead is None:
            return ""
        text = ngettext(
            "Too early: the slowest line, %(title)s, takes %(days)s working day",
            "Too early: the slowest line, %(title)s, takes %(days)s working days",
            self.lead.working_days,
        )
        return text % {"title": self.lead.title, "days": self.lead.working_days}


def _count(day: date, working_days: int, is_counted: Callable[[date], bool]) -> date:
    """So many counted days after `day`."""
    for _nth in range(working_days):
        day += ONE_DAY
        while not is_counted(day):
            day += ONE_DAY
    return day


def day_words(day: date, today: date) -> str:
    """`Tuesday 8 December`; with the year when it is not this one."""
    return (
        f"{date_format(day, 'l')} {date_format(day, 'MONTH_DAY_FORMAT' if day.year == today.year else 'DATE_FORMAT')}"
    )
