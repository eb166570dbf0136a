"""Back office: all people, and what is known of one. Names and addresses are searched by POST."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from permissions.access import person_of
from permissions.history.values import staff_rights_words
from permissions.impersonation import looks
from permissions.log_in import lock, second_factor
from permissions.models import Invitation, User
from permissions.roles import Function, Role
from permissions.services import AccessUnchanged
from permissions.staff_rights import held_by
from shop.dashboard.people import acting, deeds
from shop.dashboard.people.directory import SHOWS, SORTS, found, rows_of
from shop.dashboard.people.forms import DetailsForm, ReasonForm, SearchForm
from shop.dashboard.people.limits import RIGHT, may_make_staff, refusal, rights_refusal

FOLDER = "oscar/dashboard/people"
PER_PAGE = 50
QUERY = "backoffice_people_query"
either = require_http_methods(["GET", "HEAD", "POST"])
may_look = permission_required("permissions.view_user", raise_exception=True)
may_change = permission_required(["permissions.view_user", RIGHT], raise_exception=True)


@sensitive_post_parameters("query")
@either
@may_look
def people(request: HttpRequest) -> HttpResponse:
    """What was searched for stays in the session, so that the other pages of what was found are plain links."""
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    show, sort = show if show in SHOWS else "customers", sort if sort in SORTS else "name"
    if request.method == "POST":
        form = SearchForm(request.POST)
        request.session[QUERY] = form.cleaned_data["query"] if form.is_valid() else ""
        return redirect(f"{reverse('dashboard:users-index')}?{urlencode({'show': show, 'sort': sort})}")
    query = request.session.get(QUERY, "")
    page = Paginator(found(show, sort, query), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": rows_of(page),
        "form": SearchForm(initial={"query": query}),
        "query": query,
        "show": show,
        "may_add": show == "supplier" and may_make_staff(person_of(request)),
        "sort": sort,
        "shows": SHOWS.items(),
        "sorts": [(key, label) for key, (label, _fields) in SORTS.items()],
    }
    return render(request, f"{FOLDER}/list.html", context)


@require_safe
@may_look
def by_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Oscar's pages link to people by the number of their row."""
    return redirect("dashboard:person", get_object_or_404(User, pk=pk).public_id)


@require_safe
@may_look
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = get_object_or_404(User, public_id=public_id)
    staff = person_of(request)
    problem = refusal(staff, row)
    context = {
        "person": row,
        "refusal": problem,
        "is_locked": lock.is_locked(row),
        "factors": second_factor.factors_of(row).count(),
        "memberships": _memberships(row),
        "owned": list(row.owned_accounts.order_by("name")),
        "invitations": _invitations(row),
        "deeds": [] if problem else deeds.open_to(row),
        "rights": staff_rights_words(held_by(row)),
        "may_set_rights": not rights_refusal(staff, row),
        "may_have_roles": row.memberships.exists() or not row.works_for_supplier,
        "look_problem": looks.staff_problem(staff) or looks.person_problem(row),
        "sees_history": staff.has_perm("permissions.view_accessevent"),
    }
    return render(request, f"{FOLDER}/person.html", context)


def _memberships(row: User) -> list[dict]:
    rows = row.memberships.select_related("clinic__account").order_by("clinic__account__name", "clinic__name")
    return [
        {
            "membership": membership,
            "clinic": membership.clinic,
            "role": Role(membership.role).label,
            "functions": [Function(function).label for function in membership.functions],
            "is_main": membership.role == Role.MAIN_USER,
        }
        for membership in rows
    ]


def _invitations(row: User) -> list[Invitation]:
    invitations = Invitation.objects.filter(email=row.email).select_related("account")
    return list(invitations.prefetch_related("clinics").order_by("-created"))


@sensitive_post_parameters()
@either
@may_change
def details(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = changeable(request, public_id)
    form = DetailsForm(typed(request), instance=row)
    if request.method == "POST" and form.is_valid():
        by, reason = person_of(request), form.cleaned_data["reason"]
        try:
            changed = acting.change_details(by=by, person=row, values=form.values(), reason=reason)
        except acting.Taken as taken:
            form.add_error("email", str(taken))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("dashboard:person", public_id)
    context = {"form": form, "person": row, "step": _("Contact details")}
    return render(request, f"{FOLDER}/details.html", context, status=422 if form.errors else 200)


@either
@may_change
def act(request: HttpRequest, public_id: UUID, deed: str) -> HttpResponse:
    """Asks first, then does one of `deeds.DEEDS`."""
    row = changeable(request, public_id)
    if (chosen := deeds.DEEDS.get(deed)) is None:
        raise Http404
    if not chosen.is_open(row):
        messages.info(request, _("There was nothing to do any more."))
        return redirect("dashboard:person", public_id)
    form = ReasonForm(typed(request)) if chosen.wants_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        _do(request, chosen, row, form.cleaned_data["reason"] if form else "")
        return redirect("dashboard:person", public_id)
    context = {"deed": chosen, "form": form, "person": row, "step": chosen.label}
    return render(request, f"{FOLDER}/act.html", context, status=422 if form and form.errors else 200)


def _do(request: HttpRequest, deed: deeds.Deed, row: User, reason: str) -> None:
    try:
        deed.work(person_of(request), row, reason)
    except AccessUnchanged as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, str(deed.done))


def typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def changeable(request: HttpRequest, public_id: UUID) -> User:
    row = get_object_or_404(User, public_id=public_id)
    if problem := refusal(person_of(request), row):
        raise PermissionDenied(problem)
    return row
