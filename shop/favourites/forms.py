"""What is said of a favourite: its name, how many, and whether colleagues see it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from shop.basket.filling import QuantityField
from shop.favourites.models import Favourite

SHARED, PRIVATE = "shared", "private"


class NameField(forms.CharField):
    def __init__(self, **kwargs) -> None:
        help_text = _("A favourite is kept without patient. Don't write a patient here.")
        super().__init__(
            label=_("Name"),
            max_length=Favourite._meta.get_field("name").max_length,
            required=False,
            help_text=help_text,
            validators=[refuse_identity_numbers],
            **kwargs,
        )
        self.widget.attrs["autocomplete"] = "off"


class WhoSeesIt(forms.ChoiceField):
    def __init__(self, **kwargs) -> None:
        choices = [(SHARED, _("Everybody at the clinic who orders")), (PRIVATE, _("Only me"))]
        super().__init__(label=_("Who sees it"), choices=choices, widget=forms.RadioSelect, initial=SHARED, **kwargs)


class KeepForm(forms.Form):
    """Of a line that becomes a favourite."""

    name = NameField()
    who = WhoSeesIt(required=False)

    @property
    def is_private(self) -> bool:
        return self.cleaned_data["who"] == PRIVATE


class ChangeForm(KeepForm):
    quantity = QuantityField(label=_("Quantity"))
    who = WhoSeesIt()
    field_order = ("name", "quantity", "who")
