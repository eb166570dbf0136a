"""Differs: a basket belongs to a clinic, is shared there, and keeps what checkout asked; a line knows its patient."""

import uuid
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine
from oscar.apps.basket.managers import OpenBasketManager, SavedBasketManager

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.basket.statuses import ALIVE, FILLABLE, BasketStatus
from shop.configuration.values import Values, digest_of

CENT = Decimal("0.01")


class BasketQuerySet(models.QuerySet["Basket"]):
    def visible_to(self, user) -> "BasketQuerySet":
        """Baskets of the clinics where this person prepares orders: colleagues share them."""
        return self.filter(clinic__in=access.clinic_ids(user, ClinicPermission.PREPARE_ORDER))

    def alive(self) -> "BasketQuerySet":
        """What is not yet an order and may become one."""
        return self.filter(status__in=ALIVE)

    def open_for(self, user: User, clinic: Clinic) -> "Basket | None":
        """The basket that this person is filling for this clinic, if any."""
        current = self.filter(chosen_by__user=user, chosen_by__clinic=clinic, status__in=FILLABLE)
        return current.select_related("owner", "reviewed_by", "clinic__account").first()

    def count_lines(self, user: User, clinic: Clinic) -> int:
        chosen = {"basket__chosen_by__user": user, "basket__chosen_by__clinic": clinic}
        return Line.objects.filter(**chosen, basket__status__in=FILLABLE).count()

    def locked_open_for(self, user: User, clinic: Clinic) -> "Basket":
        """The basket this person is filling, begun when there is none, with its row locked.

        Must be called inside a transaction. The choice's row is locked first, so that two tabs begin one basket.
        """
        choice, former = ChosenBasket.locked(user, clinic), None
        if choice.basket_id:
            former = self.select_for_update().get(pk=choice.basket_id)
            if former.status in FILLABLE:
                return former
        choice.basket = self.create(owner=user, clinic=clinic)
        choice.save(update_fields=["basket"])
        basket = self.select_for_update().get(pk=choice.basket_id)
        basket.instead_of = former
        return basket


def with_price_rows(lines: models.QuerySet["Line"]) -> models.QuerySet["Line"]:
    """Everything that prices and pictures of lines read, in a fixed number of queries."""
    rows = ("product__product_class", "product__parent", "stockrecord", "added_by", "patient", "ear_scan")
    many = ("attributes__option", "product__images", "product__stockrecords", "product__attribute_values__attribute")
    return lines.select_related(*rows).prefetch_related(*many).order_by("pk")


class Basket(AbstractBasket):
    """`owner` is who began it; everybody who prepares orders at the clinic may continue it."""

    editable_statuses = ALIVE

    # In addresses instead of the key, which could be counted up.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=128, default=BasketStatus.OPEN, choices=BasketStatus.choices)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="baskets", verbose_name=_("clinic"))
    title = models.CharField(_("title"), max_length=80, blank=True)
    note = models.TextField(_("note to colleagues"), max_length=500, blank=True)
    # Counts up with every change of lines, notes or state: who shows the basket asks only whether it moved.
    revision = models.PositiveIntegerField(default=0)
    changed = models.DateTimeField(auto_now=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")
    # Who stands before the "confirm" button, for the colleagues to see.
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    purchase_number = models.CharField(_("purchase number"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    delivery_address = models.ForeignKey(
        "addresses.DeliveryAddress", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # None is "as agreed": the supplier's next agreed dispatch for this clinic.
    dispatch_date = models.DateField(_("dispatch date"), null=True, blank=True)
    # False: everything waits for the slowest line. True: what is ready leaves first.
    split_dispatch = models.BooleanField(_("send what is ready first"), default=False)

    # What its person was filling until a colleague sent, merged or discarded it; only of a basket begun just now.
    instead_of: "Basket | None" = None

    objects = BasketQuerySet.as_manager()
    open = OpenBasketManager()
    saved = SavedBasketManager()

    class Meta(AbstractBasket.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=BasketStatus.values), name="basket_known_status")
        ]
        indexes = [models.Index(fields=["clinic", "status"], name="basket_clinic_status")]

    def touch(self) -> None:
        """Tell whoever shows the basket that it is another now. Call it in the transaction that changes it."""
        self.revision += 1
        self.save(update_fields=["revision", "changed"])

    def all_lines(self) -> models.QuerySet["Line"]:
        """As Oscar's, with all that prices and pictures need: the queries don't grow with the lines."""
        if self.id is None:
            return self.lines.model.objects.none()
        if self._lines is None:
            self._lines = with_price_rows(self.lines.all())
        return self._lines

    def line_reference(
        self, product, stockrecord, configuration: Values, patient_id: uuid.UUID | None, ear_scan_id: uuid.UUID | None
    ) -> str:
        """What makes two additions one line: product, configuration (the side is part of it), patient and ear scan.

        Codes, not names: renaming an option must not part lines.
        """
        ids = [found.hex if found else "" for found in (patient_id, ear_scan_id)]
        return "_".join([str(product.pk), str(stockrecord.pk), digest_of(configuration), *ids]).rstrip("_")

    def _create_line_reference(self, product, stockrecord, options) -> str:
        configuration = {option["option"].code: option["value"] for option in options or ()}
        return self.line_reference(product, stockrecord, configuration, None, None)


class ChosenBasket(models.Model):
    """Which of the clinic's baskets a person is filling now. Several persons may fill the same one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    basket = models.ForeignKey(Basket, null=True, blank=True, on_delete=models.SET_NULL, related_name="chosen_by")

    class Meta:
        verbose_name = _("chosen basket")
        verbose_name_plural = _("chosen baskets")
        constraints = [models.UniqueConstraint(fields=["user", "clinic"], name="chosen_basket_once_per_clinic")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.clinic_id}: {self.basket_id}"

    @classmethod
    def locked(cls, user: User, clinic: Clinic) -> "ChosenBasket":
        """Whoever locks choices and baskets locks the choices first: nobody waits in a circle."""
        choice, _created = cls.objects.get_or_create(user=user, clinic=clinic)
        return cls.objects.select_for_update().get(pk=choice.pk)


class Line(AbstractLine):
    patient = models.ForeignKey(
        "patients.PatientLabel", null=True, blank=True, on_delete=models.PROTECT, related_name="basket_lines"
    )
    ear_scan = models.ForeignKey(
        "configuration.EarScan", null=True, blank=True, on_delete=models.PROTECT, related_name="basket_lines"
    )
    note = models.CharField(_("note to colleagues"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(AbstractLine.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="basket_line_quantity_positive")
        ]

    @property
    def configuration(self) -> Values:
        """Option code to value."""
        return {attribute.option.code: attribute.value for attribute in self.attributes.all()}

    @property
    def line_price_incl_tax(self) -> Decimal | None:
        """Net plus VAT of the whole line. Oscar multiplies the rounded unit price: 100 batteries were 25 øre off."""
        net = self.line_price_excl_tax
        if net is None:
            return None
        return net + (net * self.purchase_info.price.vat_rate).quantize(CENT, ROUND_HALF_UP)


from oscar.apps.basket.models import *  # noqa: E402
