"""While customer service looks: the request is the customer's, and it may do nothing but read.

Stands right behind the log-in, so that whatever comes after it knows nobody but the customer.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from permissions.audiences import BY_PREFIX, WITHOUT_PERSON, WITHOUT_PERSON_PATHS
from permissions.impersonation import looks
from permissions.impersonation.looks import Look, WhyEnded
from permissions.models import Clinic, Impersonation

KEY = "look"
AREAS = tuple(prefix for prefix, _who in BY_PREFIX)
END = "impersonation:end"
SAFE = ("GET", "HEAD", "OPTIONS")
LOG_OUTS = ("logout", "wagtailadmin_logout", "dashboard:logout")
# Passwords, second factors, sessions: the person's own, however it is addressed.
PERSONAL_PATHS = ("/password/", "/profile/security/")
PERSONAL_MODULES = ("allauth.", "permissions.log_in.")
SHOWN = 200


class ImpersonationMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.look, request.look_over = None, ""
        if not request.path_info.startswith(WITHOUT_PERSON_PATHS) and (kept := request.session.get(KEY)):
            _take_on(request, kept)
        response = self.get_response(request)
        if request.look is not None and _is_page(request, response):
            looks.record_page(request.look, request.path, getattr(request, "clinic", None))
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if name in WITHOUT_PERSON:
            return None
        if request.look is not None and not request.user.is_authenticated:
            # Something before this has logged them out, and emptied the session.
            looks.end(request.look.row, WhyEnded.LOG_OUT)
            request.look = None
        if request.look_over:
            _forget(request)
            return None if name in LOG_OUTS else _after(request)
        return None if request.look is None else _answer(request, request.look, view, name)


def keep(request: HttpRequest, look: Impersonation, clinic: Clinic) -> None:
    """From the next request on, this session looks."""
    request.session[KEY] = {"look": str(look.pk), "clinic": str(clinic.pk), "account": str(clinic.account_id)}


def stop(request: HttpRequest, why: WhyEnded) -> None:
    """The session is its own person's again, for the rest of this request as well."""
    look = request.look
    looks.end(look.row, why)
    _forget(request)
    request.user, request.look = look.row.staff, None


def _forget(request: HttpRequest) -> None:
    """With a new token: no form that was opened as the customer is taken from who looked."""
    request.session.pop(KEY, None)
    rotate_token(request)


def _take_on(request: HttpRequest, kept: dict[str, str]) -> None:
    look = Impersonation.objects.select_related("staff", "person").filter(pk=kept["look"]).first()
    if look is not None:
        look.person.impersonated_by = look.staff
        look.person.account_looked_at = kept.get("account")  # None, from before there was one: nothing is shown
    why = looks.why_over(look, request.user)
    if look is None or why is not None:
        if look is not None and why is not None:
            looks.end(look, why)
        # The session keeps it until it is told: what is asked for at the same time is not done either.
        request.look_over = why if request.user.is_authenticated else ""
        if not request.look_over:
            _forget(request)
        return
    request.look = Look(look, kept["clinic"])
    request.user = look.person


def _answer(request: HttpRequest, look: Look, view: Callable, name: str) -> HttpResponse | None:
    """None where the view may answer."""
    if request.method not in SAFE:
        if name in LOG_OUTS:
            stop(request, WhyEnded.LOG_OUT)
            return None
        return None if name == END else _refuse(request, look, "unsafe")
    if request.path_info.startswith(AREAS):
        return _refuse(request, look, "area")
    return _refuse(request, look, "personal") if _is_personal(request, view) else None


def _is_personal(request: HttpRequest, view: Callable) -> bool:
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    return request.path_info.startswith(PERSONAL_PATHS) or f"{module}.".startswith(PERSONAL_MODULES)


def _refuse(request: HttpRequest, look: Look, what: str) -> HttpResponse:
    with translation.override(look.language):
        return render(request, "permissions/impersonation/refused.html", {"what": what}, status=403)


def _after(request: HttpRequest) -> HttpResponse:
    """What was asked for as the customer is not done as somebody else."""
    text = _("You no longer see the portal as a customer. %(why)s") % {"why": WhyEnded(request.look_over).label}
    messages.warning(request, text)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect("/")
    return redirect("home")


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    shown = response.status_code == SHOWN and request.method in ("GET", "HEAD")
    return shown and match is not None and match.view_name not in WITHOUT_PERSON
