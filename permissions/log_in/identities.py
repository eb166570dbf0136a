"""Log-in by OpenID Connect: the e-identity of a hospital or a country, connected by the person who has it.

Kept of it is which provider it is and a keyed hash of who it is there; claims may hold a national identity number.
"""

import logging
import secrets

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from permissions.access import Audience, audience, person_of
from permissions.events import record
from permissions.log_in import id_tokens, identity_names
from permissions.log_in.notices import Notice, tell
from permissions.log_in.sessions import hold
from permissions.models import User
from permissions.models.events import AccessAction
from permissions.returning import next_address

log = logging.getLogger(__name__)
WELL_KNOWN = "/.well-known/"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# What a provider can answer with besides what it should; to the person it is all the same.
PROVIDER_PROBLEMS = (RequestException, OAuth2Error, KeyError, TypeError, ValueError, AttributeError)


class IdentityOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """The exchange with the provider. Whom its answer is about stands in the ID token alone."""

    @property
    def openid_config(self) -> dict:
        if not hasattr(self, "_openid_config"):
            self._openid_config = configuration_of(self.get_provider())
        return self._openid_config

    def complete_login(self, request: HttpRequest, app, token, **kwargs) -> SocialLogin:
        """Not django-allauth's, which believes what came by TLS without looking at the signature."""
        config = self.openid_config
        claims = id_tokens.verified(
            kwargs["response"].get("id_token") or "", config["jwks_uri"], config["issuer"], app.client_id
        )
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})


def configuration_of(provider: "IdentityProvider") -> dict:
    """What the provider says of itself, and of nobody else. Who is asked by https leads to nothing else."""
    config = id_tokens.fetched(provider.server_url)
    if config["issuer"].rstrip("/") != provider.server_url.partition(WELL_KNOWN)[0].rstrip("/"):
        raise OAuth2Error("configuration of somebody else")
    if provider.server_url.startswith("https:") and not all(config[name].startswith("https:") for name in ADDRESSES):
        raise OAuth2Error("not by https")
    return config


class IdentityProvider(OpenIDConnectProvider):
    """django-allauth's, asking for nothing but who it is, with a nonce, and keeping none of the claims."""

    oauth2_adapter_class = IdentityOAuth2Adapter
    pkce_enabled_default = True

    def get_default_scope(self) -> list[str]:
        return ["openid"]

    def redirect(self, request: HttpRequest, process, next_url=None, data=None, **kwargs) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        asked = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, next_url, {"nonce": nonce}, auth_params=asked, **kwargs)

    def sociallogin_from_response(self, request: HttpRequest, response: dict) -> SocialLogin:
        login = super().sociallogin_from_response(request, response)
        login.nonce = str(response["id_token"].get("nonce", ""))
        return login

    def extract_uid(self, data: dict) -> str:
        token = data["id_token"]
        return identity_names.known_as(self.sub_id, token["iss"], token["sub"])

    def extract_extra_data(self, data: dict) -> dict:
        return {}

    def extract_common_fields(self, data: dict) -> dict:
        return {}

    def extract_email_addresses(self, data: dict) -> list:
        return []


def providers() -> list[dict[str, str]]:
    """Id and name of each that the settings name."""
    return [
        {"id": app["provider_id"], "name": app["name"]}
        for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    ]


def provider_names() -> dict[str, str]:
    return {provider["id"]: provider["name"] for provider in providers()}


def identities_of(user: User) -> list[dict]:
    """With the provider's name, as far as the settings still name it."""
    names = provider_names()
    rows = SocialAccount.objects.filter(user=user).order_by("date_joined", "pk")
    return [{"row": row, "name": names.get(row.provider, row.provider)} for row in rows]


def providers_to_connect(connected: list[dict]) -> list[dict[str, str]]:
    """Not the ones that `identities_of` found: a person is the same each time they come from there."""
    known = {identity["row"].provider for identity in connected}
    return [provider for provider in providers() if provider["id"] not in known]


class IdentityTaken(Exception):
    """The e-identity is connected to another user."""


@transaction.atomic
def connect(user: User, provider: str, uid: str) -> bool:
    """False when it was connected before. Raises SessionEnded."""
    hold(user)
    row, is_new = SocialAccount.objects.select_for_update().get_or_create(
        provider=provider, uid=uid, defaults={"user": user}
    )
    if row.user_id != user.pk:
        raise IdentityTaken
    if is_new:
        event = record(AccessAction.IDENTITY_ADDED, actor=user, person=user, after={"provider": provider})
        tell(user, Notice.IDENTITY_ADDED, event)
    return is_new


