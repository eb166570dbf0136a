"""The states of a basket, and which of them still change."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BasketStatus(TextChoices):
    """The first values are Oscar's own words for the same."""

    OPEN = "Open", _("Open")
    MERGED = "Merged", _("Merged into another basket")
    SAVED = "Saved", _("Saved")
    FROZEN = "Frozen", _("Being sent")
    SUBMITTED = "Submitted", _("Sent")
    WAITING = "Waiting", _("Waiting for approval")
    RETURNED = "Returned", _("Returned for changes")
    REJECTED = "Rejected", _("Rejected")
    DISCARDED = "Discarded", _("Discarded")


# Whoever prepares orders at the clinic fills these. A waiting basket is changed by who approves it, and by nobody else.
FILLABLE = (BasketStatus.OPEN, BasketStatus.RETURNED)
ALIVE = (*FILLABLE, BasketStatus.WAITING)
