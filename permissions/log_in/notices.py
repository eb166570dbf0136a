"""The mail that tells people what changed about their log-in, so that nobody changes it behind their back."""

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from permissions.mail import composed
from permissions.models import AccessEvent, User


class Notice(TextChoices):
    """What happened, as the mail's subject says it."""

    APP_ADDED = "app added", _("An authenticator app was added to your log-in")
    APP_REMOVED = "app removed", _("The authenticator app was removed from your log-in")
    PASSKEY_ADDED = "passkey added", _("A passkey was added to your log-in")
    PASSKEY_REMOVED = "passkey removed", _("A passkey was removed from your log-in")
    CODES_RENEWED = "codes renewed", _("New recovery codes were made for your log-in")
    RESET = "reset", _("Customer service reset your second factor")
    IDENTITY_ADDED = "identity added", _("An e-identity was connected to your log-in")
    IDENTITY_REMOVED = "identity removed", _("An e-identity was disconnected from your log-in")


def tell(user: User, what: Notice, event: AccessEvent) -> None:
    """In the transaction of the change and of its row in the history."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        context = {
            "what": what.label,
            "is_reset": what is Notice.RESET,
            "at": date_format(localtime(event.at), "SHORT_DATETIME_FORMAT"),
            "url": settings.BASE_URL + reverse("security"),
            "support": settings.SUPPORT,
        }
        composed("emails/security_changed", context, to=user, message_id=f"security-{event.pk}").send()
