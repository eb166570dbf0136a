"""What no browser sends, refused before anything reads it."""

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


class HostileInputMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request) or not _is_utf8(request):
            return HttpResponseBadRequest("Bad request")
        return self.get_response(request)


def _holds_nul(request: HttpRequest) -> bool:
    """PostgreSQL's text can't hold a NUL, so one in a header or cookie ended as a 500."""
    headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
    # Our own views answer a NUL in the query kindly; Oscar's back office does not.
    in_query = request.path_info.startswith("/backoffice/") and "%00" in request.META.get("QUERY_STRING", "")
    # A cookie between quotation marks may write it as \000.
    return in_query or any("\x00" in str(value) for value in (*headers, *request.COOKIES.values()))


def _is_utf8(request: HttpRequest) -> bool:
    """Django decodes form and query as the request says. By utf-7 and its like come halves of letters, which can't be
    stored either: with one beside it a wrong password was never counted."""
    try:
        return codecs.lookup((request.content_params or {}).get("charset") or "utf-8").name == "utf-8"
    except (LookupError, ValueError):
        return False
