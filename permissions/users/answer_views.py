"""What an invited person sees: by the mailed link, or logged in. Looking answers nothing; a form does."""

from uuid import UUID

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from permissions.access import Audience, audience, of_account_looked_at, person_of
from permissions.enumeration import in_a_sentence
from permissions.log_in.passwords import NewPasswordForm
from permissions.models import Invitation, User
from permissions.users import answering
from permissions.users.answering import HasLogIn, offers_of
from permissions.users.forms import NewcomerForm
from permissions.users.invitations import read_token
from permissions.users.problems import NotDone


@audience(Audience.PUBLIC)
@never_cache
@sensitive_post_parameters()
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Who has a log-in uses it and answers then; who has none, or none that opens, chooses a password here."""
    invitation = read_token(token)
    if invitation is None:
        return _dead(request)
    if request.user.is_authenticated:
        if request.user.email == invitation.email:
            return redirect("users:answer", pk=invitation.pk)
        return render(request, "permissions/users/link_of_another.html", status=403)
    if answering.has_log_in(invitation):
        log_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _answer_path(invitation)})}"
        return render(request, "permissions/users/link_known.html", {"invitation": invitation, "log_in": log_in})
    with translation.override(_language(request, invitation)):
        return _behind_link(request, invitation, answering.invited_person(invitation))


def _answer_path(invitation: Invitation) -> str:
    return reverse("users:answer", args=[invitation.pk])


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """That of the mail, unless the visitor chose one on the page."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return translation.get_language() if chosen else invitation.language or translation.get_language()


def _behind_link(request: HttpRequest, invitation: Invitation, person: User | None) -> HttpResponse:
    """Of a newcomer, or of `person`, whose log-in no longer opens."""
    offers = offers_of(invitation, person)
    if not offers:
        return _dead(request)
    form = _form(request, invitation, person)
    status = 200
    if request.method == "POST":
        try:
            if "decline" in request.POST:
                answering.decline(pk=invitation.pk, nonce=invitation.nonce)
                return render(request, "permissions/users/declined.html")
            if form.is_valid():
                return _enter(request, invitation, form)
        except HasLogIn:
            return redirect(request.path)
        except NotDone:
            return _dead(request)
        status = 422
    context = {"invitation": invitation, "offers": offers, "form": form, "is_returning": person is not None}
    response = render(request, "permissions/users/link_new.html", context, status=status)
    response.headers["Content-Language"] = translation.get_language() or ""
    return response


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "permissions/users/link_dead.html", status=410)


def _form(request: HttpRequest, invitation: Invitation, person: User | None) -> NewcomerForm | NewPasswordForm:
    data = request.POST if request.method == "POST" and "decline" not in request.POST else None
    if person is not None:
        return NewPasswordForm(person, data)
    names = {"first_name": invitation.first_name, "last_name": invitation.last_name}
    newcomer = User(email=invitation.email, phone_number=invitation.phone_number, **names)
    return NewcomerForm(newcomer, data, initial=names)


def _enter(request: HttpRequest, invitation: Invitation, form: NewcomerForm | NewPasswordForm) -> HttpResponse:
    """Accepts and logs in; who has a second factor is asked for it."""
    link = {"pk": invitation.pk, "nonce": invitation.nonce}
    if isinstance(form, NewcomerForm):
        person = form.newcomer()
        answering.accept_as_new(**link, newcomer=person)
        text = _("Welcome, %(person)s. You are logged in.")
    else:
        person = answering.accept_as_returning(**link, password=form.cleaned_data["new_password1"])
        text = _("Welcome back, %(person)s. You have accepted the invitation.")
    messages.success(request, text % {"person": person.first_name})
    return perform_login(request, person, email_verification="none", redirect_url=resolve_url("home"))


@audience(Audience.SIGNED_IN)
@never_cache
def by_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For who is logged in with the address that was invited; for all others there is no such page."""
    person = person_of(request)
    mine = of_account_looked_at(Invitation.objects.filter(email=person.email, sent__isnull=False), person)
    invitation = get_object_or_404(mine.select_related("account", "invited_by"), pk=pk)
    if request.method == "POST":
        return _answer(request, invitation)
    offers = offers_of(invitation, person_of(request)) if answering.is_open(invitation) else []
    return render(request, "permissions/users/answer.html", {"invitation": invitation, "offers": offers})


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    who = person_of(request)
    try:
        if "decline" in request.POST:
            answering.decline(pk=invitation.pk, user=who)
            messages.success(request, _("You have declined. The clinic can invite you again."))
            return redirect("profile")
        clinics = answering.accept(user=who, pk=invitation.pk)
    except NotDone as problem:
        messages.error(request, str(problem))
        return redirect("profile")
    names = in_a_sentence(sorted(clinic.name for clinic in clinics))
    messages.success(request, _("You can work for %(clinics)s now.") % {"clinics": names})
    return redirect("profile")
