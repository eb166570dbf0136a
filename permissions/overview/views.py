"""The access overview: who may do what where, why, and the same as an Excel file."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from permissions.access import person_of
from permissions.overview.explaining import explain
from permissions.overview.export import access_book
from permissions.overview.filters import MatrixFilter
from permissions.overview.people import find_cell, members
from permissions.overview.table import Table
from permissions.printing import print_head
from permissions.users.forms import query_of
from permissions.users.reach import for_managers, has_several_accounts, managed_clinics

PEOPLE_PER_PAGE = 200
CLINICS_PER_PAGE = 50
QUERY = "overview_query"  # in the session: names stand in no address


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def matrix(request: HttpRequest) -> HttpResponse:
    clinics = managed_clinics(request)
    if request.method == "POST":
        request.session[QUERY] = query_of(request.POST)
        return redirect(request.get_full_path())
    query = _query(request)
    form = MatrixFilter(request.GET, clinics)
    wanted = form.wanted(query)
    shown = [clinic for clinic in clinics if wanted.clinic in (None, clinic.pk)]
    columns = Paginator(shown, CLINICS_PER_PAGE).get_page(request.GET.get("columns"))
    across = list(columns)
    page = Paginator(members(across, wanted), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    table = Table(list(page), across, wanted.show)
    context = {
        "form": form,
        "wanted": wanted,
        "query": query,
        "table": table,
        "page_obj": page,
        "print_head": print_head(clinics, form, query=(_("Find a person"), query)),
        "columns": columns,
        "has_several_accounts": has_several_accounts(clinics),
    }
    return render(request, "permissions/overview/matrix.html", context)


def _query(request: HttpRequest) -> str:
    """Looked at again: an older session may hold what no form takes any more."""
    return query_of({"query": request.session.get(QUERY, "")})


@require_safe
def why(request: HttpRequest, person: UUID, clinic: UUID) -> HttpResponse:
    """In the dialog of the overview when htmx asks, else as a page."""
    context = {"explanation": explain(*find_cell(person_of(request), person, clinic))}
    name = "dialog" if request.htmx else "why"
    return render(request, f"permissions/overview/{name}.html", context)


@require_safe
@for_managers
def export(request: HttpRequest) -> FileResponse:
    """What the filter shows, all of its pages."""
    clinics = managed_clinics(request)
    wanted = MatrixFilter(request.GET, clinics).wanted(_query(request))
    shown = [clinic for clinic in clinics if wanted.clinic in (None, clinic.pk)]
    return access_book(members(shown, wanted), shown, wanted.show).response("access", person_of(request))
