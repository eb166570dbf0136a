"""Bringing back a line that was taken out, with all that belonged to it.

The page holds a signed token of keys and of what it showed anyway; whom the line was for is only the label's id.
"""

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from permissions.models import Clinic, User
from shop.basket import filling
from shop.basket.filling import Choice, Refused
from shop.basket.models import Line
from shop.catalogue import assortment
from shop.configuration.models import EarScan
from shop.patients.models import PatientLabel

SALT = "basket line taken out"
KEPT = 60 * 60 * 24  # seconds


def token_of(line: Line) -> str:
    """`line` as `filling.remove` returned it."""
    choice: Choice = line.taken_out
    return signing.dumps(
        {
            "basket": line.basket_id,
            "product": line.product_id,
            "quantity": line.quantity,
            "configuration": dict(choice.configuration or {}),
            "patient": choice.patient and choice.patient.pk.hex,
            "ear_scan": choice.ear_scan and choice.ear_scan.pk.hex,
            "note": line.note,
            "added_by": line.added_by_id,
            "added": line.date_created.isoformat(),
        },
        salt=SALT,
        compress=True,
    )


@transaction.atomic
def put_back(*, user: User, clinic: Clinic, token: str) -> Line:
    """Into the basket it was taken from, once however often it is pressed.

    Raises Refused, also where something of it is another clinic's.
    """
    try:
        was = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature as error:
        raise Refused(_("This line can no longer be brought back. Add the product again.")) from error
    product = assortment.products_for(clinic.account).filter(pk=was["product"]).first()
    choice = Choice(was["configuration"], _label(clinic, was["patient"]), _scan(clinic, was["ear_scan"]))
    lost = (was["patient"] and not choice.patient) or (was["ear_scan"] and not choice.ear_scan)
    if product is None or lost or not _is_of(clinic, was["basket"]):
        raise Refused(_("This line can no longer be brought back. Add the product again."))
    basket = filling.locked(user, clinic, was["basket"])
    # The moment in which it was first added is the line's mark: what carries it is back already.
    mark = {"date_created": datetime.fromisoformat(was["added"])}
    if (back := basket.lines.filter(product=product, **mark).first()) is not None:
        return back
    line = filling.add_to(basket, user=user, product=product, quantity=was["quantity"], choice=choice)
    origin = {}
    if line.quantity == was["quantity"]:
        origin = {"note": was["note"], "added_by": User.objects.filter(pk=was["added_by"]).first()}
    Line.objects.filter(pk=line.pk).update(**mark, **origin)
    return line


def _is_of(clinic: Clinic, basket_id: int) -> bool:
    return clinic.baskets.filter(pk=basket_id).exists()


def _label(clinic: Clinic, key: str | None) -> PatientLabel | None:
    return PatientLabel.objects.filter(clinic=clinic, pk=UUID(key), erased=None).first() if key else None


def _scan(clinic: Clinic, key: str | None) -> EarScan | None:
    return EarScan.objects.filter(clinic=clinic, pk=UUID(key)).first() if key else None
