"""Beginning and ending a look at the portal as a customer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from permissions.access import Audience, audience, person_of
from permissions.impersonation import looks, mails
from permissions.impersonation.forms import BeginForm
from permissions.impersonation.looks import RIGHT, WhyEnded
from permissions.impersonation.middleware import keep, stop
from permissions.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    person = get_object_or_404(User, public_id=public_id)
    if problem := looks.person_problem(person):
        raise PermissionDenied(problem)
    clinics = list(looks.clinics_of(person))
    form = BeginForm(request.POST or None, person=person, clinics=clinics)
    if request.method == "POST" and form.is_valid():
        clinic, reason = form.cleaned_data["clinic"], form.cleaned_data["reason"]
        keep(request, looks.begin(staff=person_of(request), person=person, clinic=clinic, reason=reason), clinic)
        return redirect("home")
    accounts = {clinic.account_id: clinic.account for clinic in clinics}.values()
    told = sorted(str(account) for account in accounts if mails.is_told(account))
    minutes = looks.LASTS.seconds // 60
    context = {"form": form, "person": person, "minutes": minutes, "told": told, "chooses": len(accounts) > 1}
    return render(request, "permissions/impersonation/begin.html", context, status=422 if form.errors else 200)


@require_POST
@audience(Audience.SIGNED_IN)
def end(request: HttpRequest) -> HttpResponse:
    """Also pressed on a page that was open when the look ended by itself: then there is nothing to do."""
    if request.look is None:
        return redirect("home")
    person = request.look.row.person
    stop(request, WhyEnded.ASKED)
    messages.success(request, _("You no longer see the portal as %(person)s.") % {"person": person})
    return redirect("dashboard:person", public_id=person.public_id)
