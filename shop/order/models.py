"""Differs: an order belongs to a clinic, is found by a random id, and exists once per basket."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractShippingAddress
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder

from permissions import access
from permissions.markets import percent
from permissions.models import Clinic
from permissions.roles import ClinicPermission
from shop.addresses.postal import NordicAddress
from shop.order.statuses import STATUS_LABELS

JUST_NOW = timedelta(minutes=15)


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user) -> "OrderQuerySet":
        return self.filter(clinic__in=access.clinic_ids(user, ClinicPermission.VIEW_ORDERS))

    def just_placed_by(self, user, clinic: Clinic) -> "Order | None":
        """What somebody means who comes back to the checkout by the back button or in a second browser."""
        since = timezone.now() - JUST_NOW
        return self.filter(user=user, clinic=clinic, date_placed__gte=since).newest_first().first()

    def newest_first(self) -> "OrderQuerySet":
        return self.order_by("-date_placed", "-pk")


class Order(AbstractOrder):
    # In addresses instead of the number, which could be counted up.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="orders", verbose_name=_("clinic"))
    purchase_number = models.CharField(_("purchase number"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    # None is "as agreed": the supplier's next agreed dispatch for this clinic.
    dispatch_date = models.DateField(_("dispatch date"), null=True, blank=True)
    supplier_number = models.CharField(_("supplier's order number"), max_length=20, blank=True)
    # Who approved what `user` had prepared; None where `user` sent it alone.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("approved by"),
    )
    # 0.25 is 25 %; kept because rates change and old orders must not.
    vat_rate = models.DecimalField(_("VAT rate"), max_digits=5, decimal_places=4, default=Decimal("0.25"))

    objects = OrderQuerySet.as_manager()

    class Meta(AbstractOrder.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["basket"], name="order_one_per_basket"),
            models.CheckConstraint(
                condition=models.Q(total_incl_tax__gte=models.F("total_excl_tax")), name="order_vat_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "-date_placed"], name="order_clinic_newest")]

    def get_absolute_url(self) -> str:
        return reverse("orders:detail", kwargs={"public_id": self.public_id})

    @property
    def status_label(self) -> str | Promise:
        return STATUS_LABELS.get(str(self.status), str(self.status))

    @property
    def vat_percent(self) -> str:
        return percent(self.vat_rate)

    @property
    def placed_by_name(self) -> str:
        return str(self.user) if self.user else ""


class Line(AbstractLine):
    """With whom it is for, what it is made after, and when it leaves if it leaves later than the order."""

    patient = models.ForeignKey(
        "patients.PatientLabel", null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines"
    )
    ear_scan = models.ForeignKey(
        "configuration.EarScan", null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines"
    )
    dispatch_date = models.DateField(_("dispatch date"), null=True, blank=True)

    class Meta(AbstractLine.Meta):
        abstract = False


class ShippingAddress(NordicAddress, AbstractShippingAddress):
    """Where this order went, whatever the clinic's address becomes later."""


from oscar.apps.order.models import *  # noqa: E402
