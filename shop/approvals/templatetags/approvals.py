"""What the basket's and the checkout's pages say of approval, without their views knowing of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.approvals import forms
from shop.approvals.recipients import approvers_of
from shop.approvals.showing import names
from shop.basket.models import Basket
from shop.checkout.placing import approval_needed

register = template.Library()


@dataclass(frozen=True)
class Notice:
    """`approvers` are names: who can approve what this person submits."""

    above_limit: bool
    approvers: str
    clinic: Clinic


@register.simple_tag
def approval_notice(basket: Basket, user: User) -> Notice | None:
    """None for a basket that is not begun yet."""
    if basket.pk is None or not approval_needed(user, basket):
        return None
    above_limit = access.can(user, ClinicPermission.PLACE_ORDER, basket.clinic)
    return Notice(above_limit, names(approvers_of(basket.clinic, without=[user.pk])), basket.clinic)


@register.simple_tag
def submit_form() -> forms.CommentForm:
    return forms.submit_form()


@register.filter
def of_line(errors: Mapping[int, str] | None, pk: int) -> str:
    return (errors or {}).get(pk, "")
