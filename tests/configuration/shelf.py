"""A hearing aid and an earmould with as many choices, rules and retired values as the real ones have."""

from oscar.core.loading import get_model

from shop.basket.models import Line
from shop.configuration.models import ClassOrdering, RetiredValue, Rule
from tests.factories import make_product

AttributeOption = get_model("catalogue", "AttributeOption")
AttributeOptionGroup = get_model("catalogue", "AttributeOptionGroup")
Option = get_model("catalogue", "Option")
ProductClass = get_model("catalogue", "ProductClass")

# What a person picks for one ear of the aid.
GOOD = {"colour": "colour-beige", "power": "power-m", "dome": "dome-open", "dome-size": "dome-8"}
ASKED = {
    "side": (True, ["left", "right"]),
    "colour": (True, ["colour-beige", "colour-silver", "colour-bronze"]),
    "power": (True, ["power-m", "power-up"]),
    "dome": (True, ["dome-open", "dome-power", "dome-mould"]),
    "dome-size": (False, ["dome-5", "dome-8", "dome-10"]),
}


def value(code: str) -> AttributeOption:
    return AttributeOption.objects.get(code=code)


def option(code: str) -> Option:
    return Option.objects.get(code=code)


def ask(product_class, code: str, values: list[str] | None = None, *, required: bool = True, kind: str = "radio"):
    """Bronze is retired for silver wherever there is bronze."""
    group = None
    if values:
        group, _created = AttributeOptionGroup.objects.get_or_create(name=code, code=code)
        for name in values:
            AttributeOption.objects.get_or_create(
                code=name, group=group, option=name.rpartition("-")[2].capitalize() if "-" in name else name.title()
            )
    asked, _created = Option.objects.get_or_create(
        code=code,
        defaults={
            "name": code.replace("-", " ").capitalize(),
            "type": kind,
            "required": required,
            "option_group": group,
            "order": Option.objects.count(),
        },
    )
    product_class.options.add(asked)
    return asked


def rule(product_class, when: str, is_: str | None, effect: str, of: str, *values: str, reason: str = "") -> Rule:
    made = Rule.objects.create(
        product_class=product_class,
        option=option(when),
        value=value(is_) if is_ else None,
        effect=effect,
        target_option=option(of),
        reason=reason,
    )
    made.targets.set(value(code) for code in values)
    return made


def make_aid(title: str = "Aid", *, price: str = "4000", stock: int | None = None, patient: str = "optional"):
    product = make_product(title, price=price, stock=stock)
    product_class, created = ProductClass.objects.get_or_create(name="Aid", slug="aid")
    product.product_class = product_class
    product.save()
    if created:
        for code, (required, values) in ASKED.items():
            ask(product_class, code, values, required=required)
        RetiredValue.objects.create(value=value("colour-bronze"), successor=value("colour-silver"))
        rule(product_class, "power", "power-up", "requires", "dome", "dome-power", "dome-mould", reason="UP is strong.")
        rule(product_class, "dome", "dome-open", "requires", "dome-size")
        rule(product_class, "dome", "dome-power", "excludes", "dome-size", "dome-5")
        rule(product_class, "dome", "dome-mould", "excludes", "dome-size", "dome-5", "dome-8", "dome-10")
        ClassOrdering.objects.create(product_class=product_class, patient=patient)
    return product


def make_mould(title: str = "Mould", *, patient: str = "no"):
    """Side and remarks, and a scan may come along."""
    product = make_product(title, price="600", stock=None)
    product_class, created = ProductClass.objects.get_or_create(name="Mould", slug="mould")
    product.product_class = product_class
    product.save()
    if created:
        ask(product_class, "side", ["left", "right"])
        ask(product_class, "remarks", kind="text", required=False)
        ClassOrdering.objects.create(product_class=product_class, patient=patient, takes_ear_scan=True)
    return product


def form(side: str, choices: dict | None = None, *, right: dict | None = None, **common) -> dict:
    """What the browser sends. `right` for the right ear of a pair."""
    ears = {"left": [("left", choices)], "right": [("right", choices)], "both": [("left", choices), ("right", right)]}
    sent = {"side": side, "quantity": 1, **common}
    for prefix, values in ears.get(side, [("one", choices)]):
        given = GOOD if values is None else values
        sent |= {f"{prefix}-option-{code}": value for code, value in given.items()}
    return sent


def address(product, query: str = "") -> str:
    return f"/products/configure/{product.pk}/{query}"


def configurations() -> list[dict]:
    """Of all lines, in the order in which they were added."""
    return [line.configuration for line in Line.objects.prefetch_related("attributes__option").order_by("pk")]


def answer(page, name: str):
    """The question of this name on the page that was answered."""
    form = page.context["form"]
    return next(question for part in form.parts for question in part.questions if question.name == name)
