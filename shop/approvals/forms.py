"""What people write and choose on the way of a basket."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from shop.checkout.dispatch_plan import DispatchPlan
from shop.dispatch.calendars import day_words

LONGEST_COMMENT = 1000
DATES_OFFERED = 20


class CommentForm(forms.Form):
    """One text. `why` says what it is asked for; a required one is asked for in those words when it is missing."""

    comment = forms.CharField(
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_identity_numbers],
    )

    def __init__(self, *args, label, help_text="", required: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["comment"]
        field.label, field.help_text, field.required = label, help_text, required
        field.error_messages["required"] = _("Write why, so that it can be done differently.")


def submit_form(data=None) -> CommentForm:
    words = _("For example why it is urgent. Never a patient's name or identity number.")
    return CommentForm(data, label=_("Comment to the approver"), help_text=words, required=False, prefix="submit")


def return_form(data=None) -> CommentForm:
    words = _("What should be different? Your colleague reads it and can submit the basket again.")
    return CommentForm(data, label=_("Comment"), help_text=words, prefix="return")


def reject_form(data=None) -> CommentForm:
    words = _("A rejected basket is closed for good. Its lines can be copied to a new basket.")
    return CommentForm(data, label=_("Reason"), help_text=words, prefix="reject")


class DispatchForm(forms.Form):
    """The approver's choice among the next agreed dates; empty is "as agreed"."""

    dispatch_date = forms.TypedChoiceField(
        label=_("Dispatch date"),
        required=False,
        coerce=date.fromisoformat,
        empty_value=None,
        error_messages={"invalid_choice": _("This date can no longer be chosen. Choose one of these.")},
    )

    def __init__(self, *args, plan: DispatchPlan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offered = [(day.isoformat(), day_words(day, plan.shown.today)) for day in plan.shown.agreed(DATES_OFFERED)]
        self.fields["dispatch_date"].choices = [("", _("As agreed")), *offered]
