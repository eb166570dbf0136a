"""Baskets on their way: what the tests of approval begin with."""

from permissions.models import Clinic, User
from shop.approvals import flow
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.partner.strategy import Selector
from tests.factories import make_product, ready_to_confirm

COMMENT = "Needed before Friday"


def afresh(basket: Basket) -> Basket:
    """As a page would read it now, with its prices."""
    found = Basket.objects.select_related("clinic__account").get(pk=basket.pk)
    found.strategy = Selector().strategy(clinic=found.clinic)
    return found


def seen(basket: Basket) -> str:
    """The fingerprint of what a page shows now."""
    return fingerprint(afresh(basket))


def submit(user: User, basket: Basket, comment: str = COMMENT) -> Basket:
    flow.submit(user=user, basket_id=basket.pk, reviewed=seen(basket), comment=comment)
    return afresh(basket)


def submitted(user: User, clinic: Clinic, *products, quantity: int = 2) -> Basket:
    """A basket that this person just submitted."""
    basket = ready_to_confirm(user, clinic, *(products or [make_product(stock=10_000)]), quantity=quantity)
    return submit(user, basket)


def approve(user: User, basket: Basket):
    return flow.approve(user=user, basket_id=basket.pk, reviewed=seen(basket))


def actions_of(basket: Basket) -> list[str]:
    return list(basket.approval_steps.values_list("action", flat=True))


def url(basket: Basket, action: str = "") -> str:
    return f"/orders/approvals/{basket.public_id}/{action}"
