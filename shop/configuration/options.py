"""What can be chosen of a product, whether a choice holds, and what it says in the reader's language.

Everything that takes a configuration (basket, favourite, re-order, confirm) asks `Configuration.clean` afresh.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from permissions.models import Clinic, PatientPolicy
from shop.configuration.models import ClassOrdering
from shop.configuration.values import Value, Values, is_given

LONGEST_TEXT = 200
ONE_OF, SOME_OF = ("select", "radio"), ("multi_select", "checkbox")


class Invalid(Exception):
    """The choices can't be ordered. `errors`: option code to a sentence in the reader's language."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


@dataclass(frozen=True)
class OptionChoice:
    code: str
    label: str
    retired: bool = False
    successor: str = ""  # code of the value that takes its place


@dataclass(frozen=True)
class OptionField:
    """One question of the configurator. `kind` is Oscar's option type."""

    code: str
    label: str
    kind: str
    required: bool
    help_text: str = ""
    choices: tuple[OptionChoice, ...] = ()

    def choice(self, code: object) -> OptionChoice | None:
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True)
class Dependency:
    """When `option` is `value` (None: anything), `target` must be (or must not be) one of `values`."""

    option: str
    value: str | None
    requires: bool
    target: str
    values: frozenset[str]
    reason: str = ""

    def applies(self, chosen: Values) -> bool:
        given = chosen.get(self.option)
        if not is_given(given):
            return False
        return self.value is None or given == self.value or (isinstance(given, list) and self.value in given)


@dataclass(frozen=True)
class Configuration:
    """The questions of one product, in order, and the rules between them."""

    options: tuple[OptionField, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    patient: str = ClassOrdering.Patient.NO
    takes_ear_scan: bool = False
    _by_code: dict[str, OptionField] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_code.update({option.code: option for option in self.options})

    def __bool__(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.options)

    def asks_patient(self, clinic: Clinic) -> bool:
        """Whether a line may say whom it is for: by the kind of product, and by the clinic's policy."""
        return self.patient != ClassOrdering.Patient.NO and clinic.patient_policy != PatientPolicy.NONE

    def needs_patient(self, clinic: Clinic) -> bool:
        return self.patient == ClassOrdering.Patient.REQUIRED and self.asks_patient(clinic)

    def clean(self, given: Mapping[str, object]) -> Values:
        """The choices as a line stores them. Raises Invalid with what is wrong, by option code."""
        errors: dict[str, str] = {}
        chosen: Values = {}
        for code in given.keys() - self._by_code.keys():
            errors[code] = _("This product has no such choice. Configure it again.")
        for option in self.options:
            try:
                value = _clean_value(option, given.get(option.code))
            except Invalid as invalid:
                errors.update(invalid.errors)
                continue
            if value is not None:
                chosen[option.code] = value
            elif option.required:
                errors[option.code] = _("%(option)s: choose one.") % {"option": option.label}
        for code, sentence in self.conflicts(chosen):
            errors.setdefault(code, sentence)
        if errors:
            raise Invalid(errors)
        return chosen

    def conflicts(self, chosen: Values) -> Iterable[tuple[str, str]]:
        """Option code and sentence of each rule that the choices break."""
        for rule in self.dependencies:
            target = self._by_code.get(rule.target)
            if target is None or not rule.applies(chosen):
                continue
            given = chosen.get(rule.target)
            values = set(given) if isinstance(given, list) else {given} if is_given(given) else set()
            if rule.requires:
                broken = not (values & rule.values) if rule.values else not values
            else:
                broken = bool(values & rule.values) if rule.values else bool(values)
            if broken:
                yield rule.target, rule.reason or self._explain(rule, target)

    def excluded(self, chosen: Values) -> dict[str, dict[str, str]]:
        """Option code -> value code -> why it can't be chosen beside what is chosen already."""
        found: dict[str, dict[str, str]] = {}
        for rule in self.dependencies:
            target = self._by_code.get(rule.target)
            if target is None or not rule.applies(chosen) or not rule.values:
                continue
            for choice in target.choices:
                if (choice.code in rule.values) != rule.requires:
                    why = rule.reason or self._explain(rule, target)
                    found.setdefault(target.code, {}).setdefault(choice.code, why)
        return found

    def describe(self, values: Values) -> list[tuple[str, str]]:
        """Question and answer in words, in the order of the questions. Unknown codes are shown as they are."""
        asked = [option for option in self.options if option.code in values]
        known = [(option.label, _in_words(option, values[option.code])) for option in asked]
        return known + [(code, str(value)) for code, value in values.items() if code not in self._by_code]

    def _explain(self, rule: Dependency, target: OptionField) -> str:
        source = self._by_code.get(rule.option)
        chosen = source.choice(rule.value) if source else None
        words = {
            "option": source.label if source else rule.option,
            "value": chosen.label if chosen else "",
            "target": target.label,
            "values": get_text_list([choice.label for choice in target.choices if choice.code in rule.values]),
        }
        if not rule.values and rule.requires:
            return _("%(target)s must be given too.") % words
        if not rule.values:
            return _("%(target)s can't be chosen with %(option)s: %(value)s.") % words
        if rule.requires:
            return _("With %(option)s: %(value)s, %(target)s must be %(values)s.") % words
        return _("%(target)s: %(values)s can't be chosen with %(option)s: %(value)s.") % words


def _clean_value(option: OptionField, given: object) -> Value | None:
    """The value to store, or None where nothing was answered."""
    if option.kind in SOME_OF:
        codes = given if isinstance(given, list | tuple) else [given] if is_given(given) else []
        return [_clean_choice(option, code) for code in dict.fromkeys(codes)] or None
    if not is_given(given):
        return None
    if option.kind in ONE_OF:
        return _clean_choice(option, given)
    return _clean_typed(option, given)


def _clean_choice(option: OptionField, code: object) -> str:
    choice = option.choice(code)
    if choice is None:
        raise Invalid({option.code: _("%(option)s: choose one of the values shown.") % {"option": option.label}})
    if choice.retired:
        successor = option.choice(choice.successor)
        words = {"value": choice.label, "successor": successor.label if successor else ""}
        if successor and not successor.retired:
            raise Invalid({option.code: _("%(value)s is no longer made. Choose %(successor)s instead.") % words})
        raise Invalid({option.code: _("%(value)s is no longer made. Choose another one.") % words})
    return choice.code


def _clean_typed(option: OptionField, given: object) -> Value:
    words = {"option": option.label, "longest": LONGEST_TEXT}
    if option.kind == "boolean":
        return True
    text = str(given).strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid({option.code: _("%(option)s: at most %(longest)s characters.") % words})
    if option.kind == "integer":
        if not text.removeprefix("-").isdecimal() or len(text) > 9:
            raise Invalid({option.code: _("%(option)s: enter a whole number.") % words})
        return int(text)
    if option.kind == "float":
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise Invalid({option.code: _("%(option)s: enter a number.") % words})
        return number
    if option.kind == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise Invalid({option.code: _("%(option)s: write the date as 2026-12-01.") % words}) from error
    return text


def _in_words(option: OptionField, value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(_label(option, code) for code in value)
    if value is True:
        return _("Yes")
    return _label(option, value)


def _label(option: OptionField, value: object) -> str:
    choice = option.choice(value)
    return choice.label if choice else str(value)
