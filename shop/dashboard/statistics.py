"""Differs: sums per currency. Oscar's adds up kronor of two countries, and shows the codes of statuses."""

from datetime import date, datetime, time

from django.db.models import Count, Sum
from django.utils.timezone import make_aware
from oscar.apps.dashboard.orders import views
from oscar.apps.dashboard.orders.views import queryset_orders_for_user

from shop.order.models import Line
from shop.order.statuses import STATUS_LABELS


class OrderStatsView(views.OrderStatsView):
    def get_stats(self, filters: dict) -> dict:
        days = {name: _aware(day) for name, day in filters.items()}
        orders = queryset_orders_for_user(self.request.user).filter(**days).order_by()
        counted = dict(orders.values_list("status").annotate(Count("pk")))
        return {
            "total_orders": orders.count(),
            "total_lines": Line.objects.filter(order__in=orders).count(),
            "sums": list(orders.values_list("currency").annotate(Sum("total_excl_tax")).order_by("currency")),
            "statuses": [(code, label, counted.get(code, 0)) for code, label in STATUS_LABELS.items()],
        }


def _aware(value: object) -> object:
    """Oscar's days, alone or in pairs, begin and end at midnight of no time zone."""
    if isinstance(value, list | tuple):
        return [_aware(one) for one in value]
    return make_aware(datetime.combine(value, time())) if isinstance(value, date) else value
