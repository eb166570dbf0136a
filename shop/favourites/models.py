"""What a clinic orders often: a product, or a product with its configuration. Never a patient."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions import access
from permissions.models import Clinic
from permissions.roles import ClinicPermission
from shop.configuration.values import digest_of


class FavouriteQuerySet(models.QuerySet["Favourite"]):
    def visible_to(self, user) -> "FavouriteQuerySet":
        """Shared ones of the clinics where this person prepares orders, and the person's own."""
        here = self.filter(clinic__in=access.clinic_ids(user, ClinicPermission.PREPARE_ORDER))
        return here.filter(models.Q(private_to=None) | models.Q(private_to=user.pk))


class Favourite(models.Model):
    """A product and its configuration, under the star of everybody who prepares orders, or of one person."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="favourites")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    # Option code to value, as basket lines have it; empty for a product that is not configured.
    configuration = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=32, editable=False, default="")
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    name = models.CharField(_("name"), max_length=80, blank=True)
    private_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("only for"),
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "product", "digest", "private_to"],
                nulls_distinct=False,
                name="favourite_once_per_configuration",
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="favourite_quantity_positive"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.product)

    def save(self, *args, **kwargs) -> None:
        self.digest = digest_of(self.configuration)
        super().save(*args, **kwargs)
