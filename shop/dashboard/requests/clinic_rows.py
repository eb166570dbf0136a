"""The rows in which customer service writes the clinics that an approval makes."""

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from permissions.models import AccountRequest, Clinic
from shop.dashboard.requests.forms import settle_postcode, text
from shop.dashboard.requests.making import NewClinic

ROWS = 3


class NewClinicForm(forms.Form):
    """One clinic to be made."""

    customer_number = text(_("Customer number"), 20)
    name = text(_("Name of the clinic"))
    line1 = text(_("Delivery address"))
    postcode = text(_("Postcode"), 12)
    city = text(_("Town"), 100)

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("postcode"):
            settle_postcode(self, "postcode", self.country)
        return cleaned

    def clean_customer_number(self) -> str:
        number = self.cleaned_data["customer_number"]
        if clinic := Clinic.objects.filter(customer_number__iexact=number).select_related("account").first():
            words = {"clinic": clinic.name, "account": clinic.account}
            raise ValidationError(gettext("%(clinic)s of %(account)s has this number already.") % words)
        return number


class NewClinicRows(forms.BaseFormSet):
    """Empty rows are not wanted."""

    def clean(self) -> None:
        numbers = [row.customer_number.casefold() for row in self.wanted]
        if len(set(numbers)) < len(numbers):
            raise ValidationError(gettext("Two of the clinics have the same customer number."))

    @property
    def wanted(self) -> list[NewClinic]:
        """The rows that are filled in, and rightly."""
        whole = len(NewClinicForm.base_fields)
        return [NewClinic(**form.cleaned_data) for form in self.forms if len(form.cleaned_data) == whole]

    def initial_form_count(self) -> int:
        """What is filled in from the request may be emptied like any other row."""
        return 0


def new_clinic_rows(data: Any, row: AccountRequest, *, known: Collection[Clinic]) -> NewClinicRows:
    """Filled in from the request, unless its customer number is of a clinic that exists."""
    exists = {clinic.customer_number.casefold() for clinic in known}
    asked = {
        "customer_number": row.customer_number,
        "name": row.clinic_name,
        "line1": row.line1,
        "postcode": row.postcode,
        "city": row.city,
    }
    initial = [] if row.customer_number.casefold() in exists else [asked]
    rows = forms.formset_factory(NewClinicForm, formset=NewClinicRows, extra=ROWS, max_num=ROWS, validate_max=True)
    return cast(
        NewClinicRows,
        rows(data, initial=None if data else initial, prefix="clinic", form_kwargs={"country": row.country}),
    )
