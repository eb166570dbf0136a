"""The forms of the users' pages. What is offered is what the manager may give; the rules behind check it again."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.enumeration import in_a_sentence
from permissions.functions import ROLES, allows
from permissions.log_in.passwords import NewPasswordForm
from permissions.models import Clinic, User, UserManager
from permissions.person_names import NameField
from permissions.phones import PhoneField
from permissions.roles import NEEDS, ROLE_FUNCTIONS, Function, Role, functions_open_to, permissions_of, switched_on

SWITCHED = (Role.PURCHASER, Role.ASSISTANT)


class AccessForm(forms.Form):
    """A role, and for each role that has them its own switches: nobody must untick what another role would have."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args, may: Collection[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        mains = permissions_of(Role.MAIN_USER, ())
        self.fields["role"].choices = [(r.value, r.label) for r in Role if r != Role.MAIN_USER or mains <= set(may)]
        for role in SWITCHED:
            self.fields[f"functions_{role}"] = self._switches(role, may)

    def _switches(self, role: Role, may: Collection[str]) -> forms.MultipleChoiceField:
        open_to = [Function(each) for each in functions_open_to(role) if permissions_of(role, [each]) <= set(may)]
        return forms.MultipleChoiceField(
            label=_("What they may do"),
            choices=[(function.value, function.label) for function in open_to],
            initial=[str(function) for function in open_to if function in ROLE_FUNCTIONS[role]],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def clean_role(self) -> str:
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        role = cleaned.get("role")
        if role in SWITCHED and f"functions_{role}" in cleaned:
            self._refuse_useless(role, cleaned[f"functions_{role}"])
        return cleaned

    def _refuse_useless(self, role: str, functions: Collection[str]) -> None:
        """A function without the one that it needs would be a switch that does nothing."""
        for function in set(functions) - set(switched_on(role, functions)):
            words = {"function": Function(function).label, "needed": NEEDS[function].label}
            text = _("“%(function)s” needs “%(needed)s”: switch that on too.") % words
            self.add_error(f"functions_{role}", text)

    def refuse_beyond_reach(self, field: str, clinics: Iterable[Clinic], reach: Mapping[UUID, frozenset[str]]) -> None:
        """Said before it is done, and where: the rules behind would refuse all of it."""
        if self.errors:
            return
        wanted = permissions_of(self.cleaned_data["role"], self.functions)
        if beyond := [clinic.name for clinic in clinics if not wanted <= reach[clinic.pk]]:
            text = _("At %(clinics)s you may not give all of this: you may do less there. Untick it, or give less.")
            self.add_error(field, text % {"clinics": in_a_sentence(beyond)})

    @property
    def functions(self) -> list[str]:
        role = self.cleaned_data["role"]
        return list(Function) if role == Role.MAIN_USER else self.cleaned_data[f"functions_{role}"]

    def roles(self) -> Iterator[tuple[Any, str | Promise]]:
        """Each radio button with what the role is."""
        return ((radio, ROLES[radio.data["value"]]) for radio in self["role"])

    def switch_groups(self) -> Iterator[tuple[Role, BoundField, list[tuple[Any, str | Promise]]]]:
        """Per role its switches, each with what it allows."""
        for role in SWITCHED:
            bound = self[f"functions_{role}"]
            yield role, bound, [(box, allows(role, box.data["value"])) for box in bound]


def access_initial(role: str, functions: Collection[str]) -> dict[str, object]:
    """What the switches show of somebody who has a role already."""
    return {"role": role, f"functions_{role}": [str(function) for function in functions]}


class ClinicTicks(forms.Form):
    """Which of these clinics, all of one account."""

    clinics = forms.MultipleChoiceField(
        label=_("Clinics"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one clinic.")},
    )

    def __init__(self, *args, offered: Collection[Clinic], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(clinic.pk): clinic for clinic in offered}
        field = self.fields["clinics"]
        field.choices = [(key, f"{clinic.name} ({clinic.customer_number})") for key, clinic in self.offered.items()]

    def clean_clinics(self) -> list[Clinic]:
        chosen = [self.offered[key] for key in self.cleaned_data["clinics"]]
        if len({clinic.account_id for clinic in chosen}) > 1:
            raise forms.ValidationError(_("Tick clinics of one company at a time."))
        return chosen


class DetailsForm(forms.Form):
    first_name = NameField(label=_("First name"), max_length=150)
    last_name = NameField(label=_("Last name"), max_length=150)
    phone_number = PhoneField(label=_("Phone"), required=False)

    def __init__(self, *args, country: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # somebody else's, not the browser owner's
        self.fields["phone_number"].use_country(country)

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "phone_number")}


class InvitationForm(ClinicTicks, DetailsForm, AccessForm):
    """`reach` is what the manager may give, by the clinics' ids: not everywhere the same."""

    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    field_order: tuple[str, ...] = ("first_name", "last_name", "phone_number", "language", "clinics", "role")

    def __init__(self, *args, reach: Mapping[UUID, frozenset[str]], **kwargs) -> None:
        super().__init__(*args, may=frozenset[str]().union(*reach.values()), **kwargs)
        self.reach = reach

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_beyond_reach("clinics", cleaned.get("clinics", ()), self.reach)
        return cleaned

    def details(self) -> dict[str, Any]:
        return {**super().details(), "language": self.cleaned_data["language"]}


class AddForm(InvitationForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("Also what they log in with."))
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("active", _("Active")), ("inactive", _("Inactive"))],
        initial="active",
        widget=forms.RadioSelect,
    )
    field_order = ("email", *InvitationForm.field_order)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        email = UserManager.normalize_email(self.cleaned_data["email"])
        self.fields["email"].run_validators(email)  # small letters may be longer than capitals
        return email

    def details(self) -> dict[str, Any]:
        return {**super().details(), "email": self.cleaned_data["email"]}


