"""The forms of the account's page."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.access import person_of
from permissions.log_in.passwords import is_own_password, make_password_field
from permissions.models import Account, User
from permissions.ownership.account_settings import FIELDS
from permissions.ownership.transfers import LEAVES, candidates
from permissions.roles import Role


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


# What the form sends for `LEAVES`: an empty value may mean that nothing was chosen, and this can't be undone.
LEAVE = "leave"


class OfferForm(forms.Form):
    """The password is asked again: a browser left open must not give the account away."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("New owner"), empty_label=gettext_lazy("Choose")
    )
    role_afterwards = forms.ChoiceField(
        label=gettext_lazy("What I am afterwards"),
        choices=[*Role.choices, (LEAVE, gettext_lazy("I leave the account"))],
        initial=Role.MAIN_USER,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=gettext_lazy("My password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput,
    )

    def __init__(self, request: HttpRequest, *args, account: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        make_password_field(self.fields["password"], "current-password")
        self.fields["person"].queryset = candidates(account)

    def clean_role_afterwards(self) -> str:
        wanted = self.cleaned_data["role_afterwards"]
        return LEAVES if wanted == LEAVE else wanted

    def clean(self) -> dict:
        # Last, and only when the rest is right: a wrong password counts towards the person's lock.
        password = self.cleaned_data.get("password")
        if password and not self.errors:
            self._check_password(password)
        return self.cleaned_data

    def _check_password(self, password: str) -> None:
        if not person_of(self.request).has_usable_password():
            text = _("You log in without a password. Choose one first, by “Forgotten your password?”.")
            self.add_error("password", text)
        elif not is_own_password(self.request, password):
            text = _("The password is wrong. Five wrong ones lock the log-in for half an hour.")
            self.add_error("password", text)
