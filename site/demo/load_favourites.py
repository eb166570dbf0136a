"""Configured favourites: the clinics' own mixtures, and a person's."""

import random

from demo.load_options import some_choices
from demo.load_orders import Customer, customers
from demo.sources import document
from shop.configuration.loading import configurations_of
from shop.favourites.models import Favourite


def load_favourites() -> str:
    """Some are out of date on purpose: their `choices` are no longer made, and the page says so."""
    entries, made = document("orders.yaml")["configured_favourites"], 0
    buyers = {customer.key: customer for customer in customers()}
    for key, wanted in entries.items():
        made += _keep(buyers[key], wanted)
    return f"{made} configured favourites"


def _keep(buyer: Customer, wanted: list[dict]) -> int:
    chance = random.Random(f"favourites {buyer.clinic.customer_number}")
    by_article = {record.partner_sku: record.product for record in buyer.wares}
    products = [by_article[entry["article"]] for entry in wanted]
    asked = configurations_of(products)
    for entry, product in zip(wanted, products, strict=True):
        configuration = some_choices(chance, asked[product.pk])
        configuration.update(entry.get("choices", {}))
        person = next((person for person in buyer.people if person.email == entry.get("person")), None)
        Favourite.objects.create(
            clinic=buyer.clinic,
            product=product,
            configuration=configuration,
            name=entry.get("name", ""),
            private_to=person,
            added_by=person or buyer.people[0],
        )
    return len(wanted)
