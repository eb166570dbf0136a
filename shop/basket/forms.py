"""What colleagues write on baskets. None of it reaches the supplier, and none of it may be an identity number."""

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from shop.basket.models import Basket, Line


class _Text(forms.CharField):
    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, validators=[refuse_identity_numbers], **kwargs)


class TitleForm(forms.Form):
    title = _Text(
        label=_("Title"),
        max_length=Basket._meta.get_field("title").max_length,
        help_text=_("So that your colleagues know it, for example “Batteries, week 48”. No patients' names."),
    )


class NoteForm(forms.Form):
    note = _Text(
        label=_("Note to colleagues"),
        max_length=Basket._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only your clinic reads it. It is never sent to the supplier."),
    )


class LineNoteForm(forms.Form):
    note = _Text(
        label=_("Note to colleagues"),
        max_length=Line._meta.get_field("note").max_length,
        help_text=_("Only your clinic reads it. It is never sent to the supplier."),
    )
