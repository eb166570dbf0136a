"""What stands over a printed list, where forms are not printed: whose it is, of when, and what it was narrowed to.

And what is written into files that are made while customer service looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from permissions.access import is_looked_at
from permissions.models import Clinic, User


@dataclass(frozen=True)
class PrintHead:
    accounts: list[str]
    chosen: list[tuple[str, str]]


def print_head(clinics: Iterable[Clinic], form: forms.Form, **more: tuple[str, str]) -> PrintHead:
    """`more` are label and value of what else narrows the list; empty values are left out."""
    chosen = [(str(bound.label), _words(bound)) for bound in form.visible_fields()]
    accounts = dict.fromkeys(clinic.account.name for clinic in clinics)
    return PrintHead(list(accounts), [pair for pair in (*chosen, *more.values()) if pair[1]])


def made_while_looking(reader: User) -> str:
    """What a file says of itself that customer service made while seeing the portal as the reader; else "".

    A file goes on to others, and names neither the customer as its author nor hides who it was.
    """
    return _("Made by customer service, seen as %(person)s") % {"person": reader} if is_looked_at(reader) else ""


def _words(bound: forms.BoundField) -> str:
    """Nothing for a field that asks for nothing, or was filled in wrong."""
    value = bound.form.cleaned_data.get(bound.name)
    if not value:
        return ""
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    choices = dict(flatten_choices(getattr(bound.field, "choices", ())))
    return str(choices.get(value, value))
