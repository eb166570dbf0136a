"""Back office, for administrators: who works for the supplier."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from permissions.access import person_of
from permissions.history.values import staff_rights_words
from permissions.services import AccessUnchanged
from permissions.staff_rights import StaffRight, held_by
from shop.dashboard.people import colleagues
from shop.dashboard.people.forms import ColleagueForm, RightsForm
from shop.dashboard.people.limits import ONLY_ADMINISTRATORS, may_make_staff, rights_refusal
from shop.dashboard.people.views import FOLDER, changeable, either, may_change, typed


@sensitive_post_parameters()
@either
@may_change
def new(request: HttpRequest) -> HttpResponse:
    by = person_of(request)
    if not may_make_staff(by):
        raise PermissionDenied(ONLY_ADMINISTRATORS)
    form = ColleagueForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = colleagues.add_colleague(by=by, details=form.details(), rights=form.cleaned_data["rights"])
        except colleagues.Taken as taken:
            form.add_error("email", str(taken))
        else:
            text = _("A mail with a link to choose a password is on its way to %(person)s.")
            messages.success(request, text % {"person": person})
            return redirect("dashboard:person", person.public_id)
    context = {"form": form, "step": _("New colleague")}
    return render(request, f"{FOLDER}/new_colleague.html", context, status=422 if form.errors else 200)


@either
@may_change
def rights(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row, by = changeable(request, public_id), person_of(request)
    if problem := rights_refusal(by, row):
        raise PermissionDenied(problem)
    held = held_by(row)
    form = RightsForm(typed(request), initial={"rights": held})
    if request.method == "POST" and form.is_valid():
        try:
            changed = colleagues.change_rights(by=by, person=row, rights=form.cleaned_data["rights"])
        except AccessUnchanged as unchanged:
            form.add_error(None, str(unchanged))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("dashboard:person", public_id)
    others = [name for name in held if name not in StaffRight.values]
    context = {"form": form, "person": row, "others": staff_rights_words(others) if others else ""}
    context["step"] = _("Rights at the supplier")
    return render(request, f"{FOLDER}/rights.html", context, status=422 if form.errors else 200)
