"""What is asked of who wants an account, or one more clinic."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from permissions.markets import COUNTRY_CHOICES
from permissions.models import Account, AccountRequest, UserManager
from permissions.person_names import NameField
from permissions.phones import read_phone
from permissions.requests import organisation_numbers, postcodes
from permissions.requests.typed_text import LineField, several_lines

LONGEST_PHONE = 30
ANY_ORGANISATION_NUMBER = _("Sweden %(SE)s, Norway %(NO)s, Denmark %(DK)s.")
MORE_MESSAGE = _("For example when we reach you best. Never write anything about patients here.")


def completing(**words: str) -> dict[str, forms.TextInput]:
    """Text fields that browsers may fill in from what they know of the person."""
    return {name: forms.TextInput(attrs={"autocomplete": word}) for name, word in words.items()}


PLACE_WIDGETS = {
    **completing(clinic_name="off", line1="street-address", postcode="postal-code", city="address-level2"),
    "message": forms.Textarea(attrs={"rows": 4}),
}
PLACE = ("clinic_name", "line1", "postcode", "city")
FREE_TEXTS = ("company", "customer_number", "clinic_name", "line1", "city", "message")


class PlaceForm(forms.ModelForm):
    """A clinic, how to reach who asks, and a word to customer service."""

    phone_number = LineField(
        label=_("Phone"),
        max_length=LONGEST_PHONE,
        help_text=_("We call when something is unclear."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic_name"].label = gettext("Name of the clinic")
        self.fields["line1"].label = gettext("Street and number")
        self.fields["message"].help_text = MORE_MESSAGE
        for name in FREE_TEXTS:
            if name in self.fields:
                self.fields[name].validators.append(refuse_identity_numbers)

    def numbered_as_in(self) -> str:
        """The country that decides how numbers are written; "" when none was chosen."""
        return self.cleaned_data.get("country", "")

    def clean_message(self) -> str:
        return several_lines(self.cleaned_data["message"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        if country := self.numbered_as_in():
            self.settle("postcode", partial(postcodes.postcode, country))
            self.settle("phone_number", partial(read_phone, country))
        return self.cleaned_data

    def settle(self, name: str, read: Callable[[str], Any]) -> None:
        """Put what was read in the place of what was typed, or the error beside the field."""
        if name not in self.cleaned_data:
            return
        try:
            self.cleaned_data[name] = read(self.cleaned_data[name])
        except ValidationError as error:
            self.add_error(name, error)


class AccountRequestForm(PlaceForm):
    country = forms.ChoiceField(  # type: ignore[assignment]  # read through `cleaned_data`
        label=_("Country"),
        choices=COUNTRY_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the country that the company is registered in.")},
    )
    organisation_number = LineField(
        label=_("Organisation number"),
        max_length=organisation_numbers.LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # Nobody sees it; what fills in every field it finds does.
    homepage = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    class Meta:
        model = AccountRequest
        fields = (
            *("country", "company", "organisation_number", "customer_number"),
            *PLACE,
            *("first_name", "last_name", "email", "phone_number", "message"),
        )
        field_classes = {
            **dict.fromkeys(("company", "customer_number", *PLACE), LineField),
            "first_name": NameField,
            "last_name": NameField,
        }
        widgets = {
            **PLACE_WIDGETS,
            **completing(company="organization", customer_number="off"),
            **completing(first_name="given-name", last_name="family-name"),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "customer_number": _("If you are our customer already. It stands on our invoices."),
            "email": _("Of the person who will answer for the account. It becomes their user name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_number"].help_text = ANY_ORGANISATION_NUMBER % organisation_numbers.EXAMPLES

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("homepage"))

    def clean_email(self) -> str:
        return UserManager.normalize_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        if country := self.numbered_as_in():
            self.settle("organisation_number", partial(organisation_numbers.organisation_number, country))
        return self.cleaned_data


class ClinicRequestForm(PlaceForm):
    """Company, country and who asks are known."""

    class Meta:
        model = AccountRequest
        fields = ("account", *PLACE, "phone_number", "message")
        field_classes = dict.fromkeys(PLACE, LineField)
        widgets = {**PLACE_WIDGETS, "account": forms.RadioSelect}

    def __init__(self, *args: Any, accounts: QuerySet[Account], **kwargs: Any) -> None:
        """`accounts` are those that the person may ask for; with one of them there is nothing to choose."""
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        field.queryset, field.empty_label = accounts, None
        found = list(accounts[:2])
        if len(found) == 1:
            self.instance.account = found[0]
            del self.fields["account"]

    def numbered_as_in(self) -> str:
        account = self.cleaned_data.get("account") or self.instance.account
        return account.country if account else ""
