"""The configurator's form: one set of answers per side, and what they have in common.

What may be chosen is not decided here: `Configuration.clean` does, for every line afresh.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.identity_numbers import refuse_identity_numbers
from permissions.models import Clinic
from shop.basket.filling import QuantityField
from shop.configuration import scans
from shop.configuration.asking import Question, field_name, questions
from shop.configuration.models import EarScan
from shop.configuration.options import SOME_OF, Configuration, Invalid, OptionField
from shop.configuration.values import LEFT, RIGHT, SIDE, Values, is_given
from shop.patients.forms import PatientField

BOTH = "both"
ONE = "one"  # prefix of the answers where the form is about one line


@dataclass(frozen=True)
class Start:
    """What the form opens with: a line's choices, a favourite's, or nothing."""

    values: Values = field(default_factory=dict)
    quantity: int = 1
    patient: str = ""
    ear_scan: EarScan | None = None


@dataclass
class Part:
    """The answers for one ear, or for the only line."""

    prefix: str
    side: str
    label: str
    values: dict[str, object]
    errors: dict[str, str] = field(default_factory=dict)
    ear_scan: EarScan | None = None
    scan_error: str = ""
    cleaned: Values = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    described: list[tuple[str, str]] = field(default_factory=list)

    @property
    def scan_token(self) -> str:
        return scans.signed(self.ear_scan) if self.ear_scan else ""

    @property
    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Id of the field, its name, and what is wrong with it."""
        for question in self.questions:
            if question.error:
                yield question.first_id, question.label, question.error
        if self.scan_error:
            yield f"id_{self.prefix}-scan", _("Ear scan or photo"), self.scan_error


