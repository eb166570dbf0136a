"""Health, files and the kind forms of Django's own refusals."""

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.static import serve

from permissions.access import Audience, audience


@audience(Audience.PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """For the proxy: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@audience(Audience.PUBLIC)
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Public pictures. A proxy may serve MEDIA_ROOT itself and never reach this."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except (OSError, ValueError) as error:  # a name that no file can have
        raise Http404 from error
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path_info == reverse("impersonation:end"):
        # Pressed once more in another window: the look is over, or the start page still says that it goes on.
        return redirect("home")
    return render(request, "403_csrf.html", status=403)
