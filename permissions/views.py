"""Getting in and out, the password, the profile and the clinic one works for."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import RedirectView
from django.views.i18n import set_language as set_language_cookie

from permissions.access import Audience, audience, of_account_looked_at, person_of
from permissions.forms import ProfileForm
from permissions.log_in import passwords
from permissions.log_in.addresses import counted_address
from permissions.log_in.lock import one_try_at_a_time
from permissions.log_in.tokens import reset_tokens
from permissions.models import User
from permissions.returning import next_address
from permissions.roles import Function
from permissions.switching import choose_clinic, found
from permissions.users.invitations import open_for

CLINICS_PER_PAGE = 50
LONGEST_QUERY = 100


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class LogInView(auth_views.LoginView):
    audience = Audience.PUBLIC
    authentication_form = passwords.LogInForm
    template_name = "permissions/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with one_try_at_a_time(request, request.POST.get("username", "")):
            return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if getattr(self.request, "axes_locked_out", False):
            return HttpResponse(status=403)  # `locked` takes its place: no page is made to be thrown away
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right; what else the person must show comes next (django-allauth's stages)."""
        record_authentication(self.request, form.get_user(), method="password")
        return perform_login(
            self.request, form.get_user(), email_verification="none", redirect_url=self.get_success_url()
        )


# Wagtail brings a log-in page of its own for its pages; there is one log-in.
to_log_in = audience(Audience.PUBLIC)(RedirectView.as_view(pattern_name="login", query_string=True))


@audience(Audience.PUBLIC)
@never_cache
def locked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """What django-axes answers with after the fifth wrong password, and to an address that must wait."""
    seconds = getattr(request, "seconds_to_wait", 0)
    if not seconds:
        return render(request, "permissions/locked.html", status=403)
    response = render(request, "permissions/log_in/wait.html", {"seconds": seconds}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


class LogOutView(auth_views.LogoutView):
    audience = Audience.PUBLIC


class PasswordForgottenView(auth_views.PasswordResetView):
    audience = Audience.PUBLIC
    form_class = passwords.ForgottenForm  # type: ignore[assignment]  # Django's looks the person up itself
    template_name = "permissions/password_reset.html"

    def form_valid(self, form) -> HttpResponse:
        passwords.ask_for_link(form.cleaned_data["email"], counted_address(self.request))
        return redirect("password_reset_done")


class PasswordForgottenDoneView(auth_views.PasswordResetDoneView):
    audience = Audience.PUBLIC
    template_name = "permissions/password_reset_done.html"


@method_decorator(sensitive_post_parameters("new_password1", "new_password2"), name="dispatch")
class PasswordNewView(auth_views.PasswordResetConfirmView):
    audience = Audience.PUBLIC
    form_class = passwords.NewPasswordForm
    token_generator: PasswordResetTokenGenerator = reset_tokens
    template_name = "permissions/password_reset_confirm.html"

    def get_user(self, uidb64: str) -> User | None:
        try:
            return User.objects.filter(public_id=uidb64).first()
        except ValidationError:
            return None

    def form_valid(self, form) -> HttpResponse:
        token = self.request.session.pop(auth_views.INTERNAL_RESET_SESSION_TOKEN, "")
        if passwords.choose_password(form.user, form.cleaned_data["new_password1"], token):
            return redirect("password_reset_complete")
        return redirect(self.request.path)  # where it says that the link no longer works


class PasswordNewDoneView(auth_views.PasswordResetCompleteView):
    audience = Audience.PUBLIC
    template_name = "permissions/password_reset_complete.html"


class PasswordChangeView(auth_views.PasswordChangeView):
    audience = Audience.SIGNED_IN
    form_class = passwords.ChangePasswordForm
    template_name = "permissions/password_change.html"

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        del kwargs["user"]
        return {**kwargs, "request": self.request}

    def form_valid(self, form) -> HttpResponse:
        passwords.change_password(self.request, form.cleaned_data["new_password1"])
        messages.success(self.request, _("Your password is changed. You are logged out everywhere but here."))
        return redirect("profile")


@audience(Audience.SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        with translation.override(saved.language or translation.get_language()):
            messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    held = request.user.memberships.filter(is_active=True, clinic__is_active=True)
    rows = of_account_looked_at(held, request.user, "clinic__account")
    memberships = [
        {
            "clinic": membership.clinic,
            "role": membership.get_role_display(),
            "functions": [Function(function).label for function in membership.functions],
        }
        for membership in rows.select_related("clinic__account").order_by("clinic__name")
    ]
    context = {"form": form, "memberships": memberships, "user_groups": user_groups(person_of(request), memberships)}
    context["invitations"] = open_for(person_of(request))
    return render(request, "permissions/profile.html", context, status=422 if form.errors else 200)


def user_groups(user: User, memberships: list[dict]) -> list[str]:
    """In words: the roles that the person has anywhere, or what they are at the supplier."""
    groups = [_(name) for name in user.groups.order_by("name").values_list("name", flat=True)]
    return list(dict.fromkeys([*(membership["role"] for membership in memberships), *groups]))


@audience(Audience.PUBLIC)
def set_language(request: HttpRequest) -> HttpResponse:
    """The cookie for everybody; for who is signed in the profile too, or it would go on winning over the cookie."""
    response = set_language_cookie(request)
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@require_safe
def choose_clinic_page(request: HttpRequest) -> HttpResponse:
    """All the person's clinics, searched by name or number: the menu shows a few."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    page = Paginator(found(person_of(request), query), CLINICS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "clinic_query": query}
    return render(request, "permissions/choose_clinic.html", context)


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
