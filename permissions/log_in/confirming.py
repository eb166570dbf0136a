"""Before something about the log-in changes: is it really them? By password, code or passkey; good for ten minutes."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from permissions.access import Audience
from permissions.log_in.factor_forms import ConfirmCodeForm, ConfirmPasskeyForm, ConfirmPasswordForm


class _Confirms:
    audience = Audience.SIGNED_IN

    def get_default_success_url(self) -> str:
        return reverse("security")

    def form_invalid(self, form) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(form=form))
        response.status_code = 422
        return response


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ConfirmByPasswordView(_Confirms, ReauthenticateView):
    form_class = ConfirmPasswordForm
    template_name = "account/reauthenticate.html"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ConfirmByCodeView(_Confirms, ReauthenticateByCodeView):
    form_class = ConfirmCodeForm
    template_name = "mfa/reauthenticate.html"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ConfirmByPasskeyView(_Confirms, ReauthenticateWebAuthnView):
    form_class = ConfirmPasskeyForm
    template_name = "mfa/webauthn/reauthenticate.html"

    def get_context_data(self, **kwargs) -> dict:
        # Past django-allauth's own, which forgets the form with its errors.
        context = super(ReauthenticateWebAuthnView, self).get_context_data(**kwargs)
        return {**context, "passkey_options": begin_authentication(self.request.user)}
