"""The parts of "Log-in and security" about sessions and the e-mail address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from permissions.access import Audience, audience, person_of
from permissions.log_in import email_change, sessions
from permissions.log_in.tokens import open_address


@audience(Audience.SIGNED_IN)
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    if sessions.end_one(request, request.POST.get("session", "")):
        messages.success(request, _("The session is ended. That browser has to log in again."))
    else:
        messages.info(request, _("That session had ended already."))
    return redirect("security")


@audience(Audience.SIGNED_IN)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_others(request)
    messages.success(request, _("You are logged out everywhere but here."))
    return redirect("security")


@sensitive_post_parameters("password")
@audience(Audience.SIGNED_IN)
def change_email(request: HttpRequest) -> HttpResponse:
    form = email_change.EmailForm(request, request.POST or None)
    context = {"form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "permissions/log_in/email.html", context, status=422 if form.errors else 200)
    if email_change.ask(person_of(request), form.cleaned_data["email"]):
        text = _("A mail is on its way to the new address. Your address changes when you open the link in it.")
        messages.success(request, text)
    else:
        messages.error(request, _("You asked for several links within an hour. Use the last one, or wait."))
    return redirect("security")


@audience(Audience.SIGNED_IN)
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """A mail program may open the link to look at it: only the button changes something."""
    address = open_address(person_of(request), token)
    context = {"address": address, "problem": ""}
    if request.method == "POST":
        try:
            email_change.confirm(request, token)
        except email_change.AddressUnchanged as unchanged:
            context |= {"address": None, "problem": str(unchanged)}
        else:
            messages.success(request, _("Your e-mail address is changed. You are logged out everywhere but here."))
            return redirect("security")
    return render(request, "permissions/log_in/email_confirm.html", context, status=422 if context["problem"] else 200)
