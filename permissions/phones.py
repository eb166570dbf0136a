"""Telephone numbers: as people of a country write them, or with the code of any country in front."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import TextInput
from django.utils.translation import gettext
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber, to_python
from phonenumbers import country_code_for_region

from permissions.models import Membership, User

EXAMPLES = {"SE": "070-174 06 05", "NO": "406 12 345", "DK": "32 12 34 56"}
WITH_CODE = "+46 70 174 06 05"


def read_phone(country: str, typed: str) -> PhoneNumber:
    """Without a country the number must begin with a country's code."""
    number = to_python(typed, region=country or None)
    if not isinstance(number, PhoneNumber) or not number.is_valid():
        words = {"example": EXAMPLES.get(country, WITH_CODE)}
        raise ValidationError(gettext("Write the phone number as in %(example)s.") % words, code="invalid")
    return number


def country_of(person: User) -> str:
    """Where they work; "" when that is nowhere (yet), or in several countries."""
    if person.pk is None:
        return ""
    found = set(Membership.objects.filter(user=person).values_list("clinic__account__country", flat=True))
    return found.pop() if len(found) == 1 else ""


class PhoneField(PhoneNumberField):
    """The library's, with our one message. What was typed is shown again as it was typed."""

    widget = TextInput

    def use_country(self, country: str) -> None:
        self.region = country

    def to_python(self, value: Any) -> PhoneNumber | str:
        typed = super(PhoneNumberField, self).to_python(value)
        return read_phone(self.region or "", typed) if typed else self.empty_value

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, PhoneNumber):
            return value
        is_national = self.region and value.country_code == country_code_for_region(self.region)
        return value.as_national if is_national else value.as_international
