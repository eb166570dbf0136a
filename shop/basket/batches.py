"""Several products into a basket at once: what can be added is, and what can't is told one by one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from permissions.models import Clinic, User
from shop.basket import filling
from shop.basket.filling import NOTHING_CHOSEN, Choice, Refused
from shop.basket.models import Basket, Line
from shop.catalogue import assortment
from shop.catalogue.models import Product
from shop.configuration.options import Invalid


@dataclass(frozen=True)
class Wanted:
    """`key` is how the caller knows it again, e.g. a favourite's id. `problem`: why the caller won't have it added."""

    key: int
    product: Product
    quantity: int
    choice: Choice = NOTHING_CHOSEN
    problem: str = ""


@dataclass(frozen=True)
class Batch:
    basket: Basket
    added: list[tuple[Wanted, Line]] = field(default_factory=list)
    refused: list[tuple[Wanted, str]] = field(default_factory=list)


@transaction.atomic
def add_all(*, user: User, clinic: Clinic, wanted: Iterable[Wanted]) -> Batch:
    """One transaction, the basket locked once. Raises Refused, 403 or 404 where the basket itself can't be filled."""
    return add_all_to(filling.locked(user, clinic), user=user, wanted=wanted)


def add_all_to(basket: Basket, *, user: User, wanted: Iterable[Wanted]) -> Batch:
    """As `add_all`, for a basket that the caller has locked in this transaction."""
    wanted, batch = list(wanted), Batch(basket)
    buyable = assortment.buyable_among({item.product.pk for item in wanted}, basket.clinic.account)
    for item in wanted:
        try:
            batch.added.append((item, _add(basket, user, item, item.product.pk in buyable)))
        except (Refused, Invalid) as refusal:
            batch.refused.append((item, str(refusal)))
    return batch


def _add(basket: Basket, user: User, item: Wanted, is_buyable: bool) -> Line:
    if item.problem:
        raise Refused(item.problem)
    if not is_buyable:
        words = {"product": item.product.title}
        raise Refused(_("%(product)s is not in your assortment. Ask customer service.") % words)
    with transaction.atomic():
        return filling.add_to(basket, user=user, product=item.product, quantity=item.quantity, choice=item.choice)
