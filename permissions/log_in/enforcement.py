"""Who must log in with a second factor and has none yet sets one up first, and reaches nothing else before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from permissions.access import logged_in_person_of
from permissions.log_in.second_factor import has_factor, is_required
from permissions.returning import path_of

# By the names of the addresses: to set it up, to leave, and to read all that in one's own language.
OPEN = frozenset(
    {
        *("second_factor", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"),
        *("logout", "wagtailadmin_logout", "dashboard:logout", "impersonation:end", "set_language"),
    }
)

WANTED = "wanted"  # in the session: the page that the person was on the way to


def must_set_up(request: HttpRequest) -> bool:
    """Of who is logged in. While customer service looks as somebody else, theirs is what counts."""
    if request.resolver_match.view_name in OPEN:
        return False
    person = logged_in_person_of(request)
    where = request.access if person == request.user else None
    return is_required(person, where) and not has_factor(person)


def lead_to_set_up(request: HttpRequest) -> HttpResponse:
    if page := _page_wanted(request):
        request.session[WANTED] = page
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("second_factor"))
    return redirect("second_factor")


def _page_wanted(request: HttpRequest) -> str:
    """The page, not what the browser fetches besides it, nor an address that only takes what is posted."""
    if request.headers.get("HX-Request"):
        return path_of(request.headers.get("HX-Current-URL", ""), request, otherwise="")
    if request.method not in ("GET", "HEAD"):
        return path_of(request.headers.get("Referer", ""), request, otherwise="")
    return request.get_full_path() if request.headers.get("Sec-Fetch-Dest", "document") == "document" else ""


def page_after_set_up(request: HttpRequest) -> str:
    """Where the person was on the way to, once; who set it up unasked goes back to where they began."""
    return request.session.pop(WANTED, "") or reverse("security")
