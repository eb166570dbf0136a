"""What checkout asks: references, where to, and when."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from permissions.models import Clinic
from shop.addresses.models import DeliveryAddress
from shop.basket.models import Basket

FURTHEST_DISPATCH = timedelta(days=365)
AS_AGREED, ON_DATE = "agreed", "date"


def today_for(clinic: Clinic) -> date:
    """The calendar day where the clinic is."""
    return timezone.localdate(timezone=clinic.market.time_zone)


def dispatch_date_problem(chosen: date, clinic: Clinic) -> str:
    """Why a dispatch date can't be chosen (any more), or an empty string."""
    today = today_for(clinic)
    if chosen < today:
        return gettext("This dispatch date has passed. Choose today or a later date, or as agreed.")
    if chosen > today + FURTHEST_DISPATCH:
        return gettext("Choose a dispatch date within a year from now.")
    return ""


class AddressField(forms.ModelChoiceField):
    def label_from_instance(self, address: DeliveryAddress) -> SafeString:
        """The clinic's own name for the address, and below it the address."""
        lines = format_html_join("", "<br>{}", ((line,) for line in address.active_address_fields()[:-1]))
        return format_html("<strong>{}</strong>{}", address.label, lines)


class DeliveryForm(forms.Form):
    purchase_number = forms.CharField(
        label=_("Purchase number"),
        max_length=40,
        required=False,
        help_text=_("Your own number for this purchase, as it stands on the invoice. Never a patient's name."),
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=120,
        required=False,
        help_text=_(
            "For example who ordered, or the department. Never write a patient's name or identity number here."
        ),
    )
    delivery_address = AddressField(
        label=_("Delivery address"),
        queryset=DeliveryAddress.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "invalid_choice": _("Choose one of your clinic's delivery addresses."),
            "required": _("Choose where the order is to be delivered."),
        },
    )
    dispatch_choice = forms.ChoiceField(
        label=_("Dispatch"),
        choices=[(AS_AGREED, _("As agreed")), (ON_DATE, _("On a date"))],
        widget=forms.RadioSelect,
        initial=AS_AGREED,
        error_messages={"required": _("Choose when the order is to be dispatched.")},
    )
    dispatch_date = forms.DateField(
        label=_("Dispatch date"),
        required=False,  # only beside "on a date", where `clean` asks for it
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day, for example 2026-12-01.")},
    )

    def __init__(self, *args, clinic: Clinic, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self.fields["delivery_address"].queryset = DeliveryAddress.objects.usable_for(clinic)
        attrs = self.fields["dispatch_date"].widget.attrs
        attrs["min"] = today_for(clinic).isoformat()
        attrs["max"] = (today_for(clinic) + FURTHEST_DISPATCH).isoformat()

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("dispatch_choice") != ON_DATE:
            cleaned["dispatch_date"] = None
            self.errors.pop("dispatch_date", None)
        elif "dispatch_date" not in self.errors:
            chosen = cleaned.get("dispatch_date")
            problem = dispatch_date_problem(chosen, self.clinic) if chosen else gettext("Choose a dispatch date.")
            if problem:
                self.add_error("dispatch_date", problem)
        return cleaned

    def save(self, basket: Basket) -> None:
        """Keep the answers on the basket, where they survive log-out."""
        for name in ("purchase_number", "reference", "delivery_address", "dispatch_date"):
            setattr(basket, name, self.cleaned_data[name])
        basket.save(update_fields=["purchase_number", "reference", "delivery_address", "dispatch_date"])


def initial_for(basket: Basket, clinic: Clinic) -> dict:
    """What was answered before, else the clinic's default address."""
    address = basket.delivery_address_id
    if address is None:
        address = DeliveryAddress.objects.usable_for(clinic).values_list("pk", flat=True).first()
    return {
        "purchase_number": basket.purchase_number,
        "reference": basket.reference,
        "delivery_address": address,
        "dispatch_choice": ON_DATE if basket.dispatch_date else AS_AGREED,
        "dispatch_date": basket.dispatch_date,
    }
