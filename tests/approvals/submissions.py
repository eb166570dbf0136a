"""Baskets on their way: what the tests of approval begin with."""

from django.contrib.messages import get_messages
from django.test import Client

from permissions.models import Clinic, User
from shop.approvals import flow
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.partner.strategy import Selector
from tests.factories import make_product, ready_to_confirm

COMMENT = "Needed before Friday"
LIST = "/orders/approvals/"


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
    return f"{LIST}{basket.public_id}/{action}"


def as_user(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
