"""From a filled-in configurator to lines of a basket, and back. All lines of one form are added, or none is."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.basket import filling
from shop.basket.filling import Choice, Refused
from shop.basket.models import Basket, Line
from shop.basket.statuses import BasketStatus
from shop.catalogue.models import Product
from shop.configuration import scans
from shop.configuration.forms import Configurator, Start
from shop.configuration.options import Configuration
from shop.configuration.scan_files import ScanRefused
from shop.favourites.models import Favourite
from shop.keys import key_of
from shop.order.models import Line as OrderLine
from shop.order.models import Order
from shop.order.reorder import without_free_text
from shop.patients import labels
from shop.patients.models import PatientLabel


@dataclass(frozen=True)
class Place:
    """Whose basket is filled. `basket` None is the one that the person has chosen; `line` is the one to change."""

    user: User
    clinic: Clinic
    basket: Basket | None = None
    line: Line | None = None

    @property
    def basket_id(self) -> int | None:
        return self.basket.pk if self.basket else None

    @property
    def asks_patient(self) -> bool:
        """Whoever orders writes whom it is for; what a colleague wrote is changed by who may read it."""
        if self.line is None or self.line.patient is None or self.line.patient.erased:
            return True
        return access.can(self.user, ClinicPermission.VIEW_PATIENTS, self.clinic)


def place_of(user: User, clinic: Clinic, *, line_id: str = "", basket_id: str = "") -> Place:
    """Raises Http404, PermissionDenied, or Refused where the basket or its line can't be changed (any more)."""
    basket = None
    if basket_id:
        basket = _basket(basket_id)
        clinic = basket.clinic
        filling.check_may_change(user, basket)
    else:
        access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    if not line_id:
        return Place(user, clinic, basket)
    basket = basket or Basket.objects.open_for(user, clinic)
    if (line_key := key_of(line_id)) is None:
        raise Http404
    if basket is None:
        raise Refused(_("That line is no longer in the basket. The page now shows what is."))
    return Place(user, clinic, basket, filling.line_of(basket, line_key))


def _basket(public_id: str) -> Basket:
    try:
        key = UUID(public_id)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Basket.objects.select_related("clinic__account"), public_id=key)


def is_configured(asked: Configuration) -> bool:
    """Whether there is anything to fill in before it is ordered."""
    return bool(asked) or asked.takes_ear_scan


def start_of_line(line: Line, user: User) -> Start:
    patient = labels.text_to_edit(line.patient, user)
    return Start(line.configuration, line.quantity, patient, line.ear_scan)


def start_of_favourite(user: User, clinic: Clinic, key: str) -> Start:
    """A favourite knows no patient. One that is gone or somebody else's opens an empty form."""
    favourites = Favourite.objects.visible_to(user).filter(clinic=clinic)
    favourite = favourites.filter(pk=key_of(key)).first()
    return Start(favourite.configuration, favourite.quantity) if favourite else Start()


def start_of_order_line(user: User, clinic: Clinic, key: str) -> Start:
    """A line that was ordered once, without its patient and what was written by hand."""
    lines = OrderLine.objects.filter(order__in=Order.objects.visible_to(user).filter(clinic=clinic))
    line = lines.prefetch_related("attributes__option").filter(pk=key_of(key)).first()
    return Start(without_free_text(line), line.quantity) if line else Start()


def take_scans(form: Configurator, files: MultiValueDict[str, UploadedFile], place: Place) -> None:
    """Keep what was uploaded, whatever else is wrong with the form: nobody uploads 20 MB twice."""
    if not form.asked.takes_ear_scan:
        return
    for part in form.parts:
        upload = files.get(f"{part.prefix}-scan")
        if upload is None:
            continue
        try:
            part.ear_scan = scans.store(upload, clinic=place.clinic, user=place.user)
        except ScanRefused as refused:
            part.scan_error = str(refused)


@transaction.atomic
def write(form: Configurator, product: Product, place: Place) -> list[Line]:
    """Lines of a form that `check` found right. Raises Refused or Invalid, and nothing was changed."""
    common, patient = form.common.cleaned_data, _patient(form, place)
    choices = [Choice(part.cleaned, patient, part.ear_scan) for part in form.chosen_parts]
    if place.line:
        line = filling.change_choice(
            user=place.user,
            clinic=place.clinic,
            line_id=place.line.pk,
            quantity=common["quantity"],
            choice=choices[0],
            basket_id=place.basket_id,
        )
        lines = [line]
    else:
        basket = filling.locked(place.user, place.clinic, place.basket_id)
        piece = {"user": place.user, "product": product, "quantity": common["quantity"]}
        lines = [filling.add_to(basket, **piece, choice=choice) for choice in choices]
    if is_waiting(place):
        filling.changed_while_waiting.send(sender=Basket, basket_id=place.basket_id, user=place.user)
    return lines


def _patient(form: Configurator, place: Place) -> PatientLabel | None:
    if "patient" not in form.common.fields:
        return _patient_now(place)
    before, text = place.line.patient if place.line else None, form.common.cleaned_data["patient"]
    if not text and before and not before.erased and not labels.text_to_edit(before, place.user):
        return before  # can't be read at the moment, so the form could not show it
    try:
        return labels.label_for(user=place.user, clinic=place.clinic, text=text)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _patient_now(place: Place) -> PatientLabel | None:
    """Who may not see the line's patient does not take it away, nor bring back whom a colleague replaced just now."""
    if place.line is None:
        return None
    basket = filling.locked(place.user, place.clinic, place.basket_id)
    return filling.line_of(basket, place.line.pk).patient


def is_waiting(place: Place) -> bool:
    return place.basket is not None and place.basket.status == BasketStatus.WAITING
