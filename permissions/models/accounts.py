"""The companies that people work for, and the clinics they order for."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.markets import COUNTRY_CHOICES, MARKETS, Market
from permissions.roles import ClinicPermission

# The organisation number's digits alone.
PLAIN_NUMBER = models.Func(
    models.F("organisation_number"),
    models.Value("[^0-9]"),
    models.Value(""),
    models.Value("g"),
    function="regexp_replace",
    output_field=models.CharField(),
)


class Account(models.Model):
    """A customer company: its name, its country, and therefore the currency and VAT it buys with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    organisation_number = models.CharField(_("organisation number"), max_length=20)
    country = models.CharField(_("country"), max_length=2, choices=COUNTRY_CHOICES)
    payment_terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), default=30)
    # What the account asks of its purchase numbers; the pattern is a regular expression for the whole number.
    purchase_number_required = models.BooleanField(_("purchase number required"), default=False)
    purchase_number_pattern = models.CharField(_("pattern of purchase numbers"), max_length=200, blank=True)
    purchase_number_help = models.CharField(_("help text of the purchase number"), max_length=200, blank=True)
    purchase_number_values = models.TextField(
        _("allowed purchase numbers"), blank=True, help_text=_("One per line. Empty: any that fits the pattern.")
    )
    allows_one_off_addresses = models.BooleanField(_("orders may go to an address of their own"), default=False)
    # The main user who answers for the account. Hands it over by an OwnershipTransfer; can't be removed before.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_accounts",
        verbose_name=_("account owner"),
    )
    requires_second_factor = models.BooleanField(_("everybody logs in with a second factor"), default=False)
    tells_of_impersonation = models.BooleanField(
        _("tell the account owner when customer service looks at the portal as one of us"), default=True
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            # However it was typed where the account was made.
            models.UniqueConstraint("country", PLAIN_NUMBER, name="account_unique_organisation"),
            models.CheckConstraint(condition=models.Q(country__in=list(MARKETS)), name="account_country_is_a_market"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def market(self) -> Market:
        return MARKETS[self.country]

    @property
    def currency(self) -> str:
        return self.market.currency


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def visible_to(self, user) -> "ClinicQuerySet":
        """The clinics in which this person may do anything at all."""
        from permissions import access

        return self.filter(pk__in=access.clinic_ids(user))


class PatientPolicy(models.TextChoices):
    """What a clinic writes on order lines to know whom they are for."""

    NONE = "none", _("Nothing")
    REFERENCE = "reference", _("The clinic's own reference")
    NAME = "name", _("The patient's name")


class Clinic(models.Model):
    """A customer number of an account. Never deleted: an inactive one is closed to its members, not to the supplier."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="clinics", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=200)
    customer_number = models.CharField(_("customer number"), max_length=20, unique=True)
    invoice_name = models.CharField(_("invoice recipient"), max_length=200, blank=True)
    invoice_line1 = models.CharField(_("invoice address"), max_length=200, blank=True)
    invoice_postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    invoice_city = models.CharField(_("town"), max_length=100, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    patient_policy = models.CharField(
        _("patients on order lines"),
        max_length=10,
        choices=PatientPolicy.choices,
        default=PatientPolicy.REFERENCE,
    )
    # Net, in the account's currency. None: purchasers send orders of any size themselves.
    approval_limit = models.DecimalField(
        _("purchasers need approval above"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    approval_reminder_hours = models.PositiveSmallIntegerField(_("hours until a reminder"), default=24)
    approval_escalation_hours = models.PositiveSmallIntegerField(_("hours until the account owner is told"), default=72)
    created = models.DateTimeField(auto_now_add=True)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        ordering = ["name", "customer_number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(patient_policy__in=PatientPolicy.values), name="clinic_known_patient_policy"
            ),
            models.CheckConstraint(
                condition=models.Q(approval_limit__isnull=True) | models.Q(approval_limit__gte=0),
                name="clinic_approval_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(approval_escalation_hours__gt=models.F("approval_reminder_hours")),
                name="clinic_reminds_before_it_escalates",
            ),
        ]
        permissions = [(code.value, f"Can {code.value.replace('_', ' ')} at a clinic") for code in ClinicPermission]

    def __str__(self) -> str:
        return self.name

    @property
    def market(self) -> Market:
        return self.account.market

    @property
    def invoice_address_lines(self) -> list[str]:
        town = f"{self.invoice_postcode} {self.invoice_city}".strip()
        return [line for line in (self.invoice_name, self.invoice_line1, town) if line]
