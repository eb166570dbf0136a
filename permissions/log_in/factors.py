"""The pages under “Log-in and security” on which people set up and remove their second factor."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from permissions.access import Audience, audience, person_of
from permissions.log_in import identities, second_factor, sessions
from permissions.log_in.enforcement import page_after_set_up
from permissions.log_in.factor_forms import AppForm, NewPasskeyForm, PasskeyNameForm
from permissions.log_in.second_factor import APP, PASSKEY, FactorUnchanged

asks_and_does = require_http_methods(["GET", "HEAD", "POST"])


def confirmed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only who showed a moment ago that it is them; what was sent meanwhile is not done."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_reauthentication_required(request, app="allauth.mfa"):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.warning(request, _("Confirm that it is you, then do it once more. Nothing was changed."))
        ways = get_adapter().get_reauthentication_methods(request.user)
        if not ways:
            raise Http404
        return redirect(f"{ways[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")

    return audience(Audience.SIGNED_IN)(guarded)


@audience(Audience.SIGNED_IN)
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    factors = list(second_factor.factors_of(user))
    connected = identities.identities_of(user)
    context = {
        "app": next((factor for factor in factors if factor.type == APP), None),
        "passkeys": [factor.wrap() for factor in factors if factor.type == PASSKEY],
        "has_factor": bool(factors),
        "codes_left": second_factor.codes_left(user),
        "is_required": second_factor.is_required(user),
        "providers": identities.providers_to_connect(connected),
        "identities": connected,
    }
    return render(request, "permissions/log_in/security.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Where those are led who must have a second factor and have none."""
    user = person_of(request)
    if second_factor.has_factor(user):
        return redirect("security")
    context = {
        "by_supplier": second_factor.is_required_by_supplier(user),
        "accounts": second_factor.accounts_that_require(user),
    }
    return render(request, "permissions/log_in/begin.html", context)


@sensitive_post_parameters()
@confirmed
@asks_and_does
def add_app(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    if second_factor.factors_of(user).filter(type=APP).exists():
        messages.info(request, _("You already have an authenticator app. Remove it before you add another."))
        return redirect("security")
    form = AppForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        return _added(request, lambda: second_factor.add_app(user, form.secret, form.step))
    adapter = get_factor_adapter()
    address = adapter.build_totp_url(user, form.secret)
    picture = adapter.build_totp_svg(address)
    context = {"form": form, "address": address, "picture": picture.partition("?>")[2] or picture}
    return render(request, "mfa/totp/activate_form.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@confirmed
@asks_and_does
def add_passkey(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    form = NewPasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        return _added(request, lambda: second_factor.add_passkey(user, typed["name"], typed["credential"]))
    options = begin_registration(user, passwordless=False)
    # One that can be found without an e-mail also logs in alone; older keys are a second factor all the same.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = "preferred"
    context = {"form": form, "passkey_options": options}
    return render(request, "mfa/webauthn/add_form.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, add: Callable[[], bool]) -> HttpResponse:
    """With the first factor come the recovery codes, which are shown at once."""
    try:
        with transaction.atomic():
            is_first = add()
            if is_first:
                # The other sessions never showed one. Whoever knew the password may sit in them.
                sessions.keep_only_this(request)
    except FactorUnchanged as problem:
        messages.error(request, str(problem))
        return redirect("security")
    clear_totp_secret(request)
    if not is_first:
        messages.success(request, _("Your second factor is added. It is asked for at the next log-in."))
        return redirect("security")
    text = _("Your second factor is added. It is asked for at the next log-in. You are logged out everywhere but here.")
    messages.success(request, text)
    return redirect("mfa_view_recovery_codes")


@confirmed
@asks_and_does
def rename_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(second_factor.factors_of(person_of(request)), pk=pk, type=PASSKEY)
    initial = {"name": passkey.wrap().name}
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        second_factor.rename_passkey(passkey, form.cleaned_data["name"])
        messages.success(request, _("The passkey is renamed."))
        return redirect("security")
    return render(request, "mfa/webauthn/edit_form.html", {"form": form}, status=422 if form.errors else 200)


@confirmed
@asks_and_does
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(second_factor.factors_of(person_of(request)), pk=pk, type=PASSKEY)
    return _remove(request, passkey, "mfa/webauthn/authenticator_confirm_delete.html")


@confirmed
@asks_and_does
def remove_app(request: HttpRequest) -> HttpResponse:
    app = get_object_or_404(second_factor.factors_of(person_of(request)), type=APP)
    return _remove(request, app, "mfa/totp/deactivate_form.html")


def _remove(request: HttpRequest, factor, template: str) -> HttpResponse:
    user = person_of(request)
    if request.method != "POST":
        is_last = not second_factor.factors_of(user).exclude(pk=factor.pk).exists()
        context = {"factor": factor.wrap(), "is_last": is_last}
        context["must_stay"] = is_last and second_factor.is_required(user)
        return render(request, template, context)
    try:
        with transaction.atomic():
            second_factor.remove(user, factor)
            sessions.keep_only_this(request)  # the phone that was lost is still logged in
    except FactorUnchanged as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The second factor is removed. You are logged out everywhere but here."))
    return redirect("security")


@confirmed
@asks_and_does
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, until the person says that they are kept."""
    user = person_of(request)
    if request.method == "POST":
        second_factor.put_codes_away(user)
        return redirect(page_after_set_up(request))
    if not second_factor.has_factor(user):
        raise Http404
    context = {"codes": second_factor.codes_to_show(user), "codes_left": second_factor.codes_left(user)}
    return render(request, "mfa/recovery_codes/index.html", context)


@confirmed
@asks_and_does
def renew_codes(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    if not second_factor.has_factor(user):
        raise Http404
    if request.method != "POST":
        return render(request, "mfa/recovery_codes/generate.html", {"codes_left": second_factor.codes_left(user)})
    second_factor.renew_codes(user)
    page_after_set_up(request)  # left behind by who never said that the first codes are kept
    return redirect("mfa_view_recovery_codes")


disconnect_identity = confirmed(asks_and_does(identities.disconnect_page))


@confirmed
@require_safe
def download_codes(request: HttpRequest) -> HttpResponse:
    if not (new := second_factor.codes_to_show(person_of(request))):
        raise Http404
    context = {"codes": new, "address": request.build_absolute_uri(reverse("login"))}
    response = render(request, "mfa/recovery_codes/download.txt", context, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response
