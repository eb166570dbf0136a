"""The ways to log in besides the password: the log-in page needs to know nothing of them."""

from django import template

from permissions.log_in import identities

register = template.Library()


@register.simple_tag
def list_identity_providers() -> list[dict[str, str]]:
    return identities.providers()
