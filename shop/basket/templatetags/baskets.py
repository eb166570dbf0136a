"""How baskets, people and times are named on pages."""

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from permissions.models import Clinic, User
from shop.basket.models import Basket
from shop.basket.sharing import in_a_row, short_name, title_of

register = template.Library()


@register.filter
def basket_title(basket: Basket) -> str:
    return title_of(basket)


@register.filter
def first_name(user: User | None) -> str:
    return short_name(user)


@register.filter
def names(people: Sequence[str]) -> str:
    """`Petra, Asta and Olga`."""
    return in_a_row(people)


@register.filter
def moment(at: datetime, clinic: Clinic) -> str:
    """`14:32` today, else with the day; as the clinic's clock shows it."""
    zone = clinic.market.time_zone
    local = at.astimezone(zone)
    is_today = local.date() == timezone.now().astimezone(zone).date()
    clock = date_format(local, "H:i")
    return clock if is_today else f"{date_format(local, 'MONTH_DAY_FORMAT')} {clock}"
