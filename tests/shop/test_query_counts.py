"""A page asks the database as often for many rows as for few. Run with `-s` to see the figures."""

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model
from PIL import Image

from content.news.models import NewsIndexPage, NewsPage
from shop.catalogue.models import Category, Product
from shop.favourites.models import Favourite
from shop.order.models import Order
from tests.factories import fill_basket, make_category, make_product, ready_to_confirm

ProductImage = get_model("catalogue", "ProductImage")
ProductAttribute = get_model("catalogue", "ProductAttribute")


@pytest.fixture(scope="module")
def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def stock(people, picture) -> Iterator:
    """Makes products as rich as they come: pictures, a brand, a category, every third one under the star."""
    shelf = make_category("Batteries")

    def make(count: int, category: Category = shelf) -> list[Product]:
        products = [make_product(f"Battery {number:03}", category=category) for number in range(count)]
        brand, _created = ProductAttribute.objects.get_or_create(
            product_class=products[0].product_class, code="brand", defaults={"name": "Brand", "type": "text"}
        )
        for number, product in enumerate(products):
            product.attribute_values.create(attribute=brand, value_text="Acme")
            for _again in range(2):
                ProductImage.objects.create(
                    product=product, original=ContentFile(picture, "battery.png"), display_order=product.images.count()
                )
            if number % 3 == 0:
                Favourite.objects.create(clinic=people.north, product=product, added_by=people.petra)
        return products

    make.category = shelf
    return make


def asked(client, path: str) -> int:
    """How many queries the page makes, once everything that is kept between requests is there."""
    for _warm in range(2):
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def report(page: str, **counts: int) -> None:
    print(f"\nqueries  {page:28} " + "  ".join(f"{rows.strip('_')}: {count}" for rows, count in counts.items()), end="")


@pytest.mark.parametrize("view", ["grid", "list"])
@pytest.mark.parametrize("where", ["category", "all products", "search"])
def test_a_list_of_products(petra, stock, where, view):
    paths = {
        "category": stock.category.get_absolute_url() + "?",
        "all products": "/products/?",
        "search": "/search/?q=battery&",
    }
    path = f"{paths[where]}view={view}"
    stock(2)
    few = asked(petra, path)
    stock(23)
    many = asked(petra, path)
    assert len(petra.get(path).context["products"]) == 24
    report(f"{where}, {view}", _2=few, _24=many)
    assert few == many


def test_a_deep_category_with_many_beside_it(petra, people, stock):
    deep = stock.category
    for level in range(3):
        deep = make_category(f"Level {level}", parent=Category.objects.get(pk=deep.pk))
    stock(1, make_category("Inside", parent=Category.objects.get(pk=deep.pk)))
    few = asked(petra, deep.get_absolute_url())
    for number in range(10):
        stock(1, make_category(f"Beside {number}", parent=Category.objects.get(pk=deep.pk)))
    many = asked(petra, deep.get_absolute_url())
    report("subcategories", _1=few, _11=many)
    assert few == many


def test_the_product_page(petra, stock):
    first, *_others = stock(2)
    few = asked(petra, first.get_absolute_url())
    stock(10)
    many = asked(petra, first.get_absolute_url())
    report("product page, related", _1=few, _4=many)
    assert len(petra.get(first.get_absolute_url()).context["related"]) == 4
    assert few == many


def test_favourites(petra, stock):
    stock(1)
    few = asked(petra, "/favourites/")
    stock(60)
    many = asked(petra, "/favourites/")
    report("favourites", _1=few, _21=many)
    assert few == many


def test_the_basket(petra, people, stock):
    first, *others = stock(30)
    fill_basket(people.petra, people.north, first)
    few = asked(petra, "/basket/")
    fill_basket(people.petra, people.north, *others)
    many = asked(petra, "/basket/")
    report("basket, lines", _1=few, _30=many)
    assert len(petra.get("/basket/").context["lines"]) == 30
    assert few == many


