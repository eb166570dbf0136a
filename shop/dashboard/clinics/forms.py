"""What customer service writes of a clinic's dispatch and of its company's purchase numbers."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from permissions.models import Account
from shop.checkout.purchase_numbers import LONGEST_NUMBER, Rules, pattern_problem, values_of
from shop.dispatch.models import DispatchAgreement

LONGEST_TRANSIT = 20
PLAIN = {"class": "form-control"}


class AgreementForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Dispatch on"),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],  # ISO's numbers
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one weekday.")},
    )
    cut_off = forms.TimeField(
        label=_("Cut-off time"),
        help_text=_("An order that comes later on a dispatch day leaves on the next one. Time where the clinic is."),
        widget=forms.TimeInput(attrs={**PLAIN, "type": "time"}, format="%H:%M"),
    )
    transit_days = forms.IntegerField(
        label=_("Working days on the way"),
        min_value=1,
        max_value=LONGEST_TRANSIT,
        widget=forms.NumberInput(attrs=PLAIN),
    )

    class Meta:
        model = DispatchAgreement
        fields = ("weekdays", "cut_off", "transit_days")

    def clean_weekdays(self) -> list[int]:
        return sorted(self.cleaned_data["weekdays"])


class AccountRulesForm(forms.ModelForm):
    """`sample` is only tried out against the rules as they are typed; it is not kept."""

    sample = forms.CharField(
        label=_("Try a purchase number"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_("Shows whether it would be accepted by the rules above. It is not saved."),
        widget=forms.TextInput(attrs=PLAIN),
    )

    class Meta:
        model = Account
        fields = (
            "purchase_number_required",
            "purchase_number_pattern",
            "purchase_number_help",
            "purchase_number_values",
            "allows_one_off_addresses",
        )
        widgets = {
            "purchase_number_pattern": forms.TextInput(attrs={**PLAIN, "spellcheck": "false", "autocomplete": "off"}),
            "purchase_number_help": forms.TextInput(attrs=PLAIN),
            "purchase_number_values": forms.Textarea(attrs={**PLAIN, "rows": 5}),
        }
        help_texts = {
            "purchase_number_pattern": _(
                "A regular expression that the whole number must fit, for example INK-\\d{4}. Empty: any number."
            ),
            "purchase_number_help": _(
                "Shown at the field and after a mistake, in the customer's language, with an example of a right number."
            ),
            "purchase_number_values": _(
                "One per line. Without a pattern only these can be chosen; with one they are suggestions beside it."
            ),
        }

    def clean_purchase_number_pattern(self) -> str:
        pattern = self.cleaned_data["purchase_number_pattern"].strip()
        if problem := pattern_problem(pattern):
            raise forms.ValidationError(problem)
        return pattern

    def clean_purchase_number_values(self) -> str:
        values = values_of(self.cleaned_data["purchase_number_values"])
        if long := [value for value in values if len(value) > LONGEST_NUMBER]:
            text = ngettext(
                "%(values)s is longer than %(most)s characters.",
                "%(values)s are longer than %(most)s characters.",
                len(long),
            )
            raise forms.ValidationError(text % {"values": ", ".join(long), "most": LONGEST_NUMBER})
        return "\n".join(values)

    def verdict(self) -> str:
        """What becomes of the sample, or an empty string when none was typed or the rules are wrong."""
        if not self.is_valid() or not self.cleaned_data["sample"]:
            return ""
        cleaned = self.cleaned_data
        rules = Rules(
            required=cleaned["purchase_number_required"],
            pattern=cleaned["purchase_number_pattern"],
            help_text=cleaned["purchase_number_help"],
            values=values_of(cleaned["purchase_number_values"]),
        )
        problem = rules.problem(cleaned["sample"])
        return gettext("Refused: %(problem)s") % {"problem": problem} if problem else gettext("Accepted.")
