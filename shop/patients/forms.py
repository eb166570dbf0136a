"""The field in which a clinic writes whom a line is for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from permissions.models import Clinic, PatientPolicy
from shop.patients import labels

LABELS = {PatientPolicy.REFERENCE: _("Patient reference"), PatientPolicy.NAME: _("Patient's name")}
HELP = {
    PatientPolicy.REFERENCE: _(
        "Your clinic's own code or the patient's initials, for example 4711. Never a full name or an identity number."
    ),
    PatientPolicy.NAME: _("Seen only by people of your clinic who may see patients. Never an identity number."),
}
# What somebody typed of a patient must not stay in the browser nor be sent to a spelling service.
PRIVATE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off", "autocorrect": "off"}


class PatientField(forms.CharField):
    """Named and limited by the clinic's policy. The cleaned value is the text; `labels.label_for` makes the label.

    Don't show it where the policy is "nothing": then it refuses whatever is written.
    """

    def __init__(self, clinic: Clinic, *, required: bool = False, **kwargs) -> None:
        self.clinic = clinic
        policy = PatientPolicy(clinic.patient_policy)
        longest = labels.LONGEST.get(policy)
        kwargs.setdefault("label", LABELS.get(policy, _("Patient")))
        kwargs.setdefault("help_text", HELP.get(policy, ""))
        kwargs.setdefault("error_messages", {"required": _("Write whom it is for.")})
        super().__init__(required=required, max_length=longest, **kwargs)
        self.widget.attrs.update(PRIVATE)
        self.validators.append(refuse_identity_numbers)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and PatientPolicy(self.clinic.patient_policy) not in labels.LONGEST:
            labels.check_text(self.clinic, value)


class FindPatientForm(forms.Form):
    query = forms.CharField(
        label=_("Name or reference"),
        max_length=80,
        validators=[refuse_identity_numbers],
        help_text=_("The first three letters or digits of each word are enough."),
        error_messages={"required": _("Write what to look for.")},
        widget=forms.TextInput(attrs=PRIVATE),
    )
