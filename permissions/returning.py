"""Where a form leads back to, and whether it was meant for the clinic one works for now."""

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def next_address(request: HttpRequest, otherwise: str) -> str:
    """The path of this site that the form asks to go back to, else the address of `otherwise`."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours and target.startswith("/") else resolve_url(otherwise)


def path_of(url: str, request: HttpRequest, otherwise: str = "/") -> str:
    """Only the path of an address of this site; a second slash in front would make a host of it."""
    origin = f"{request.scheme}://{request.get_host()}"
    return escape_leading_slashes(url.removeprefix(origin)) if url.startswith(origin + "/") else otherwise


def other_clinic_problem(request: HttpRequest) -> str:
    """Why a form does nothing whose page was opened before the clinic was switched in another tab, or ""."""
    meant = request.POST.get("clinic", "")
    if not meant or meant == str(request.clinic.pk):
        return ""
    text = _("You now work for %(clinic)s, but this page was opened for another clinic. Nothing was changed.")
    return text % {"clinic": request.clinic.name}
