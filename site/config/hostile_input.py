"""What no browser sends: PostgreSQL's text can't hold a NUL, so one in a header or cookie ended as a 500."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


class NulMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
        # Our own views answer a NUL in the query kindly; Oscar's back office does not.
        in_query = request.path_info.startswith("/backoffice/") and "%00" in request.META.get("QUERY_STRING", "")
        # A cookie between quotation marks may write it as \000.
        if in_query or any("\x00" in str(value) for value in (*headers, *request.COOKIES.values())):
            return HttpResponseBadRequest("Bad request")
        return self.get_response(request)
