"""Warehouses, categories, and products with their attributes, prices, stock and pictures."""

import keyword
import random
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from demo.load_pictures import product_picture
from demo.sources import document, table
from shop.catalogue.cards import BRAND, LEAD_DAYS, PACK_UNIT
from shop.catalogue.models import (
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductCategory,
    ProductClass,
    ProductImage,
)
from shop.partner.models import Partner, StockRecord

TEXT, INTEGER = ProductAttribute.TEXT, ProductAttribute.INTEGER
# Columns of products.csv that become attributes: code, column, name, type.
COLUMNS = (
    (BRAND, "brand", "Brand", TEXT),
    (PACK_UNIT, "pack_unit", "Pack unit", TEXT),
    (LEAD_DAYS, "lead_days", "Lead time (days)", INTEGER),
    ("gtin", "gtin", "GTIN", TEXT),
)
UNFOLDED = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d"})
OLDEST_DAYS, NEWEST_DAYS = 900, 5

Row = dict[str, str]


def load_catalogue() -> str:
    rows = table("products.csv")
    categories = _make_categories(table("categories.csv"))
    products = _make_products(rows)
    ProductCategory.objects.bulk_create(
        ProductCategory(product=products[row["article_number"]], category=categories[row["category"]]) for row in rows
    )
    ProductImage.objects.bulk_create(
        ProductImage(product=products[row["article_number"]], original=product_picture(row["picture"])) for row in rows
    )
    values = _make_attribute_values(rows, products)
    _make_stock(rows, products)
    return f"{len(products)} products, {len(categories)} categories, {values} attribute values"


def pictures() -> set[str]:
    """Names of all drawings that products and categories show."""
    return {row["picture"] for name in ("products.csv", "categories.csv") for row in table(name)}


def plain(text: str, separator: str) -> str:
    """`Størrelse, cm` as `storrelse-cm`: lower case a-z and digits, with every Nordic letter kept as its base."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(UNFOLDED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", separator, folded).strip(separator)


def _make_categories(rows: list[Row]) -> dict[str, Category]:
    """The whole tree in one statement; treebeard asks six queries a node."""
    made: dict[str, Category] = {}
    roots = 0
    for row in rows:
        parent = made.get(row["parent"])
        if row["parent"] and parent is None:
            raise LookupError(f"categories.csv: {row['code']} stands before its parent {row['parent']}")
        place = parent.numchild + 1 if parent else roots + 1
        depth = parent.depth + 1 if parent else 1
        made[row["code"]] = Category(
            path=Category._get_path(parent.path if parent else "", depth, place),
            depth=depth,
            code=row["code"],
            name=row["name"],
            slug=plain(row["name"], "-"),
            description=row["description"],
            image=product_picture(row["picture"]),
        )
        if parent:
            parent.numchild += 1
        else:
            roots += 1
    Category.objects.bulk_create(made.values())
    return made


def _make_products(rows: list[Row]) -> dict[str, Product]:
    classes = _make_classes()
    products = {
        row["article_number"]: Product(
            upc=row["article_number"],
            title=row["title"],
            slug=plain(row["title"], "-")[:100].strip("-"),
            description=row["description"],
            product_class=classes[row["product_class"]],
        )
        for row in rows
    }
    Product.objects.bulk_create(products.values())
    chance, now = random.Random("products"), timezone.now()
    for product in products.values():
        product.date_created = now - timedelta(days=chance.uniform(NEWEST_DAYS, OLDEST_DAYS))
    Product.objects.bulk_update(products.values(), ["date_created"])
    return products


def _make_classes() -> dict[str, ProductClass]:
    classes = {
        code: ProductClass(slug=code, name=entry["name"], track_stock=entry["counts_stock"])
        for code, entry in document("catalogue.yaml")["product_classes"].items()
    }
    ProductClass.objects.bulk_create(classes.values())
    return classes


def _make_attribute_values(rows: list[Row], products: dict[str, Product]) -> int:
    attributes: dict[tuple[int, str], ProductAttribute] = {}
    values = []
    for row in rows:
        product = products[row["article_number"]]
        for code, name, kind, value in _attributes_of(row):
            key = (product.product_class_id, code)
            attribute = attributes.setdefault(
                key, ProductAttribute(product_class_id=key[0], code=code, name=name, type=kind)
            )
            values.append(ProductAttributeValue(product=product, attribute=attribute, **{f"value_{kind}": value}))
    ProductAttribute.objects.bulk_create(attributes.values())
    ProductAttributeValue.objects.bulk_create(values)
    return len(values)


def _attributes_of(row: Row) -> Iterable[tuple[str, str, str, str | int]]:
    """Code, name, type and value: first what describes the product, then what every product has."""
    for pair in filter(None, row["attributes"].split("|")):
        name, _equals, value = pair.partition("=")
        code = plain(name, "_")
        yield (f"{code}_" if keyword.iskeyword(code) else code), name.strip(), TEXT, value.strip()
    for code, column, name, kind in COLUMNS:
        if row[column]:
            yield code, name, kind, int(row[column]) if kind == INTEGER else row[column]


def _make_stock(rows: list[Row], products: dict[str, Product]) -> None:
    entries = document("catalogue.yaml")["warehouses"]
    warehouses = {market: Partner(code=entry["code"], name=entry["name"]) for market, entry in entries.items()}
    Partner.objects.bulk_create(warehouses.values())
    StockRecord.objects.bulk_create(
        StockRecord(
            product=products[row["article_number"]],
            partner=warehouses[row["market"]],
            partner_sku=row["article_number"],
            price_currency=entries[row["market"]]["currency"],
            price=Decimal(row["net_price"]) if row["net_price"] else None,
            num_in_stock=int(row["stock"]) if row["stock"] else None,
        )
        for row in rows
    )
