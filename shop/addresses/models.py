"""Where a clinic takes delivery. Oscar's own address book belongs to a person; ours to the clinic."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractAddress

from permissions import access
from permissions.models import Clinic
from shop.addresses.postal import NordicAddress


class DeliveryAddressQuerySet(models.QuerySet["DeliveryAddress"]):
    def visible_to(self, user) -> "DeliveryAddressQuerySet":
        return self.filter(clinic__in=access.clinic_ids(user))

    def usable_for(self, clinic: Clinic) -> "DeliveryAddressQuerySet":
        """The clinic's own addresses; what was typed for one order only belongs to that order."""
        return self.filter(clinic=clinic, is_active=True, one_off=False).select_related("country")


class DeliveryAddress(NordicAddress, AbstractAddress):
    """Street in `line1`, more of it in `line2`, town in `line4`; `last_name` is who receives."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="delivery_addresses")
    label = models.CharField(_("name of the address"), max_length=80)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Typed for one basket, where the account allows it; never offered again.
    one_off = models.BooleanField(_("for one order only"), default=False)

    objects = DeliveryAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery address")
        verbose_name_plural = _("delivery addresses")
        ordering = ["-is_default", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic"], condition=models.Q(is_default=True), name="address_one_default_per_clinic"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.active_address_fields())}"
