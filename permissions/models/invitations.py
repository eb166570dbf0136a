"""An e-mail address that is asked to join clinics. Nobody becomes a user or a member before they accept."""

import secrets
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from permissions.models.accounts import Account, Clinic
from permissions.roles import Function, Role


class InvitationState(models.TextChoices):
    PENDING = "pending", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user) -> "InvitationQuerySet":
        """Invitations to a clinic where this person manages users."""
        from permissions import access
        from permissions.roles import ClinicPermission

        managed = access.clinic_ids(user, ClinicPermission.MANAGE_USERS)
        return self.filter(pk__in=self.model.clinics.through.objects.filter(clinic__in=managed).values("invitation_id"))

    def pending(self) -> "InvitationQuerySet":
        return self.filter(state=InvitationState.PENDING)


class Invitation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    clinics = models.ManyToManyField(Clinic, related_name="invitations", verbose_name=_("clinics"))
    email = models.EmailField(_("e-mail"))
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    phone_number = PhoneNumberField(_("phone"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    functions = ArrayField(models.CharField(max_length=20, choices=Function.choices), default=list)
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.PENDING)
    # None: prepared, but nothing was mailed yet (the manual's status "inactive").
    sent = models.DateTimeField(_("sent"), null=True, blank=True)
    # Part of the mailed link: a new one makes every link mailed before worthless.
    nonce = models.CharField(max_length=40, default=new_nonce, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # Whoever accepted it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="invitations_accepted"
    )
    created = models.DateTimeField(auto_now_add=True)
    decided = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "email"],
                condition=models.Q(state=InvitationState.PENDING),
                name="invitation_one_pending_per_address",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_is_lower_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_known_role"),
            models.CheckConstraint(condition=models.Q(state__in=InvitationState.values), name="invitation_known_state"),
            models.CheckConstraint(
                condition=models.Q(functions__contained_by=Function.values), name="invitation_known_functions"
            ),
            models.CheckConstraint(
                condition=~models.Q(functions__contains=[Function.APPROVING])
                | models.Q(functions__contains=[Function.ORDERING]),
                name="invitation_approving_needs_ordering",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email
