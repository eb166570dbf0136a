"""Why customer service wants to see the portal as a customer, and which clinic."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.models import Clinic, Impersonation, User

SHORTEST = 5


class BeginForm(forms.ModelForm):
    clinic = forms.ModelChoiceField(Clinic.objects.none(), label=gettext_lazy("Clinic"), empty_label=None)

    class Meta:
        model = Impersonation
        fields = ("reason",)
        help_texts = {"reason": gettext_lazy("The account owner reads it. Write no patient's name.")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3, "class": "form-control"})}

    def __init__(self, *args, person: User, clinics: list[Clinic], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["clinic"]
        choice.queryset = Clinic.objects.filter(pk__in=[clinic.pk for clinic in clinics])
        choice.widget.attrs["class"] = "form-control"
        last = next((clinic for clinic in clinics if clinic.pk == person.last_clinic_id), None)
        self.initial.setdefault("clinic", last or (clinics[0] if clinics else None))

    def clean_reason(self) -> str:
        reason = " ".join(self.cleaned_data["reason"].split())
        if len(reason) < SHORTEST:
            raise forms.ValidationError(_("Write in a few words what you want to see."))
        return reason
