"""What customer service types about a person."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from permissions.models import Clinic, User, UserManager
from permissions.person_names import NameField
from permissions.phones import PhoneField, country_of
from permissions.staff_rights import StaffRight

PLAIN = {"class": "form-control", "autocomplete": "off"}
LONGEST_REASON = 500
MOST_CLINICS = 50
RIGHTS_WORDS: dict[str, str | Promise] = {
    StaffRight.SERVICE: _("works in the back office, with products, orders, customers and their people"),
    StaffRight.EDITOR: _("write pages, news and help, which somebody else publishes"),
    StaffRight.MODERATOR: _("write and publish pages, news and help"),
    StaffRight.ADMINISTRATOR: _("may do everything, and say who works for the supplier"),
}


class SearchForm(forms.Form):
    query = forms.CharField(
        label=_("Name, e-mail or customer number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={**PLAIN, "type": "search", "spellcheck": "false"}),
    )


FOR_OWNERS = _("The owners of all the person's accounts read it in their history. Name no other customer, no patient.")


class ReasonForm(forms.Form):
    """Asked for where the history must say why."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=FOR_OWNERS,
        max_length=LONGEST_REASON,
        validators=[refuse_identity_numbers],
        widget=forms.Textarea(attrs={**PLAIN, "rows": 3}),
    )


class DetailsForm(forms.ModelForm):
    reason = forms.CharField(
        label=_("Reason for a new e-mail address"),
        help_text=_(
            "Only needed when you change the e-mail address: it is what the person logs in with. The old address is "
            "told, and the person is logged out everywhere. The owners of all the person's accounts read the reason "
            "in their history. Name no other customer, no patient."
        ),
        max_length=LONGEST_REASON,
        validators=[refuse_identity_numbers],
        required=False,
        widget=forms.Textarea(attrs={**PLAIN, "rows": 3}),
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "phone_number", "language", "email")
        labels = {"email": _("E-mail")}
        field_classes = {"first_name": NameField, "last_name": NameField, "phone_number": PhoneField}
        widgets = {
            "first_name": forms.TextInput(attrs=PLAIN),
            "last_name": forms.TextInput(attrs=PLAIN),
            "phone_number": forms.TextInput(attrs={**PLAIN, "type": "tel"}),
            "language": forms.Select(attrs={"class": "form-control"}),
            "email": forms.EmailInput(attrs=PLAIN),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.old_email = self.instance.email
        self.fields["phone_number"].use_country(country_of(self.instance))
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        self.fields["language"].initial = get_language()

    def clean_email(self) -> str:
        return UserManager.normalize_email(self.cleaned_data["email"])

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("email", self.old_email) != self.old_email and not cleaned.get("reason"):
            self.add_error("reason", ValidationError(_("Write why the e-mail address is changed.")))
        return cleaned

    def values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class RightsForm(forms.Form):
    """What somebody is at the supplier; nothing ticked ends it."""

    rights = forms.MultipleChoiceField(
        label=_("Rights at the supplier"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        words = "<strong>{}</strong>: {}"
        choices = [(right.value, format_html(words, right.label, RIGHTS_WORDS[right])) for right in StaffRight]
        self.fields["rights"].choices = choices


class ColleagueForm(RightsForm, forms.ModelForm):
    field_order = ("first_name", "last_name", "email", "phone_number", "language", "rights")

    class Meta(DetailsForm.Meta):
        pass

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "rights"):
            self.fields[name].required = True
        self.fields["language"].initial = get_language()

    def clean_email(self) -> str:
        return UserManager.normalize_email(self.cleaned_data["email"])

    def details(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class FindClinicForm(forms.Form):
    """Sent by GET: a clinic is no person."""

    q = forms.CharField(
        label=_("Clinic, company or customer number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={**PLAIN, "type": "search"}),
    )

    def found(self, person: User) -> list[Clinic]:
        """Open clinics where the person has no role; with nothing typed those of their companies."""
        clinics = Clinic.objects.filter(is_active=True).exclude(memberships__user=person).select_related("account")
        typed = self.cleaned_data["q"].split() if self.is_valid() else []
        if not typed:
            clinics = clinics.filter(account__clinics__memberships__user=person).distinct()
        for word in typed:
            named = Q(name__icontains=word) | Q(account__name__icontains=word)
            clinics = clinics.filter(named | Q(customer_number__istartswith=word))
        return list(clinics.order_by("account__name", "name", "pk")[:MOST_CLINICS])
