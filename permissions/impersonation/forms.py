"""Why customer service wants to see the portal as a customer, and which clinic."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.identity_numbers import refuse_identity_numbers
from permissions.models import Account, Clinic, Impersonation, User

SHORTEST = 5


class BeginForm(forms.ModelForm):
    """The clinic also says which account is looked at: the only one, or the one that is chosen, never a guess."""

    clinic = forms.ModelChoiceField(
        Clinic.objects.none(),
        label=gettext_lazy("Clinic"),
        error_messages={"required": gettext_lazy("Choose a clinic: it says which account you look at.")},
    )

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
        groups: dict[Account, list[tuple[UUID, str]]] = {}
        for clinic in clinics:
            groups.setdefault(clinic.account, []).append((clinic.pk, f"{clinic.name} ({clinic.customer_number})"))
        if len(groups) > 1:
            choice.choices = [("", _("Choose")), *((str(account), rows) for account, rows in groups.items())]
        else:
            choice.choices = [row for rows in groups.values() for row in rows]
            self.initial.setdefault("clinic", last)

    def clean_reason(self) -> str:
        reason = " ".join(self.cleaned_data["reason"].split())
        refuse_identity_numbers(reason)
        if len(reason) < SHORTEST:
            raise forms.ValidationError(_("Write in a few words what you want to see."))
        return reason
