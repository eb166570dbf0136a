"""Orders and open baskets by the thousand: one of each is made by the portal, and copied in the database itself."""

from collections.abc import Collection

from django.db import connection

from permissions.models import Clinic, User
from shop.basket.models import Basket, Line
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order
from tests.factories import DeliveryAddressFactory, fill_basket, make_product, ready_to_confirm

ORDERS_EACH, BASKETS_EACH = 20, 2


def make_goods(user: User, clinics: Collection[Clinic]) -> None:
    """For each clinic: all as if `user` had ordered and begun them."""
    first = next(iter(clinics))
    DeliveryAddressFactory(clinic=first, is_default=True)
    product = make_product(f"Goods of {first}", upc=f"G-{first.customer_number}")
    basket = ready_to_confirm(user, first, product)
    order = place_order(user=user, basket_id=basket.pk, reviewed=fingerprint(basket))
    ids, numbers = [clinic.pk for clinic in clinics], f"'{order.number}-' || row_number() OVER ()"
    placed = "t.date_placed - random() * interval '300 days'"
    own = {"public_id": "gen_random_uuid()", "clinic_id": "there.id"}
    _copy(Order, order.pk, ids, ORDERS_EACH, {**own, "number": numbers, "basket_id": "NULL", "date_placed": placed})
    begun = fill_basket(user, first, product)
    line, last = begun.lines.get(), Basket.objects.latest("pk").pk
    _copy(Basket, begun.pk, ids, BASKETS_EACH, {**own, "delivery_address_id": "NULL", "owner_id": "NULL"})
    _fill(line, last)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(model, pk: int, clinic_ids: list, each: int, own: dict[str, str]) -> None:
    columns = _columns(model)
    values = ", ".join(own.get(column, f't."{column}"') for column in columns)
    _run(
        f"INSERT INTO {model._meta.db_table} ({_named(columns)}) SELECT {values} FROM {model._meta.db_table} t "
        "CROSS JOIN unnest(%s::uuid[]) AS there(id) CROSS JOIN generate_series(1, %s) n WHERE t.id = %s",
        [clinic_ids, each, pk],
    )


def _fill(line: Line, last: int) -> None:
    columns = _columns(Line)
    values = ", ".join("b.id" if column == "basket_id" else f't."{column}"' for column in columns)
    _run(
        f"INSERT INTO basket_line ({_named(columns)}) SELECT {values} FROM basket_line t "
        "CROSS JOIN basket_basket b WHERE t.id = %s AND b.id > %s",
        [line.pk, last],
    )


def _columns(model) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if not field.primary_key and not field.generated]


def _named(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _run(sql: str, values: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
