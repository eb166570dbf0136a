"""What the overview shows: which clinic, role, function and status, and how much of each cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from permissions.models import Clinic
from permissions.roles import Function, Role


class Status(TextChoices):
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")
    BLOCKED = "blocked", _("Blocked")
    ASLEEP = "asleep", _("Not logged in for 90 days")


@dataclass(frozen=True)
class Wanted:
    """Empty values ask for nothing. `show` is one function, or empty for roles and functions."""

    clinic: UUID | None = None
    role: str = ""
    function: str = ""
    status: str = ""
    show: str = ""
    query: str = ""

    @property
    def asks_for_members(self) -> bool:
        """Somebody without a membership has neither role nor switches nor status to ask for."""
        return bool(self.role or self.function or self.status)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.clinic or self.role or self.function or self.status or self.query)


class MatrixFilter(forms.Form):
    """Sent by GET: it names no person."""

    clinic = forms.ChoiceField(label=_("Clinic"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])
    function = forms.ChoiceField(label=_("Function"), required=False, choices=[("", _("All")), *Function.choices])
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Status.choices])
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("Roles and functions")), *Function.choices]
    )

    def __init__(self, data, clinics: Sequence[Clinic]) -> None:
        super().__init__(data)
        self._clinics = {str(clinic.pk): clinic for clinic in clinics}
        choices = [(pk, f"{clinic.name} ({clinic.customer_number})") for pk, clinic in self._clinics.items()]
        self.fields["clinic"].choices = [("", _("All")), *choices]

    def wanted(self, query: str = "") -> Wanted:
        """What is typed wrong into the address asks for nothing."""
        self.is_valid()
        cleaned = self.cleaned_data
        clinic = self._clinics.get(cleaned.get("clinic", ""))
        return Wanted(
            clinic=clinic.pk if clinic else None,
            role=cleaned.get("role", ""),
            function=cleaned.get("function", ""),
            status=cleaned.get("status", ""),
            show=cleaned.get("show", ""),
            query=query,
        )
