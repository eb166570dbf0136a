"""What an account can buy: products with a stock record in its currency, and the categories that hold any."""

from collections.abc import Iterable

from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When

from permissions.models import Account
from shop.catalogue.models import Category, Product
from shop.partner.models import StockRecord

SORTS = {
    "name": ("title", "pk"),
    "article": ("upc", "pk"),
    "price": (F("net_price").asc(nulls_last=True), "title", "pk"),
    "-price": (F("net_price").desc(nulls_last=True), "title", "pk"),
    "newest": ("-date_created", "-pk"),
}
DEFAULT_SORT = "name"


def products_for(account: Account) -> QuerySet[Product]:
    """Public products of the account's market, each with its list price as `net_price` (None: on request)."""
    records = StockRecord.objects.filter(product=OuterRef("pk"), price_currency=account.currency).order_by("pk")
    return Product.objects.browsable().filter(Exists(records)).annotate(net_price=Subquery(records.values("price")[:1]))


def buyable_among(product_ids: Iterable[int], account: Account) -> set[int]:
    return set(products_for(account).filter(pk__in=product_ids).values_list("pk", flat=True))


def products_below(category: Category, account: Account) -> QuerySet[Product]:
    below = Category.objects.filter(path__startswith=category.path)
    return products_for(account).filter(Exists(below.filter(product=OuterRef("pk"))))


def matching(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    """Products with every word of the query in name or article number (there also without its punctuation)."""
    letters_and_digits = (Value("[^[:alnum:]]"), Value(""), Value("g"))
    plain_number = Func("upc", *letters_and_digits, function="REGEXP_REPLACE", output_field=CharField())
    products = products.annotate(plain_number=plain_number)
    for word in query.split():
        number = "".join(character for character in word if character.isalnum())
        hit = Q(title__icontains=word) | Q(upc__icontains=word)
        if number:
            hit |= Q(plain_number__icontains=number)
        products = products.filter(hit)
    return products


def best_first(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    """The article asked for by number, then names that begin with the query, then with it whole, then the rest."""
    rank = Case(
        When(upc__iexact=query, then=0),
        When(title__istartswith=query, then=1),
        When(title__icontains=query, then=2),
        default=3,
    )
    return products.order_by(rank, "title", "pk")


def ordered(products: QuerySet[Product], sort: str) -> QuerySet[Product]:
    return products.order_by(*SORTS.get(sort, SORTS[DEFAULT_SORT]))


def root_categories(account: Account) -> list[Category]:
    return _categories_at(1, "", account)


def subcategories(category: Category, account: Account) -> list[Category]:
    return _categories_at(category.depth + 1, category.path, account)


def _categories_at(depth: int, below: str, account: Account) -> list[Category]:
    """Public categories of one level below a path that hold a product of the account, themselves or deeper."""
    filled = Category.objects.filter(product__in=products_for(account), path__startswith=below)
    length = depth * Category.steplen
    paths = {path[:length] for path in filled.values_list("path", flat=True).distinct() if len(path) >= length}
    return list(Category.objects.browsable().filter(path__in=paths).order_by("path"))
