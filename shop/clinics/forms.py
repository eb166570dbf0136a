"""What a main user decides for the clinic, and who stands in for whom."""

from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from permissions.models import Clinic, PatientPolicy, User
from shop.approvals.models import StandIn

LONGEST_HOURS = 720
POLICY_LABELS = {
    PatientPolicy.NONE: _("Nothing"),
    PatientPolicy.REFERENCE: _("The clinic's own reference"),
    PatientPolicy.NAME: _("The patient's name"),
}


class AmountField(forms.DecimalField):
    """An amount as people write it: `2 500,50` where a comma stands before the cents."""

    def to_python(self, value):
        return super().to_python("".join(str(value).split()) if value is not None else None)


class RulesForm(forms.ModelForm):
    """Names of patients are turned on by a second answer: it is the one rule with consequences outside the clinic."""

    names_understood = forms.BooleanField(
        label=_("We have decided that patients' names may be stored in the portal"), required=False
    )

    class Meta:
        model = Clinic
        fields = ("patient_policy", "approval_limit", "approval_reminder_hours", "approval_escalation_hours")
        widgets = {
            "patient_policy": forms.RadioSelect,
            "approval_limit": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        localized_fields = ("approval_limit",)
        field_classes = {"approval_limit": AmountField}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.policy_before = self.instance.patient_policy
        policy, limit = self.fields["patient_policy"], self.fields["approval_limit"]
        policy.choices = list(POLICY_LABELS.items())
        policy.label = _("What identifies the patient on an order line")
        limit.label = _("Purchasers need approval above")
        limit.help_text = _("Net amount of one order, in %(currency)s. Empty: they send orders of any size.") % {
            "currency": self.instance.account.currency
        }
        self.fields["approval_reminder_hours"].help_text = _("Sent again and again until somebody decides.")
        self.fields["approval_escalation_hours"].help_text = _("Once, counted from when it was submitted.")
        for name in ("approval_reminder_hours", "approval_escalation_hours"):
            self.fields[name].min_value = 1
            self.fields[name].widget.attrs.update(min=1, max=LONGEST_HOURS, inputmode="numeric")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        turned_on = cleaned.get("patient_policy") == PatientPolicy.NAME != self.policy_before
        if turned_on and not cleaned.get("names_understood"):
            self.add_error("names_understood", gettext("Tick this to turn patients' names on."))
        remind, escalate = cleaned.get("approval_reminder_hours"), cleaned.get("approval_escalation_hours")
        if remind is not None and not 1 <= remind <= LONGEST_HOURS:
            self.add_error("approval_reminder_hours", _hours_problem())
        if escalate is not None and not 1 <= escalate <= LONGEST_HOURS:
            self.add_error("approval_escalation_hours", _hours_problem())
        if remind is not None and escalate is not None and escalate <= remind:
            text = gettext("The account owner is told later than the first reminder: enter more hours than there.")
            self.add_error("approval_escalation_hours", text)
        return cleaned


def _hours_problem() -> str:
    return gettext("Enter a whole number of hours from 1 to %(longest)s.") % {"longest": LONGEST_HOURS}


class StandInForm(forms.ModelForm):
    """Both are approvers already: standing in gives no rights, only the mails."""

    class Meta:
        model = StandIn
        fields = ("absent", "person", "first_day", "last_day")
        labels = {"absent": _("Who is away"), "person": _("Stand-in")}
        widgets = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, approvers: list[User], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["first_day"].widget.attrs["min"] = self.fields["last_day"].widget.attrs["min"] = today.isoformat()
        people = User.objects.filter(pk__in=[user.pk for user in approvers]).order_by("first_name", "last_name", "pk")
        for name in ("absent", "person"):
            self.fields[name].queryset = people
            self.fields[name].empty_label = gettext("Choose")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        absent, person = cleaned.get("absent"), cleaned.get("person")
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if absent and absent == person:
            self.add_error("person", gettext("Choose somebody else than who is away."))
        if last and last < self.today:
            self.add_error("last_day", gettext("This day has passed. Choose today or a later day."))
        elif first and last and last < first:
            self.add_error("last_day", gettext("Choose the first day or a later one."))
        elif absent and first and last and self._overlaps(absent, first, last):
            self.add_error("absent", gettext("Somebody stands in on some of these days already. Remove that first."))
        return cleaned

    def _overlaps(self, absent: User, first: date, last: date) -> bool:
        standing = StandIn.objects.filter(clinic=self.instance.clinic, absent=absent)
        return standing.filter(first_day__lte=last, last_day__gte=first).exists()
