"""The mail that an order was received. Says no product, price or patient: mail is read by others too."""

from django.conf import settings
from django.utils import translation

from permissions.mail import composed
from shop.order.models import Order


def send_confirmation(order: Order) -> None:
    """To whoever sent the order, in their language. Joins the caller's transaction through the outbox.

    Of an approved order that is who approved it: who had prepared it is told by the approval's own mail, which names
    the order too, and needs no second one.
    """
    recipient = order.approved_by or order.user
    if recipient is None or not recipient.is_active:
        return
    with translation.override(recipient.language or order.clinic.market.language):
        message_id = f"order-{order.public_id}"
        context = _context(order)
        composed("emails/order_confirmation", context, to=recipient, message_id=message_id, clinic=order.clinic).send()


def _context(order: Order) -> dict[str, object]:
    return {
        "order": order,
        "clinic": order.clinic,
        "lines_count": order.lines.count(),
        "url": settings.BASE_URL + order.get_absolute_url(),
        "support": settings.SUPPORT,
        "base_url": settings.BASE_URL,
        "prepared_by": str(order.user) if order.approved_by else "",
    }
