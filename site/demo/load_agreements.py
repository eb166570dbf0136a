"""Agreed dispatch days, days that differ from them, and the accounts' rules of purchase numbers."""

from datetime import date, time, timedelta

from django.utils import timezone

from demo.load_people import clinics_by_key
from demo.sources import document
from permissions.models import Account
from shop.dispatch.models import DispatchAgreement, DispatchDay


def load_agreements() -> str:
    source, clinics, today = document("agreements.yaml"), clinics_by_key(), timezone.localdate()
    DispatchAgreement.objects.bulk_create(
        DispatchAgreement(
            clinic=clinics[key],
            weekdays=entry["weekdays"],
            cut_off=time.fromisoformat(entry["cut_off"]),
            transit_days=entry["transit_days"],
        )
        for key, entry in source["clinics"].items()
    )
    days = [
        DispatchDay(
            date=_weekday_after(today, entry["weekday"], entry["after"]),
            kind=entry["kind"],
            country=entry.get("country", ""),
            clinic=clinics.get(entry.get("clinic")),
            reason=entry["reason"],
        )
        for entry in source["days"]
    ]
    DispatchDay.objects.bulk_create(days)
    for number, rules in source["accounts"].items():
        Account.objects.filter(organisation_number=number).update(
            purchase_number_required=rules.get("required", False),
            purchase_number_pattern=rules.get("pattern", ""),
            purchase_number_help=rules.get("help", ""),
            allows_one_off_addresses=rules.get("allows_one_off_addresses", False),
        )
    return f"{len(source['clinics'])} agreements, {len(days)} days that differ"


def _weekday_after(today: date, weekday: int, after: int) -> date:
    day = today + timedelta(days=after)
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)