def test_a_full_basket_costs_the_other_pages_nothing(petra, people, stock):
    """Oscar's mini basket prices every line on every page: 186 queries on the list of products."""
    first, *others = stock(30)
    fill_basket(people.petra, people.north, first)
    paths = ("/", "/products/", "/orders/", first.get_absolute_url())
    few = [asked(petra, path) for path in paths]
    fill_basket(people.petra, people.north, *others)
    assert [asked(petra, path) for path in paths] == few


@pytest.mark.parametrize("step", ["details", "review"])
def test_the_steps_of_checkout(petra, people, stock, step):
    first, *others = stock(30)
    ready_to_confirm(people.petra, people.north, first)
    few = asked(petra, f"/checkout/{step}/")
    fill_basket(people.petra, people.north, *others)
    many = asked(petra, f"/checkout/{step}/")
    report(f"checkout {step}, lines", _1=few, _30=many)
    assert few == many


def test_an_orders_page(petra, people, stock):
    first, *others = stock(30)
    counts = {}
    for lines, products in (("_1", [first]), ("_30", [*others, first])):
        basket = ready_to_confirm(people.petra, people.north, *products)
        reviewed = petra.get("/checkout/review/").context["fingerprint"]
        petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed})
        order = Order.objects.newest_first()[0]
        counts[lines] = [asked(petra, order.get_absolute_url() + more) for more in ("", "confirmation/")]
    for place, page in enumerate(("order", "confirmation")):
        report(f"{page}, lines", **{lines: count[place] for lines, count in counts.items()})
    assert counts["_1"] == counts["_30"]


def make_orders(people, clinic, count: int) -> None:
    first = Order.objects.count()
    Order.objects.bulk_create(
        Order(
            number=str(200_000_000 + first + number),
            clinic=clinic,
            date_placed=timezone.now() - timedelta(minutes=number),
            user=(people.petra, people.olga)[number % 2],
            status="received",
            currency="SEK",
            total_excl_tax=Decimal(100),
            total_incl_tax=Decimal(125),
        )
        for number in range(count)
    )


@pytest.mark.parametrize("path", ["/orders/", "/orders/?clinics=all", "/orders/?page=2"])
def test_the_list_of_orders(client, people, path):
    client.force_login(people.olga)
    make_orders(people, people.north, 21)
    make_orders(people, people.south, 1)
    few = asked(client, path)
    make_orders(people, people.north, 1_900)
    make_orders(people, people.south, 80)
    many = asked(client, path)
    report(path, _22=few, _2002=many)
    assert len(client.get(path).context["orders"]) == 20
    assert few == many


def test_the_start_page(petra, people, stock):
    stock(1)
    make_orders(people, people.north, 1)
    news = NewsIndexPage.objects.get()
    news.add_child(instance=NewsPage(title="News 0", intro="News", body="<p>News</p>"))
    few = asked(petra, "/")
    for number in range(15):
        stock(1, make_category(f"Category {number}"))
        news.add_child(instance=NewsPage(title=f"News {number + 1}", intro="News", body="<p>News</p>"))
    make_orders(people, people.north, 30)
    many = asked(petra, "/")
    page = petra.get("/").context
    assert (len(page["categories"]), len(page["latest_orders"]), len(page["news"])) == (16, 5, 3)
    report("start page, categories", _1=few, _16=many)
    assert few == many


def test_a_persons_many_clinics(client, people, stock):
    from permissions.roles import Role
    from permissions.services import membership_grant
    from tests.factories import ClinicFactory

    stock(2)
    client.force_login(people.olga)
    paths = ("/", "/products/", "/basket/", "/orders/?clinics=all", "/profile/")
    few = [asked(client, path) for path in paths]
    for _number in range(30):
        membership_grant(user=people.olga, clinic=ClinicFactory(account=people.north.account), role=Role.MAIN_USER)
    many = [asked(client, path) for path in paths]
    report("with clinics", _2=sum(few), _32=sum(many))
    assert few == many
