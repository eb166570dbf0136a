"""One person: contact details, what they may do at each clinic, whether they are active."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from permissions.access import person_of, require
from permissions.models import Clinic, User
from permissions.services import AccessUnchanged, LastApprover
from permissions.users import changing
from permissions.users.carrying import held_in_account
from permissions.users.forms import DetailsForm, PersonAccessForm, SetInactiveForm, access_initial
from permissions.users.person_rows import Row, rows_of
from permissions.users.problems import ConfirmMainUser, NotDone
from permissions.users.reach import MANAGE, fetch_person, for_managers, managed_clinics
from permissions.users.views import GIVE_BACK_KEY, ask_about_main_user, went_back

UNDO_KEY = "undo_inactive"


@for_managers
def person_page(request: HttpRequest, person: UUID) -> HttpResponse:
    return _show(request, fetch_person(person_of(request), person))


@sensitive_post_parameters("first_name", "last_name", "phone_number")
@for_managers
def details(request: HttpRequest, person: UUID) -> HttpResponse:
    who = fetch_person(person_of(request), person)
    if request.method != "POST":  # back from a log-in that an expired session asked for
        return redirect("users:person", person=person)
    form = DetailsForm(request.POST, country=_country(request))
    if refusal := changing.details_refusal(person_of(request), who):
        raise PermissionDenied(refusal)
    if not form.is_valid():
        return _show(request, who, form, status=422)
    changed = changing.change_details(actor=person_of(request), person=who, values=form.details())
    messages.success(request, _("The contact details are saved.") if changed else _("Nothing was changed."))
    return redirect("users:person", person=person)


def _country(request: HttpRequest) -> str:
    return managed_clinics(request)[0].market.country


def _show(request: HttpRequest, person: User, form: DetailsForm | None = None, status: int = 200) -> HttpResponse:
    rows = rows_of(request, person)
    held = [row for row in rows if row.membership]
    works_here = any(row.membership.is_active for row in held)
    names = {name: getattr(person, name) for name in changing.DETAILS}
    undo = request.session.pop(UNDO_KEY, None) if request.method == "GET" else None
    context = {
        "person": person,
        "rows": held,
        "others": [row for row in rows if not row.membership],
        "can_add": any(row.can_change for row in held),
        "can_inactivate": [row for row in held if row.can_change and row.membership.is_active],
        "can_activate": [row for row in held if row.can_change and not row.membership.is_active],
        "is_active": person.is_active and works_here,
        # What becomes of somebody who is inactive here, or new addresses of theirs, is what they do for others.
        "is_blocked": person.blocked and works_here,
        "shows_contact": works_here,
        "is_me": person == request.user,
        "details_refusal": changing.details_refusal(person_of(request), person),
        "form": form or DetailsForm(initial=names, country=_country(request)),
        "give_back_url": request.session.pop(GIVE_BACK_KEY, "") if request.method == "GET" else "",
        "undo": undo["clinics"] if undo and undo["person"] == str(person.public_id) else None,
    }
    return render(request, "permissions/users/person.html", context, status=status)


def _row(request: HttpRequest, person: User, clinic_id: UUID) -> tuple[Row, list[Row]]:
    """The clinic in question, and all that this manager could change for the person."""
    rows = rows_of(request, person)
    row = next((row for row in rows if row.clinic.pk == clinic_id), None)
    if row is None:
        raise Http404
    if not row.can_change:
        raise PermissionDenied(row.refusal)
    return row, [other for other in rows if other.can_change]


@for_managers
def access_page(request: HttpRequest, person: UUID, clinic: UUID) -> HttpResponse:
    """Role and functions at one clinic: of somebody who works there, or who shall."""
    who = fetch_person(person_of(request), person)
    row, others = _row(request, who, clinic)
    form = _access_form(request, who, row, others)
    if request.method == "POST" and form.is_valid() and not went_back(request):
        try:
            return _give(request, who, row.clinic, form)
        except ConfirmMainUser:
            clinics = [row.clinic, *form.cleaned_data["also"]]
            return ask_about_main_user(request, form, str(who), clinics)
        except LastApprover as problem:
            return _ask_about_approver(request, form, problem)
        except AccessUnchanged as problem:
            form.add_error(None, str(problem))
    context = {"person": who, "row": row, "form": form, "others": form.others}
    return render(request, "permissions/users/access.html", context, status=422 if form.errors else 200)


def _access_form(request: HttpRequest, person: User, row: Row, others: list[Row]) -> PersonAccessForm:
    if row.membership:
        role, functions = row.membership.role, row.membership.functions
    else:
        role, functions = held_in_account(person, row.clinic.account_id)
    siblings = [r.clinic for r in others if r is not row and r.clinic.account_id == row.clinic.account_id]
    reach = {clinic.pk: request.access.permissions[clinic.pk] for clinic in (row.clinic, *siblings)}
    initial = access_initial(role, functions)
    data, may = request.POST or None, reach[row.clinic.pk]
    return PersonAccessForm(data, may=may, reach=reach, others=siblings, initial=initial)


def _give(request: HttpRequest, person: User, clinic: Clinic, form: PersonAccessForm) -> HttpResponse:
    done = changing.give(
        actor=person_of(request),
        person=person,
        clinics=[clinic, *form.cleaned_data["also"]],
        role=form.cleaned_data["role"],
        functions=form.functions,
        confirmed="confirmed" in request.POST,
    )
    saved = _("Saved. %(person)s is told by mail.") % {"person": person} if done.is_told else _("Saved.")
    messages.success(request, saved if done else _("Nothing was changed."))
    return redirect(_page(person))


def _page(person: User) -> str:
    return reverse("users:person", args=[person.public_id])


def _ask_about_approver(request: HttpRequest, form, problem: LastApprover) -> HttpResponse:
    context = {
        "form": form,
        "title": _("Orders could stay without approval"),
        "text": str(problem),
        "more": _("Better give a colleague the right to approve first. If you know what you do, go on."),
        "button": _("Do it anyway"),
        "is_danger": True,
    }
    return render(request, "permissions/users/confirm.html", context)


@for_managers
def remove(request: HttpRequest, person: UUID, clinic: UUID) -> HttpResponse:
    """From one clinic, role and functions included. Asks first."""
    who = fetch_person(person_of(request), person)
    row, _others = _row(request, who, clinic)
    if row.membership is None:
        raise Http404
    context = {"person": who, "row": row, "is_told": row.membership.is_active and not who.blocked}
    if request.method == "POST":
        confirmed = "confirmed" in request.POST
        try:
            changing.remove(actor=person_of(request), person=who, clinic=row.clinic, confirmed=confirmed)
        except AccessUnchanged as problem:
            context |= {"problem": str(problem), "can_confirm": isinstance(problem, LastApprover)}
        else:
            return _removed(request, who, row)
    status = 422 if "problem" in context else 200
    return render(request, "permissions/users/remove.html", context, status=status)


def _removed(request: HttpRequest, person: User, row: Row) -> HttpResponse:
    words = {"person": person, "clinic": row.clinic.name}
    messages.success(request, _("%(person)s no longer has access to %(clinic)s.") % words)
    request.session[GIVE_BACK_KEY] = reverse("users:give-back", args=[person.public_id, row.clinic.pk])
    stays = any(other.membership for other in rows_of(request, person))
    return redirect(_page(person)) if stays else redirect("users:list")


@for_managers
def give_back(request: HttpRequest, person: UUID, clinic: UUID) -> HttpResponse:
    """Undo of `remove`."""
    require(person_of(request), MANAGE, get_object_or_404(Clinic, pk=clinic))
    if request.method != "POST":
        return redirect("users:list")
    try:
        membership = changing.give_back(actor=person_of(request), person=person, clinic=clinic)
    except (NotDone, AccessUnchanged) as problem:
        messages.error(request, str(problem))
        return redirect("users:list")
    words = {"person": membership.user, "clinic": membership.clinic.name}
    text = _("%(person)s has access to %(clinic)s again, with role and functions as before.")
    messages.success(request, text % words)
    return redirect(_page(membership.user))


def _changeable(request: HttpRequest, person: User, *, is_active: bool) -> list[Clinic]:
    """Where this manager could set the person inactive, or active again."""
    rows = [row for row in rows_of(request, person) if row.membership and row.membership.is_active == is_active]
    return [row.clinic for row in rows if row.can_change]


@for_managers
def set_inactive(request: HttpRequest, person: UUID) -> HttpResponse:
    """At all the clinics that this manager manages, or some of them. Asks first."""
    who = fetch_person(person_of(request), person)
    clinics = _changeable(request, who, is_active=True)
    if not clinics:
        return _nothing_to_do(request, who)
    initial = {"clinics": [str(clinic.pk) for clinic in clinics]}
    form = SetInactiveForm(request.POST or None, offered=clinics, initial=initial)
    context: dict[str, object] = {"person": who, "form": form}
    if request.method == "POST" and form.is_valid():
        chosen, confirmed = form.cleaned_data["clinics"], "confirmed" in request.POST
        try:
            changed = changing.set_inactive(actor=person_of(request), person=who, clinics=chosen, confirmed=confirmed)
        except LastApprover as problem:
            context["last_approver"] = str(problem)
        except AccessUnchanged as problem:
            form.add_error(None, str(problem))
        else:
            return _set_inactive_done(request, who, changed)
    refused = bool(form.errors) or "last_approver" in context
    return render(request, "permissions/users/inactive.html", context, status=422 if refused else 200)


def _nothing_to_do(request: HttpRequest, person: User) -> HttpResponse:
    if not any(row.can_change for row in rows_of(request, person) if row.membership):
        refusals = [row.refusal for row in rows_of(request, person) if row.membership]
        raise PermissionDenied(refusals[0])
    messages.info(request, _("Nothing was changed."))
    return redirect(_page(person))


def _set_inactive_done(request: HttpRequest, person: User, changed: list[Clinic]) -> HttpResponse:
    undo = {"person": str(person.public_id), "clinics": [str(clinic.pk) for clinic in changed]}
    request.session[UNDO_KEY] = undo
    messages.success(request, _("%(person)s is inactive and logged out everywhere.") % {"person": person})
    return redirect(_page(person))


@for_managers
def set_active(request: HttpRequest, person: UUID) -> HttpResponse:
    """Gives back what the person had: at the clinics that the form names, else at all."""
    who = fetch_person(person_of(request), person)
    if request.method != "POST":
        return redirect(_page(who))
    named = set(request.POST.getlist("clinics"))
    clinics = _changeable(request, who, is_active=False)
    chosen = [clinic for clinic in clinics if not named or str(clinic.pk) in named]
    if not chosen:
        return _nothing_to_do(request, who)
    try:
        changing.set_active(actor=person_of(request), person=who, clinics=chosen)
    except NotDone as problem:
        messages.error(request, str(problem))
        return redirect(_page(who))
    blocked = _("%(person)s is active again as soon as customer service lifts the block.")
    text = blocked if who.blocked else _("%(person)s is active again, with role and functions as before.")
    messages.success(request, text % {"person": who})
    return redirect(_page(who))
