"""Calendars without a database, as the tests of this folder need them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from permissions.markets import MARKETS
from shop.dispatch.calendars import Agreement, DispatchCalendar, Lead, SpecialDay
from shop.dispatch.public_holidays import public_holidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WORKDAYS = (1, 2, 3, 4, 5)


def calendar(
    now: datetime | str,
    *,
    country: str = "SE",
    weekdays=WORKDAYS,
    cut_off: time = time(14),
    transit: int = 1,
    special: dict[date, SpecialDay] | None = None,
    standstill=frozenset(),
    lead: int = 0,
    language: str = "en",
) -> DispatchCalendar:
    """`now` as text is the time of day where the market is."""
    zone = MARKETS[country].time_zone
    moment = datetime.fromisoformat(now).replace(tzinfo=zone) if isinstance(now, str) else now
    return DispatchCalendar(
        agreement=Agreement(frozenset(weekdays), cut_off, transit),
        zone=zone,
        now=moment,
        holidays=public_holidays(country, range(moment.year, moment.year + 3), language),
        special=special or {},
        standstill=frozenset(standstill),
        lead=Lead("Custom earmould", lead) if lead else None,
    )
