"""Differs: a status change moves the stock with it. Oscar only writes the status."""

from django.db import transaction
from oscar.apps.order import processing

from shop.order.models import Order
from shop.order.statuses import CANCELLED, SHIPPED


class EventHandler(processing.EventHandler):
    @transaction.atomic
    def handle_order_status_change(self, order: Order, new_status: str, note_msg: str | None = None) -> None:
        """Cancelled gives the held-back pieces to others; shipped takes them off the shelf. Once: the row is locked."""
        locked = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if locked.status == new_status:
            return
        super().handle_order_status_change(locked, new_status, note_msg)
        order.status = locked.status
        # Line by line: Oscar's own methods take no lines to mean all, and stumble over articles without a count.
        for line in locked.lines.filter(stockrecord__num_in_stock__isnull=False).order_by("stockrecord"):
            if new_status == CANCELLED:
                line.cancel_allocation(line.num_allocated)
            elif new_status == SHIPPED:
                line.consume_allocation(line.num_allocated)
