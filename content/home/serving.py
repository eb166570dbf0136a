"""A page is found in the reader's language first, else in the language it was written in."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from wagtail.views import serve


def serve_in_any_language(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail looks in the tree of the active language only: a link to a Swedish news page was a 404 in Norwegian."""
    try:
        return serve(request, path)
    except Http404:
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                request.__dict__.pop("_wagtail_route_for_request", None)  # Wagtail remembers what it found
                try:
                    return serve(request, path)
                except Http404:
                    continue
        raise
