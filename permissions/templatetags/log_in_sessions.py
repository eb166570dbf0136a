"""The sessions panel brings its own list: the page that includes it needs to know nothing of it."""

from django import template

from permissions.log_in import sessions

register = template.Library()


@register.simple_tag(takes_context=True)
def list_open_sessions(context: template.Context) -> list[sessions.OpenSession]:
    return sessions.open_sessions(context["request"])