class CommonForm(forms.Form):
    quantity = QuantityField(label=gettext_lazy("Quantity"), initial=1)

    def __init__(self, *args, clinic: Clinic, asked: Configuration, asks_patient: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if asks_patient and asked.asks_patient(clinic):
            self.fields["patient"] = PatientField(clinic, required=asked.needs_patient(clinic))


class Configurator:
    """`post` None shows what `start` says. `is_edit`: of one line, whose side is a question like the others."""

    def __init__(
        self,
        asked: Configuration,
        clinic: Clinic,
        *,
        start: Start,
        post: MultiValueDict | None = None,
        is_edit: bool = False,
        asks_patient: bool = True,
    ) -> None:
        self.asked, self.clinic, self.post, self.is_edit = asked, clinic, post, is_edit
        self.refused, self.side_error, self.was_sent = "", "", False
        initial = {"quantity": start.quantity, "patient": start.patient}
        self.common = CommonForm(
            post, initial=initial, clinic=clinic, asked=asked, asks_patient=asks_patient, auto_id="id_%s"
        )
        self.sides = () if is_edit else offered_sides(asked)
        started = str(start.values.get(SIDE, ""))
        self.side = (post.get(SIDE, "") if post is not None else started) if self.sides else ""
        if self.side not in {code for code, _label in self.sides}:
            self.side = ""
        self.parts = [self._part(prefix, label, start) for prefix, label in self._prefixes()]
        self.show(quietly=True)

    def _prefixes(self) -> list[tuple[str, str]]:
        return [(code, label) for code, label in self.sides if code != BOTH] or [(ONE, "")]

    def _part(self, prefix: str, label: str, start: Start) -> Part:
        side = prefix if prefix != ONE else ""
        if self.post is not None:
            return Part(
                prefix,
                side,
                label,
                read_values(self.post, prefix, self.asked),
                ear_scan=self._scan_in_form(prefix),
            )
        own = dict(start.values) if side in ("", start.values.get(SIDE)) else {}
        known = {option.code for option in self.asked.options}
        return Part(
            prefix,
            side,
            label,
            {code: value for code, value in own.items() if code in known},
            ear_scan=start.ear_scan if own or not side else None,
        )

    def _scan_in_form(self, prefix: str) -> EarScan | None:
        if self.post is None or not self.asked.takes_ear_scan or f"{prefix}-scan-remove" in self.post:
            return None
        return scans.from_signed(self.post.get(f"{prefix}-scan-kept", ""), self.clinic)

    @property
    def chosen_parts(self) -> list[Part]:
        """Those of which lines are made."""
        if not self.sides:
            return self.parts
        return [part for part in self.parts if self.side in (part.side, BOTH)]

    def check(self, *, quietly: bool = False) -> bool:
        """Whether it can be ordered as it stands. `quietly`: while somebody is choosing, nothing missing is blamed."""
        self.was_sent = not quietly
        if self.sides and not self.side and not quietly:
            self.side_error = _("Say which ear it is for.")
        for part in self.chosen_parts:
            self._clean(part)
        valid = not self.side_error and not any(part.errors or part.scan_error for part in self.chosen_parts)
        valid = self.common.is_valid() and valid
        if quietly:
            for name in [name for name in self.common.errors if not self.common.data.get(name)]:
                del self.common.errors[name]
        self.show(quietly=quietly)
        return valid

    def check_opened(self) -> None:
        """Point out what no longer holds of a line or favourite that was just opened."""
        for part in self.chosen_parts:
            self._clean(part)
        self.show(quietly=False)

    def _clean(self, part: Part) -> None:
        values = {**part.values, **({SIDE: part.side} if part.side else {})}
        try:
            part.cleaned = self.asked.clean(values)
        except Invalid as invalid:
            part.errors = {**invalid.errors, **part.errors}
        for option in self.asked.options:
            if option.kind in ("text", "float") and is_given(part.values.get(option.code)):
                try:
                    refuse_identity_numbers(part.values[option.code])
                except ValidationError as error:
                    part.errors[option.code] = " ".join(error.messages)
        if self.sides and SIDE in part.errors:
            self.side_error = part.errors.pop(SIDE)

    def show(self, *, quietly: bool) -> None:
        """Make the questions anew from what is chosen and what is wrong."""
        for part in self.parts:
            errors: Mapping[str, str] = part.errors
            if quietly:
                errors = {code: text for code, text in errors.items() if is_given(part.values.get(code))}
            values = {**part.values, **({SIDE: part.side} if part.side else {})}
            part.questions = questions(self.asked, values, errors, part.prefix, with_side=not self.sides)
            given: Values = {code: value for code, value in part.values.items() if is_given(value)}  # type: ignore[misc]
            part.described = self.asked.describe(given)

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Id, name and sentence of everything that is wrong, in the order of the page."""
        found = [("id_side_0", _("Side"), self.side_error)] if self.side_error else []
        for part in self.chosen_parts:
            for id_, label, text in part.problems:
                # Most sentences name the question themselves.
                about = [part.label] if text.startswith(label) else [part.label, label]
                found.append((id_, ", ".join(filter(None, about)), text))
        for bound in self.common:
            found += [(bound.auto_id, str(bound.label), str(error)) for error in bound.errors]
        return found


def offered_sides(asked: Configuration) -> tuple[tuple[str, str], ...]:
    """Code and label of the sides to choose from; none where the product isn't made for a side."""
    option = next((option for option in asked.options if option.code == SIDE), None)
    if option is None:
        return ()
    made = tuple(
        (choice.code, choice.label) for choice in option.choices if choice.code in (LEFT, RIGHT) and not choice.retired
    )
    return (*made, (BOTH, _("Both"))) if len(made) == 2 else made


def read_values(post: MultiValueDict, prefix: str, asked: Configuration) -> dict[str, object]:
    return {option.code: _read(post, field_name(prefix, option.code), option) for option in asked.options}


def _read(post: MultiValueDict, name: str, option: OptionField) -> object:
    if option.kind in SOME_OF:
        return post.getlist(name)
    if option.kind == "boolean":
        return name in post
    # The database can't keep a null character.
    return (post.get(name) or "").replace("\0", "").strip()
