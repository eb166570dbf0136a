"""Back office: what a person may do at a clinic."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from permissions.access import person_of
from permissions.models import Clinic, Membership, User
from permissions.roles import ClinicPermission
from permissions.services import AccessUnchanged, LastApprover
from permissions.users.carrying import held_in_account
from permissions.users.forms import AccessForm, access_initial
from shop.dashboard.people import acting
from shop.dashboard.people.forms import FindClinicForm
from shop.dashboard.people.views import FOLDER, changeable, either, may_change, typed


@require_safe
@may_change
def find_clinic(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where else the person could get a role."""
    row = changeable(request, public_id)
    form = FindClinicForm(request.GET)
    context = {"form": form, "person": row, "clinics": form.found(row), "step": _("Another clinic")}
    return render(request, f"{FOLDER}/find_clinic.html", context)


@either
@may_change
def access_page(request: HttpRequest, public_id: UUID, clinic: UUID) -> HttpResponse:
    """Role and functions; asks once more when the clinic's last approver would go."""
    row, place, membership = _at(request, public_id, clinic)
    initial = _initial(row, place, membership)
    form = AccessForm(typed(request), may=ClinicPermission.values, initial=initial)
    last_approver = False
    if request.method == "POST" and form.is_valid():
        words = {"role": form.cleaned_data["role"], "functions": form.functions}
        try:
            confirmed = "confirmed" in request.POST
            acting.give_role(by=person_of(request), person=row, clinic=place, confirmed=confirmed, **words)
        except AccessUnchanged as problem:
            last_approver = isinstance(problem, LastApprover)
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("dashboard:person", public_id)
    context = {"form": form, "person": row, "clinic": place, "membership": membership, "last_approver": last_approver}
    context["step"] = _("Role and functions")
    return render(request, f"{FOLDER}/access.html", context, status=422 if form.errors else 200)


def _initial(person: User, clinic: Clinic, membership: Membership | None) -> dict:
    """What is held here, else what the desk would suggest; nothing for who is new to the account."""
    if membership:
        return access_initial(membership.role, membership.functions)
    if Membership.objects.filter(user=person, clinic__account_id=clinic.account_id).exists():
        return access_initial(*held_in_account(person, clinic.account_id))
    return {}


@either
@may_change
def remove(request: HttpRequest, public_id: UUID, clinic: UUID) -> HttpResponse:
    return _ask(request, public_id, clinic, "remove", acting.take_role)


@either
@may_change
def status(request: HttpRequest, public_id: UUID, clinic: UUID) -> HttpResponse:
    """Sets an active person inactive at this clinic, and the other way round."""
    _row, _place, membership = _at(request, public_id, clinic)
    if membership and not membership.is_active:
        return _ask(request, public_id, clinic, "activate", _activate)
    return _ask(request, public_id, clinic, "inactivate", _inactivate)


def _activate(*, by: User, person: User, clinic: Clinic, confirmed: bool) -> None:
    acting.set_status(by=by, person=person, clinic=clinic, active=True)


def _inactivate(*, by: User, person: User, clinic: Clinic, confirmed: bool) -> None:
    acting.set_status(by=by, person=person, clinic=clinic, active=False, confirmed=confirmed)


def _ask(request: HttpRequest, public_id: UUID, clinic: UUID, what: str, work: Callable[..., None]) -> HttpResponse:
    row, place, membership = _at(request, public_id, clinic)
    if membership is None:
        messages.info(request, _("There was nothing to do any more."))
        return redirect("dashboard:person", public_id)
    problem: AccessUnchanged | None = None
    if request.method == "POST":
        try:
            work(by=person_of(request), person=row, clinic=place, confirmed="confirmed" in request.POST)
        except AccessUnchanged as raised:
            problem = raised
        else:
            messages.success(request, _("Saved."))
            return redirect("dashboard:person", public_id)
    context = {"person": row, "clinic": place, "what": what, "problem": problem, "step": _("Access")}
    context["last_approver"] = isinstance(problem, LastApprover)
    return render(request, f"{FOLDER}/end.html", context, status=422 if problem else 200)


def _at(request: HttpRequest, public_id: UUID, clinic: UUID) -> tuple[User, Clinic, Membership | None]:
    row = changeable(request, public_id)
    place = get_object_or_404(Clinic.objects.select_related("account"), pk=clinic)
    return row, place, Membership.objects.filter(user=row, clinic=place).first()
