"""The pages on which people ask for an account or one more clinic."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from permissions.access import Audience, audience, person_of
from permissions.requests import asking, limits
from permissions.requests.forms import AccountRequestForm, ClinicRequestForm

FOLDER = "permissions/requests"
PER_PAGE = 10
TOO_MANY = 429
either = require_http_methods(["GET", "HEAD", "POST"])


@audience(Audience.PUBLIC)
@never_cache
@sensitive_post_parameters()
@either
def ask_account(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _account_form(request, AccountRequestForm())
    form = AccountRequestForm(request.POST)
    status = 422
    if form.is_trapped:
        return redirect("requests:received")
    if form.is_valid():
        wait = limits.wait_before_registering(request, form.cleaned_data["email"])
        if wait is None:
            by = person_of(request) if request.user.is_authenticated else None
            asking.ask_for_account(form.save(commit=False), by=by)
            return redirect("requests:received")
        form.add_error(None, _too_many(wait))
        status = TOO_MANY
    return _account_form(request, form, status)


def _too_many(wait: timedelta) -> str:
    if wait == limits.HOUR:
        return _("Many requests came just now. Wait an hour and send it again, or call us.")
    return _("Many requests came today. Send it again tomorrow, or call us.")


def _account_form(request: HttpRequest, form: AccountRequestForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "kept_days": settings.ANSWERED_REQUESTS_DAYS}
    return render(request, f"{FOLDER}/account.html", context, status=status)


@audience(Audience.PUBLIC)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/received.html")


@sensitive_post_parameters()
@either
def ask_clinic(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    asking.require_manager(user, None)
    accounts = asking.managed_accounts(user)
    initial = {"phone_number": user.phone_number.as_international if user.phone_number else ""}
    form = ClinicRequestForm(request.POST if request.method == "POST" else None, accounts=accounts, initial=initial)
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        if limits.may_ask_for_clinic(user):
            asking.ask_for_clinic(form.save(commit=False), by=user)
            messages.success(request, _("Customer service has your request. You get a mail when it is decided."))
            return redirect("requests:clinic")
        form.add_error(None, _("You have sent many requests today. Send the next one tomorrow, or call us."))
        status = TOO_MANY
    page = Paginator(asking.clinics_asked_for(user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, f"{FOLDER}/clinic.html", {"form": form, "page_obj": page}, status=status)
