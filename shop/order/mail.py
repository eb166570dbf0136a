"""The mail that an order was received. Says no product, price or patient: mail is read by others too."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from shop.order.models import Order


def send_confirmation(order: Order) -> None:
    """To whoever placed the order, in their language. Joins the caller's transaction through the outbox."""
    language = order.user.language or order.clinic.market.language
    context = {
        "order": order,
        "clinic": order.clinic,
        "lines_count": order.lines.count(),
        "url": settings.BASE_URL + order.get_absolute_url(),
        "support": settings.SUPPORT,
        "base_url": settings.BASE_URL,
    }
    with translation.override(language):
        mail = EmailMultiAlternatives(
            subject=render_to_string("emails/order_confirmation.subject.txt", context).strip(),
            body=render_to_string("emails/order_confirmation.txt", context),
            to=[order.user.email],
            # The order's own id: whatever is retried, it is the same mail.
            headers={"Message-ID": f"<order-{order.public_id}@bestil>", "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("emails/order_confirmation.html", context), "text/html")
    mail.send()