@transaction.atomic
def disconnect(user: User, row: SocialAccount) -> None:
    if not SocialAccount.objects.filter(pk=row.pk, user=user).delete()[0]:
        return
    event = record(AccessAction.IDENTITY_REMOVED, actor=user, person=user, before={"provider": row.provider})
    tell(user, Notice.IDENTITY_REMOVED, event)


@audience(Audience.PUBLIC)
@never_cache
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider, by a page: browsers that let forms be sent to us alone follow no redirect to others."""
    provider = _provider_or_404(request, provider_id)
    process, refusal = AuthProcess.LOGIN, None
    if request.POST.get("process") == AuthProcess.CONNECT:
        process, refusal = AuthProcess.CONNECT, _may_not_connect(request)
    elif request.user.is_authenticated:
        refusal = redirect("home")
    if refusal is not None:
        return refusal
    target = next_address(request, "security" if process == AuthProcess.CONNECT else "home")
    try:
        response = provider.redirect(request, process=process, next_url=target)
    except PROVIDER_PROBLEMS as problem:
        return failed(request, provider, exception=problem)
    url = response["Location"]
    if not url.startswith(("https://", "http://")):
        return response  # it failed; the adapter has said so
    return render(request, "socialaccount/login.html", {"url": url, "name": provider.name})


def _may_not_connect(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("security"))
    if is_reauthentication_required(request, app="allauth.socialaccount"):
        messages.warning(request, _("Confirm that it is you, then connect the e-identity once more."))
        ways = get_account_adapter().get_reauthentication_methods(request.user)
        return redirect(f"{ways[0]['url']}?next={reverse('security')}" if ways else "security")
    return None


def _provider_or_404(request: HttpRequest, provider_id: str) -> IdentityProvider:
    try:
        return IdentityOAuth2Adapter(request, provider_id).get_provider()
    except SocialApp.DoesNotExist as problem:
        raise Http404 from problem


@audience(Audience.PUBLIC)
@never_cache
@require_safe
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider, with a code that we exchange for who it is."""
    provider = _provider_or_404(request, provider_id)
    view = OAuth2CallbackView.adapter_view(IdentityOAuth2Adapter(request, provider_id))
    try:
        return view(request)
    except PROVIDER_PROBLEMS as problem:
        return failed(request, provider, exception=problem)


def settle(request: HttpRequest, login: SocialLogin) -> None:
    """After the provider said who it is: connect it, or let the user in who had connected it, or nobody."""
    asked = (login.state.get("data") or {}).get("nonce", "")
    if not asked or not constant_time_compare(asked, login.nonce):
        raise ImmediateHttpResponse(failed(request, login.provider))
    login.token = None  # what it would open is no business of ours, and the session would keep it
    if login.state.get("process") == AuthProcess.CONNECT:
        raise ImmediateHttpResponse(_connected(request, login))
    if not login.is_existing:
        context = {"name": login.provider.name}
        raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", context, status=403))


def _connected(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    if refusal := _may_not_connect(request):
        return refusal
    try:
        is_new = connect(person_of(request), login.account.provider, login.account.uid)
    except IdentityTaken:
        messages.error(request, _("This e-identity is connected to another user. Nothing was changed."))
        return redirect("security")
    if is_new:
        messages.success(request, _("The e-identity is connected. You can log in with it from now on."))
    else:
        messages.info(request, _("The e-identity was connected already."))
    return redirect("security")


def failed(request: HttpRequest, provider, error=AuthError.UNKNOWN, exception=None) -> HttpResponse:
    """Back to where the person came from, in words; what exactly went wrong is for the log, without who it was."""
    words = {"name": provider.name}
    if error == AuthError.CANCELLED:
        messages.info(request, _("You stopped the log-in with %(name)s.") % words)
    else:
        log.warning("OpenID Connect: no log-in with %s (%s)", provider.sub_id, type(exception).__name__)
        text = _("The log-in with %(name)s did not work. Try again, or take another way.")
        messages.error(request, text % words)
    return redirect("security" if request.user.is_authenticated else "login")


def disconnect_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_of(request)
    row = get_object_or_404(SocialAccount, pk=pk, user=user)
    if request.method == "POST":
        disconnect(user, row)
        messages.success(request, _("The e-identity is disconnected."))
        return redirect("security")
    name = next(entry["name"] for entry in identities_of(user) if entry["row"].pk == row.pk)
    return render(request, "socialaccount/disconnect.html", {"name": name, "row": row})
