"""Where a form leads back to, and whether it was meant for the clinic one works for now."""

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_address(request: HttpRequest, otherwise: str) -> str:
    """The path of this site that the form asks to go back to, else the address of `otherwise`."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours and target.startswith("/") else resolve_url(otherwise)


def is_for_another_clinic(request: HttpRequest) -> bool:
    """Whether the page was opened before the clinic was switched in another tab; its forms name theirs."""
    meant = request.POST.get("clinic", "")
    return bool(meant) and meant != str(request.clinic.pk)
