"""The calendar on the delivery step: its months are turned and its days pressed without losing what was typed.

Each press of a button in the calendar posts the whole form; the page comes back with the same answers and no errors.
With scripts only the calendar comes back, and days are chosen in the browser.
"""

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest

from shop.basket.models import Basket
from shop.checkout.dispatch_plan import plan_of
from shop.checkout.forms import ON_DATE, SPLIT, DeliveryForm
from shop.dispatch.months import Sheet, sheet_of

# Buttons: a day was pressed, a month asked for, or the answers about lines that take longer changed.
DAY, MONTH, UPDATE = "day", "month", "update"
SHOWN = "shown"  # the month that stood first on the page


def is_turning(posted: Mapping[str, str]) -> bool:
    return any(name in posted for name in (DAY, MONTH, UPDATE))


def turned_form(request: HttpRequest, basket: Basket) -> DeliveryForm:
    """The form with what is typed so far, unchecked; a pressed day is chosen if it can be."""
    plan = plan_of(basket, split=request.POST.get("split_dispatch") == SPLIT)
    form = DeliveryForm(clinic=request.clinic, plan=plan)
    form.initial = {name: request.POST.get(name, "") for name in form.fields}
    pressed = read_date(request.POST.get(DAY))
    if pressed:
        form.initial["dispatch_choice"] = ON_DATE
        if plan.shown.may_choose(pressed):
            form.initial["dispatch_date"] = pressed
    return form


def sheet_for(form: DeliveryForm, turned: Mapping[str, str]) -> Sheet:
    """What the calendar shows: the month turned to, the chosen day, and what is said of the pressed one.

    In place of a date that can't be chosen (any more) the next one is. Another answer about lines that take longer
    shows the calendar anew: there may be dates in an earlier month.
    """
    chosen, shown = read_date(form["dispatch_date"].value()), form.plan.shown
    if chosen and not shown.may_choose(chosen):
        chosen = shown.next_agreed(chosen)
    return sheet_of(
        shown,
        chosen=chosen,
        looked_at=read_date(turned.get(DAY)),
        code=turned.get(MONTH) or ("" if UPDATE in turned else turned.get(SHOWN, "")),
    )


def read_date(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None
