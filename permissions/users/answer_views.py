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
    """Who has a log-in uses it and answers then; who has none chooses a password here."""
    invitation = read_token(token)
    if invitation is None:
        return render(request, "permissions/users/link_dead.html", status=410)
    if request.user.is_authenticated:
        if request.user.email == invitation.email:
            return redirect("users:answer", pk=invitation.pk)
        return render(request, "permissions/users/link_of_another.html", status=403)
    if answering.invited_person(invitation) is not None:
        log_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _answer_path(invitation)})}"
        return render(request, "permissions/users/link_known.html", {"invitation": invitation, "log_in": log_in})
    with translation.override(_language(request, invitation)):
        return _newcomer(request, invitation)


def _answer_path(invitation: Invitation) -> str:
    return reverse("users:answer", args=[invitation.pk])


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """That of the mail, unless the visitor chose one on the page."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return translation.get_language() if chosen else invitation.language or translation.get_language()


def _newcomer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    names = {"first_name": invitation.first_name, "last_name": invitation.last_name}
    newcomer = User(email=invitation.email, phone_number=invitation.phone_number, **names)
    data = request.POST if request.method == "POST" and "decline" not in request.POST else None
    form = NewcomerForm(newcomer, data, initial=names)
    status = 200
    if request.method == "POST":
        try:
            if "decline" in request.POST:
                answering.decline(pk=invitation.pk, nonce=invitation.nonce)
                return render(request, "permissions/users/declined.html")
            if form.is_valid():
                return _activate(request, invitation, form.newcomer())
        except HasLogIn:
            return redirect(request.path)
        except NotDone:
            return render(request, "permissions/users/link_dead.html", status=410)
        status = 422
    context = {"invitation": invitation, "offers": offers_of(invitation, None), "form": form}
    response = render(request, "permissions/users/link_new.html", context, status=status)
    response.headers["Content-Language"] = translation.get_language() or ""
    return response


def _activate(request: HttpRequest, invitation: Invitation, newcomer: User) -> HttpResponse:
    answering.accept_as_new(pk=invitation.pk, nonce=invitation.nonce, newcomer=newcomer)
    messages.success(request, _("Welcome, %(person)s. You are logged in.") % {"person": newcomer.first_name})
    return perform_login(request, newcomer, email_verification="none", redirect_url=resolve_url("home"))


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
