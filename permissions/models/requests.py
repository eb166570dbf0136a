"""What people ask customer service for: an account of their own, or one more clinic."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from permissions.markets import COUNTRY_CHOICES, MARKETS
from permissions.models.accounts import Account


class RequestKind(models.TextChoices):
    ACCOUNT = "account", _("New account")
    CLINIC = "clinic", _("New clinic")


class RequestState(models.TextChoices):
    RECEIVED = "received", _("Received")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", pgettext_lazy("request", "Declined")
    CLOSED = "closed", _("Closed")


class AccountRequest(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.RECEIVED)
    country = models.CharField(_("country"), max_length=2, choices=COUNTRY_CHOICES)
    company = models.CharField(_("company"), max_length=200)
    # Digits only, as python-stdnum writes it.
    organisation_number = models.CharField(_("organisation number"), max_length=20)
    # What the requester says it is; a new clinic has none yet.
    customer_number = models.CharField(_("customer number"), max_length=20, blank=True)
    clinic_name = models.CharField(_("clinic"), max_length=200)
    line1 = models.CharField(_("address"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=12)
    city = models.CharField(_("town"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    phone_number = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    # Set for a new clinic from the start, for a new account when it is approved.
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="requests")
    clinic = models.ForeignKey(
        "permissions.Clinic",
        null=True,
        on_delete=models.PROTECT,
        related_name="requests",
        verbose_name=_("clinic made"),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="requests_made"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="requests_decided"
    )
    decided = models.DateTimeField(null=True, blank=True)
    # Why it was declined, as the requester reads it; or closed without a mail, as customer service does.
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["created"]
        indexes = [models.Index(fields=["state", "created"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(country__in=list(MARKETS)), name="request_country_is_a_market"),
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="request_known_state"),
            models.CheckConstraint(condition=models.Q(kind__in=RequestKind.values), name="request_known_kind"),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.RECEIVED, decided=None)
                | ~models.Q(state=RequestState.RECEIVED) & models.Q(decided__isnull=False),
                name="request_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.clinic_name}" if self.company else gettext("Deleted request")

    @property
    def is_forgotten(self) -> bool:
        """So old that it no longer says who asked (`requests/forgetting.py`)."""
        return not self.email
