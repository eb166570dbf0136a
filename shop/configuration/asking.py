"""The questions of a configurator as a page shows them: what is chosen, what can't be, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from shop.configuration.options import ONE_OF, SOME_OF, Configuration, OptionChoice, OptionField
from shop.configuration.values import SIDE, Values, is_given

# Colours that the style sheet knows, by the last word of a value's code: `colour-champagne`, `mould-colour-red`.
SWATCHES = frozenset(
    (
        *("champagne", "beige", "sand", "brown", "espresso", "bronze", "silver", "pearl", "graphite", "black", "white"),
        *("rose", "red", "blue", "green", "purple", "clear", "pink", "amber", "lilac", "turquoise", "petrol"),
    )
)
INPUTS = {"text": "text", "integer": "number", "float": "text", "date": "date"}


@dataclass(frozen=True)
class Answer:
    """One value to choose from."""

    code: str
    label: str
    id: str
    chosen: bool
    # Why it can't be chosen beside what is chosen already; empty where it can.
    excluded: str = ""
    retired: bool = False
    successor: "Answer | None" = None
    swatch: str = ""

    @property
    def disabled(self) -> bool:
        """What is chosen is never greyed out: a browser would not send it, and the reader could not see it."""
        return bool(self.excluded) and not self.chosen


@dataclass(frozen=True)
class Question:
    name: str
    id: str
    label: str
    help_text: str
    # `cards`, `swatches`, `list`, `several`, `yes`, or `typed`
    shape: str
    required: bool
    input_type: str = ""
    value: str = ""
    answers: tuple[Answer, ...] = ()
    error: str = ""
    is_number: bool = False

    @property
    def first_id(self) -> str:
        """Where a link in the error summary leads."""
        return self.answers[0].id if self.answers and self.shape != "list" else self.id

    @property
    def retired(self) -> Answer | None:
        return next((answer for answer in self.answers if answer.retired), None)

    @property
    def is_answered(self) -> bool:
        return bool(self.value) or any(answer.chosen for answer in self.answers)

    @property
    def is_long(self) -> bool:
        return self.input_type == "text" and not self.is_number

    @property
    def exclusions(self) -> list[tuple[str, str]]:
        """Each reason once, with the values that it keeps from being chosen."""
        labels: dict[str, list[str]] = {}
        for answer in self.answers:
            if answer.disabled:
                labels.setdefault(answer.excluded, []).append(answer.label)
        return [(reason, ", ".join(values)) for reason, values in labels.items()]

    @property
    def described_by(self) -> str:
        """Ids of what is said about it, for those who hear the page."""
        said = {"help": self.help_text, "error": self.error, "why": self.exclusions, "retired": self.retired}
        return " ".join(f"{self.id}_{name}" for name, text in said.items() if text)


def field_name(prefix: str, code: str) -> str:
    return f"{prefix}-option-{code}"


def questions(
    asked: Configuration, values: Mapping[str, object], errors: Mapping[str, str], prefix: str, *, with_side: bool
) -> list[Question]:
    chosen: Values = {code: value for code, value in values.items() if is_given(value)}  # type: ignore[misc]
    excluded, needed = asked.excluded(chosen), needed_codes(asked, chosen)
    return [
        _question(option, values.get(option.code), prefix, errors.get(option.code, ""), excluded, needed)
        for option in asked.options
        if with_side or option.code != SIDE
    ]


def needed_codes(asked: Configuration, chosen: Values) -> set[str]:
    """Codes of the options that must be answered: always, or because of what is chosen."""
    by_rule = {rule.target for rule in asked.dependencies if rule.requires and rule.applies(chosen)}
    return by_rule | {option.code for option in asked.options if option.required}


def _question(
    option: OptionField,
    value: object,
    prefix: str,
    error: str,
    excluded: Mapping[str, Mapping[str, str]],
    needed: set[str],
) -> Question:
    name = field_name(prefix, option.code)
    answers = _answers(option, value, f"id_{name}", excluded.get(option.code, {}))
    return Question(
        name=name,
        id=f"id_{name}",
        label=option.label,
        help_text=option.help_text,
        shape=_shape(option),
        required=option.code in needed,
        input_type=INPUTS.get(option.kind, ""),
        value="" if option.choices or not is_given(value) else str(value),
        answers=answers,
        error=error,
        is_number=option.kind in ("integer", "float"),
    )


def _shape(option: OptionField) -> str:
    if option.kind == "boolean":
        return "yes"
    if option.kind in SOME_OF:
        return "several"
    if option.kind not in ONE_OF:
        return "typed"
    if option.choices and all(_swatch(choice) for choice in option.choices):
        return "swatches"
    return "list" if option.kind == "select" else "cards"


def _answers(option: OptionField, value: object, id_: str, excluded: Mapping[str, str]) -> tuple[Answer, ...]:
    """What is still made, and what is chosen though it is not."""
    codes = value if isinstance(value, list) else [value]
    shown = [choice for choice in option.choices if not choice.retired or choice.code in codes]
    places = {choice.code: f"{id_}_{place}" for place, choice in enumerate(shown)}

    def answer(choice: OptionChoice, successor: Answer | None = None) -> Answer:
        return Answer(
            code=choice.code,
            label=choice.label,
            id=places[choice.code],
            chosen=choice.code in codes,
            excluded=excluded.get(choice.code, ""),
            retired=choice.retired,
            successor=successor,
            swatch=_swatch(choice),
        )

    found = []
    for choice in shown:
        after = option.choice(choice.successor) if choice.retired else None
        found.append(answer(choice, answer(after) if after and after.code in places and not after.retired else None))
    return tuple(found)


def _swatch(choice: OptionChoice) -> str:
    last = choice.code.rpartition("-")[2]
    return last if last in SWATCHES else ""
