"""What is said of each line that is ordered again: whether, how many, and for whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from permissions.models import Clinic, User
from shop.basket.filling import QuantityField, Refused
from shop.order.reorder import Again, AgainLine
from shop.patients import labels
from shop.patients.forms import PatientField
from shop.patients.models import PatientLabel


@dataclass(frozen=True)
class AgainRow:
    """A line's verdict with its fields; None where the line can't be added."""

    look: AgainLine
    tick: forms.BoundField | None = None
    quantity: forms.BoundField | None = None
    price: forms.BoundField | None = None
    patient: forms.BoundField | None = None
    same: forms.BoundField | None = None


class AgainForm(forms.Form):
    """Fields per line, named after its id. `chosen`: the lines that are ticked to begin with, None for all that can."""

    def __init__(self, data, *, looks: Iterable[AgainLine], clinic: Clinic, chosen: set[int] | None = None) -> None:
        super().__init__(data)
        self.looks, self.clinic = list(looks), clinic
        for look in self.looks:
            if look.can_add or look.can_be_fewer:
                ticked = look.can_add if chosen is None else look.line.pk in chosen
                self._add_fields(look, ticked)

    def _add_fields(self, look: AgainLine, ticked: bool) -> None:
        pk, title = look.line.pk, look.line.title
        amount = look.left if look.can_be_fewer else look.quantity
        self.fields[f"line-{pk}"] = forms.BooleanField(required=False, initial=ticked, label=title)
        quantity_label = _("Quantity: %(title)s") % {"title": title}
        self.fields[f"quantity-{pk}"] = QuantityField(label=quantity_label, initial=amount)
        self.fields[f"price-{pk}"] = forms.CharField(
            required=False, initial=str(look.price), max_length=20, widget=forms.HiddenInput
        )
        if look.asks_patient:
            self.fields[f"patient-{pk}"] = PatientField(self.clinic)
        if look.may_repeat_patient:
            self.fields[f"same-{pk}"] = forms.BooleanField(required=False, label=_("For the same patient"))

    def rows(self) -> Iterator[AgainRow]:
        names = {"tick": "line", "quantity": "quantity", "price": "price", "patient": "patient", "same": "same"}
        for look in self.looks:
            fields = {
                name: self[f"{start}-{look.line.pk}"]
                for name, start in names.items()
                if f"{start}-{look.line.pk}" in self.fields
            }
            yield AgainRow(look, **fields)

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        ticked = [look for look in self.looks if cleaned.get(f"line-{look.line.pk}")]
        self._forget_errors_of({look.line.pk for look in self.looks} - {look.line.pk for look in ticked})
        for look in ticked:
            name = f"patient-{look.line.pk}"
            if name in self.errors or not look.asks_patient:
                continue
            same = cleaned.get(f"same-{look.line.pk}") and look.patient
            if cleaned.get(name) and same:
                self.add_error(name, _("Either the same patient or another one: leave one of them empty."))
            elif look.needs_patient and not (cleaned.get(name) or same):
                self.add_error(name, _("Write whom it is for."))
        if not ticked and not self.errors:
            raise forms.ValidationError(_("Tick the lines that you want to order again."))
        return cleaned

    def _forget_errors_of(self, line_ids: set[int]) -> None:
        """What is not ticked is not ordered, whatever stands in its fields."""
        for name in list(self.errors):
            if name.rpartition("-")[2] in {str(pk) for pk in line_ids}:
                del self.errors[name]

    def asked(self, user: User) -> dict[int, Again]:
        """By line id. Makes the labels of patients, so it belongs into the transaction that adds the lines."""
        found = {}
        for look in self.looks:
            pk = look.line.pk
            if not self.cleaned_data.get(f"line-{pk}"):
                continue
            text = self.cleaned_data.get(f"patient-{pk}") or ""
            found[pk] = Again(
                quantity=self.cleaned_data[f"quantity-{pk}"],
                price=self.cleaned_data.get(f"price-{pk}") or "",
                same_patient=bool(self.cleaned_data.get(f"same-{pk}")),
                patient=self._label(user, text),
            )
        return found

    def _label(self, user: User, text: str) -> PatientLabel | None:
        """Raises Refused where no patient can be written at the moment."""
        try:
            return labels.label_for(user=user, clinic=self.clinic, text=text)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
