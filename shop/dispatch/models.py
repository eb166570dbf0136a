"""On which days the supplier dispatches to a clinic: what was agreed, and the days that differ."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.markets import COUNTRY_CHOICES
from permissions.models import Clinic

NO_AGREEMENT_CUT_OFF = time(14, 0)


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class DispatchAgreement(models.Model):
    """A clinic without one has every working day, cut-off 14:00 (see `loading.agreement_of`)."""

    clinic = models.OneToOneField(Clinic, primary_key=True, on_delete=models.CASCADE, related_name="dispatch_agreement")
    # ISO: Monday is 1, Sunday 7.
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        verbose_name=_("weekdays"),
        default=monday_to_friday,
    )
    # An order received later than this on a dispatch day leaves on the next one. Time of day in the clinic's market.
    cut_off = models.TimeField(_("cut-off time"), default=NO_AGREEMENT_CUT_OFF)
    transit_days = models.PositiveSmallIntegerField(_("working days on the way"), default=1)

    class Meta:
        verbose_name = _("dispatch agreement")
        verbose_name_plural = _("dispatch agreements")
        constraints = [
            models.CheckConstraint(condition=models.Q(weekdays__len__gt=0), name="dispatch_agreement_has_a_weekday")
        ]

    def __str__(self) -> str:
        return str(self.clinic)


class DispatchDay(models.Model):
    """A day that staff closed, or opened beyond what was agreed: for a clinic, a country, or everybody."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Closed")
        EXTRA = "extra", _("Extra")

    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    country = models.CharField(_("country"), max_length=2, choices=COUNTRY_CHOICES, blank=True)
    clinic = models.ForeignKey(
        Clinic, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("clinic")
    )
    reason = models.CharField(_("reason shown to the customer"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("dispatch day")
        verbose_name_plural = _("dispatch days")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["closed", "extra"]), name="dispatch_day_known_kind"),
            models.CheckConstraint(
                condition=models.Q(country="") | models.Q(clinic__isnull=True), name="dispatch_day_country_or_clinic"
            ),
            models.UniqueConstraint(
                fields=["date", "country", "clinic"], nulls_distinct=False, name="dispatch_day_once_per_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.get_kind_display()}"
