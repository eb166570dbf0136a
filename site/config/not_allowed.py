"""A page for who opens an address that only takes what a form sends: from the history of the browser, say."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NOT_ALLOWED = 405


class NotAllowedMiddleware:
    """Django answers with an empty page. What programs ask by other methods stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != NOT_ALLOWED or request.method != "GET" or response.content:
            return response
        page = render(request, "405.html", status=NOT_ALLOWED)
        page.headers["Allow"] = response.headers["Allow"]
        return page
