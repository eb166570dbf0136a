"""Keeping favourites: what is saved of a line, taking away and putting back. Never a patient, a scan or free text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.basket.filling import LARGEST_QUANTITY, Refused
from shop.basket.models import Line
from shop.catalogue import assortment
from shop.catalogue.models import Product
from shop.configuration.values import FREE_TEXT, Values, digest_of
from shop.favourites.models import Favourite
from shop.order.models import Line as OrderLine

MOST = 500


@dataclass(frozen=True)
class Kept:
    """How many lines became favourites, were favourites already, or can't be bought any more."""

    new: int
    known: int
    left_out: int


def keepable(line: Line | OrderLine) -> Values:
    """The configuration of a basket's or order's line without what was written by hand.

    Reads the prefetched `attributes__option`. An option that staff deleted is not kept: nobody knows what it asked.
    """
    return {
        attribute.option.code: attribute.value
        for attribute in line.attributes.all()
        if attribute.option is not None and attribute.option.type != FREE_TEXT
    }


@transaction.atomic
def keep(
    *,
    user: User,
    clinic: Clinic,
    product: Product,
    configuration: Values | None = None,
    quantity: int = 1,
    name: str = "",
    private: bool = False,
) -> tuple[Favourite, bool]:
    """The favourite and whether it is new. Keeping it twice, also at once, keeps it once; a name given is written."""
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    new = _new(user, clinic, product, configuration or {}, quantity, private)
    same = {"clinic": clinic, "product": product, "digest": new.digest, "private_to": new.private_to}
    if not Favourite.objects.filter(**same).exists():
        _check_room(clinic, 1)
    favourite, created = Favourite.objects.get_or_create(
        **same,
        defaults={"configuration": new.configuration, "quantity": new.quantity, "name": name, "added_by": user},
    )
    if name and favourite.name != name:
        favourite.name = name
        favourite.save(update_fields=["name"])
    return favourite, created


@transaction.atomic
def keep_lines(*, user: User, clinic: Clinic, lines: Iterable[Line | OrderLine], private: bool = False) -> Kept:
    """Every line whose product the clinic can buy. The lines have `product` and `attributes__option` at hand."""
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    lines = list(lines)
    buyable = assortment.buyable_among({line.product_id for line in lines if line.product_id}, clinic.account)
    of_lines = [line for line in lines if line.product_id in buyable]
    wanted: dict[tuple[int, str], Favourite] = {}
    for line in of_lines:
        favourite = _new(user, clinic, line.product, keepable(line), line.quantity, private)
        wanted.setdefault((favourite.product_id, favourite.digest), favourite)
    there = Favourite.objects.filter(clinic=clinic, private_to=user if private else None)
    for key in there.filter(product__in=buyable).values_list("product_id", "digest"):
        wanted.pop(key, None)
    _check_room(clinic, len(wanted))
    Favourite.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    return Kept(new=len(wanted), known=len(of_lines) - len(wanted), left_out=len(lines) - len(of_lines))


def _new(user: User, clinic: Clinic, product: Product, values: Values, quantity: int, private: bool) -> Favourite:
    return Favourite(
        clinic=clinic,
        product=product,
        configuration=values,
        digest=digest_of(values),
        quantity=min(quantity, LARGEST_QUANTITY),
        private_to=user if private else None,
        added_by=user,
    )


def _check_room(clinic: Clinic, more: int) -> None:
    """Not to the row: two at once may go a few beyond, which does no harm."""
    if more and Favourite.objects.filter(clinic=clinic).count() + more > MOST:
        raise Refused(_("A clinic keeps at most %(most)s favourites. Remove some first.") % {"most": MOST})


def remove(favourite: Favourite) -> dict[str, Any]:
    """Delete it; what is returned (plain values, for the session) puts the same row back."""
    row = {
        "pk": favourite.pk,
        "clinic": str(favourite.clinic_id),
        "product": favourite.product_id,
        "configuration": favourite.configuration,
        "quantity": favourite.quantity,
        "name": favourite.name,
        "private_to": favourite.private_to_id,
        "added_by": favourite.added_by_id,
        "created": favourite.created.isoformat(),
    }
    Favourite.objects.filter(pk=favourite.pk).delete()
    return row


@transaction.atomic
def restore(row: dict[str, Any], *, user: User, clinic: Clinic) -> Favourite | None:
    """Put back what `remove` took away; None where it isn't this clinic's or person's, or the product is gone."""
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    if row["clinic"] != str(clinic.pk) or row["private_to"] not in (None, user.pk):
        return None
    if not Product.objects.filter(pk=row["product"]).exists():
        return None
    same = {
        "clinic": clinic,
        "product_id": row["product"],
        "digest": digest_of(row["configuration"]),
        "private_to_id": row["private_to"],
    }
    names = ("pk", "configuration", "quantity", "name")
    adder = User.objects.filter(pk=row["added_by"]).first()
    favourite = Favourite(**same, added_by=adder, **{name: row[name] for name in names})
    try:
        with transaction.atomic():
            favourite.save(force_insert=True)
    except IntegrityError:  # pressed twice, or kept anew meanwhile
        return Favourite.objects.filter(**same).first()
    favourite.created = datetime.fromisoformat(row["created"])
    favourite.save(update_fields=["created"])
    return favourite


def change(favourite: Favourite, *, user: User, name: str, quantity: int, private: bool) -> None:
    """Name, quantity and for whom. Raises Refused where there is such a favourite already, Http404 where it is gone."""
    changes = {"name": name, "quantity": quantity, "private_to": user if private else None}
    try:
        with transaction.atomic():
            if not Favourite.objects.filter(pk=favourite.pk).update(**changes):
                raise Http404
    except IntegrityError as error:
        if private:
            raise Refused(_("You have this as a favourite of your own already.")) from error
        raise Refused(_("The clinic has this as a favourite already.")) from error
