"""Who must log in with a second factor and has none yet sets one up first, and reaches nothing else before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from permissions.access import person_of
from permissions.log_in.second_factor import has_factor, is_required

# By the names of the addresses: to set it up, to leave, and to read all that in one's own language.
OPEN = frozenset(
    {
        *("second_factor", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"),
        *("logout", "wagtailadmin_logout", "dashboard:logout", "impersonation:end", "set_language"),
    }
)


def must_set_up(request: HttpRequest) -> bool:
    """Of who is logged in. While customer service looks as somebody else, theirs is what counts."""
    if request.resolver_match.view_name in OPEN:
        return False
    if (staff := getattr(request.user, "impersonated_by", None)) is not None:
        return is_required(staff) and not has_factor(staff)
    person = person_of(request)
    return is_required(person, request.access.clinics) and not has_factor(person)


def lead_to_set_up(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("second_factor"))
    return redirect("second_factor")
