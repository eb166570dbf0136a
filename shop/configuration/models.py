"""What Oscar's options lack: dependencies between values, retired values, wording per language, and ear scans.

A value is known by `AttributeOption.code`, an option by `Option.code`; lines store codes, never wording.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions import access
from permissions.models import Clinic
from permissions.roles import ClinicPermission


class ClassOrdering(models.Model):
    """How the products of a class are ordered: for whom, and whether an ear scan may come along."""

    class Patient(models.TextChoices):
        NO = "no", _("Not asked")
        OPTIONAL = "optional", _("Optional")
        REQUIRED = "required", _("Required")

    product_class = models.OneToOneField(
        "catalogue.ProductClass", primary_key=True, on_delete=models.CASCADE, related_name="ordering"
    )
    patient = models.CharField(_("patient"), max_length=10, choices=Patient.choices, default=Patient.NO)
    takes_ear_scan = models.BooleanField(_("an ear scan or photo can be attached"), default=False)

    class Meta:
        verbose_name = _("ordering of a product type")
        verbose_name_plural = _("ordering of product types")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(patient__in=["no", "optional", "required"]), name="class_ordering_known_patient"
            )
        ]

    def __str__(self) -> str:
        return str(self.product_class)


class RetiredValue(models.Model):
    """A value that can no longer be ordered, and what takes its place."""

    value = models.OneToOneField(
        "catalogue.AttributeOption", primary_key=True, on_delete=models.CASCADE, related_name="retirement"
    )
    successor = models.ForeignKey(
        "catalogue.AttributeOption",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("successor"),
    )
    since = models.DateField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("retired value")
        verbose_name_plural = _("retired values")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("value")), name="retired_value_is_not_its_own_successor"
            )
        ]

    def __str__(self) -> str:
        return str(self.value)


class RetiredProduct(models.Model):
    """What takes the place of a product that is no longer sold (`Product.is_public` says that it isn't)."""

    product = models.OneToOneField(
        "catalogue.Product", primary_key=True, on_delete=models.CASCADE, related_name="retirement"
    )
    successor = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="+", verbose_name=_("successor")
    )

    class Meta:
        verbose_name = _("retired product")
        verbose_name_plural = _("retired products")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("product")), name="retired_product_is_not_its_own_successor"
            )
        ]

    def __str__(self) -> str:
        return str(self.product)


class Rule(models.Model):
    """When `option` is `value`, another option must be, or must not be, one of `targets`.

    `value` None stands for any value. A rule that requires and names no targets asks only for an answer.
    """

    class Effect(models.TextChoices):
        REQUIRES = "requires", _("requires")
        EXCLUDES = "excludes", _("excludes")

    product_class = models.ForeignKey(
        "catalogue.ProductClass", on_delete=models.CASCADE, related_name="rules", verbose_name=_("product type")
    )
    option = models.ForeignKey(
        "catalogue.Option", on_delete=models.CASCADE, related_name="+", verbose_name=_("when the option")
    )
    value = models.ForeignKey(
        "catalogue.AttributeOption",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("is"),
    )
    effect = models.CharField(_("then it"), max_length=10, choices=Effect.choices)
    target_option = models.ForeignKey(
        "catalogue.Option", on_delete=models.CASCADE, related_name="+", verbose_name=_("of the option")
    )
    targets = models.ManyToManyField(
        "catalogue.AttributeOption", blank=True, related_name="+", verbose_name=_("these values")
    )
    reason = models.CharField(_("reason shown to the customer"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("configuration rule")
        verbose_name_plural = _("configuration rules")
        ordering = ["product_class", "option", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(effect__in=["requires", "excludes"]), name="rule_known_effect"),
            models.CheckConstraint(
                condition=~models.Q(option=models.F("target_option")), name="rule_is_about_two_options"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option} {self.get_effect_display()} {self.target_option}"


class Wording(models.Model):
    """An option or value as one language says it. Without one, Oscar's own name is shown."""

    option = models.ForeignKey(
        "catalogue.Option", null=True, blank=True, on_delete=models.CASCADE, related_name="wordings"
    )
    value = models.ForeignKey(
        "catalogue.AttributeOption", null=True, blank=True, on_delete=models.CASCADE, related_name="wordings"
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    text = models.CharField(_("text"), max_length=255)
    help_text = models.CharField(_("help text"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(option__isnull=True) ^ models.Q(value__isnull=True),
                name="wording_of_an_option_or_a_value",
            ),
            models.UniqueConstraint(fields=["option", "language"], name="wording_once_per_option"),
            models.UniqueConstraint(fields=["value", "language"], name="wording_once_per_value"),
        ]

    def __str__(self) -> str:
        return self.text


class EarScanQuerySet(models.QuerySet["EarScan"]):
    def visible_to(self, user) -> "EarScanQuerySet":
        return self.filter(clinic__in=access.clinic_ids(user, ClinicPermission.VIEW_PATIENTS))


class EarScan(models.Model):
    """A scan or photo of an ear, for making a mould. Health data: stored privately under a random name."""

    class Kind(models.TextChoices):
        JPEG = "jpeg", "JPEG"
        PNG = "png", "PNG"
        WEBP = "webp", "WebP"
        STL = "stl", "STL"
        PLY = "ply", "PLY"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    # Path below the private media folder, made of random characters only.
    file = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    size = models.PositiveIntegerField(help_text="bytes")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    objects = EarScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("ear scan")
        verbose_name_plural = _("ear scans")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["jpeg", "png", "webp", "stl", "ply"]), name="ear_scan_known_kind"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
