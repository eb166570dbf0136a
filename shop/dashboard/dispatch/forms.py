"""A range of days that customer service closes or opens: for everybody, a country or a clinic."""

from datetime import date, timedelta

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from permissions.markets import COUNTRY_CHOICES
from permissions.models import Clinic
from shop.dispatch.models import DispatchDay

LONGEST_RANGE = timedelta(days=92)
PLAIN = {"class": "form-control"}


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={**PLAIN, "type": "date"}, format="%Y-%m-%d")


class DaysForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=DispatchDay.Kind.choices, widget=forms.RadioSelect)
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Empty: one day only."))
    country = forms.ChoiceField(
        label=_("Country"),
        choices=[("", _("Every country")), *COUNTRY_CHOICES],
        required=False,
        widget=forms.Select(attrs=PLAIN),
    )
    customer_number = forms.CharField(
        label=_("Customer number of one clinic"),
        required=False,
        help_text=_(
            "Empty: every clinic. What is written for a clinic goes before its country, that before everybody."
        ),
        widget=forms.TextInput(attrs=PLAIN),
    )
    reason = forms.CharField(
        label=_("Reason shown to the customer"),
        max_length=120,
        required=False,
        help_text=_("In the customers' language, for example: Stocktaking."),
        widget=forms.TextInput(attrs=PLAIN),
    )

    def clean_customer_number(self) -> Clinic | None:
        typed = self.cleaned_data["customer_number"].strip()
        if not typed:
            return None
        clinic = Clinic.objects.filter(customer_number__iexact=typed).first()
        if clinic is None:
            raise forms.ValidationError(gettext("No clinic has this customer number."))
        return clinic

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("customer_number") and cleaned.get("country"):
            self.add_error("country", gettext("Choose a country or a clinic, not both."))
        if first and first < timezone.localdate():
            self.add_error("first", gettext("This day has passed."))
        if first and last and last < first:
            self.add_error("last", gettext("The last day is before the first."))
        elif first and last and last - first > LONGEST_RANGE:
            self.add_error("last", gettext("At most three months at a time."))
        return cleaned

    @property
    def dates(self) -> list[date]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"] or self.cleaned_data["first"]
        return [first + timedelta(days=nth) for nth in range((last - first).days + 1)]

    @transaction.atomic
    def save(self) -> list[DispatchDay]:
        """What stood for the same days and the same clinics before is replaced."""
        cleaned = self.cleaned_data
        scope = {"country": cleaned["country"], "clinic": cleaned["customer_number"]}
        values = {"kind": cleaned["kind"], "reason": cleaned["reason"]}
        return [DispatchDay.objects.update_or_create(date=day, **scope, defaults=values)[0] for day in self.dates]
