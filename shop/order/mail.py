"""The mail that an order was received. Says no product, price or patient: mail is read by others too."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from permissions.models import User
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
        _mail(order, recipient).send()


def _mail(order: Order, recipient: User) -> EmailMultiAlternatives:
    context = {
        "order": order,
        "clinic": order.clinic,
        "lines_count": order.lines.count(),
        "url": settings.BASE_URL + order.get_absolute_url(),
        "support": settings.SUPPORT,
        "base_url": settings.BASE_URL,
        "prepared_by": str(order.user) if order.approved_by else "",
    }
    mail = EmailMultiAlternatives(
        subject=render_to_string("emails/order_confirmation.subject.txt", context).strip(),
        body=render_to_string("emails/order_confirmation.txt", context),
        to=[recipient.email],
        # The order's own id: whatever is retried, it is the same mail.
        headers={"Message-ID": f"<order-{order.public_id}@bestil>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("emails/order_confirmation.html", context), "text/html")
    return mail
