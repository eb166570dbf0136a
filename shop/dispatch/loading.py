"""A clinic's dispatch calendar from the database: two queries, whatever is in it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from permissions.models import Clinic
from shop.catalogue.cards import LEAD_DAYS
from shop.catalogue.models import Product
from shop.dispatch.calendars import FURTHEST_DISPATCH, Agreement, DispatchCalendar, SpecialDay
from shop.dispatch.models import DispatchAgreement, DispatchDay
from shop.dispatch.public_holidays import public_holidays


def calendar_for(clinic: Clinic, now: datetime | None = None) -> DispatchCalendar:
    """The calendar as it stands at this moment, for goods that are ready (see `DispatchCalendar.with_lead`)."""
    moment, zone = now or timezone.now(), clinic.market.time_zone
    today = moment.astimezone(zone).date()
    rows = _rows(clinic, today)
    market = _narrowest(row for row in rows if row.clinic_id is None)
    years = range(today.year, (today + FURTHEST_DISPATCH).year + 2)
    return DispatchCalendar(
        agreement=agreement_of(clinic),
        zone=zone,
        now=moment,
        holidays=public_holidays(clinic.market.country, years, (get_language() or "en").split("-")[0]),
        special=_narrowest(rows),
        standstill=frozenset(day for day, special in market.items() if not special.is_open),
    )


def agreement_of(clinic: Clinic) -> Agreement:
    row = DispatchAgreement.objects.filter(clinic=clinic).first()
    return Agreement(frozenset(row.weekdays), row.cut_off, row.transit_days) if row else Agreement()


def lead_days_of(product: Product) -> int:
    """Working days until it can leave; reads the prefetched attribute values."""
    values = product.attribute_values.all()
    lead = next((value.value for value in values if value.attribute.code == LEAD_DAYS), None)
    return int(lead or 0)


def _rows(clinic: Clinic, today: date) -> list[DispatchDay]:
    scope = Q(clinic=clinic) | Q(clinic=None, country__in=["", clinic.market.country])
    return list(DispatchDay.objects.filter(scope, date__gte=today))


def _narrowest(rows: Iterable[DispatchDay]) -> dict[date, SpecialDay]:
    """What holds per day: the clinic's row before the country's before everybody's."""
    ordered = sorted(rows, key=lambda row: (row.clinic_id is not None, bool(row.country)))
    return {row.date: SpecialDay(row.kind == DispatchDay.Kind.EXTRA, row.reason) for row in ordered}
