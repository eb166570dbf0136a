"""Orders as checkout writes them, and the page on which they are ordered again."""

from permissions.models import Clinic, User
from shop.basket import filling
from shop.basket.filling import NOTHING_CHOSEN, Choice
from shop.basket.models import Basket, Line
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order
from shop.partner.strategy import Selector


def make_order(people, *products, user: User | None = None, clinic: Clinic | None = None, **more) -> Order:
    """One piece each, or as `choices` and `quantities` by place say."""
    choices, quantities = more.get("choices", {}), more.get("quantities", {})
    user, clinic = user or people.petra, clinic or people.north
    for place, product in enumerate(products):
        choice: Choice = choices.get(place, NOTHING_CHOSEN)
        filling.add(user=user, clinic=clinic, product=product, quantity=quantities.get(place, 1), choice=choice)
    basket = Basket.objects.open_for(user, clinic)
    basket.strategy = Selector().strategy(clinic=clinic)
    basket.delivery_address = clinic.delivery_addresses.get(is_default=True)
    basket.save(update_fields=["delivery_address"])
    return place_order(user=user, basket_id=basket.pk, reviewed=fingerprint(basket))


def look(client, order, query: str = ""):
    answer = client.get(f"/orders/{order.public_id}/again/{query}")
    assert answer.status_code == 200
    return {row.look.line.title: row for row in answer.context["rows"]}


def form_of(client, order, **changes) -> dict:
    """What the browser would send of the page as it was opened."""
    form = {}
    for row in look(client, order).values():
        for field in (row.tick, row.quantity, row.price, row.patient, row.same):
            if field is not None and field.value() not in (False, None):
                form[field.html_name] = field.value()
    form.update({name.replace("_", "-"): value for name, value in changes.items()})
    return {name: value for name, value in form.items() if value is not None}


def send(client, order, form: dict):
    return client.post(f"/orders/{order.public_id}/again/", form, follow=True)


def in_basket(people) -> dict:
    lines = Line.objects.filter(basket=Basket.objects.open_for(people.petra, people.north)).order_by("pk")
    return {line.product.title: (line.quantity, line.configuration, line.patient) for line in lines}
