"""The states of an order as customers read them (E1, E2); the codes stand in OSCAR_ORDER_STATUS_PIPELINE."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RECEIVED, PROCESSING, SHIPPED, DELIVERED, CANCELLED = "received", "processing", "shipped", "delivered", "cancelled"

STATUS_LABELS: dict[str, str | Promise] = {
    RECEIVED: _("Received"),
    PROCESSING: _("Processing"),
    SHIPPED: _("Shipped"),
    DELIVERED: _("Delivered"),
    CANCELLED: _("Cancelled"),
}
JOURNEY = (RECEIVED, PROCESSING, SHIPPED, DELIVERED)


def steps(status: str) -> list[tuple]:
    """The order's way as (label, "done" | "current" | "todo"); a cancelled order has stopped."""
    if status == CANCELLED:
        return [(STATUS_LABELS[RECEIVED], "done"), (STATUS_LABELS[CANCELLED], "current")]
    reached = JOURNEY.index(status) if status in JOURNEY else 0
    states = ["done"] * reached + ["current"] + ["todo"] * (len(JOURNEY) - reached - 1)
    return [(STATUS_LABELS[code], state) for code, state in zip(JOURNEY, states, strict=True)]
