"""What checkout asks: references, where to, and when."""

from django import forms
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from permissions.models import Clinic
from shop.addresses.models import DeliveryAddress
from shop.basket.models import Basket
from shop.checkout.dispatch_plan import DispatchPlan
from shop.checkout.one_off import FIELDS, OTHER, address_fields, forget_address, initial_of, keep_address, read_address
from shop.checkout.purchase_numbers import LONGEST_NUMBER, Rules, rules_of
from shop.dispatch.loading import calendar_for
from shop.dispatch.months import note_of

AS_AGREED, ON_DATE = "agreed", "date"
TOGETHER, SPLIT = "", "split"
SUGGESTIONS = "purchase-number-values"  # the id of the list that the page writes beside the field
PURCHASE_NUMBER_HELP = _("Your own number for this purchase, as it stands on the invoice. Never a patient's name.")


def purchase_number_field(rules: Rules) -> forms.CharField:
    """A list to choose from where only certain numbers are allowed, else a text field."""
    widget: forms.Widget = forms.TextInput()
    if rules.only_values:
        widget = forms.Select(choices=[("", gettext("None chosen")), *((value, value) for value in rules.values)])
    elif rules.values:
        widget = forms.TextInput(attrs={"list": SUGGESTIONS})
    return forms.CharField(
        label=_("Purchase number"),
        max_length=LONGEST_NUMBER,
        required=rules.required,
        help_text=escape(rules.help_text) or PURCHASE_NUMBER_HELP,
        widget=widget,
        validators=[refuse_identity_numbers],
        error_messages={"required": _("Your company asks for a purchase number on every order.")},
    )


class DeliveryForm(forms.Form):
    purchase_number = forms.CharField()  # as the account asks for it, see `__init__`
    reference = forms.CharField(
        label=_("Reference"),
        max_length=120,
        required=False,
        validators=[refuse_identity_numbers],
        help_text=_(
            "For example who ordered, or the department. Never write a patient's name or identity number here."
        ),
    )
    delivery_address = forms.ChoiceField(
        label=_("Delivery address"),
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("Choose one of your clinic's delivery addresses."),
            "required": _("Choose where the order is to be delivered."),
        },
    )
    split_dispatch = forms.TypedChoiceField(
        label=_("Lines that take longer"),
        choices=[(TOGETHER, _("Wait for everything")), (SPLIT, _("Send what is ready first"))],
        coerce=bool,
        empty_value="",
        required=False,
        widget=forms.RadioSelect,
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
        error_messages={"invalid": _("Write the date as year-month-day, for example 2026-12-01.")},
    )

    def __init__(self, *args, clinic: Clinic, plan: DispatchPlan | None = None, **kwargs) -> None:
        """`plan` is of the basket that is ordered, and of the typed answer to sending what is ready first."""
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self.plan = plan or DispatchPlan(calendar_for(clinic), [], [], is_split=False, chosen=None)
        self.rules = rules_of(clinic.account)
        self.fields["purchase_number"] = purchase_number_field(self.rules)
        self.addresses = {str(address.pk): address for address in DeliveryAddress.objects.usable_for(clinic)}
        self.takes_other = clinic.account.allows_one_off_addresses
        self.fields["delivery_address"].choices = self._address_choices()
        if self.takes_other:
            self.fields.update(address_fields([refuse_identity_numbers]))
        self.fields["dispatch_choice"].choices = [(AS_AGREED, self._as_agreed()), (ON_DATE, self._on_a_date())]
        if self.plan.can_split:
            self.fields["split_dispatch"].choices = [
                (TOGETHER, self._starts(_("Wait for everything"), split=False)),
                (SPLIT, self._starts(_("Send what is ready first"), split=True)),
            ]
        else:
            del self.fields["split_dispatch"]

    @property
    def suggestions(self) -> tuple[str, ...]:
        return () if self.rules.only_values else self.rules.values

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS] if self.takes_other else []

    def clean_purchase_number(self) -> str:
        number = self.cleaned_data["purchase_number"]
        if problem := self.rules.problem(number):
            raise forms.ValidationError(problem)
        return number

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("delivery_address")
        if chosen == OTHER:
            cleaned["delivery_address"] = read_address(self, self.clinic)
        elif chosen:
            cleaned["delivery_address"] = self.addresses[chosen]
        if chosen != OTHER:
            for name in FIELDS:
                self.errors.pop(name, None)
        self._clean_date(cleaned)
        return cleaned

    def _clean_date(self, cleaned: dict) -> None:
        if cleaned.get("dispatch_choice") != ON_DATE:
            cleaned["dispatch_date"] = None
            self.errors.pop("dispatch_date", None)
        elif "dispatch_date" not in self.errors:
            chosen = cleaned.get("dispatch_date")
            problem = self.plan.problem(chosen) if chosen else gettext("Choose a dispatch date.")
            if problem:
                self.add_error("dispatch_date", problem)

    def save(self, basket: Basket) -> None:
        """Keep the answers on the locked basket, where they survive log-out."""
        before, address = basket.delivery_address, self.cleaned_data["delivery_address"]
        basket.delivery_address = keep_address(basket, address) if address.one_off else address
        basket.split_dispatch = bool(self.cleaned_data.get("split_dispatch"))
        answers = ("purchase_number", "reference", "dispatch_date")
        for name in answers:
            setattr(basket, name, self.cleaned_data[name])
        basket.save(update_fields=["delivery_address", "split_dispatch", *answers])
        if before != basket.delivery_address:
            forget_address(before)
        basket.touch()

    def _address_choices(self) -> list[tuple[str, SafeString]]:
        """The clinic's own name for each address, and below it the address."""
        choices = [
            (key, _card(address.label, address.active_address_fields()[:-1])) for key, address in self.addresses.items()
        ]
        if self.takes_other:
            choices.append((OTHER, _card(gettext("Another address"), [gettext("For this order only")])))
        return choices

    def _as_agreed(self) -> SafeString:
        shown = self.plan.shown
        day = shown.next_agreed()
        return _card(gettext("As agreed"), [note_of(shown, day) if day else gettext("We tell you the date")])

    def _on_a_date(self) -> SafeString:
        return _card(gettext("On a date"), [gettext("Choose one of your agreed dates in the calendar")])

    def _starts(self, title: object, *, split: bool) -> SafeString:
        day, shown = self.plan.first_dispatch(split=split), self.plan.shown
        return _card(title, [note_of(shown.with_lead(None), day)] if day else [])


def _card(title: object, lines: list[str]) -> SafeString:
    return format_html("<strong>{}</strong>{}", title, format_html_join("", "<br>{}", ((line,) for line in lines)))


def initial_for(basket: Basket, clinic: Clinic) -> dict:
    """What was answered before, else the clinic's default address."""
    address = basket.delivery_address
    return {
        "purchase_number": basket.purchase_number,
        "reference": basket.reference,
        "delivery_address": _initial_address(address, clinic),
        "split_dispatch": SPLIT if basket.split_dispatch else TOGETHER,
        "dispatch_choice": ON_DATE if basket.dispatch_date else AS_AGREED,
        "dispatch_date": basket.dispatch_date,
        **initial_of(address),
    }


def _initial_address(address: DeliveryAddress | None, clinic: Clinic) -> object:
    if address is not None and address.one_off and clinic.account.allows_one_off_addresses:
        return OTHER
    if address is not None and not address.one_off:
        return address.pk
    return DeliveryAddress.objects.usable_for(clinic).values_list("pk", flat=True).first()
