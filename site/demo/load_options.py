"""What is chosen of hearing aids and earmoulds, and choices as a clinic would make them."""

import random

from demo.sources import document
from shop.catalogue.models import AttributeOption, AttributeOptionGroup, Option, Product, ProductClass
from shop.configuration.models import ClassOrdering, RetiredValue, Rule, Wording
from shop.configuration.options import ONE_OF, Configuration, Invalid, OptionField
from shop.configuration.values import Values, is_given

TRIES = 200
TRANSLATED = ("sv", "nb", "da")


def load_options() -> str:
    source = document("options.yaml")
    values = _make_values(source["groups"])
    options = _make_options(source["options"])
    rules = sum(_order_class(slug, entry, options, values) for slug, entry in source["classes"].items())
    for article, codes in source["products"].items():
        Product.objects.get(upc=article).product_options.set(options[code] for code in codes)
    return f"{len(options)} options with {len(values)} values, {rules} rules"


def _make_values(groups: dict) -> dict[str, AttributeOption]:
    values: dict[str, AttributeOption] = {}
    for name, entries in groups.items():
        group = AttributeOptionGroup.objects.create(name=name.replace("-", " ").capitalize(), code=name)
        for code, words in entries.items():
            values[code] = AttributeOption.objects.create(group=group, option=words["en"], code=code)
    entries = {code: words for group in groups.values() for code, words in group.items()}
    Wording.objects.bulk_create(
        Wording(value=values[code], language=language, text=words[language])
        for code, words in entries.items()
        for language in TRANSLATED
    )
    RetiredValue.objects.bulk_create(
        RetiredValue(value=values[code], successor=values[words["retired"]])
        for code, words in entries.items()
        if "retired" in words
    )
    return values


def _make_options(entries: dict) -> dict[str, Option]:
    groups = {group.code: group for group in AttributeOptionGroup.objects.all()}
    options = {}
    for place, (code, entry) in enumerate(entries.items()):
        helps = entry.get("help", {})
        options[code] = Option.objects.create(
            code=code,
            name=entry["wording"]["en"],
            type=entry["kind"],
            required=entry["required"],
            option_group=groups[entry["group"]] if "group" in entry else None,
            help_text=helps.get("en", ""),
            order=place,
        )
        for language in TRANSLATED:
            options[code].wordings.create(
                language=language, text=entry["wording"][language], help_text=helps.get(language, "")
            )
    return options


def _order_class(slug: str, entry: dict, options: dict[str, Option], values: dict[str, AttributeOption]) -> int:
    product_class = ProductClass.objects.get(slug=slug)
    product_class.options.set(options[code] for code in entry["options"])
    ClassOrdering.objects.create(
        product_class=product_class, patient=entry["patient"], takes_ear_scan=entry.get("takes_ear_scan", False)
    )
    rules = entry.get("rules", ())
    for rule in rules:
        effect = "requires" if "requires" in rule else "excludes"
        made = Rule.objects.create(
            product_class=product_class,
            option=options[rule["option"]],
            value=values[rule["value"]],
            effect=effect,
            target_option=options[rule["of"]],
        )
        made.targets.set(values[code] for code in rule[effect])
    return len(rules)


def some_choices(chance: random.Random, asked: Configuration) -> Values:
    """Choices that can be ordered, as different from each other as customers are."""
    for _try in range(TRIES):
        chosen: Values = {}
        for option in asked.options:
            value = _some_value(chance, option, asked.excluded(chosen).get(option.code, {}))
            if is_given(value):
                chosen[option.code] = value
        try:
            return asked.clean(chosen)
        except Invalid:
            continue
    raise LookupError(f"options.yaml: no choices of {[option.code for option in asked.options]} fit together")


def _some_value(chance: random.Random, option: OptionField, excluded: dict[str, str]) -> str:
    """Free texts stay empty."""
    if option.kind not in ONE_OF:
        return ""
    made = [choice.code for choice in option.choices if not choice.retired and choice.code not in excluded]
    return chance.choice(made) if made else ""
