"""An address for one order only, where the account allows it: asked for, checked, and kept with its basket."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.models import Clinic
from shop.addresses.models import DeliveryAddress
from shop.basket.models import Basket

OTHER = "other"
# Form field: field of the address, label, autocomplete, longest, whether it must be filled in.
FIELDS = {
    "other_name": ("last_name", gettext_lazy("Recipient"), "organization", 80, True),
    "other_street": ("line1", gettext_lazy("Street and number"), "address-line1", 80, True),
    "other_more": ("line2", gettext_lazy("Floor, entrance or more"), "address-line2", 80, False),
    "other_postcode": ("postcode", gettext_lazy("Postcode"), "postal-code", 12, True),
    "other_town": ("line4", gettext_lazy("Town"), "address-level2", 80, True),
}
POSTCODES = {"SE": "903 25", "NO": "0150", "DK": "2100"}


def address_fields(validators: list) -> dict[str, forms.CharField]:
    """None is required by itself: only beside the choice of another address (see `read_address`)."""
    return {
        name: forms.CharField(
            label=label,
            max_length=longest,
            required=False,
            validators=validators,
            widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        )
        for name, (_field, label, autocomplete, longest, _needed) in FIELDS.items()
    }


def read_address(form: forms.Form, clinic: Clinic) -> DeliveryAddress | None:
    """The typed address, not saved yet; None with the form's errors filled in when it is none."""
    typed = {field: form.cleaned_data.get(name, "") for name, (field, *_rest) in FIELDS.items()}
    for name, (field, _label, _autocomplete, _longest, needed) in FIELDS.items():
        if needed and not typed[field] and name not in form.errors:
            form.add_error(name, _("Fill in this part of the address."))
    country = clinic.market.country
    address = DeliveryAddress(clinic=clinic, country_id=country, one_off=True, label=typed["last_name"][:80], **typed)
    try:
        if address.postcode:
            address.ensure_postcode_is_valid_for_country()
    except ValidationError:
        form.add_error("other_postcode", _("Write the postcode as in %(example)s.") % {"example": POSTCODES[country]})
    return None if any(name in form.errors for name in FIELDS) else address


def initial_of(address: DeliveryAddress | None) -> dict[str, str]:
    """What was typed for this basket before."""
    if address is None or not address.one_off:
        return {}
    return {name: getattr(address, field) or "" for name, (field, *_rest) in FIELDS.items()}


def keep_address(basket: Basket, address: DeliveryAddress) -> DeliveryAddress:
    """The row for this basket: the one it has when nothing changed, so that a review stays valid; else a new one."""
    before = basket.delivery_address
    if before and before.one_off and initial_of(before) == initial_of(address):
        return before
    address.save()
    return address


def forget_address(address: DeliveryAddress | None) -> None:
    """What a basket no longer uses. A clinic's own addresses stay, and what another basket was given by merging."""
    if address and address.one_off and not Basket.objects.filter(delivery_address=address).exists():
        address.delete()


def address_problem(basket: Basket) -> str:
    """Why the basket can't be sent to its address (any more), or an empty string."""
    address = basket.delivery_address
    if address is None or address.clinic_id != basket.clinic_id or not address.is_active:
        return _("Choose where the order is to be delivered.")
    if not address.one_off:
        return ""
    if not basket.clinic.account.allows_one_off_addresses:
        return _("Your company's orders go to the clinic's own addresses only. Choose one of them.")
    if Basket.objects.filter(delivery_address=address).exclude(pk=basket.pk).exists():
        return _("This address was given for another basket. Write it again.")
    return ""
