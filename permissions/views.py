"""Getting in and out, the password, the profile and the clinic one works for."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView
from django.views.i18n import set_language as set_language_cookie

from permissions.access import Audience, audience
from permissions.forms import ProfileForm
from permissions.log_in.passwords import LogInForm, UnlockingSetPasswordForm
from permissions.middleware import choose_clinic
from permissions.models import User
from permissions.returning import next_address
from permissions.roles import Function


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class LogInView(auth_views.LoginView):
    audience = Audience.PUBLIC
    authentication_form = LogInForm
    template_name = "permissions/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right; what else the person must show comes next (django-allauth's stages)."""
        return perform_login(
            self.request, form.get_user(), email_verification="none", redirect_url=self.get_success_url()
        )


# Wagtail brings a log-in page of its own for its pages; there is one log-in.
to_log_in = audience(Audience.PUBLIC)(RedirectView.as_view(pattern_name="login", query_string=True))


@audience(Audience.PUBLIC)
@never_cache
def locked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """What django-axes answers with after the fifth wrong password."""
    return render(request, "permissions/locked.html", status=403)


class LogOutView(auth_views.LogoutView):
    audience = Audience.PUBLIC


class PasswordForgottenView(auth_views.PasswordResetView):
    audience = Audience.PUBLIC
    template_name = "permissions/password_reset.html"
    email_template_name = "emails/password_reset.txt"
    html_email_template_name = "emails/password_reset.html"
    subject_template_name = "emails/password_reset.subject.txt"

    @property
    def extra_email_context(self) -> dict[str, str]:  # type: ignore[override]  # read late: tests change settings
        """The portal's own address: not the one that a request claims to be for, and not a row that nobody fills in."""
        protocol, _separator, domain = settings.BASE_URL.partition("://")
        return {"protocol": protocol, "domain": domain, "site_name": settings.SITE_NAME}


class PasswordForgottenDoneView(auth_views.PasswordResetDoneView):
    audience = Audience.PUBLIC
    template_name = "permissions/password_reset_done.html"


class PasswordNewView(auth_views.PasswordResetConfirmView):
    audience = Audience.PUBLIC
    form_class = UnlockingSetPasswordForm
    template_name = "permissions/password_reset_confirm.html"


class PasswordNewDoneView(auth_views.PasswordResetCompleteView):
    audience = Audience.PUBLIC
    template_name = "permissions/password_reset_complete.html"


class PasswordChangeView(auth_views.PasswordChangeView):
    audience = Audience.SIGNED_IN
    template_name = "permissions/password_change.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form) -> HttpResponse:
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


@audience(Audience.SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        with translation.override(saved.language or translation.get_language()):
            messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    memberships = [
        {
            "clinic": membership.clinic,
            "role": membership.get_role_display(),
            "functions": [Function(function).label for function in membership.functions],
        }
        for membership in request.user.memberships.filter(is_active=True)
        .select_related("clinic__account")
        .order_by("clinic__name")
    ]
    return render(request, "permissions/profile.html", {"form": form, "memberships": memberships})


@audience(Audience.PUBLIC)
def set_language(request: HttpRequest) -> HttpResponse:
    """The cookie for everybody; for who is signed in the profile too, or it would go on winning over the cookie."""
    response = set_language_cookie(request)
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@require_POST
def switch_clinic(request: HttpRequest) -> HttpResponse:
    clinic = request.access.find(request.POST.get("clinic"))
    if clinic is None:
        raise Http404
    choose_clinic(request, clinic)
    messages.success(request, _("You now work for %(clinic)s.") % {"clinic": clinic.name})
    return HttpResponseRedirect(next_address(request, "home"))


def not_here(request: HttpRequest) -> HttpResponse:
    """In front of an address of a library's that nobody needs."""
    raise Http404
