"""Customer service sees the portal as a customer does: read-only, with a reason, for a limited time."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Impersonation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="impersonations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="impersonated")
    reason = models.CharField(_("reason"), max_length=500)
    started = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("look at the portal as a customer")
        verbose_name_plural = _("looks at the portal as a customer")
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="impersonation_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.staff_id} as {self.person_id}"
