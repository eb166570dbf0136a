"""What the history is asked for. Nothing here names a person: who it is about, and who did it, stand in the address as
public ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.models import Clinic
from permissions.models.events import AccessAction

A = AccessAction
# Group, and what belongs to it.
GROUPS: tuple[tuple[str | Promise, tuple[AccessAction, ...]], ...] = (
    (_("Access"), (A.GRANT, A.CHANGE, A.REVOKE, A.INACTIVATE, A.ACTIVATE, A.DETAILS, A.BLOCK, A.UNBLOCK, A.REPAIR)),
    (_("Invitations"), (A.INVITE, A.RESEND, A.WITHDRAW, A.ACCEPT, A.DECLINE)),
    (
        _("Log-in"),
        (
            *(A.PASSWORD, A.LOCKED, A.UNLOCK, A.SESSIONS, A.FACTOR_ADDED, A.FACTOR_REMOVED, A.CODES),
            *(A.IDENTITY_ADDED, A.IDENTITY_REMOVED),
        ),
    ),
    (
        _("The account"),
        (
            *(A.TRANSFER_OFFERED, A.TRANSFER_ACCEPTED, A.TRANSFER_DECLINED, A.TRANSFER_CANCELLED, A.SETTINGS),
            A.CLINIC_RULES,
            *(A.REQUESTED, A.APPROVED, A.REFUSED, A.CLOSED, A.CLINIC_ADDED),
        ),
    ),
    (_("Customer service looks"), (A.LOOK_BEGUN, A.LOOKED, A.LOOK_ENDED)),
)


@dataclass(frozen=True)
class Asked:
    person: UUID | None = None
    actor: UUID | None = None
    clinic: UUID | None = None
    action: str = ""
    first_day: date | None = None
    last_day: date | None = None
    where: str = ""

    @property
    def is_narrowed(self) -> bool:
        return any((self.person, self.actor, self.clinic, self.action, self.first_day, self.last_day, self.where))


# Long before the first event and long after the last: the ends of the calendar are no days of any time zone.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    widget = forms.DateInput(
        attrs={"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}, format="%Y-%m-%d"
    )

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(_("Choose a day between 2000 and 2100."))


class HistoryFilter(forms.Form):
    """Sent by GET. What all readers may ask for; `HistoryOfAccount` and the back office add where."""

    groups = GROUPS
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    actor = forms.UUIDField(required=False, widget=forms.HiddenInput)
    action = forms.ChoiceField(label=_("What"), required=False)
    first_day = DayField(label=_("From"), required=False)
    last_day = DayField(label=_("To"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        groups = [(name, [(action.value, action.label) for action in actions]) for name, actions in self.groups]
        self.fields["action"].choices = [("", _("All")), *groups]

    def clean(self) -> dict:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("The last day is before the first."))
        return self.cleaned_data

    def asked(self) -> Asked:
        """What was typed wrong asks for nothing; the field says what is wrong with it."""
        self.is_valid()
        known = {name: value for name, value in self.cleaned_data.items() if value}
        return Asked(**known)


class HistoryOfAccount(HistoryFilter):
    clinic = forms.ChoiceField(label=_("Clinic"), required=False)
    field_order = ["person", "actor", "clinic", "action", "first_day", "last_day"]

    def __init__(self, data, clinics: Sequence[Clinic]) -> None:
        super().__init__(data)
        choices = [(str(clinic.pk), f"{clinic.name} ({clinic.customer_number})") for clinic in clinics]
        self.fields["clinic"].choices = [("", _("All")), *choices]


class HistoryOfAll(HistoryFilter):
    """For staff, over all accounts."""

    groups = (*GROUPS, (_("Staff and editors"), (A.STAFF,)))
    where = forms.CharField(label=_("Account, clinic or customer number"), required=False, max_length=80)
    field_order = ["person", "actor", "where", "action", "first_day", "last_day"]
