"""Whether what somebody kept or ordered once can still be had, what takes its place, and what is asked of it now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from permissions.models import Clinic
from shop.catalogue import assortment
from shop.catalogue.cards import with_card_rows
from shop.catalogue.models import Product
from shop.configuration.loading import configurations_of
from shop.configuration.options import Configuration


@dataclass(frozen=True)
class Offer:
    """All by product id; `buyable` and `asked` are of the products and of their successors."""

    products: Mapping[int, Product]
    successors: Mapping[int, Product]
    buyable: Collection[int]
    asked: Mapping[int, Configuration]

    def gone(self, product: Product) -> tuple[str, Product | None]:
        """What is said of a product that is no longer sold, and the one to order in its place."""
        successor = self.successors.get(product.pk)
        if successor is None or successor.pk not in self.buyable:
            return _("It is no longer sold. Ask customer service what replaces it."), None
        return _("It is no longer sold. %(successor)s takes its place.") % {"successor": successor.title}, successor


def offer_of(product_ids: Collection[int], clinic: Clinic) -> Offer:
    """In a fixed number of queries."""
    rows = with_card_rows(Product.objects.filter(pk__in=product_ids)).select_related(
        "product_class", "parent__product_class", "retirement__successor__product_class"
    )
    products = {product.pk: product for product in rows}
    successors = {product.pk: product.retirement.successor for product in products.values() if _is_followed(product)}
    buyable = assortment.buyable_among({*products, *(product.pk for product in successors.values())}, clinic.account)
    return Offer(products, successors, buyable, configurations_of([*products.values(), *successors.values()]))


def _is_followed(product: Product) -> bool:
    return not product.is_public and getattr(product, "retirement", None) is not None
