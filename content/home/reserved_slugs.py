"""Slugs that a page directly below the start page can't have: another part of the portal answers at that address.

Wagtail would publish such a page, say nothing, and nobody would ever see it.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm
from wagtail.models import Page

START_PAGE_DEPTH = 2  # below Wagtail's invisible root


@cache
def reserved_slugs() -> frozenset[str]:
    """The first part of every address that is not a page's: read from the routes, so that it can't lag behind them."""
    files = {url.strip("/").partition("/")[0] for url in (settings.STATIC_URL, settings.MEDIA_URL)}
    return frozenset(_first_parts(get_resolver().url_patterns)) | files


def _first_parts(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        first = str(pattern.pattern).removeprefix("^").partition("/")[0].removesuffix("$")
        if not first and isinstance(pattern, URLResolver):
            yield from _first_parts(pattern.url_patterns)
        elif first.replace("-", "").replace("_", "").isalnum():
            yield first


def problem(slug: str, parent: Page | None) -> str:
    """Why a page below `parent` can't have this slug, or an empty string."""
    if parent is None or parent.depth != START_PAGE_DEPTH or slug not in reserved_slugs():
        return ""
    return _("The address /%(slug)s/ belongs to the portal itself. Choose another slug.") % {"slug": slug}


class AddressForm(WagtailAdminPageForm):
    """The editor's form: a new page has no place in the tree yet, only the form knows its parent."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if why := problem(cleaned.get("slug", ""), self.parent_page):
            self.add_error("slug", why)
        return cleaned


class CopyAddressForm(CopyForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if why := problem(cleaned.get("new_slug", ""), cleaned.get("new_parent_page")):
            self.add_error("new_slug", why)
        return cleaned


class WithOwnAddress:
    """For page types that may lie directly below the start page."""

    base_form_class = AddressForm
    copy_form_class = CopyAddressForm

    def clean(self) -> None:
        super().clean()  # type: ignore[misc]  # a mixin: the page type has it
        self._refuse_reserved_slug()

    def minimal_clean(self) -> None:
        """For drafts, which may be unfinished but not unreachable."""
        super().minimal_clean()  # type: ignore[misc]
        self._refuse_reserved_slug()

    def _refuse_reserved_slug(self) -> None:
        parent = self.get_parent() if self.path else None
        if why := problem(self.slug, parent):
            raise ValidationError({"slug": why})
