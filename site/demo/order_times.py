"""When the demo's orders were placed, and what became of them since: in working hours, and nothing in the future."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from shop.order.statuses import CANCELLED, DELIVERED, PROCESSING, RECEIVED, SHIPPED

OPENING, CLOSING = time(7, 40), time(16, 45)
LAST_HANDLED = time(16, 30)  # what comes later is begun with the next morning
FRESH = timedelta(minutes=100)  # less than it takes until an order is begun with
DENSITY = 1.8  # above 1 means denser towards today
CLOSED = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (5, 1)}  # (month, day)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Times:
    """When an order was placed, which dispatch date it asks for, and its later states with their moments."""

    placed: datetime
    dispatch_date: date | None
    changes: tuple[tuple[str, datetime], ...]

    @property
    def status(self) -> str:
        return self.changes[-1][0] if self.changes else RECEIVED


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in CLOSED


def workday(day: date, step: timedelta = DAY) -> date:
    """The day itself, else the nearest working day in the direction of `step`."""
    while not is_workday(day):
        day += step
    return day


def next_workday(day: date) -> date:
    return workday(day + DAY)


def workdays_before(day: date, count: int) -> date:
    for _nth in range(count):
        day = workday(day - DAY, -DAY)
    return day


def some_moment(chance: Random, now: datetime, zone: ZoneInfo) -> datetime:
    """A working hour in the last year."""
    today = now.astimezone(zone).date()
    day = workday(today - timedelta(days=int(365 * chance.random() ** DENSITY)), -DAY)
    moment = _between(chance, day, OPENING, CLOSING, zone)
    while moment > now:
        day = workdays_before(day, 1)
        moment = _between(chance, day, OPENING, CLOSING, zone)
    return moment


def fresh_moment(chance: Random, now: datetime, zone: ZoneInfo) -> datetime:
    """So lately that nobody can have begun with the order."""
    here = now.astimezone(zone)
    opened = here.replace(hour=OPENING.hour, minute=OPENING.minute, second=0, microsecond=0)
    closed = here.replace(hour=CLOSING.hour, minute=CLOSING.minute, second=0, microsecond=0)
    if not is_workday(here.date()) or here < opened + 10 * MINUTE:
        day = workdays_before(here.date(), 1)
        opened, closed = _at(day, OPENING, zone), _at(day, CLOSING, zone)
    latest = min(here, closed)
    earliest = max(opened, latest - FRESH)
    return earliest + MINUTE * chance.randrange(int((latest - earliest) / MINUTE) or 1)


def some_days_ago(chance: Random, now: datetime, zone: ZoneInfo, *, days: int) -> datetime:
    """So many working days ago: after two an order is begun with, after three it has left the warehouse."""
    day = workdays_before(now.astimezone(zone).date(), days)
    return _between(chance, day, OPENING, CLOSING, zone)


def dispatch_soon(chance: Random, placed: datetime, zone: ZoneInfo) -> date:
    return workday(placed.astimezone(zone).date() + chance.randint(2, 9) * DAY)


def dispatch_to_come(chance: Random, now: datetime, zone: ZoneInfo) -> date:
    return workday(now.astimezone(zone).date() + chance.randint(3, 20) * DAY)


def times_of(
    chance: Random,
    placed: datetime,
    dispatch_date: date | None,
    now: datetime,
    zone: ZoneInfo,
    *,
    cancelled: bool = False,
    travels: int = 0,
) -> Times:
    """What became of an order until now; a parcel is under way for a working day and `travels` more."""
    begun = placed + MINUTE * chance.randint(120, 240)
    if begun.astimezone(zone).time() > LAST_HANDLED:
        begun = _between(chance, next_workday(begun.astimezone(zone).date()), time(8, 45), time(10, 30), zone)
    if cancelled:
        changes = [(CANCELLED, begun)]
    else:
        day = max(next_workday(begun.astimezone(zone).date()), dispatch_date or date.min)
        shipped = _between(chance, workday(day), time(13), time(15, 45), zone)
        arrival = next_workday(shipped.astimezone(zone).date())
        for _more in range(travels):
            arrival = next_workday(arrival)
        delivered = _between(chance, arrival, time(9), time(15), zone)
        changes = [(PROCESSING, begun), (SHIPPED, shipped), (DELIVERED, delivered)]
    return Times(placed, dispatch_date, tuple(change for change in changes if change[1] <= now))


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


def _between(chance: Random, day: date, first: time, last: time, zone: ZoneInfo) -> datetime:
    start = _at(day, first, zone)
    return start + timedelta(seconds=chance.randrange(int((_at(day, last, zone) - start).total_seconds())))
