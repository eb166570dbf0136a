"""The history of access: who changed what for whom, when. Rows are added only; the database refuses anything else."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.models.accounts import Account, Clinic


class AccessAction(models.TextChoices):
    GRANT = "grant", _("Gave a role")
    CHANGE = "change", _("Changed role or functions")
    REVOKE = "revoke", _("Took access away")
    REPAIR = "repair", _("Repaired permission rows")
    INACTIVATE = "inactivate", _("Made inactive")
    ACTIVATE = "activate", _("Made active")
    BLOCK = "block", _("Blocked the person")
    UNBLOCK = "unblock", _("Lifted the block")
    UNLOCK = "unlock", _("Unlocked the log-in")
    DETAILS = "details", _("Changed contact details")
    STAFF = "staff", _("Changed rights at the supplier")
    INVITE = "invite", _("Invited")
    RESEND = "resend", _("Sent the invitation again")
    WITHDRAW = "withdraw", _("Withdrew the invitation")
    ACCEPT = "accept", _("Accepted the invitation")
    DECLINE = "decline", _("Declined the invitation")
    PASSWORD = "password", _("Chose a new password")
    LOCKED = "locked", _("Log-in locked after wrong passwords")
    SESSIONS = "sessions", _("Ended sessions")
    FACTOR_ADDED = "factor_added", _("Added a second factor")
    FACTOR_REMOVED = "factor_removed", _("Removed a second factor")
    CODES = "codes", _("Made new recovery codes")
    IDENTITY_ADDED = "identity_added", _("Connected an e-identity")
    IDENTITY_REMOVED = "identity_removed", _("Disconnected an e-identity")
    TRANSFER_OFFERED = "transfer_offered", _("Offered the ownership of the account")
    TRANSFER_ACCEPTED = "transfer_accepted", _("Took over the ownership of the account")
    TRANSFER_DECLINED = "transfer_declined", _("Declined the ownership of the account")
    TRANSFER_CANCELLED = "transfer_cancelled", _("Took back the offer of ownership")
    SETTINGS = "settings", _("Changed the account's settings")
    CLINIC_RULES = "clinic_rules", _("Changed the clinic's rules")
    REQUESTED = "requested", _("Asked for an account or clinic")
    APPROVED = "approved", _("Approved the request")
    REFUSED = "refused", _("Declined the request")
    CLOSED = "closed", _("Closed the request without a mail")
    CLINIC_ADDED = "clinic_added", _("Added a clinic")
    LOOK_BEGUN = "look_begun", _("Began to see the portal as this person")
    LOOKED = "looked", _("Opened a page as this person")
    LOOK_ENDED = "look_ended", _("Stopped seeing the portal as this person")


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    def visible_to(self, user) -> "AccessEventQuerySet":
        """What happened at the clinics where this person manages users, and to the accounts that they own.

        Both are asked for first: with the ids written out an index finds the rows of a small account among millions.
        """
        from permissions import access
        from permissions.roles import ClinicPermission

        managed = access.clinic_ids(user, ClinicPermission.MANAGE_USERS).values_list("content_object_id", flat=True)
        clinics = list(managed)
        owned = Account.objects.filter(owner=user, clinics__in=clinics).distinct().values_list("pk", flat=True)
        return self.filter(models.Q(clinic__in=clinics) | models.Q(clinic=None, account__in=list(owned)))


class AccessEvent(models.Model):
    append_only = True  # triggers of the database's: see the migrations of this table

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    action = models.CharField(_("what"), max_length=20, choices=AccessAction.choices)
    # None: the system itself, or somebody who is no user yet.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="access_changes_made"
    )
    # Whether the actor was one of the supplier's when it happened: customers never read who, later neither.
    by_supplier = models.BooleanField(default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="access_events"
    )
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="access_events")
    clinic = models.ForeignKey(Clinic, null=True, on_delete=models.PROTECT, related_name="access_events")
    invitation = models.ForeignKey(
        "permissions.Invitation", null=True, on_delete=models.PROTECT, related_name="access_events"
    )
    request = models.ForeignKey(
        "permissions.AccountRequest", null=True, on_delete=models.PROTECT, related_name="access_events"
    )
    # Role, functions, status and the like; of contact details only which fields changed, not what they say.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("access event")
        verbose_name_plural = _("access events")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["clinic", "-at"]),
            models.Index(fields=["account", "-at"]),
            models.Index(fields=["person", "-at"]),
            models.Index(fields=["actor", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
