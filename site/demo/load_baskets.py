"""What is begun and not sent yet, and the clinics' favourites."""

import random

from demo.load_orders import Customer, customers
from demo.sources import document
from permissions.models import User
from shop.basket import filling
from shop.basket.models import Basket
from shop.favourites.models import Favourite

AMPLE = 20  # in stock, so that no demo basket asks for more than there is


def load_baskets() -> str:
    source, buyers = document("orders.yaml"), {customer.key: customer for customer in customers()}
    for entry in source["baskets"]:
        _fill(entry, buyers[entry["clinic"]])
    favourites = [
        Favourite(clinic=buyer.clinic, product=record.product, added_by=buyer.people[0])
        for buyer in buyers.values()
        for record in buyer.usual[: source["favourites"]]
    ]
    Favourite.objects.bulk_create(favourites)
    return f"{len(source['baskets'])} open baskets, {len(favourites)} favourites"


def _fill(entry: dict, buyer: Customer) -> None:
    """Through the same door as a person's clicks."""
    chance, person = random.Random(f"basket {entry['person']}"), User.objects.get(email=entry["person"])
    classes = document("orders.yaml")["classes"]
    ample = [record for record in buyer.usual if record.num_in_stock is None or record.net_stock_level >= AMPLE]
    for record in chance.sample(ample, entry["lines"]):
        quantity = min(chance.choice(classes[record.product.product_class.slug]["quantities"]), AMPLE)
        filling.add(user=person, clinic=buyer.clinic, product=record.product, quantity=quantity)
    details = {name: entry.get(name, "") for name in ("purchase_number", "reference")}
    Basket.objects.filter(owner=person, clinic=buyer.clinic, status=Basket.OPEN).update(**details)
