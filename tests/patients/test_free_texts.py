"""No text that a customer can write takes a national identity number: a new field without the check fails here."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from unittest import mock

import pytest
from django import forms
from django.core.exceptions import ValidationError

import shop
from permissions.models import Clinic, PatientPolicy

SENTENCE = "Karin 811228-9874"
# The supplier's own people write there, not customers.
BACK_OFFICE = "shop.dashboard."
# Forms that need to be told what they are about.
MAKERS: dict[str, Callable[[type[forms.BaseForm], Clinic], forms.BaseForm]] = {
    "DeliveryForm": lambda form, clinic: form(clinic=clinic),
    "CommentForm": lambda form, clinic: form(label="Comment"),
    "CommonForm": lambda form, clinic: form(clinic=clinic, asked=_asks_for_a_patient(), asks_patient=True),
    "RulesForm": lambda form, clinic: form(instance=clinic),
    "StandInForm": lambda form, clinic: form(approvers=[], today=date.today()),
    "AgainForm": lambda form, clinic: form(None, looks=[_a_line_ordered_again()], clinic=clinic),
}
# A choice of dates, nothing to write in.
ONLY_CHOICES = {"DispatchForm"}


def _asks_for_a_patient():
    from shop.configuration.options import Configuration

    return Configuration(patient="required")


def _a_line_ordered_again() -> mock.Mock:
    return mock.Mock(line=mock.Mock(pk=1, title="Hearing aid"), can_add=True, asks_patient=True)


def modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(shop.__path__, "shop."):
        if "migrations" not in module.name and not module.name.startswith(BACK_OFFICE):
            yield module.name


def form_classes() -> list[type[forms.BaseForm]]:
    def below(form: type) -> Iterator[type]:
        for child in form.__subclasses__():
            yield child
            yield from below(child)

    for module in modules():
        importlib.import_module(module)
    ours = {form for form in below(forms.BaseForm) if form.__module__.startswith("shop.")}
    shown = {form for form in ours if not form.__module__.startswith(BACK_OFFICE)}
    return sorted(shown, key=lambda form: (form.__module__, form.__name__))


def made(form: type[forms.BaseForm], clinic: Clinic) -> forms.BaseForm:
    return MAKERS[form.__name__](form, clinic) if form.__name__ in MAKERS else form()


def text_fields(form: forms.BaseForm) -> dict[str, forms.Field]:
    fields = {name: field for name, field in form.fields.items() if isinstance(field, forms.CharField)}
    return {name: field for name, field in fields.items() if not isinstance(field.widget, forms.HiddenInput)}


@pytest.fixture
def clinic(people) -> Clinic:
    """Asks for all it can: names of patients, addresses of their own."""
    people.north.patient_policy = PatientPolicy.NAME
    people.north.account.allows_one_off_addresses = True
    return people.north


def test_every_text_field_of_every_form_refuses_an_identity_number(clinic):
    seen, open_to_numbers = [], []
    for form in form_classes():
        if form.__name__ in ONLY_CHOICES:
            assert not [field for field in form.base_fields.values() if isinstance(field, forms.CharField)], form
            continue
        for name, field in text_fields(made(form, clinic)).items():
            seen.append(f"{form.__name__}.{name}")
            if not refuses(field):
                open_to_numbers.append(seen[-1])
    assert not open_to_numbers
    assert len(seen) >= 12, seen
    expected = {"CommonForm.patient", "DeliveryForm.reference", "DeliveryForm.purchase_number", "FindPatientForm.query"}
    expected |= {"AgainForm.patient-1", "DeliveryForm.other_street"}
    assert expected <= set(seen)


def refuses(field: forms.Field) -> bool:
    try:
        field.run_validators(SENTENCE)
    except ValidationError as error:
        return any(found.code == "identity_number" for found in error.error_list)
    return False


def test_the_patient_field_refuses_one_and_keeps_what_was_typed_out_of_its_words(clinic):
    from shop.patients.forms import PatientField

    with pytest.raises(ValidationError) as refused:
        PatientField(clinic).clean(SENTENCE)
    assert "811228" not in " ".join(refused.value.messages)


@pytest.mark.parametrize("policy", PatientPolicy)
def test_the_patient_field_is_named_and_limited_by_the_clinics_policy(clinic, policy):
    from shop.patients.forms import PatientField

    clinic.patient_policy = policy
    field = PatientField(clinic)
    longest = {"none": 0, "reference": 40, "name": 80}[policy]
    assert field.clean("") == ""
    if longest:
        assert field.clean(f" {'x' * longest} ") == "x" * longest
        assert field.label in ("Patient reference", "Patient's name")
        assert field.help_text
    with pytest.raises(ValidationError):
        field.clean("x" * (longest + 1))
    attrs = field.widget_attrs(field.widget) | field.widget.attrs
    assert (attrs["autocomplete"], attrs["spellcheck"]) == ("off", "false")


def test_a_required_patient_is_asked_for_in_words(clinic):
    from shop.patients.forms import PatientField

    with pytest.raises(ValidationError, match="Write whom it is for"):
        PatientField(clinic, required=True).clean("  ")
