"""Who is asking, for which clinic, in which language: settled before any view runs."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from permissions.access import Audience, ClinicAccess, person_of
from permissions.audiences import CLOSED, WITHOUT_PERSON, WITHOUT_PERSON_PATHS, audience_of
from permissions.log_in.enforcement import lead_to_set_up, must_set_up
from permissions.models import Clinic
from permissions.returning import path_of
from permissions.switching import SESSION_KEY


def current_clinic(request: HttpRequest) -> Clinic | None:
    """The clinic chosen in this session, else the one used last, else the first; None for who has no clinic."""
    access: ClinicAccess = request.access
    if (look := getattr(request, "look", None)) is not None:
        # Whoever looks as a customer keeps what their own session says, and what the customer chose.
        return access.find(look.clinic_id) or access.first()
    if chosen := access.find(request.session.get(SESSION_KEY)):
        return chosen
    other = access.find(getattr(request.user, "last_clinic_id", None)) or access.first()
    if request.session.pop(SESSION_KEY, None) and other is not None:
        text = _("You no longer have access to the clinic you worked for. You now work for %(clinic)s.")
        messages.warning(request, text % {"clinic": other.name})
    return other


class ClinicMiddleware:
    """Puts `request.access` (all the person's clinics and rights) and `request.clinic` in place, lazily."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: ClinicAccess.of(request.user))
        request.clinic = None
        response = self.get_response(request)
        is_public = response.headers.get("Cache-Control", "").startswith("public")
        if not is_public and hasattr(request, "user") and request.user.is_authenticated:
            # What a clinic saw must not come back from the browser's cache after log-out. Pictures of products may.
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.resolver_match.view_name in WITHOUT_PERSON:
            return None
        if request.user.is_authenticated:
            request.clinic = current_clinic(request)
            if must_set_up(request):
                return lead_to_set_up(request)
        return answer_for(audience_of(request, view), request)


def answer_for(who: Audience, request: HttpRequest) -> HttpResponse | None:
    """None when the person belongs to the audience, else what they get instead."""
    if who is Audience.PUBLIC:
        return None
    if not request.user.is_authenticated:
        return _to_login(request)
    if who is Audience.BACK_OFFICE and not request.user.is_staff:
        raise PermissionDenied
    if who is Audience.EDITORS and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    if request.path_info.lower().startswith(CLOSED):
        raise Http404
    if who is Audience.CUSTOMER and request.clinic is None:
        return _without_clinic(request)
    if who is Audience.READERS and request.clinic is None and not person_of(request).works_for_supplier:
        return _without_clinic(request)
    return None


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, _("You had been logged out, so nothing was saved. Log in and do it once more."))
    if request.headers.get("HX-Request"):
        # The page around the fragment is what the person wants back, not the fragment.
        target = request.headers.get("HX-Current-URL", "/")
        login = redirect_to_login(path_of(target, request), settings.LOGIN_URL)
        return HttpResponseClientRedirect(login.url)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    # Back to the page with the form; an address that only takes what is posted shows nothing.
    page = path_of(request.headers.get("Referer", ""), request, otherwise=request.get_full_path())
    return redirect_to_login(page, settings.LOGIN_URL)


def _without_clinic(request: HttpRequest) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        if request.user.is_staff:
            return redirect("dashboard:index")
        if request.user.has_perm("wagtailadmin.access_admin"):
            return redirect("wagtailadmin_home")
    return render(request, "permissions/no_clinic.html", status=403)


class ProfileLanguageMiddleware:
    """The language of the profile, else what LocaleMiddleware found (cookie, then browser)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_for_all = request.path_info.startswith(WITHOUT_PERSON_PATHS)
        language = "" if is_for_all else getattr(request.user, "language", "")
        if not language:
            return self.get_response(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers["Content-Language"] = request.LANGUAGE_CODE
            return response
