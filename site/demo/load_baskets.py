"""What is begun and not sent yet, and the clinics' favourites."""

import random
from itertools import islice

from demo.load_options import some_choices
from demo.load_orders import Customer, customers
from demo.sources import document
from permissions.models import User
from shop.basket import filling, sharing
from shop.basket.filling import Choice
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product
from shop.configuration.loading import configuration_of
from shop.favourites.models import Favourite
from shop.partner.models import StockRecord
from shop.patients import labels

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
    """Through the same door as a person's clicks; colleagues go on where the first one stopped."""
    person, clinic = User.objects.get(email=entry["person"]), buyer.clinic
    chance = random.Random(f"basket {entry['person']} {entry.get('title', '')}".strip())
    counts = {person: entry["lines"]}
    for email, count in entry.get("colleagues", {}).items():
        counts[User.objects.get(email=email)] = count
    ample = [record for record in buyer.usual if record.num_in_stock is None or record.net_stock_level >= AMPLE]
    records = iter(chance.sample(ample, sum(counts.values())))
    basket = None
    for user, count in counts.items():
        for record in islice(records, count):
            line = _add(chance, user, buyer, record, basket)
            basket = line.basket
    details = {name: entry.get(name, "") for name in ("purchase_number", "reference", "title", "note")}
    Basket.objects.filter(pk=basket.pk).update(**details)
    if entry.get("saved"):
        sharing.begin_another(user=person, clinic=clinic)


def _add(chance: random.Random, user: User, buyer: Customer, record: StockRecord, basket: Basket | None) -> Line:
    classes = document("orders.yaml")["classes"]
    quantity = min(chance.choice(classes[record.product.product_class.slug]["quantities"]), AMPLE)
    choice = _choice(chance, user, buyer, record.product)
    return filling.add(
        user=user,
        clinic=buyer.clinic,
        basket_id=basket.pk if basket else None,
        product=record.product,
        quantity=quantity,
        choice=choice,
    )


def _choice(chance: random.Random, person: User, buyer: Customer, product: Product) -> Choice:
    """What is made for one person is for a patient, under a reference of the clinic's own."""
    asked = configuration_of(product)
    if not asked:
        return filling.NOTHING_CHOSEN
    text = str(chance.randint(1000, 9999)) if asked.asks_patient(buyer.clinic) else ""
    patient = labels.label_for(user=person, clinic=buyer.clinic, text=text)
    return Choice(some_choices(chance, asked), patient)
