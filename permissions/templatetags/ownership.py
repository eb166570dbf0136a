"""The notice of an offered ownership, wherever a page includes it."""

from django import template
from django.template import Context

from permissions.models import OwnershipTransfer
from permissions.ownership.transfers import offers_to

register = template.Library()


@register.simple_tag(takes_context=True)
def offers_of_ownership(context: Context) -> list[OwnershipTransfer]:
    user = context["request"].user
    return offers_to(user) if user.is_authenticated else []
