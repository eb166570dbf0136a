"""The forms of the account's page."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions import throttle
from permissions.models import Account, User
from permissions.ownership.account_settings import FIELDS
from permissions.ownership.transfers import LEAVES, candidates
from permissions.roles import Role

TRIES, TRIES_WITHIN = 5, timedelta(minutes=15)


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Account
        fields = FIELDS
        labels = {
            "requires_second_factor": gettext_lazy("Everybody in the account logs in with a second factor"),
            "tells_of_impersonation": gettext_lazy(
                "Mail me when customer service looks at the portal as one of my people"
            ),
        }
        help_texts = {
            "requires_second_factor": gettext_lazy(
                "Who has none is asked to set one up at once and reaches nothing else before."
            ),
            "tells_of_impersonation": gettext_lazy("They can change nothing. It stands in the history in any case."),
        }


class OfferForm(forms.Form):
    """The password is asked again: a browser left open must not give the account away."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("New owner"), empty_label=gettext_lazy("Choose")
    )
    role_afterwards = forms.ChoiceField(
        label=gettext_lazy("What I am afterwards"),
        choices=[*Role.choices, (LEAVES, gettext_lazy("I leave the account"))],
        initial=Role.MAIN_USER,
        required=False,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=gettext_lazy("My password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, account: Account, owner: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.fields["person"].queryset = candidates(account)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not throttle.allow("owner", str(self.owner.pk), limit=TRIES, within=TRIES_WITHIN):
            raise forms.ValidationError(_("Too many tries. Wait a quarter of an hour and try again."))
        if not self.owner.has_usable_password():
            raise forms.ValidationError(
                _("You log in without a password. Choose one first, by “Forgotten your password?”.")
            )
        if not self.owner.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password
