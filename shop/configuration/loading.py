"""Reading configurations from the database: a fixed number of queries however many products are asked for."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils.translation import get_language

from shop.catalogue.models import AttributeOption, Option, Product, ProductClass
from shop.configuration.models import ClassOrdering, Rule, Wording
from shop.configuration.options import Configuration, Dependency, OptionChoice, OptionField


def configuration_of(product: Product) -> Configuration:
    return configurations_of([product])[product.pk]


def configurations_of(products: Iterable[Product]) -> dict[int, Configuration]:
    """By product id. A product whose class has no options has an empty configuration."""
    class_of = {product.pk: product.get_product_class().pk for product in products}
    options_of_class, options_of_product = _option_ids(set(class_of.values()), set(class_of))
    fields = _fields({option for ids in (*options_of_class.values(), *options_of_product.values()) for option in ids})
    if not fields:
        return dict.fromkeys(class_of, Configuration())
    rules = _rules(set(class_of.values()))
    orderings = ClassOrdering.objects.in_bulk(set(class_of.values()))
    found = {}
    for product_id, class_id in class_of.items():
        own = options_of_class[class_id] | options_of_product[product_id]
        ordering = orderings.get(class_id)
        found[product_id] = Configuration(
            options=tuple(field for option_id, field in fields.items() if option_id in own),
            dependencies=tuple(rules[class_id]),
            patient=ordering.patient if ordering else ClassOrdering.Patient.NO,
            takes_ear_scan=bool(ordering and ordering.takes_ear_scan),
        )
    return found


def _option_ids(class_ids: set[int], product_ids: set[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Option ids by product class, and by product."""
    of_class: dict[int, set[int]] = defaultdict(set)
    of_product: dict[int, set[int]] = defaultdict(set)
    rows = ProductClass.options.through.objects.filter(productclass__in=class_ids)
    for class_id, option_id in rows.values_list("productclass_id", "option_id"):
        of_class[class_id].add(option_id)
    rows = Product.product_options.through.objects.filter(product__in=product_ids)
    for product_id, option_id in rows.values_list("product_id", "option_id"):
        of_product[product_id].add(option_id)
    return of_class, of_product


def _fields(option_ids: set[int]) -> dict[int, OptionField]:
    """In the order in which the questions are asked."""
    if not option_ids:
        return {}
    values = AttributeOption.objects.select_related("retirement__successor").prefetch_related("wordings").order_by("pk")
    options = (
        Option.objects.filter(pk__in=option_ids)
        .select_related("option_group")
        .prefetch_related("wordings", Prefetch("option_group__options", values))
        .order_by("order", "name")
    )
    return {option.pk: _field(option) for option in options}


def _field(option: Option) -> OptionField:
    wording = _wording(option.wordings.all())
    values = option.option_group.options.all() if option.option_group else ()
    return OptionField(
        code=option.code,
        label=wording.text if wording else option.name,
        kind=option.type,
        required=option.required,
        help_text=(wording.help_text if wording else "") or option.help_text or "",
        choices=tuple(_choice(value) for value in values),
    )


def _choice(value: AttributeOption) -> OptionChoice:
    wording = _wording(value.wordings.all())
    retirement = getattr(value, "retirement", None)
    successor = retirement.successor if retirement else None
    return OptionChoice(
        code=code_of(value),
        label=wording.text if wording else value.option,
        retired=retirement is not None,
        successor=code_of(successor) if successor else "",
    )


def code_of(value: AttributeOption) -> str:
    """Staff may leave the code empty; then the name stands for it."""
    return value.code or value.option


def _wording(wordings: Iterable[Wording]) -> Wording | None:
    language = get_language() or ""
    return next((wording for wording in wordings if wording.language == language), None)


def _rules(class_ids: set[int]) -> dict[int, list[Dependency]]:
    found: dict[int, list[Dependency]] = defaultdict(list)
    rules = Rule.objects.filter(product_class__in=class_ids).select_related("option", "value", "target_option")
    for rule in rules.prefetch_related("targets"):
        dependency = Dependency(
            option=rule.option.code,
            value=code_of(rule.value) if rule.value else None,
            requires=rule.effect == Rule.Effect.REQUIRES,
            target=rule.target_option.code,
            values=frozenset(code_of(value) for value in rule.targets.all()),
            reason=rule.reason,
        )
        found[rule.product_class_id].append(dependency)
    return found
