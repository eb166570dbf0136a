"""What tests are made of. Prices are net; products are sold in Swedish kronor unless a test says otherwise."""

from decimal import Decimal

import factory
from oscar.apps.address.models import Country
from oscar.core.loading import get_model

from permissions.models import Account, Clinic, User
from shop.addresses.models import DeliveryAddress
from shop.basket import filling

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
Category = get_model("catalogue", "Category")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@example.com".format)
    first_name = "Some"
    last_name = "Body"
    password = factory.django.Password(PASSWORD)


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account

    name = factory.Sequence("Account {}".format)
    organisation_number = factory.Sequence("55{:08}".format)
    country = "SE"


class ClinicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clinic

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence("Clinic {}".format)
    customer_number = factory.Sequence("9{:05}".format)


class DeliveryAddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliveryAddress

    clinic = factory.SubFactory(ClinicFactory)
    label = "Reception"
    last_name = factory.SelfAttribute("clinic.name")
    line1 = "Storgatan 1"
    line4 = "Umeå"
    postcode = factory.LazyAttribute(lambda address: {"SE": "90325", "NO": "0150"}[address.clinic.account.country])
    country = factory.LazyAttribute(lambda address: Country.objects.get(pk=address.clinic.account.country))


def make_product(
    title: str = "Batteries size 13",
    *,
    price: str | None = "24.90",
    stock: int | None = 1000,
    currency: str = "SEK",
    upc: str | None = None,
    category=None,
):
    """A product with one stock record; `stock` None is made to order, `price` None is on request."""
    product_class, _created = ProductClass.objects.get_or_create(name="Consumable", slug="consumable")
    partner, _created = Partner.objects.get_or_create(
        name=f"Warehouse {currency}", code=f"warehouse-{currency.lower()}"
    )
    number = upc or f"A-{Product.objects.count() + 1:04}"
    product = Product.objects.create(title=title, upc=number, product_class=product_class)
    StockRecord.objects.create(
        product=product,
        partner=partner,
        partner_sku=number,
        price_currency=currency,
        price=Decimal(price) if price is not None else None,
        num_in_stock=stock,
    )
    if category is not None:
        product.categories.add(category)
    return product


def make_category(name: str, parent=None):
    return parent.add_child(name=name) if parent else Category.add_root(name=name)


def fill_basket(user: User, clinic: Clinic, *products, quantity: int = 1):
    """Put the products into the person's basket for the clinic; returns the basket with its prices."""
    from shop.basket.models import Basket
    from shop.partner.strategy import Selector

    for product in products:
        filling.add(user=user, clinic=clinic, product=product, quantity=quantity)
    basket = Basket.objects.open_for(user, clinic)
    basket.strategy = Selector().strategy(clinic=clinic)
    return basket


def ready_to_confirm(user: User, clinic: Clinic, *products, quantity: int = 1):
    """A filled basket whose delivery details are given."""
    basket = fill_basket(user, clinic, *products, quantity=quantity)
    basket.delivery_address = clinic.delivery_addresses.get(is_default=True)
    basket.save(update_fields=["delivery_address"])
    return basket
