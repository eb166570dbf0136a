"""What a person is at a clinic, and guardian's rows that say what they may do."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from permissions.models.accounts import Clinic
from permissions.roles import Function, Role, permissions_of


class Membership(models.Model):
    """What a person is at a clinic. People see and edit this; checks read guardian's rows, kept equal by `services`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    # All that are on. What a role may have at most stands in roles.py; main users have everything.
    functions = ArrayField(models.CharField(max_length=20, choices=Function.choices), default=list)
    # Inactive keeps role and functions for later, and gives no right.
    is_active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "clinic"], name="membership_one_role_per_clinic"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_known_role"),
            models.CheckConstraint(
                condition=models.Q(functions__contained_by=Function.values), name="membership_known_functions"
            ),
            models.CheckConstraint(
                condition=~models.Q(functions__contains=[Function.APPROVING])
                | models.Q(functions__contains=[Function.ORDERING]),
                name="membership_approving_needs_ordering",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.clinic}"

    @property
    def permissions(self) -> frozenset[str]:
        """What guardian's rows must say."""
        return permissions_of(self.role, self.functions) if self.is_active else frozenset()


class ClinicUserPermission(UserObjectPermissionBase):
    """guardian's rows with a real foreign key, so that they can't outlive their clinic."""

    content_object = models.ForeignKey(Clinic, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class ClinicGroupPermission(GroupObjectPermissionBase):
    """Never filled: clinics are shared by membership. It stands here so that guardian asks no generic table."""

    content_object = models.ForeignKey(Clinic, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
