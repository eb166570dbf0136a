"""Filling a basket: what a line may be, and the only writers of lines. Each locks the basket's row first.

`basket_id` None means the basket this person has chosen for the clinic (begun when there is none).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.basket.models import Basket, Line
from shop.basket.statuses import FILLABLE, BasketStatus
from shop.catalogue.models import Option, Product
from shop.configuration.loading import configuration_of
from shop.configuration.models import EarScan
from shop.configuration.options import Configuration, Invalid
from shop.configuration.values import Values
from shop.partner.strategy import Selector
from shop.patients.models import PatientLabel

LARGEST_QUANTITY = 9_999
# An approver changed a basket elsewhere than on the pages of approval, which keep what was changed. In the transaction.
changed_while_waiting = Signal()


class Refused(Exception):
    """Nothing was changed; the text says why and what to do, in the reader's language."""


class QuantityField(forms.IntegerField):
    """A whole number of packs. Its messages say what is allowed rather than what was wrong."""

    def __init__(self, **kwargs) -> None:
        allowed = gettext_lazy("Enter a whole number from 1 to %(largest)s.") % {"largest": LARGEST_QUANTITY}
        super().__init__(min_value=1, max_value=LARGEST_QUANTITY, **kwargs)
        self.error_messages = {**self.error_messages, "invalid": allowed, "required": allowed}
        for validator in self.validators:
            validator.message = allowed


def read_quantity(typed: str | None) -> int:
    """The quantity somebody typed. Raises Refused for anything but a whole number in range."""
    try:
        return QuantityField().clean((typed or "").strip())
    except forms.ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


@dataclass(frozen=True)
class Choice:
    """What is ordered of a product: its configuration, for whom, and what it is made after."""

    configuration: Mapping[str, object] | None = None
    patient: PatientLabel | None = None
    ear_scan: EarScan | None = None


NOTHING_CHOSEN = Choice()


@transaction.atomic
def add(
    *,
    user: User,
    clinic: Clinic,
    product: Product,
    quantity: int,
    choice: Choice = NOTHING_CHOSEN,
    basket_id: int | None = None,
) -> Line:
    """Put a product in a basket; the same product, configuration and patient again raises the quantity.

    Raises Refused, and configuration's Invalid (by option) where the choices can't be ordered.
    """
    basket = locked(user, clinic, basket_id)
    return add_to(basket, user=user, product=product, quantity=quantity, choice=choice)


def add_to(basket: Basket, *, user: User | None, product: Product, quantity: int, choice: Choice) -> Line:
    """As `add`, for a basket that the caller has locked in this transaction."""
    configuration, info = _checked(basket, product, choice)
    if basket.currency not in (None, info.price.currency):
        raise Refused(_("The basket holds lines in another currency, which can't be ordered. Remove them first."))
    _check_available(product, info, _quantity_of(basket, product) + quantity)
    reference = _reference(basket, product, info, configuration, choice)
    line = basket.lines.filter(line_reference=reference).first()
    if line:
        line.quantity += quantity
        line.save(update_fields=["quantity", "date_updated"])
    else:
        line = basket.lines.create(
            line_reference=reference,
            product=product,
            stockrecord=info.stockrecord,
            quantity=quantity,
            price_excl_tax=info.price.excl_tax,
            price_incl_tax=info.price.incl_tax,
            price_currency=info.price.currency,
            tax_code=info.price.tax_code,
            patient=choice.patient,
            ear_scan=choice.ear_scan,
            added_by=user,
        )
        _write_configuration(line, configuration)
    basket.reset_offer_applications()
    basket.touch()
    return line


@transaction.atomic
def change_quantity(*, user: User, clinic: Clinic, line_id: int, quantity: int, basket_id: int | None = None) -> Line:
    basket = locked(user, clinic, basket_id)
    line = line_of(basket, line_id)
    info = basket.strategy.fetch_for_product(line.product)
    _check_available(line.product, info, _quantity_of(basket, line.product) - line.quantity + quantity)
    line.quantity = quantity
    line.save(update_fields=["quantity", "date_updated"])
    basket.touch()
    return line


@transaction.atomic
def change_choice(
    *, user: User, clinic: Clinic, line_id: int, quantity: int, choice: Choice, basket_id: int | None = None
) -> Line:
    """Another configuration, patient or ear scan for a line. Where a line is like that already, they become one."""
    basket = locked(user, clinic, basket_id)
    line = line_of(basket, line_id)
    configuration, info = _checked(basket, line.product, choice)
    others = _quantity_of(basket, line.product) - line.quantity
    _check_available(line.product, info, others + quantity)
    reference = _reference(basket, line.product, info, configuration, choice)
    twin = basket.lines.filter(line_reference=reference).exclude(pk=line.pk).first()
    if twin:
        line.delete()
        line, quantity = twin, twin.quantity + quantity
    line.line_reference = reference
    line.quantity, line.stockrecord = quantity, info.stockrecord
    line.patient, line.ear_scan = choice.patient, choice.ear_scan
    line.save()
    _write_configuration(line, configuration)
    basket.touch()
    return line