class PersonAccessForm(AccessForm):
    """At one clinic, and on wish the same at others."""

    also = forms.MultipleChoiceField(label=_("The same at"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args, others: Collection[Clinic], reach: Mapping[UUID, frozenset[str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        self.others = {str(clinic.pk): clinic for clinic in others}
        self.fields["also"].choices = [(key, clinic.name) for key, clinic in self.others.items()]

    def clean_also(self) -> list[Clinic]:
        return [self.others[key] for key in self.cleaned_data["also"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_beyond_reach("also", cleaned.get("also", ()), self.reach)
        return cleaned


class SetInactiveForm(ClinicTicks):
    """Setting inactive may span companies."""

    def clean_clinics(self) -> list[Clinic]:
        return [self.offered[key] for key in self.cleaned_data["clinics"]]


class SearchForm(forms.Form):
    query = forms.CharField(label=_("Name or e-mail"), max_length=100, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["query"].widget.attrs.update(autocomplete="off", spellcheck="false", type="search")


def query_of(typed: Mapping[str, Any]) -> str:
    """Whom somebody searches for; nobody in particular when no name or address looks like that."""
    form = SearchForm(typed)
    return form.cleaned_data["query"] if form.is_valid() else ""


class NewcomerForm(NewPasswordForm):
    """Who accepts without having a log-in: names as the inviter wrote them, and the first password."""

    first_name = NameField(label=_("First name"), max_length=150)
    last_name = NameField(label=_("Last name"), max_length=150)
    field_order = ("first_name", "last_name", "new_password1", "new_password2")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, value in (("first_name", "given-name"), ("last_name", "family-name")):
            self.fields[name].widget.attrs["autocomplete"] = value
        for name in ("new_password1", "new_password2"):
            self.fields[name].required = True

    def newcomer(self) -> User:
        """With the password set, not saved yet."""
        for name in ("first_name", "last_name"):
            setattr(self.user, name, self.cleaned_data[name])
        self.user.set_password(self.cleaned_data["new_password1"])
        return self.user
