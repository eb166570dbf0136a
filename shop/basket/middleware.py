"""Which basket a request works on. Oscar's middleware merges all of a person's open baskets: two clinics' orders."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from shop.basket.models import Basket
from shop.partner.strategy import Selector


class ClinicBasketMiddleware:
    """Lazily: `request.strategy` prices for the clinic's account. Baskets are fetched when asked for (`basket_of`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.strategy = SimpleLazyObject(lambda: Selector().strategy(request=request))
        return self.get_response(request)


def basket_of(request: HttpRequest) -> Basket:
    """The open basket, or an unsaved empty one: looking at a page writes nothing."""
    clinic = getattr(request, "clinic", None)
    basket = (Basket.objects.open_for(request.user, clinic) if clinic else None) or Basket()
    basket.strategy = request.strategy
    return basket
