"""Whenever the demo is loaded, its orders are in every state and nothing has happened in the future."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from demo import load_orders
from demo.sources import document
from permissions.models import Account, Clinic
from shop.order.statuses import STATUS_LABELS

FIRST = datetime(2026, 12, 21, 0, 7, tzinfo=UTC)  # Christmas and three weekends follow


@pytest.mark.parametrize("hours", range(0, 24 * 14, 7))
def test_every_state_is_there_whenever_it_is_loaded(hours: int) -> None:
    now = FIRST + timedelta(hours=hours)
    chance, clinic = random.Random("any"), Clinic(account=Account(country="SE"))
    times = [load_orders._times(chance, clinic, now, nth) for nth in range(document("orders.yaml")["orders"])]
    assert {entry.status for entry in times} == set(STATUS_LABELS)
    for entry in times:
        moments = [entry.placed, *(moment for _status, moment in entry.changes), now]
        assert moments == sorted(moments)
