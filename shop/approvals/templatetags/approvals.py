"""What the basket's and the checkout's pages say of approval, without their views knowing of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.approvals import forms
from shop.approvals.recipients import approvers_of
from shop.approvals.showing import names
from shop.basket.models import Basket
from shop.basket.summary import BasketLine
from shop.checkout.placing import approval_needed

register = template.Library()


@dataclass(frozen=True)
class Notice:
    """`approvers` are names: who can approve what this person submits."""

    needed: bool
    above_limit: bool
    approvers: str
    clinic: Clinic


@register.simple_tag
def approval_notice(basket: Basket, user: User) -> Notice | None:
    """None for a basket that is not begun yet."""
    if basket.pk is None or not approval_needed(user, basket):
        return None
    above_limit = access.can(user, ClinicPermission.PLACE_ORDER, basket.clinic)
    return Notice(True, above_limit, names(approvers_of(basket.clinic, without=[user.pk])), basket.clinic)


@register.simple_tag
def submit_form() -> forms.CommentForm:
    return forms.submit_form()


@register.simple_tag
def configure_url(row: BasketLine, basket: Basket) -> str:
    """The configurator for a line of this very basket, whichever one the person is filling."""
    try:
        address = reverse("configuration:configure", args=[row.product.pk])
    except NoReverseMatch:
        return row.product.get_absolute_url()
    return f"{address}?line={row.line.pk}&basket={basket.public_id}"


@register.filter
def of_line(errors: Mapping[int, str] | None, pk: int) -> str:
    return (errors or {}).get(pk, "")
