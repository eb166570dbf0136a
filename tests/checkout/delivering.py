"""What the tests of the delivery step share: another time, and the answers of a form."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from permissions.models import Clinic
from tests.factories import ProductClass, make_product

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def travel(monkeypatch: pytest.MonkeyPatch, moment: str, zone: ZoneInfo = STOCKHOLM) -> None:
    """From now on it is this moment, as a clock in the clinic shows it."""
    there = datetime.fromisoformat(moment).replace(tzinfo=zone)
    monkeypatch.setattr(timezone, "now", lambda: there.astimezone(ZoneInfo("UTC")))


def answers(clinic: Clinic, day: date | None = None, **more) -> dict:
    """What the form on the delivery step sends."""
    address = clinic.delivery_addresses.get(is_default=True)
    when = {"dispatch_choice": "date", "dispatch_date": day.isoformat()} if day else {"dispatch_choice": "agreed"}
    return {"delivery_address": address.pk, **when, **more}


def slow_product(title: str = "Custom earmould", days: int = 8):
    product = make_product(title, price="800")
    kind = ProductClass.objects.get(slug="consumable")
    attribute, _created = kind.attributes.get_or_create(
        code="lead_days", defaults={"name": "Lead time (days)", "type": "integer"}
    )
    product.attribute_values.create(attribute=attribute, value_integer=days)
    return product
