"""One invitation, for who manages users at its clinics: what it offers, send it again, withdraw it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from permissions.access import person_of
from permissions.models import Invitation
from permissions.models.invitations import InvitationState
from permissions.roles import Function, Role
from permissions.users import invitations
from permissions.users.forms import InvitationForm, access_initial
from permissions.users.problems import ConfirmMainUser, NotDone
from permissions.users.reach import for_managers, managed_clinics
from permissions.users.standing import still_given
from permissions.users.views import ask_about_main_user, went_back


def _fetch(request: HttpRequest, pk: UUID) -> Invitation:
    mine = Invitation.objects.visible_to(request.user).select_related("account", "invited_by")
    return get_object_or_404(mine, pk=pk)


@sensitive_post_parameters("first_name", "last_name", "phone_number")
@for_managers
def invitation_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = _fetch(request, pk)
    may_change = invitations.may_change(person_of(request), invitation)
    form = _form(request, invitation)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied(_("A main user of all its clinics changes this invitation."))
        if form.is_valid() and not went_back(request):
            return _change(request, invitation, form)
    return _show(request, invitation, form, may_change=may_change)


def _show(request: HttpRequest, invitation: Invitation, form: InvitationForm, *, may_change: bool) -> HttpResponse:
    managed = {clinic.pk for clinic in managed_clinics(request)}
    context = {
        "invitation": invitation,
        "form": form,
        "may_change": may_change and invitation.state == InvitationState.PENDING,
        "is_pending": invitation.state == InvitationState.PENDING,
        "is_open": invitations.is_open(invitation),
        "is_void": not still_given([invitation]),
        "expires": invitations.expires(invitation),
        "role": Role(invitation.role).label,
        "functions": [Function(each).label for each in invitation.functions if invitation.role != Role.MAIN_USER],
        "clinics": [clinic for clinic in invitations.clinics_of(invitation) if clinic.pk in managed],
    }
    return render(request, "permissions/users/invitation.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, invitation: Invitation) -> InvitationForm:
    offered = [clinic for clinic in managed_clinics(request) if clinic.account_id == invitation.account_id]
    reach = {clinic.pk: request.access.permissions[clinic.pk] for clinic in offered}
    initial = {
        **{name: getattr(invitation, name) for name in ("first_name", "last_name", "phone_number")},
        "language": invitation.language or invitation.account.market.language,
        "clinics": [str(clinic.pk) for clinic in invitations.clinics_of(invitation)],
        **access_initial(invitation.role, invitation.functions),
    }
    country = invitation.account.country
    return InvitationForm(request.POST or None, offered=offered, reach=reach, country=country, initial=initial)


def _change(request: HttpRequest, invitation: Invitation, form: InvitationForm) -> HttpResponse:
    address = reverse("users:invitation", args=[invitation.pk])
    try:
        invitations.change(
            actor=person_of(request),
            pk=invitation.pk,
            details=form.details(),
            clinics=form.cleaned_data["clinics"],
            role=form.cleaned_data["role"],
            functions=form.functions,
            confirmed="confirmed" in request.POST,
        )
    except ConfirmMainUser:
        return ask_about_main_user(request, form, str(invitation), form.cleaned_data["clinics"])
    except NotDone as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The invitation is changed. Its link stays the same."))
    return redirect(address)


@for_managers
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = _fetch(request, pk)
    if request.method == "POST":
        try:
            invitations.send(actor=person_of(request), pk=pk)
        except NotDone as problem:
            messages.error(request, str(problem))
        else:
            text = _("%(person)s gets a mail with a new link. Older links no longer work.")
            messages.success(request, text % {"person": invitation})
    return redirect("users:invitation", pk=pk)


@for_managers
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = _fetch(request, pk)
    if not invitations.may_change(person_of(request), invitation):
        raise PermissionDenied(_("A main user of all its clinics changes this invitation."))
    if request.method != "POST":
        return render(request, "permissions/users/withdraw.html", {"invitation": invitation})
    try:
        invitations.withdraw(actor=person_of(request), pk=pk)
    except NotDone as problem:
        messages.error(request, str(problem))
        return redirect("users:invitation", pk=pk)
    messages.success(request, _("The invitation of %(person)s is withdrawn.") % {"person": invitation})
    return redirect(f"{reverse('users:list')}?tab=invited")
