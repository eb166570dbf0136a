"""The page numbers under a list."""

from collections.abc import Iterator

from django import template
from django.core.paginator import Page

register = template.Library()


@register.filter
def page_numbers(page: Page) -> Iterator[int | str]:
    """The first, the last, those around this one, and gaps: a list may have thousands."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
