"""The ownership of an account on its way from one person to another: one offers, the other takes it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.models.accounts import Account
from permissions.roles import Role


class TransferState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Taken back")


class OwnershipTransfer(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ownership_transfers")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ownerships_offered")
    # What the old owner is afterwards at the account's clinics; "" leaves them.
    role_afterwards = models.CharField(max_length=20, choices=Role.choices, blank=True)
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.OFFERED)
    created = models.DateTimeField(auto_now_add=True)
    decided = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("transfer of ownership")
        verbose_name_plural = _("transfers of ownership")
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(state=TransferState.OFFERED),
                name="transfer_one_offered_per_account",
            ),
            models.CheckConstraint(condition=~models.Q(from_user=models.F("to_user")), name="transfer_to_another"),
            models.CheckConstraint(condition=models.Q(state__in=TransferState.values), name="transfer_known_state"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.state}"
