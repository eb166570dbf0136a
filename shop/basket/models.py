"""Differs: a basket belongs to a clinic and keeps the delivery details, so that they survive the session."""

import hashlib
import json
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine
from oscar.apps.basket.managers import OpenBasketManager, SavedBasketManager

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission

CENT = Decimal("0.01")


class BasketQuerySet(models.QuerySet["Basket"]):
    def visible_to(self, user) -> "BasketQuerySet":
        """Baskets of the clinics where this person prepares orders."""
        return self.filter(clinic__in=access.clinic_ids(user, ClinicPermission.PREPARE_ORDER))

    def open_for(self, user: User, clinic: Clinic) -> "Basket | None":
        """The basket that this person is filling for this clinic, if any."""
        return self.filter(owner=user, clinic=clinic, status=Basket.OPEN).first()

    def count_lines(self, user: User, clinic: Clinic) -> int:
        return Line.objects.filter(basket__owner=user, basket__clinic=clinic, basket__status=Basket.OPEN).count()

    @transaction.atomic
    def locked_open_for(self, user: User, clinic: Clinic) -> "Basket":
        """The open basket, made when there is none, with its row locked: every change of lines begins here.

        Must be called inside a transaction. Between reading and locking the basket may be sent by a second
        browser; then a new one is begun.
        """
        while True:
            basket, _created = self.get_or_create(owner=user, clinic=clinic, status=Basket.OPEN)
            locked = self.select_for_update().get(pk=basket.pk)
            if locked.status == Basket.OPEN:
                return locked


class Basket(AbstractBasket):
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="baskets", verbose_name=_("clinic"))
    purchase_number = models.CharField(_("purchase number"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    delivery_address = models.ForeignKey(
        "addresses.DeliveryAddress", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # None is "as agreed": the supplier's next agreed dispatch for this clinic.
    dispatch_date = models.DateField(_("dispatch date"), null=True, blank=True)

    objects = BasketQuerySet.as_manager()
    open = OpenBasketManager()
    saved = SavedBasketManager()

    class Meta(AbstractBasket.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "clinic"],
                condition=models.Q(status="Open"),
                name="basket_one_open_per_person_and_clinic",
            )
        ]

    def all_lines(self) -> Sequence["Line"]:
        """As Oscar's, with all that prices and pictures need: the queries don't grow with the lines."""
        if self.id is None:
            return self.lines.model.objects.none()
        if self._lines is None:
            self._lines = (
                self.lines.select_related("product__product_class", "product__parent", "stockrecord")
                .prefetch_related(
                    "attributes__option",
                    "product__images",
                    "product__stockrecords",
                    "product__attribute_values__attribute",
                )
                .order_by("pk")
            )
        return self._lines

    def _create_line_reference(self, product, stockrecord, options) -> str:
        """One line per product and configuration. Codes, not names: renaming an option must not part lines."""
        base = f"{product.pk}_{stockrecord.pk}"
        if not options:
            return base
        chosen = sorted([option["option"].code, option["value"]] for option in options)
        digest = hashlib.sha256(json.dumps(chosen, ensure_ascii=False, default=str).encode()).hexdigest()
        return f"{base}_{digest[:32]}"


class Line(AbstractLine):
    class Meta(AbstractLine.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="basket_line_quantity_positive")
        ]

    @property
    def line_price_incl_tax(self) -> Decimal | None:
        """Net plus VAT of the whole line. Oscar multiplies the rounded unit price: 100 batteries were 25 øre off."""
        net = self.line_price_excl_tax
        if net is None:
            return None
        return net + (net * self.purchase_info.price.vat_rate).quantize(CENT, ROUND_HALF_UP)


from oscar.apps.basket.models import *  # noqa: E402
