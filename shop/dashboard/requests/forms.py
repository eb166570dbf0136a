"""What customer service chooses when it approves, and writes when it declines."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from permissions.markets import COUNTRY_CHOICES
from permissions.models import Account, AccountRequest, Clinic, UserManager
from permissions.models.requests import RequestKind
from permissions.requests.postcodes import postcode
from permissions.requests.typed_text import LineField, several_lines
from permissions.roles import Role
from shop.dashboard.requests.deciding import Approval
from shop.dashboard.requests.making import Invoice, NewClinic

NEW = "new"
LONGEST_TERMS = 120
PLAIN = {"class": "form-control"}
TEXT_ATTRIBUTES = {**PLAIN, "autocomplete": "off"}
TEXT = forms.TextInput(attrs=TEXT_ATTRIBUTES)


def text(label: Any, longest: int = 200, *, required: bool = True, help_text: Any = "") -> LineField:
    options = {"label": label, "max_length": longest, "required": required, "help_text": help_text}
    return LineField(**options, widget=TEXT, validators=[refuse_identity_numbers])


def email_field(help_text: Any) -> forms.EmailField:
    return forms.EmailField(label=_("E-mail"), help_text=help_text, widget=forms.EmailInput(attrs=TEXT_ATTRIBUTES))


class ReasonField(forms.CharField):
    """A few lines; asked for again when nothing visible was typed."""

    widget = forms.Textarea(attrs={**PLAIN, "rows": 4})
    default_validators = [refuse_identity_numbers]

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return text if "\x00" in text else several_lines(text)


class SearchForm(forms.Form):
    """Posted: names stand in no address."""

    query = LineField(required=False, max_length=100)


class DeclineForm(forms.Form):
    reason = ReasonField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The requester reads it in a mail, in these words. Write it in their language."),
    )


class CloseForm(forms.Form):
    reason = ReasonField(
        label=_("Reason"),
        max_length=500,
        help_text=_("For your colleagues; nobody else reads it."),
    )


class EmailForm(forms.Form):
    """Where an invitation goes."""

    email = email_field("")

    def clean_email(self) -> str:
        return UserManager.normalize_email(self.cleaned_data["email"])


class FilterForm(forms.Form):
    """In the address: says nothing of anybody."""

    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Accounts and clinics")), *RequestKind.choices],
        widget=forms.Select(attrs=PLAIN),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=[("", _("All countries")), *COUNTRY_CHOICES],
        widget=forms.Select(attrs=PLAIN),
    )
    unaccepted = forms.BooleanField(label=_("Invited, but not accepted yet"), required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """Without what is none of the choices."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AccountForm(EmailForm):
    """To which account, whom with which role, and where invoices go."""

    account = forms.ChoiceField(
        label=_("Account"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether a new account is made.")},
    )
    company = text(_("Name of the new account"), required=False)
    payment_terms_days = forms.IntegerField(
        label=_("Payment terms of the new account (days)"),
        min_value=0,
        max_value=LONGEST_TERMS,
        required=False,
        widget=forms.NumberInput(attrs=PLAIN),
    )
    clinics = forms.MultipleChoiceField(
        label=_("Clinics that exist"),
        required=False,
        help_text=_("Only of the account chosen above. The requester is invited to them."),
        widget=forms.CheckboxSelectMultiple,
    )
    role = forms.ChoiceField(
        label=_("The requester becomes"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role. Main users can do everything, also give others access.")},
    )
    email = email_field(_("The invitation goes there. Correct it if it was mistyped."))
    invoice_name = text(_("Invoice recipient"), required=False)
    invoice_line1 = text(_("Invoice address"), required=False)
    invoice_postcode = text(_("Postcode"), 12, required=False)
    invoice_city = text(_("Town"), 100, required=False)
    TERMS = ("account", "company", "payment_terms_days", "clinics", "role", "email")

    def __init__(self, *args: Any, row: AccountRequest, accounts: list[Account], taken: bool, **kwargs: Any) -> None:
        """`accounts` can be joined; when the number is `taken`, no second account can have it."""
        super().__init__(*args, **kwargs)
        self.row = row
        self.accounts = {str(account.pk): account for account in accounts}
        self.known = {
            str(clinic.pk): clinic for account in accounts for clinic in account.clinics.all() if clinic.is_active
        }
        if row.kind == RequestKind.CLINIC:
            for name in self.TERMS:
                del self.fields[name]
            return
        fresh = [] if taken else [(NEW, gettext("A new account"))]
        joined = [(key, gettext("Join %(account)s") % {"account": found}) for key, found in self.accounts.items()]
        self.fields["account"].choices = [*fresh, *joined]
        self.fields["clinics"].choices = [(key, _long_name(clinic)) for key, clinic in self.known.items()]
        if not self.known:
            del self.fields["clinics"]
        if taken:
            del self.fields["company"], self.fields["payment_terms_days"]

    @property
    def chosen(self) -> Account | None:
        """None: a new one, or nothing right was chosen."""
        if self.row.kind == RequestKind.CLINIC:
            return self.row.account
        return self.accounts.get(self.cleaned_data.get("account", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("account") == NEW:
            for name in ("company", "payment_terms_days"):
                if name not in self.errors and cleaned.get(name) in (None, ""):
                    self.add_error(name, gettext("Fill this in for a new account."))
        if "account" in cleaned and any(clinic.account != self.chosen for clinic in self.existing):
            self.add_error("clinics", gettext("Tick only clinics of the account that you chose."))
        if cleaned.get("invoice_postcode"):
            settle_postcode(self, "invoice_postcode", self.row.country)
        return cleaned

    @property
    def existing(self) -> list[Clinic]:
        return [self.known[key] for key in self.cleaned_data.get("clinics", [])]

    def approval(self, new: Sequence[NewClinic]) -> Approval:
        """What was chosen; the form is valid."""
        cleaned = self.cleaned_data
        return Approval(
            account=self.chosen,
            company=cleaned.get("company", ""),
            payment_terms_days=cleaned.get("payment_terms_days") or 0,
            existing=self.existing,
            new=new,
            invoice=Invoice(**{name: cleaned[f"invoice_{name}"] for name in ("name", "line1", "postcode", "city")}),
            role=cleaned.get("role", ""),
            email=cleaned.get("email", ""),
        )


def _long_name(clinic: Clinic) -> str:
    return f"{clinic.account}: {clinic.name} ({clinic.customer_number})"


def settle_postcode(form: forms.Form, name: str, country: str) -> None:
    try:
        form.cleaned_data[name] = postcode(country, form.cleaned_data[name])
    except ValidationError as error:
        form.add_error(name, error)
