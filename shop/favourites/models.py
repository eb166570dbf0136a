from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions import access
from permissions.models import Clinic
from permissions.roles import ClinicPermission


class FavouriteQuerySet(models.QuerySet["Favourite"]):
    def visible_to(self, user) -> "FavouriteQuerySet":
        return self.filter(clinic__in=access.clinic_ids(user, ClinicPermission.PREPARE_ORDER))


class Favourite(models.Model):
    """A product that a clinic orders often, under the star of everybody there who prepares orders."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="favourites")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["clinic", "product"], name="favourite_once_per_clinic")]

    def __str__(self) -> str:
        return str(self.product)