@transaction.atomic
def remove(*, user: User, clinic: Clinic, line_id: int, basket_id: int | None = None) -> Line:
    """Take a line out; the returned line still says what it was, for undoing it."""
    basket = locked(user, clinic, basket_id)
    line = line_of(basket, line_id)
    line.taken_out = Choice(line.configuration, line.patient, line.ear_scan)
    line.delete()
    basket.touch()
    return line


def locked(user: User, clinic: Clinic, basket_id: int | None = None) -> Basket:
    """The basket to change, its row locked and its prices set. Raises Refused when it can't be changed (any more)."""
    if basket_id is None:
        access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
        basket = Basket.objects.locked_open_for(user, clinic)
    else:
        basket = Basket.objects.select_for_update(of=("self",)).filter(clinic=clinic).get(pk=basket_id)
        check_may_change(user, basket)
    basket.strategy = Selector().strategy(clinic=clinic)
    return basket


def check_may_change(user: User, basket: Basket) -> None:
    """Raise Refused unless the basket's state lets this person change it; Http404 or PermissionDenied by access."""
    if basket.status == BasketStatus.WAITING:
        access.require(user, ClinicPermission.APPROVE_ORDER, basket.clinic)
        if basket.approval_steps.filter(action="submitted", by=user).exists():
            raise Refused(_("You submitted this basket yourself. Take it back before you change it."))
        return
    access.require(user, ClinicPermission.PREPARE_ORDER, basket.clinic)
    if basket.status not in FILLABLE:
        raise Refused(_("This basket is closed, so it can't be changed any more."))


def line_of(basket: Basket, line_id: int) -> Line:
    lines = basket.lines.select_related("product__product_class", "stockrecord", "patient", "ear_scan")
    line = lines.prefetch_related("attributes__option").filter(pk=line_id).first()
    if line is None:
        raise Refused(_("That line is no longer in the basket. The page now shows what is."))
    return line


def _checked(basket: Basket, product: Product, choice: Choice) -> tuple[Values, object]:
    """The configuration as a line stores it, and Oscar's purchase info. Raises Refused or Invalid."""
    info = basket.strategy.fetch_for_product(product)
    if not info.price.exists:
        raise Refused(
            _("%(product)s has no price for your clinic yet. Ask customer service for a quotation.")
            % {"product": product.title}
        )
    asked = configuration_of(product)
    configuration = asked.clean(choice.configuration or {})
    if problem := choice_problem(basket.clinic, asked, choice.patient, choice.ear_scan):
        raise Refused(problem)
    return configuration, info


def configuration_problem(asked: Configuration, configuration: Mapping[str, object]) -> str:
    """Why these choices can't be ordered (any more), or an empty string."""
    try:
        asked.clean(configuration)
    except Invalid as invalid:
        return str(invalid)
    return ""


def choice_problem(clinic: Clinic, asked: Configuration, patient: PatientLabel | None, ear_scan: EarScan | None) -> str:
    """What is wrong with whom a line is for or what it is made after, or an empty string."""
    if (patient and patient.clinic_id != clinic.pk) or (ear_scan and ear_scan.clinic_id != clinic.pk):
        return _("The patient or the ear scan belongs to another clinic. Choose again.")
    if asked.needs_patient(clinic) and (patient is None or patient.erased):
        return _("Say whom it is for: open the configuration and fill in the patient.")
    if ear_scan and not asked.takes_ear_scan:
        return _("No ear scan belongs to this product. Open the configuration and remove it.")
    return ""


def _reference(basket: Basket, product: Product, info, configuration: Values, choice: Choice) -> str:
    patient_id = choice.patient.pk if choice.patient else None
    ear_scan_id = choice.ear_scan.pk if choice.ear_scan else None
    return basket.line_reference(product, info.stockrecord, configuration, patient_id, ear_scan_id)


def _write_configuration(line: Line, configuration: Values) -> None:
    line.attributes.all().delete()
    options = {option.code: option for option in Option.objects.filter(code__in=configuration)}
    for code, value in configuration.items():
        line.attributes.create(option=options[code], value=value)
    line._prefetched_objects_cache = {}


def _quantity_of(basket: Basket, product: Product) -> int:
    """Of all its configurations: they come from one stock."""
    return sum(basket.lines.filter(product=product).values_list("quantity", flat=True))


def _check_available(product: Product, info, quantity: int) -> None:
    """`quantity` is what the basket would hold altogether."""
    if quantity > LARGEST_QUANTITY:
        raise Refused(_("A line holds at most %(largest)s.") % {"largest": LARGEST_QUANTITY})
    problem = availability_problem(product, info, quantity)
    if problem:
        raise Refused(problem)


def availability_problem(product: Product, info, quantity: int) -> str:
    """Why this many can't be ordered now, or an empty string."""
    if not product.is_public:
        return _("%(product)s is no longer sold. Remove it, or ask customer service what replaces it.") % {
            "product": product.title
        }
    permitted, _reason = info.availability.is_purchase_permitted(quantity)
    if permitted:
        return ""
    left = getattr(info.availability, "num_available", 0)
    words = {"product": product.title, "left": left}
    if not info.price.exists:
        return _("%(product)s has no price for your clinic. Remove it, or ask customer service.") % words
    if left and left > 0:
        return _("Only %(left)s of %(product)s are in stock. Choose %(left)s or fewer.") % words
    return _("%(product)s is out of stock. Remove it, or ask customer service when it comes back.") % words
