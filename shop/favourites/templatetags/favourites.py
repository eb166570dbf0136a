"""Which lines are favourites already: asked once per page."""

from django import template

from permissions.roles import ClinicPermission
from shop.configuration.values import digest_of
from shop.favourites.keeping import keepable
from shop.favourites.models import Favourite

register = template.Library()


@register.simple_tag(takes_context=True)
def is_favourite(context, line) -> bool:
    """Whether the line's product and configuration are under a star that this person sees at the current clinic."""
    request = context["request"]
    if not hasattr(request, "favourite_digests"):
        visible = Favourite.objects.visible_to(request.user).filter(clinic=request.clinic)
        request.favourite_digests = set(visible.values_list("product_id", "digest"))
    return (line.product_id, digest_of(keepable(line))) in request.favourite_digests


@register.simple_tag(takes_context=True)
def may_keep(context, clinic) -> bool:
    """Whether this person may save favourites of the clinic, which needs not be the current one."""
    request = context["request"]
    return request.access.can(ClinicPermission.PREPARE_ORDER, clinic)
