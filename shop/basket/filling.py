"""Filling a basket: what a line may be, and the only writers of lines. Each locks the basket's row first."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permissions.models import Clinic, User
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product
from shop.partner.strategy import Selector

LARGEST_QUANTITY = 9_999


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


@transaction.atomic
def add(*, user: User, clinic: Clinic, product: Product, quantity: int) -> Line:
    """Put a product in the person's basket for the clinic; the same product again raises the quantity."""
    basket = _locked_basket(user, clinic)
    info = basket.strategy.fetch_for_product(product)
    if not info.price.exists:
        raise Refused(
            _("%(product)s has no price for your clinic yet. Ask customer service for a quotation.")
            % {"product": product.title}
        )
    if basket.currency not in (None, info.price.currency):
        raise Refused(_("The basket holds lines in another currency, which can't be ordered. Remove them first."))
    already = basket.product_quantity(product)
    _check_available(product, info, already + quantity)
    line, _created = basket.add_product(product, quantity)
    return line


@transaction.atomic
def change_quantity(*, user: User, clinic: Clinic, line_id: int, quantity: int) -> Line:
    basket = _locked_basket(user, clinic)
    line = _line_of(basket, line_id)
    info = basket.strategy.fetch_for_product(line.product)
    _check_available(line.product, info, quantity)
    line.quantity = quantity
    line.save(update_fields=["quantity", "date_updated"])
    return line


@transaction.atomic
def remove(*, user: User, clinic: Clinic, line_id: int) -> Line:
    """Take a line out; the returned line still says what it was, for undoing it."""
    line = _line_of(_locked_basket(user, clinic), line_id)
    line.delete()
    return line


def _locked_basket(user: User, clinic: Clinic) -> Basket:
    basket = Basket.objects.locked_open_for(user, clinic)
    basket.strategy = Selector().strategy(clinic=clinic)
    return basket


def _line_of(basket: Basket, line_id: int) -> Line:
    line = basket.lines.select_related("product__product_class", "stockrecord").filter(pk=line_id).first()
    if line is None:
        raise Refused(_("That line is no longer in the basket. The page now shows what is."))
    return line


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
