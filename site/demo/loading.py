"""The demo as a whole: which stages it has, in one transaction, and when it may be loaded."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction

from demo import load_catalogue, load_pages
from demo.emptying import empty
from demo.load_access import load_access
from demo.load_agreements import load_agreements
from demo.load_approvals import load_approvals
from demo.load_baskets import load_baskets
from demo.load_favourites import load_favourites
from demo.load_options import load_options
from demo.load_orders import load_orders
from demo.load_people import load_people
from demo.load_pictures import Drawing
from demo.sources import document
from permissions.models import Account, Clinic
from shop.catalogue.models import Product

Report = Callable[[str], None]
LOCK = 7_225_041  # any number: two loads at once must not fill a database twice


class NotAllowed(Exception):
    """Nothing was changed; the text says why and what to do."""


class NotEmpty(NotAllowed):
    """There is data already."""


def load(report: Report, *, reset: bool = False) -> None:
    """Fill the database, whole or not at all. `reset` empties the demo that is there first.

    Raises NotAllowed where the settings or the data forbid it.
    """
    if not getattr(settings, "DEMO_ALLOWED", False):
        raise NotAllowed(
            "The demo is not allowed with these settings (DEMO_ALLOWED); it is never loaded in production."
        )
    products, news = load_catalogue.pictures(), load_pages.pictures()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _check(reset=reset)
        with Drawing(products, news) as drawing:
            if reset:
                _stage(report, "old demo", empty)
            _stage(report, "people", load_people)
            _stage(report, "agreements", load_agreements)
            _stage(report, "catalogue", load_catalogue.load_catalogue)
            _stage(report, "options", load_options)
            _stage(report, "orders", load_orders)
            _stage(report, "baskets", load_baskets)
            _stage(report, "favourites", load_favourites)
            _stage(report, "approvals", load_approvals)
            _stage(report, "access", load_access)
            _stage(report, "pages", load_pages.load_pages)
            _stage(report, "pictures", drawing.finish)
    drawing.sweep()


def is_empty() -> bool:
    return not any(model._base_manager.exists() for model in (Clinic, Product))


def _check(*, reset: bool) -> None:
    if is_empty():
        return
    if not reset:
        raise NotEmpty(
            "The database holds data already. `manage.py load_demo --reset` deletes all of it and loads anew."
        )
    numbers = [entry["organisation_number"] for entry in document("people.yaml")["accounts"]]
    if not Account.objects.filter(organisation_number__in=numbers).exists():
        raise NotAllowed("This database is not the demo's: none of the demo's accounts is in it. Nothing was deleted.")


def _stage(report: Report, name: str, step: Callable[[], str]) -> None:
    started = time.monotonic()
    done = step()
    report(f"  {name:<10} {done:<62} {time.monotonic() - started:5.1f} s")
