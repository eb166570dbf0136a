"""Months of a dispatch calendar as a page draws them: weeks with their numbers, and what each day says."""

import calendar
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.dispatch.calendars import ONE_DAY, DispatchCalendar, day_words

MONTHS_SHOWN = 2
MONDAY_FIRST = calendar.Calendar(calendar.MONDAY)


@dataclass(frozen=True)
class Day:
    date: date
    note: str  # when it leaves and arrives, or why not
    label: str  # the full date, and why not
    is_open: bool
    mark: str
    is_chosen: bool
    is_today: bool


@dataclass(frozen=True)
class Week:
    number: int
    days: list[Day | None]  # None: of another month


@dataclass(frozen=True)
class Month:
    name: str
    code: str
    weeks: list[Week]


@dataclass(frozen=True)
class Sheet:
    """What is seen at once. `previous` and `next` are codes of months to turn to, empty where the year ends."""

    months: list[Month]
    weekdays: list[tuple[str, str]]
    marks: frozenset[str]
    previous: str
    next: str
    chosen: date | None
    note: str


def sheet_of(shown: DispatchCalendar, *, chosen: date | None, looked_at: date | None, code: str = "") -> Sheet:
    """`code` names the first month (`2026-12`), else the one of the chosen date; `looked_at` is whose note is read."""
    first = _first_month(shown, code, chosen)
    months = [_month(shown, month, chosen) for month in _run(first, MONTHS_SHOWN)]
    days = [day for month in months for week in month.weeks for day in week.days if day]
    told = looked_at or chosen
    return Sheet(
        months=months,
        weekdays=_weekdays(),
        marks=frozenset(day.mark for day in days),
        previous=_code(_turn(first, -1)) if first > shown.today else "",
        next=_code(_turn(first, 1)) if _turn(first, 1) <= shown.last else "",
        chosen=chosen,
        note=note_of(shown, told) if told else "",
    )


def note_of(shown: DispatchCalendar, day: date) -> str:
    """`Leaves Tuesday 8 December, expected Wednesday 9 December`, or the date and why not."""
    if reason := shown.reason(day):
        return f"{day_words(day, shown.today)}: {reason}"
    words = {"dispatch": day_words(day, shown.today), "delivery": day_words(shown.delivery(day), shown.today)}
    return _("Leaves %(dispatch)s, expected %(delivery)s") % words


def _month(shown: DispatchCalendar, first: date, chosen: date | None) -> Month:
    weeks = [
        Week(
            week[0].isocalendar().week, [_day(shown, day, chosen) if day.month == first.month else None for day in week]
        )
        for week in MONDAY_FIRST.monthdatescalendar(first.year, first.month)
    ]
    return Month(date_format(first, "F Y"), _code(first), weeks)


def _day(shown: DispatchCalendar, day: date, chosen: date | None) -> Day:
    reason = shown.reason(day)
    label = f"{date_format(day, 'l')} {date_format(day, 'DATE_FORMAT')}"
    return Day(
        date=day,
        note=note_of(shown, day),
        label=f"{label}: {reason}" if reason else label,
        is_open=not reason,
        mark=shown.mark(day),
        is_chosen=day == chosen,
        is_today=day == shown.today,
    )


def _weekdays() -> list[tuple[str, str]]:
    monday = date(2026, 11, 2)
    return [(date_format(day, "D"), date_format(day, "l")) for day in (monday + ONE_DAY * nth for nth in range(7))]


def _first_month(shown: DispatchCalendar, code: str, chosen: date | None) -> date:
    """Never outside of what can be chosen, whatever was asked for."""
    asked = _read(code) or chosen or shown.next_agreed() or shown.today
    return min(max(asked, shown.today), shown.last).replace(day=1)


def _read(code: str) -> date | None:
    try:
        return date.fromisoformat(f"{code}-01")
    except ValueError:
        return None


def _code(month: date) -> str:
    return f"{month:%Y-%m}"


def _run(first: date, count: int) -> list[date]:
    return [_turn(first, nth) for nth in range(count)]


def _turn(month: date, by: int) -> date:
    """The first of the month so many months on."""
    years, nth = divmod(month.month - 1 + by, 12)
    return date(month.year + years, nth + 1, 1)
