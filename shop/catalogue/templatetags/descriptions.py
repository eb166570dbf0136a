from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from wagtail.whitelist import Whitelister

register = template.Library()


@register.filter
def description(text: str) -> SafeString:
    """A product's description: plain text from imports, or what the back office's editor wrote, cleaned."""
    if "</" not in text and "<br" not in text:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped
    return mark_safe(Whitelister().clean(text))  # noqa: S308 - only known tags, attributes and schemes are left
