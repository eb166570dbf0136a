"""The portal's addresses, and pages for the rights that no page asks for yet."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as portal
from permissions.access import needs
from permissions.roles import ClinicPermission


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


urlpatterns = [
    path("stand-in/finances/", needs(ClinicPermission.VIEW_FINANCES)(_page)),
    path("stand-in/service/", needs(ClinicPermission.REQUEST_SERVICE)(_page)),
    *portal,
]
