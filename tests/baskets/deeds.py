"""Where something is done to a basket, and which one somebody fills."""

from shop.basket.models import Basket, ChosenBasket


def of(basket: Basket, deed: str) -> str:
    return f"/basket/{basket.public_id}/{deed}/"


def chosen(user, clinic) -> Basket | None:
    return ChosenBasket.objects.get(user=user, clinic=clinic).basket
