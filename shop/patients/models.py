"""The only table that holds patient data. Everything else refers to a label's id and learns nothing from it.

The text is encrypted with the clinic's data key, which is wrapped by a master key from the environment; labels are
found by keyed hashes. Erasing a label keeps its row, so that order lines keep their shape, and destroys the text.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions import access
from permissions.models import Clinic
from permissions.roles import ClinicPermission


class ClinicKey(models.Model):
    """A clinic's data key, wrapped by the master key. Destroying the row erases all of the clinic's labels."""

    clinic = models.OneToOneField(Clinic, primary_key=True, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("clinic key")
        verbose_name_plural = _("clinic keys")

    def __str__(self) -> str:
        return f"key of {self.clinic_id}"


class PatientLabelQuerySet(models.QuerySet["PatientLabel"]):
    def visible_to(self, user) -> "PatientLabelQuerySet":
        return self.filter(clinic__in=access.clinic_ids(user, ClinicPermission.VIEW_PATIENTS))


class PatientLabel(models.Model):
    """What a clinic calls a patient: its own reference, or a name where its main user turned names on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    # Nonce and AES-GCM ciphertext; empty once erased.
    ciphertext = models.BinaryField()
    # Keyed hash of the whole normalised text: the same patient has one label per clinic. None once erased.
    digest = models.BinaryField(max_length=32, null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    erased = models.DateTimeField(null=True, blank=True)

    objects = PatientLabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient label")
        verbose_name_plural = _("patient labels")
        constraints = [models.UniqueConstraint(fields=["clinic", "digest"], name="patient_label_once_per_clinic")]

    def __str__(self) -> str:
        return str(self.pk)


class PatientSearchToken(models.Model):
    """Keyed hash of one name part, or of its first letters: finds a label without telling what it says."""

    label = models.ForeignKey(PatientLabel, on_delete=models.CASCADE, related_name="tokens")
    token = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("patient search token")
        verbose_name_plural = _("patient search tokens")
        constraints = [models.UniqueConstraint(fields=["label", "token"], name="patient_token_once_per_label")]
        indexes = [models.Index(fields=["token"], name="patient_token")]

    def __str__(self) -> str:
        return f"token of {self.label_id}"
