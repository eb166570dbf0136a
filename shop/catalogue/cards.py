"""A product as lists, tiles and baskets show it: with this clinic's price and what can be had."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop.catalogue.models import Product, ProductAttributeValue, ProductClass, ProductImage
from shop.partner.strategy import MarketStrategy

LOW_STOCK = 10
# Shown in places of their own on the product page, not among the specifications.
BRAND, PACK_UNIT, LEAD_DAYS = "brand", "pack_unit", "lead_days"
CARD_ATTRIBUTES = (BRAND, PACK_UNIT, LEAD_DAYS)


@dataclass(frozen=True)
class Availability:
    code: str
    label: str | Promise
    can_buy: bool


NO_PRICE = Availability("no-price", _("Price on request"), False)
MADE_TO_ORDER = Availability("made-to-order", _("Made or fetched to order"), True)
OUT_OF_STOCK = Availability("out-of-stock", _("Out of stock"), False)
IN_STOCK = Availability("in-stock", _("In stock"), True)


@dataclass(frozen=True)
class ProductCard:
    product: Product
    image: ProductImage | None
    price: Decimal | None
    currency: str
    availability: Availability
    brand: str = ""
    pack_unit: str = ""
    lead_days: int | None = None
    is_favourite: bool = False
    # It has choices to make before it is ordered.
    is_configurable: bool = False


def with_card_rows(products: QuerySet[Product]) -> QuerySet[Product]:
    """Everything a card reads, in a fixed number of queries."""
    values = ProductAttributeValue.objects.select_related("attribute", "value_option")
    class_id = Coalesce(OuterRef("product_class"), OuterRef("parent__product_class"))
    of_class = ProductClass.options.through.objects.filter(productclass=class_id)
    own = Product.product_options.through.objects.filter(product=OuterRef("pk"))
    return (
        products.annotate(has_choices=Exists(of_class) | Exists(own))
        .select_related("product_class", "parent")
        .prefetch_related("images", "stockrecords", Prefetch("attribute_values", values))
    )


def cards(
    products: Iterable[Product], strategy: MarketStrategy, favourites: AbstractSet[int] = frozenset()
) -> list[ProductCard]:
    """Cards of products fetched by `with_card_rows`; `favourites` holds ids of products under the clinic's star."""
    return [card(product, strategy, is_favourite=product.pk in favourites) for product in products]


def card(product: Product, strategy: MarketStrategy, *, is_favourite: bool = False) -> ProductCard:
    info = strategy.fetch_for_product(product)
    values = {value.attribute.code: value.value for value in product.attribute_values.all()}
    lead_days = values.get(LEAD_DAYS)
    return ProductCard(
        product=product,
        image=next(iter(product.images.all()), None),
        price=info.price.excl_tax if info.price.exists else None,
        currency=info.price.currency or "",
        availability=availability_of(info),
        brand=str(values.get(BRAND) or ""),
        pack_unit=str(values.get(PACK_UNIT) or ""),
        lead_days=int(lead_days) if lead_days is not None else None,
        is_favourite=is_favourite,
        is_configurable=product.has_choices,
    )


def pack_unit_of(product: Product) -> str:
    """What one piece of the price is, e.g. `box of 60`; reads the prefetched attribute values."""
    values = product.attribute_values.all()
    return next((str(value.value) for value in values if value.attribute.code == PACK_UNIT and value.value), "")


def availability_of(info) -> Availability:
    """What Oscar's policy says, in the words and colours of a list."""
    if not info.price.exists:
        return NO_PRICE
    available = getattr(info.availability, "num_available", None)
    if available is None:
        return MADE_TO_ORDER if info.availability.is_available_to_buy else OUT_OF_STOCK
    if available <= 0:
        return OUT_OF_STOCK
    if available <= LOW_STOCK:
        label = ngettext("%(count)s left in stock", "%(count)s left in stock", available) % {"count": available}
        return Availability("low-stock", label, True)
    return IN_STOCK


def specification(product: Product) -> list[tuple[str, str]]:
    """Name and value of what describes the product, in the order of its class."""
    values = [value for value in product.attribute_values.all() if value.attribute.code not in CARD_ATTRIBUTES]
    return [(value.attribute.name, str(value.value)) for value in values if value.value not in (None, "")]
