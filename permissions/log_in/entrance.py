"""Between the right password and being logged in: the second factor. And the log-in with a passkey alone."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from permissions.access import Audience
from permissions.log_in import second_factor
from permissions.log_in.factor_forms import CodeForm, PasskeyForm, PasskeyLogInForm
from permissions.models import User

FEW_CODES = 3


class CodeStage(AuthenticateStage):
    """django-allauth's, which here ends with what it began with: the password, the person, their sessions."""

    def handle(self) -> tuple:
        self.state["standing"] = self._standing()
        return super().handle()

    @property
    def is_fresh(self) -> bool:
        """Not when the person has a new password meanwhile, was set inactive or shut out, or ended all sessions."""
        user = self.login.user
        return user is not None and user.is_active and constant_time_compare(self.state["standing"], self._standing())

    def _standing(self) -> str:
        user = self.login.user
        return user.get_session_auth_hash() if isinstance(user, User) else ""


@method_decorator(sensitive_post_parameters(), name="dispatch")
class CodeView(AuthenticateView):
    audience = Audience.PUBLIC
    form_class = CodeForm
    webauthn_form_class = PasskeyForm
    template_name = "mfa/authenticate.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = None
        if not request.user.is_authenticated:
            stage = LoginStageController.enter(request, CodeStage.key)
        if isinstance(stage, CodeStage) and not stage.is_fresh:
            clear_login(request)
            messages.warning(request, _("The log-in was interrupted. Log in once more."))
            return redirect("login")
        return super().dispatch(request, *args, **kwargs)

    def _build_forms(self):
        posted = super()._build_forms()
        factors = {factor.type for factor in second_factor.factors_of(self.stage.login.user)}
        if second_factor.PASSKEY not in factors and posted is not self.webauthn_form:
            self.webauthn_form = None
        return posted

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        self._warn_of_few_codes(getattr(form, "authenticator", None))
        return response

    def _warn_of_few_codes(self, used) -> None:
        if used is None or used.type != second_factor.CODES:
            return
        left = second_factor.codes_left(used.user)
        if left <= FEW_CODES:
            text = _("You have %(number)s recovery codes left. Make new ones under “Log-in and security”.")
            messages.warning(self.request, text % {"number": left})

    def form_invalid(self, form) -> HttpResponse:
        if getattr(self.request, "axes_locked_out", False):
            clear_login(self.request)  # the password as well, once the lock is over
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs) -> dict:
        # Not django-allauth's, which asks for the addresses of its sign-up.
        shown = {"form": self.auth_form, "has_app": self.auth_form.has_app, "passkey_form": self.webauthn_form}
        if self.webauthn_form is not None:
            shown["passkey_options"] = _options_for(self.stage.login.user)
        return {**kwargs, "view": self, **shown}


def _options_for(user: User) -> dict:
    from allauth.mfa.webauthn.internal.auth import begin_authentication

    return begin_authentication(user)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasskeyLogInView(LoginWebAuthnView):
    """GET gives the page's script what to ask the passkey for; POST takes what it signed."""

    audience = Audience.PUBLIC
    form_class = PasskeyLogInForm

    def _redirect_to_pending_stage(self, request: HttpRequest, stage) -> None:
        """Who has typed a password and not yet the code may log in with a passkey instead."""

    def form_invalid(self, form) -> HttpResponse:
        text = _("This passkey does not belong to a user here. Log in with your e-mail and password.")
        messages.error(self.request, text)
        return redirect("login")
