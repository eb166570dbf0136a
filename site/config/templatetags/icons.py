"""lucide's icons, each drawn once: a product list shows a hundred, and their XML was a fifth of the page's time."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 24, **attributes: str) -> SafeString:
    """`{% icon "trash-2" size=20 %}`: the icon as inline SVG, hidden from screen readers."""
    return mark_safe(lucide(name, size=size, **attributes))  # noqa: S308 - lucide escapes what it is given
