"""The way of a basket from who prepared it to who may send it: every step, kept for good."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions import access
from permissions.models import Clinic
from permissions.roles import ClinicPermission


class StepQuerySet(models.QuerySet["ApprovalStep"]):
    def visible_to(self, user) -> "StepQuerySet":
        return self.filter(basket__clinic__in=access.clinic_ids(user, ClinicPermission.PREPARE_ORDER))


class ApprovalStep(models.Model):
    """Something that was done to a basket on its way to an order, with the lines as they were after it.

    `lines` is a list of {"key", "product", "number", "options", "quantity", "unit_price", "currency"}: enough to show
    what differs between two steps, and no patient data ("key" is the line reference, a hash).
    """

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        WITHDRAWN = "withdrawn", _("Taken back")
        CHANGED = "changed", _("Changed")
        RETURNED = "returned", _("Returned")
        REJECTED = "rejected", _("Rejected")
        APPROVED = "approved", _("Approved")
        REMINDED = "reminded", _("Reminder sent")
        ESCALATED = "escalated", _("Passed on to the account owner")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    basket = models.ForeignKey("basket.Basket", on_delete=models.CASCADE, related_name="approval_steps")
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    # None: the portal itself (reminders).
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    lines = models.JSONField(default=list)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ["pk"]
        indexes = [models.Index(fields=["basket", "action"], name="approval_step_of_basket")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.at:%Y-%m-%d}"


class StandIn(models.Model):
    """While `absent` is away, `person` (who approves at the clinic anyway) gets the mails instead."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="stand_ins")
    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("stand-in")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="stand_in_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~models.Q(absent=models.F("person")), name="stand_in_is_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.first_day} – {self.last_day}"


class MailWish(models.Model):
    """A purchaser who wants the approval mails as well; main users get them unasked."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("wish for approval mails")
        verbose_name_plural = _("wishes for approval mails")
        constraints = [models.UniqueConstraint(fields=["user", "clinic"], name="approval_mail_wish_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.clinic}"
